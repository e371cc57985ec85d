r"""Functions of the action in NumPy float64: a formula as one compiled expression, anything else through JAX."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from qtheory.action_function import ActionFunction

if TYPE_CHECKING:
    import sympy as sp

HostFunction = Callable[[np.ndarray], np.ndarray]


def host_function(function: ActionFunction) -> HostFunction:
    """The function at arrays of float64 actions.

    >>> from qtheory.action_function import action_function
    >>> host_function(action_function("1/(1+x**2)", "f"))(np.array([0.0, 1.0])).tolist()
    [1.0, 0.5]
    """
    if function.expression is None or not is_plain(function.expression):
        return function.on_host
    return compiled(function.expression)


def is_plain(expression: sp.Expr) -> bool:
    """Whether every head of a formula is one that NumPy and SciPy compute as SymPy means it."""
    import sympy as sp

    heads: tuple[type, ...] = (
        sp.Add,
        sp.Mul,
        sp.Pow,
        sp.exp,
        sp.log,
        sp.sin,
        sp.cos,
        sp.tan,
        sp.tanh,
        sp.atan,
        sp.erf,
        sp.erfc,
    )
    heads += (sp.Max, sp.Min, sp.Abs, sp.sign)
    known = lambda node: node.is_Symbol or isinstance(node, heads)
    number = lambda node: (node.is_Number or node.is_NumberSymbol) and bool(node.is_finite)
    return all(known(node) or number(node) for node in sp.preorder_traversal(expression))


@lru_cache(maxsize=256)
def compiled(expression: sp.Expr) -> HostFunction:
    """A plain formula in `x` as a NumPy function; the tree is made of known heads only, so nothing else can run.

    Kept, since SymPy takes a hundred times longer to write it than the rule to use it.
    """
    import sympy as sp

    from qtheory.symbols import x

    function = sp.lambdify(x, expression, modules="scipy", cse=True)

    def on_arrays(actions: np.ndarray) -> np.ndarray:
        with np.errstate(all="ignore"):
            values: Any = function(actions)
        return values if np.shape(values) == np.shape(actions) else np.broadcast_to(values, np.shape(actions))

    return on_arrays
