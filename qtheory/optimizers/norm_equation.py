r"""The threshold of power and Tsallis policies: the root $\tau$ of $\lVert(U-\tau)^+\rVert_r = B$.

On finitely many actions everything is said by the depth $x = U_{\max} - \tau$ and the depths $d = U_{\max} - U$ of the
actions: $E\bigl((x-d)^+\bigr)^r = B^r$, whose left side increases with $x$, with the root between $B$ and $d_{\max} + B$.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np

from qtheory.exact import nonnegative
from qtheory.exact.elementary import sqrt
from qtheory.exact.enclosure import Enclosure, Value
from qtheory.exact.roots import compared, root_near
from qtheory.optimizers.from_weights import depths
from qtheory.policies.exact_divergences import total
from qtheory.problem import Problem

# Newton steps from a double-precision start double the correct digits: 15, 30, 60.
NEWTON_STEPS = 3
NEWTON_DIGITS = 60
# Below this order the root may lie closer to a level than doubles can say.
FLAT_ORDER = Fraction(1, 1000)
HALVINGS = 100


def threshold_depth(problem: Problem, order: Fraction, bound: Fraction) -> Any:
    r"""$U_{\max} - \tau$ on an atomic base: a `Fraction` where rational and found so, an `Enclosure`, or a float.

    Args:
        problem: a problem on finitely many actions.
        order: $r > 0$.
        bound: $B > 0$.

    >>> from qtheory.base.finite import Finite
    >>> base = Finite(["1/2", "1/4", "1/8", "1/16", "1/16"])
    >>> threshold_depth(Problem(base, [0, 1, 2, 3, 10]), Fraction(2), Fraction(1, 2))
    Fraction(2, 1)
    """
    masses, below = depths(problem)
    if not problem.exact:
        return _float_root(np.array(masses), np.array(below), float(order), float(bound))
    levels = sorted(set(below))
    merged = [
        (sum((g for g, d in zip(masses, below, strict=True) if d == level), Fraction(0)), level) for level in levels
    ]
    share = nonnegative.power(merged[0][0], 1 / order)
    # A share that cannot be told from zero puts the root beyond every level there is, if there is another.
    if len(levels) == 1 or Enclosure.of(bound).certainly_at_most(share * levels[1]):
        return bound / share
    if order in (1, 2):
        return _by_segments(merged, int(order), bound)
    return _exact_root(merged, order, bound)


def _by_segments(levels: list[tuple[Fraction, Fraction]], order: int, bound: Fraction) -> Value:
    """Between two neighbouring levels the equation is linear or quadratic."""
    for count in range(1, len(levels) + 1):
        active = levels[:count]
        s0, s1, s2 = (sum((g * d**i for g, d in active), Fraction(0)) for i in range(3))
        here: Value = (bound + s1) / s0
        if order == 2:
            gap = s1**2 - s0 * (s2 - bound**2)
            if gap < 0:
                continue
            here = (s1 + sqrt(gap)) / s0
        if count == len(levels) or _moment(levels, levels[count][1], Fraction(order), bound) >= 1:  # type: ignore[operator]
            return here
    raise AssertionError("with every action the norm reaches any bound")


def _moment(levels: list[tuple[Fraction, Fraction]], x: Fraction, order: Fraction, bound: Fraction) -> Value:
    """The moment measured by its bound: 1 at the root, and of moderate size near it for every order."""
    return total(g * nonnegative.power((x - d) / bound, order) for g, d in levels if x > d)


def _exact_root(levels: list[tuple[Fraction, Fraction]], order: Fraction, bound: Fraction) -> Value:
    guess = _polished(levels, order, bound)
    low, high = bound, levels[-1][1] + bound
    sign = lambda x: compared(_moment(levels, x, order, bound), Fraction(1))
    return root_near(sign, min(max(guess, low), high), low, high)


def _polished(levels: list[tuple[Fraction, Fraction]], order: Fraction, bound: Fraction) -> Fraction:
    """Newton on the moment in sixty digits; only a guess, so nothing hangs on its rounding."""
    import mpmath

    context = mpmath.mp.clone()
    context.dps = NEWTON_DIGITS
    exactly = lambda value: context.mpf(value.numerator) / value.denominator
    pairs = [(exactly(g), exactly(d) / exactly(bound)) for g, d in levels]
    r = exactly(order)
    if order < FLAT_ORDER:
        x = _above_a_level(context, pairs, r)
    else:
        masses, below = (np.array([float(pair[i]) for pair in levels]) for i in (0, 1))
        x = context.mpf(_float_root(masses, below, float(order), float(bound))) / exactly(bound)
    for _ in range(NEWTON_STEPS):
        active = [(g, x - d) for g, d in pairs if x > d]
        slope = r * context.fsum(g * y ** (r - 1) for g, y in active)
        x -= (context.fsum(g * y**r for g, y in active) - 1) / slope
    sign, mantissa, exponent, _ = (x * exactly(bound))._mpf_
    return (-1) ** sign * Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def _above_a_level(context: Any, pairs: list[tuple[Any, Any]], r: Any) -> Any:
    """The root by bisection in the logarithm of its distance from the level before it, which may be very small."""
    reaches = lambda x: context.fsum(g * (x - d) ** r for g, d in pairs if x > d) >= 1
    before = max((d for _, d in pairs if not reaches(d)), default=pairs[0][1])
    ends = [d for _, d in pairs if d > before and reaches(d)] or [pairs[-1][1] + 1]
    high = context.log(min(ends) - before)
    low = high - NEWTON_DIGITS
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if reaches(before + context.exp(middle)) else (middle, high)
    return before + context.exp(high)


def _float_root(masses: np.ndarray, below: np.ndarray, order: float, bound: float) -> float:
    from scipy.optimize import brentq

    def excess(x: float) -> float:
        active = x > below
        with np.errstate(divide="ignore", under="ignore"):
            return math.log(float(masses[active] @ ((x - below[active]) / bound) ** order))

    # By Markov and by the action that lies deepest; rounding may put the root on an end.
    low, high = bound, float(below.max()) + bound
    if excess(low) >= 0 or excess(high) <= 0:
        return low if excess(low) >= 0 else high
    return float(brentq(excess, low, high, xtol=low * 1e-16, rtol=4 * np.finfo(float).eps))
