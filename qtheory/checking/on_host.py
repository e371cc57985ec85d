r"""Expressions at draws in NumPy: for the few heads that statements are made of, without compiling a program for each.

Whatever is not in the table here is left to the JAX lowering, which knows more functions and takes longer to start.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from operator import add, eq, ge, gt, le, lt, mul, ne
from typing import Any

import numpy as np
import sympy as sp
from sympy.logic.boolalg import BooleanAtom

from qtheory.symbols import E, xlogy

DIGITS = 20  # more than float64 holds
Values = Mapping[sp.Symbol, Any]


def is_simple(expression: sp.Basic) -> bool:
    """Whether every function in an expression is in the table.

    >>> from qtheory.symbols import c
    >>> is_simple(c**2 + 1), is_simple(sp.gamma(c))
    (True, False)
    """
    nodes = sp.preorder_traversal(expression)
    return all(_is_known(node) for node in nodes)


def evaluate_on_host(expression: sp.Basic, values: Values) -> Any:
    """A simple expression or relation in float64; NaN outside of a function's real domain.

    Args:
        expression: made of heads of the table.
        values: of its symbols, arrays that broadcast together.

    >>> from qtheory.symbols import c, q
    >>> evaluate_on_host(c / q, {c: np.array([1.0, 2.0]), q: 0.5}).tolist()
    [2.0, 4.0]
    """
    known: dict[sp.Basic, Any] = {x: np.asarray(values[x], dtype=np.float64) for x in expression.free_symbols}
    with np.errstate(all="ignore"):
        return _value(expression, known)


def _is_known(node: sp.Basic) -> bool:
    if node.is_Symbol or isinstance(node, (BooleanAtom, sp.Piecewise)) or node.func in _TABLE:
        return True
    # The pairs of a Piecewise are nodes as well.
    number = (node.is_Number or node.is_NumberSymbol) and bool(node.is_finite)
    return number or isinstance(node, sp.functions.elementary.piecewise.ExprCondPair)


def _value(node: sp.Basic, known: dict[sp.Basic, Any]) -> Any:
    if node not in known:
        known[node] = _computed(node, known)
    return known[node]


def _computed(node: sp.Basic, known: dict[sp.Basic, Any]) -> Any:
    if isinstance(node, BooleanAtom):
        return np.bool_(bool(node))
    if isinstance(node, sp.Expr) and not node.free_symbols and not node.has(E, xlogy):
        return np.float64(node.evalf(DIGITS))
    if isinstance(node, sp.Piecewise):
        return _piecewise(node, known)
    if isinstance(node, sp.Mul):
        return _product(node, known)
    if isinstance(node, sp.Pow):
        return _power(_value(node.base, known), node.exp, known)
    return _TABLE[node.func](*(_value(arg, known) for arg in node.args))


def _piecewise(node: sp.Piecewise, known: dict[sp.Basic, Any]) -> Any:
    result: Any = np.float64(np.nan)
    for value, condition in reversed(node.args):
        result = np.where(_value(condition, known), _value(value, known), result)
    return result


def _product(node: sp.Mul, known: dict[sp.Basic, Any]) -> Any:
    """Divisions as divisions: one rounding fewer than by reciprocals."""
    below = [arg for arg in node.args if arg.is_Pow and arg.exp == -1]
    result: Any = reduce(mul, (_value(arg, known) for arg in node.args if arg not in below), np.float64(1))
    return reduce(lambda total, arg: total / _value(arg.base, known), below, result)


def _power(base: Any, exponent: sp.Expr, known: dict[sp.Basic, Any]) -> Any:
    if exponent == -1:
        return np.float64(1) / base
    if exponent.is_Integer:
        return np.float64(1) * base ** int(exponent)
    if exponent.is_Rational and exponent.q == 2:
        return np.sqrt(base) ** int(exponent.p)
    return np.power(base, _value(exponent, known))


def _xlogy(x: Any, y: Any) -> Any:
    vanishes = (x == 0) & (y <= 0)
    return np.where(vanishes, 0.0, x * np.log(np.where(vanishes, 1.0, y)))


_TABLE: Mapping[type, Callable[..., Any]] = {
    sp.Add: lambda *terms: reduce(add, terms),
    sp.Mul: lambda *factors: reduce(mul, factors),
    sp.Pow: np.power,
    sp.exp: np.exp,
    sp.log: np.log,
    sp.Max: lambda *values: reduce(np.maximum, values),
    sp.Min: lambda *values: reduce(np.minimum, values),
    sp.Abs: np.abs,
    xlogy: _xlogy,
    sp.Lt: lt,
    sp.Le: le,
    sp.Gt: gt,
    sp.Ge: ge,
    sp.Eq: eq,
    sp.Ne: ne,
    sp.And: lambda *statements: reduce(np.logical_and, statements),
    sp.Or: lambda *statements: reduce(np.logical_or, statements),
    sp.Not: np.logical_not,
    sp.Implies: lambda premise, conclusion: np.logical_or(np.logical_not(premise), conclusion),
}
