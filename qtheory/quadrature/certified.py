r"""Expectations that are certain: ball arithmetic on the main part of the integral, a proved bound on what is left."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from qtheory.action_function import ActionFunction
from qtheory.aliases import NumberLike
from qtheory.base.continuous import Continuous
from qtheory.errors import InvalidLevel, NotAvailable
from qtheory.exact.enclosure import Enclosure, outward
from qtheory.exact.rationals import exact_text, level
from qtheory.problem import Problem
from qtheory.quadrature.arb_functions import at_ball, beyond, flint
from qtheory.quadrature.arb_laws import ArbLaw, arb_law, exactly
from qtheory.quadrature.rank_means import require_continuous

_BITS = 160
_LEFT = 2.0**-110  # of the mass of the level is left to the bound on the tail
_NEAREST = 8
_MOST_ORDER = 8
_MOST_EVALUATIONS = 20_000
_MARGIN = 1 << 16
_WIDEST = Fraction(1, 1 << 20)
_SURE = Fraction(1, 10**40)  # below, the floor under the mass of a tail may be more than the level


def certified_mean(problem: Problem, q: NumberLike, function: Any = None) -> Enclosure:
    r"""An interval that certainly contains $E_{Q_q}[f]$.

    The integral of f times the density of the law, from the quantile to a far point, is enclosed by Gauss-Legendre
    quadrature in complex ball arithmetic, which bounds its own error (Johansson, Arb). Beyond, $f(z)/z^k$ is enclosed on
    the unbounded interval, and $E[\lvert Z\rvert^k]$ there is bounded in closed form. Everything needs the extra `exact`.

    Args:
        problem: on a `Continuous` base of one of eight families; unless q = 1 its utility ranks as the action does.
        q: the level, exactly (0.1 is 1/10).
        function: a formula in the action; the utility if left out.

    Raises:
        MissingExtra: python-flint is not installed.
        InvalidLevel: a level outside (0, 1], or one too small to be enclosed.
        NotAvailable: another base or family, a utility that rises and falls, or a formula that cannot be enclosed.

    >>> found = certified_mean(Problem(Continuous("exponential(1)")), "1/10", "exp(-x)")
    >>> found.contains("1/20"), float(found.width) < 1e-30
    (True, True)
    """
    module, q = flint(), level(q)
    require_continuous(problem)
    if q != 1 and not problem.ranks_as_action:
        raise NotAvailable(
            "certified means need a utility that ranks as the action does",
            got=problem.utility,
            allowed="a formula that increases with the action",
            remedy="use rank_means, which finds the level sets of others",
        )
    formula = problem.utility if function is None else problem.values(function)
    assert isinstance(problem.base, Continuous)
    before = module.ctx.prec
    module.ctx.prec = _BITS
    try:
        return _enclosed(problem.base, q, _expression(formula))
    finally:
        module.ctx.prec = before


def _expression(formula: Any) -> Any:
    if not isinstance(formula, ActionFunction) or formula.expression is None:
        raise NotAvailable("only formulas can be enclosed", got=formula, allowed="a formula in x")
    return formula.expression


def _enclosed(base: Continuous, q: Fraction, expression: Any) -> Enclosure:
    loc, scale, law = arb_law(base.family)
    mass = exactly(q)
    lower, lower_tail = _lower_end(law, loc, scale, expression, mass, q)
    upper, upper_tail = _upper_end(law, loc, scale, expression, mass, q)
    total = _between(law, loc, scale, expression, lower, upper) + lower_tail + upper_tail
    return _as_enclosure(total / mass, q)


def _lower_end(law: ArbLaw, loc: Fraction, scale: Fraction, expression: Any, mass: Any, q: Fraction) -> tuple[Any, Any]:
    """The coordinate where the level ends, and the integral below the far point if it never does."""
    zero = flint().arb(0)
    if q < 1:
        return law.coordinate(law.quantile(mass)), zero
    if law.bounded_below is not None:
        return law.coordinate(law.bounded_below), zero
    far = _far_point(law, loc, scale, 1, lower=True)
    return -far, _tail(law, -loc, scale, _mirrored(expression), far, 1 - law.survival(-far))


def _upper_end(law: ArbLaw, loc: Fraction, scale: Fraction, expression: Any, mass: Any, q: Fraction) -> tuple[Any, Any]:
    if law.bounded_above is not None:
        return law.coordinate(law.bounded_above), flint().arb(0)
    far = _far_point(law, loc, scale, q)
    return law.coordinate(far), _tail(law, loc, scale, expression, far, law.survival(far))


def _far_point(law: ArbLaw, loc: Fraction, scale: Fraction, q: Fraction | int, lower: bool = False) -> Any:
    """An integer beyond all but a share of the level's mass, where |action| > 1; where exactly does not matter."""
    share = exactly(q) * _LEFT
    point = -law.quantile(1 - share) if lower else law.quantile(share)
    return flint().arb(max(math.ceil(float(point.mid())), _NEAREST, math.ceil((1 + abs(loc)) / scale) + 1))


