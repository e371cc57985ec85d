r"""Formulas over arrays of intervals in float64, rounded outward: what a utility can be between two points of a grid.

An interval is a pair of arrays. Every operation widens its result by more than NumPy's elementary functions err.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np

from qtheory.errors import NotAvailable

if TYPE_CHECKING:
    import sympy as sp

Interval = tuple[np.ndarray, np.ndarray]
_SLACK = 8.0 * float(np.finfo(np.float64).eps)
_TINY = 1e-300
_DIGITS = 20


def range_of(expression: sp.Expr, low: np.ndarray, high: np.ndarray) -> Interval:
    r"""An interval that holds a formula in `x` on each $[\mathrm{low}_i,\mathrm{high}_i]$.

    It is the whole line where the formula may have no value.

    Raises:
        NotAvailable: a function outside the table.

    >>> from qtheory.symbols import x
    >>> low, high = range_of(x**2 - x, np.array([0.0]), np.array([1.0]))
    >>> bool(low[0] <= -0.25), bool(high[0] >= 0)
    (True, True)
    """
    from qtheory.symbols import x

    known: dict[Any, Interval] = {x: (low, high)}
    with np.errstate(all="ignore"):
        return _value(expression, known, np.zeros_like(low))


def _value(node: sp.Expr, known: dict[Any, Interval], zero: np.ndarray) -> Interval:
    if node not in known:
        known[node] = _computed(node, known, zero)
    return known[node]


def _computed(node: sp.Expr, known: dict[Any, Interval], zero: np.ndarray) -> Interval:
    import sympy as sp

    if node.is_Number or node.is_NumberSymbol:
        number = float(node.evalf(_DIGITS))
        return _widened(zero + number, zero + number)
    if isinstance(node, sp.Pow) and node.exp.is_Rational:
        return _power(_value(node.base, known, zero), node.exp)
    operation = _table().get(node.func)
    if operation is None:
        raise NotAvailable(
            f"where {node.func.__name__} rises and falls cannot be told",
            got=str(node),
            allowed="+, *, rational powers, exp, log, sin, cos, tanh, atan, erf, Max, Min",
        )
    return operation(*(_value(argument, known, zero) for argument in node.args))


def _widened(low: np.ndarray, high: np.ndarray) -> Interval:
    """Outward by a few units in the last place; an end that is no number is no bound."""
    low, high = low - _SLACK * np.abs(low) - _TINY, high + _SLACK * np.abs(high) + _TINY
    return np.where(np.isnan(low), -np.inf, low), np.where(np.isnan(high), np.inf, high)


def _add(*terms: Interval) -> Interval:
    return reduce(lambda a, b: _widened(a[0] + b[0], a[1] + b[1]), terms)


def _multiply(*factors: Interval) -> Interval:
    return reduce(_product, factors)


def _product(a: Interval, b: Interval) -> Interval:
    corners = np.array([x * y for x in a for y in b])
    # 0 * inf: an infinite end is a bound on finite values, so the product there is 0
    corners = np.where(np.isnan(corners), 0.0, corners)
    return _widened(corners.min(axis=0), corners.max(axis=0))


def _power(base: Interval, exponent: Any) -> Interval:
    p = float(exponent)
    low, high = base
    if exponent.is_Integer and int(exponent) % 2 == 0:
        mixed = (low < 0.0) & (high > 0.0)
        low, high = np.where(mixed, 0.0, np.minimum(np.abs(base[0]), np.abs(base[1]))), np.maximum(-base[0], base[1])
    defined = (low > 0.0) | (high < 0.0) if p < 0.0 else np.ones_like(low, dtype=bool)
    if not exponent.is_Integer:
        defined = low >= 0.0 if p > 0.0 else low > 0.0
    ends = (np.power(low, p), np.power(high, p))
    found = _widened(*(ends if p > 0.0 else ends[::-1]))
    # integer powers of subnormals and numbers that overflow stay inside the widening or become infinite
    return np.where(defined, found[0], -np.inf), np.where(defined, found[1], np.inf)


def _increasing(function: Callable[[np.ndarray], np.ndarray]) -> Callable[[Interval], Interval]:
    return lambda a: _widened(function(a[0]), function(a[1]))


def _cosine(a: Interval) -> Interval:
    """The ends, and +-1 where a multiple of pi may lie between them."""
    low, high = a
    ends = np.cos(low), np.cos(high)
    slack = _SLACK * (1.0 + np.maximum(np.abs(low), np.abs(high)))
    turns = lambda shift: np.floor((high + slack - shift) / (2 * np.pi)) > np.floor((low - slack - shift) / (2 * np.pi))
    far = ~(np.maximum(np.abs(low), np.abs(high)) < 1e6)
    least = np.where(turns(np.pi) | far, -1.0, np.minimum(*ends))
    return _widened(least - slack, np.where(turns(0.0) | far, 1.0, np.maximum(*ends)) + slack)


def _sine(a: Interval) -> Interval:
    return _cosine(_widened(a[0] - np.pi / 2, a[1] - np.pi / 2))


def _logarithm(a: Interval) -> Interval:
    low, high = _widened(np.log(a[0]), np.log(a[1]))
    return np.where(a[0] > 0.0, low, -np.inf), np.where(a[0] > 0.0, high, np.inf)


def _table() -> Mapping[Any, Callable[..., Interval]]:
    import sympy as sp
    from scipy import special

    return {
        sp.Add: _add,
        sp.Mul: _multiply,
        sp.exp: _increasing(np.exp),
        sp.log: _logarithm,
        sp.cos: _cosine,
        sp.sin: _sine,
        sp.tanh: _increasing(np.tanh),
        sp.atan: _increasing(np.arctan),
        sp.erf: _increasing(special.erf),
        sp.erfc: lambda a: _widened(special.erfc(a[1]), special.erfc(a[0])),
        sp.Max: lambda *several: reduce(lambda a, b: (np.maximum(a[0], b[0]), np.maximum(a[1], b[1])), several),
        sp.Min: lambda *several: reduce(lambda a, b: (np.minimum(a[0], b[0]), np.minimum(a[1], b[1])), several),
    }
