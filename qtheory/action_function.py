r"""A function of the action on a base without atoms: a formula, or the caller's own JAX function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from qtheory.errors import DocumentError, InvalidInput, NotAvailable

if TYPE_CHECKING:
    import sympy as sp


@dataclass(frozen=True)
class ActionFunction:
    r"""A real function of the action, evaluated on batches of actions.

    Made by `action_function`; exactly one of its two fields is set.
    """

    expression: sp.Expr | None = None
    function: Callable[[Any], Any] | None = None

    def on_device(self, actions: Any) -> Any:
        """Values at a batch of actions, traceable by JAX; one number per leading index."""
        import jax

        if self.function is not None:
            return jax.vmap(self.function)(actions)
        return _lowered(self.expression)(actions)

    @property
    def of_one(self) -> Callable[[Any], Any]:
        """The function itself, of one action, traceable by JAX."""
        return self.function if self.function is not None else _lowered(self.expression)

    def on_host(self, actions: np.ndarray) -> np.ndarray:
        """Values at float64 actions, in float64."""
        import jax

        with jax.enable_x64(True):
            values = self.on_device(jax.numpy.asarray(actions, dtype=np.float64))
            return np.broadcast_to(np.asarray(values, dtype=np.float64), np.shape(actions))

    @property
    def is_identity(self) -> bool:
        from qtheory.symbols import x

        return self.expression is not None and self.expression == x

    def increases(self, support: tuple[float, float]) -> bool:
        """Whether the function is known to increase strictly on the support, so that it ranks as the action does."""
        if self.expression is None:
            return False
        return self.is_identity or _derivative_is_positive(self.expression, support)

    def to_json(self) -> str:
        if self.expression is None:
            raise DocumentError("a function given as code has no JSON form", got=self.function, remedy="give a formula")
        from qtheory.formula.unparse import unparse

        return unparse(self.expression)

    def __repr__(self) -> str:
        return repr(str(self.expression)) if self.expression is not None else repr(self.function)


def action_function(source: Any, name: str) -> ActionFunction:
    """Read a function of the action: a formula in `x` (text or SymPy), or a JAX function of one action."""
    if isinstance(source, ActionFunction):
        return source
    if isinstance(source, str):
        from qtheory.formula.parse import parse
        from qtheory.symbols import x

        return ActionFunction(expression=parse(source, {"x": x}))
    if hasattr(source, "free_symbols"):
        return _from_expression(source, name)
    if callable(source):
        return ActionFunction(function=source)
    allowed = "a formula such as '1/(1+exp(-x))', or a function of one action"
    raise InvalidInput(f"{name} is not a function of the action", got=source, allowed=allowed)


def _from_expression(source: Any, name: str) -> ActionFunction:
    from qtheory.symbols import x

    stray = source.free_symbols - {x}
    if stray:
        raise InvalidInput(f"{name} mentions {sorted(map(str, stray))}", got=str(source), allowed="the symbol x alone")
    return ActionFunction(expression=source)


def _lowered(expression: Any) -> Callable[..., Any]:
    from qtheory.lowering.sympy_to_jax import to_jax
    from qtheory.symbols import x

    return to_jax(expression, [x])


def _derivative_is_positive(expression: Any, support: tuple[float, float]) -> bool:
    import sympy as sp

    from qtheory.symbols import x

    point = sp.Symbol("x", positive=True) if support[0] >= 0 else sp.Symbol("x", real=True)
    try:
        return bool(sp.diff(expression.xreplace({x: point}), point).is_positive)
    except (TypeError, ValueError, NotAvailable):
        return False
