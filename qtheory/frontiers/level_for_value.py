r"""The mildest quantilizer that reaches an expected utility."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from scipy.optimize import brentq

from qtheory.aliases import NumberLike
from qtheory.base.abstract import AbstractAtomicBase
from qtheory.base.continuous import Continuous
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.rationals import rational
from qtheory.problem import Problem

# The least level looked at, and how close the logarithm of a level comes, in double precision.
_SMALLEST_LOG, _PRECISION = -690.0, 4 * 2.0**-52


def level_for_value(problem: Problem, value: NumberLike) -> Any:
    r"""The largest q at which the quantilizer has an expected utility of at least $s$.

    It is the buffered probability of exceeding s, $\min_{l\ge0}E_\gamma(l(U-s)+1)^+$, and 1 over it is the smallest cost
    factor of any policy that reaches s. Up to the mean of the base it is 1.

    Args:
        problem: with a finite base, or one on the line whose utility is the action.
        value: s.

    Returns:
        A `Fraction` on exact problems, otherwise a float.

    Raises:
        NotAvailable: s lies above the largest utility, so that no policy reaches it; or only below level $10^{-299}$.

    Source: mafusalov2018; claim `buffered-exceedance`.

    >>> from qtheory.base.finite import Finite
    >>> problem = Problem(Finite(["1/2", "1/4", "1/8", "1/16", "1/16"]), utility=[0, 1, 2, 3, 10])
    >>> level_for_value(problem, "17/4")
    Fraction(1, 4)
    """
    if not isinstance(problem, Problem):
        raise InvalidInput("a level belongs to a problem", got=problem, allowed="Problem(base=..., utility=...)")
    s = rational(value, "value")
    if isinstance(problem.base, AbstractAtomicBase):
        return _atomic(problem.base, problem.utility, s if problem.exact else float(s))
    if isinstance(problem.base, Continuous) and problem.ranks_as_action:
        return _on_the_line(problem.base, float(s))
    raise InvalidInput("the law of the utility is not known", got=problem, allowed="a finite or a continuous base")


def _atomic(base: AbstractAtomicBase, utility: Any, s: Any) -> Any:
    """Take actions best first while their mean stays at s or above; the last one in part."""
    mass, gained = 0 * s, 0 * s
    pairs = sorted(zip(base.weights, utility, strict=True), key=lambda pair: -pair[1])
    for g, u in pairs:
        if g > 0 and gained + g * u < s * (mass + g):
            if mass == 0:
                raise _out_of_reach(s)
            return type(s)(mass + (gained - s * mass) / (s - u))
        mass, gained = mass + g, gained + g * u
    return Fraction(1) if isinstance(s, Fraction) else 1.0


def _on_the_line(base: Continuous, s: float) -> float:
    if s <= base.mean():
        return 1.0
    if s >= base.support()[1]:
        raise _out_of_reach(s)

    def missing(log_q: float) -> float:
        return float(base.upper_mean(math.exp(log_q))) - s

    if missing(_SMALLEST_LOG) < 0:
        raise NotAvailable("only levels below 1e-299 reach this value", got=s, remedy="ask for a smaller value")
    return math.exp(brentq(missing, _SMALLEST_LOG, 0.0, xtol=_PRECISION, rtol=_PRECISION))


def _out_of_reach(s: Any) -> NotAvailable:
    return NotAvailable("no policy reaches this expected utility", got=s, allowed="at most the largest utility")
