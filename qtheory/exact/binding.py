r"""Parameters that are numbers or symbols: telling them apart, and binding symbols to numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sympy as sp


def is_symbolic(value: Any) -> bool:
    """Whether a parameter is an expression in symbols rather than a number."""
    return bool(getattr(value, "free_symbols", None))


def substitute(value: Any, values: dict[sp.Symbol, Any]) -> Any:
    """Replace symbols in a parameter by exact numbers."""
    if not is_symbolic(value):
        return value
    from qtheory.exact.evaluate import evaluate

    return evaluate(value, values)


def as_sympy(value: Any) -> sp.Expr:
    """A parameter as a SymPy expression."""
    import sympy as sp

    return value if is_symbolic(value) else sp.Rational(str(value))