def _tail(law: ArbLaw, loc: Fraction, scale: Fraction, expression: Any, far: Any, survival: Any) -> Any:
    r"""The integral beyond the far point: the least power $x^k$ that bounds the formula, times $E[x^k]$ there.

    With $x=\mathrm{loc}+\mathrm{scale}\,z>1$, $x\le(\mathrm{scale}+\lvert\mathrm{loc}\rvert/z)z$, and a power tail has loc = 0.
    """
    nearest = exactly(loc) + exactly(scale) * far
    growth = exactly(scale) + (exactly(abs(loc)) / far if loc else 0)
    for order in range(_MOST_ORDER + 1):
        if law.power is not None and not law.power > order:
            break
        for form in _over_power(expression, order):
            low, high = beyond(form, nearest, flint().arb.pos_inf())
            if low.is_finite() and high.is_finite():
                moments = [growth**order * moment for moment in law.tail_moment(order, far, survival)]
                return _hull([end * moment for end in (low, high) for moment in moments])
    raise NotAvailable(
        "no power of the action bounds this formula in the tail",
        got=str(expression),
        allowed="formulas that grow like a power that has a mean",
        remedy="use rank_means",
    )


def _over_power(expression: Any, order: int) -> list[Any]:
    """The formula over a power of x in forms that are equal and of which one may be easier to bound."""
    import sympy as sp

    from qtheory.symbols import x

    form = expression / x**order
    return [sp.expand_mul(form), *([sp.apart(form, x)] if form.is_rational_function(x) else [])]


def _mirrored(expression: Any) -> Any:
    from qtheory.symbols import x

    return expression.xreplace({x: -x})


def _between(law: ArbLaw, loc: Fraction, scale: Fraction, expression: Any, lower: Any, upper: Any) -> Any:
    """The integral from one coordinate to the other, cut at the joint; each piece from 0 to 1, so that its ends are exact."""
    joint = law.joint
    cuts = [lower, joint, upper] if joint is not None and lower < joint and joint < upper else [lower, upper]
    side = [-1, 1] if len(cuts) == 3 else [-1 if joint is not None and upper <= joint else 1]
    total = flint().acb(0)
    for start, end, sign in zip(cuts, cuts[1:], side, strict=False):
        total += _piece(law, loc, scale, expression, start, end, sign)
    if not (total.is_finite() and total.imag.contains(0) and abs(total.imag) < _LEFT * _MARGIN):
        raise NotAvailable(
            "the integral could not be enclosed",
            got=str(expression),
            allowed="a formula that is real and analytic on the actions of the level",
            remedy="use rank_means",
        )
    return total.real


def _piece(law: ArbLaw, loc: Fraction, scale: Fraction, expression: Any, start: Any, end: Any, side: int) -> Any:
    acb, length, place, size = flint().acb, end - start, exactly(loc), exactly(scale)

    def integrand(t: Any, analytic: bool) -> Any:
        y = start + length * t
        return at_ball(expression, place + size * law.action(y), analytic) * law.density(y, side) * length

    return acb.integral(integrand, acb(0), acb(1), eval_limit=_MOST_EVALUATIONS)


def _hull(balls: list[Any]) -> Any:
    ends = [end for ball in balls for end in (ball.lower(), ball.upper())]
    low, high = ends[0], ends[0]
    for end in ends[1:]:
        low, high = low.min(end), high.max(end)
    return low.union(high)


def _as_enclosure(ball: Any, q: Fraction) -> Enclosure:
    if not ball.is_finite():
        raise NotAvailable("the enclosure is unbounded", got=str(ball), remedy="use rank_means")
    found = outward(_fraction(ball.lower()), _fraction(ball.upper()))
    if found.width > _WIDEST * max(Fraction(1), abs(found.midpoint)):
        if q < _SURE:
            raise InvalidLevel(
                "this level is too small to be enclosed",
                got=exact_text(q),
                allowed="q >= 1e-40, and less where the formula falls as fast as the law",
                remedy="use rank_means, which bounds its error without a proof down to q = 1e-200",
            )
        got = f"a width of {exact_text(found.width)}"
        raise NotAvailable(
            "the integrand turns too often to be enclosed", got=got, remedy="use rank_means, or simulate it"
        )
    return found


def _fraction(point: Any) -> Fraction:
    mantissa, exponent = point.man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
