r"""Formulas in ball arithmetic: at complex balls, for integrals; on unbounded real intervals, for what is left of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from operator import add, mul
from typing import TYPE_CHECKING, Any

from qtheory.errors import MissingExtra, NotAvailable

if TYPE_CHECKING:
    import sympy as sp

Interval = tuple[Any, Any]
"""Two real balls around the ends; an end may be infinite."""


def flint() -> Any:
    """python-flint.

    Raises:
        MissingExtra: it is not installed.
    """
    try:
        import flint as module
    except ImportError as error:
        remedy = "pip install 'qtheory[exact]', or use rank_means, which bounds its error without a proof"
        raise MissingExtra("certified means need python-flint, which is in the extra `exact`", remedy=remedy) from error
    return module


def number(node: sp.Expr) -> Any:
    """A rational number or pi as a real ball."""
    import sympy as sp

    if node is sp.pi:
        return flint().arb.pi()
    if not (node.is_Rational or node.is_Float):
        raise _unknown(node)
    exact = sp.Rational(node)
    return flint().arb(flint().fmpq(int(exact.p), int(exact.q)))


def at_ball(node: sp.Expr, z: Any, analytic: bool) -> Any:
    """A formula in `x` at a complex ball; not finite where `analytic` is asked for and it is not.

    Raises:
        NotAvailable: a function that is not analytic, or not in the table.
    """
    from qtheory.symbols import x

    if node == x:
        return z
    if not node.args:
        return flint().acb(number(node))
    if node.is_Pow:
        return _power(at_ball(node.base, z, analytic), node.exp, analytic)
    operation = _heads().get(node.func)
    if operation is None:
        raise _unknown(node)
    return operation(analytic, *(at_ball(argument, z, analytic) for argument in node.args))


def beyond(node: sp.Expr, low: Any, high: Any) -> Interval:
    """An interval that holds a formula in `x` on the real interval, whose ends may be infinite."""
    from qtheory.symbols import x

    if node == x:
        return low, high
    if not node.args:
        return number(node), number(node)
    if node.is_Pow:
        return _interval_power(beyond(node.base, low, high), node.exp)
    operation = _interval_heads().get(node.func)
    if operation is None:
        raise _unknown(node)
    return operation(*(beyond(argument, low, high) for argument in node.args))


def _power(base: Any, exponent: sp.Expr, analytic: bool) -> Any:
    if exponent.is_Integer:
        return base ** int(exponent)
    if not exponent.is_Rational:
        raise _unknown(exponent)
    # x^p is cut along the negative axis, as the logarithm is
    return (flint().acb(number(exponent)) * base.log(analytic=analytic)).exp()


def _arctangent(analytic: bool, z: Any) -> Any:
    """It is cut on the imaginary axis beyond 1 and -1."""
    crosses = z.real.contains(0) and not abs(z.imag) < 1
    return flint().acb(flint().arb.nan()) if analytic and crosses else z.atan()


def _heads() -> Mapping[Any, Callable[..., Any]]:
    import sympy as sp

    return {
        sp.Add: lambda analytic, *terms: reduce(add, terms),
        sp.Mul: lambda analytic, *factors: reduce(mul, factors),
        sp.exp: lambda analytic, z: z.exp(),
        sp.log: lambda analytic, z: z.log(analytic=analytic),
        sp.sin: lambda analytic, z: z.sin(),
        sp.cos: lambda analytic, z: z.cos(),
        sp.tanh: lambda analytic, z: z.tanh(),
        sp.atan: _arctangent,
        sp.erf: lambda analytic, z: z.erf(),
        sp.erfc: lambda analytic, z: z.erfc(),
    }


def _interval_heads() -> Mapping[Any, Callable[..., Interval]]:
    import sympy as sp

    one, infinite = flint().arb(1), flint().arb.pos_inf()
    right = flint().arb.pi() / 2
    return {
        sp.Add: lambda *terms: reduce(_sum, terms),
        sp.Mul: lambda *factors: reduce(_product, factors),
        sp.exp: _extended(lambda ball: ball.exp(), 0 * one, infinite),
        sp.log: _logarithm,
        sp.sin: lambda a: (-one, one),
        sp.cos: lambda a: (-one, one),
        sp.tanh: _extended(lambda ball: ball.tanh(), -one, one),
        sp.atan: _extended(lambda ball: ball.atan(), -right, right),
        sp.erf: _extended(lambda ball: ball.erf(), -one, one),
        sp.erfc: lambda a: _extended(lambda ball: (-ball).erfc(), 0 * one, 2 * one)((-a[1], -a[0])),
    }


def _extended(function: Callable[[Any], Any], below: Any, above: Any) -> Callable[[Interval], Interval]:
    """An increasing function of an interval, with its limits at infinite ends, where Arb may say nothing."""
    at = lambda end: above if _is(end, 1) else below if _is(end, -1) else function(end)
    return lambda a: (at(a[0]), at(a[1]))


def _logarithm(a: Interval) -> Interval:
    if not a[0] > 0:
        return flint().arb.neg_inf(), flint().arb.pos_inf()
    return _extended(lambda ball: ball.log(), None, flint().arb.pos_inf())(a)


def _is(ball: Any, sign: int) -> bool:
    """Whether an end is infinite with this sign."""
    return bool(not ball.is_finite() and not ball.is_nan() and (ball > 0 if sign > 0 else ball < 0))


def _sum(a: Interval, b: Interval) -> Interval:
    # an infinite end stays infinite: lower ends are never +inf and upper ends never -inf
    return a[0] + b[0], a[1] + b[1]


def _product(a: Interval, b: Interval) -> Interval:
    corners = [_times(left, right) for left in a for right in b]
    return reduce(lambda x, y: x.min(y), corners), reduce(lambda x, y: x.max(y), corners)


def _times(left: Any, right: Any) -> Any:
    """With 0 * inf = 0: an infinite end bounds finite values."""
    if left.is_zero() or right.is_zero():
        return flint().arb(0)
    return left * right


def _interval_power(base: Interval, exponent: sp.Expr) -> Interval:
    """On positive bases only, where powers are monotone."""
    if not exponent.is_Rational:
        raise _unknown(exponent)
    low, high = base
    if not low > 0:
        squared = _product(base, base) if exponent == 2 else None
        if squared is not None:
            return flint().arb(0), squared[0].max(squared[1])
        return flint().arb.neg_inf(), flint().arb.pos_inf()
    ends = [_positive_power(end, exponent) for end in (low, high)]
    return (ends[0], ends[1]) if exponent > 0 else (ends[1], ends[0])


def _positive_power(ball: Any, exponent: sp.Expr) -> Any:
    if _is(ball, 1):
        return flint().arb.pos_inf() if exponent > 0 else flint().arb(0)
    return ball ** number(exponent)


def _unknown(node: Any) -> NotAvailable:
    return NotAvailable(
        "this formula cannot be enclosed",
        got=str(node),
        allowed="numbers, pi, +, *, rational powers, exp, log, sin, cos, tanh, atan, erf, erfc",
        remedy="use rank_means",
    )
