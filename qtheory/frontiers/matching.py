r"""Which member of a family of rules has a given cost factor, or the greatest divergence not above a given one."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from qtheory.errors import InvalidInput
from qtheory.frontiers.result import Match
from qtheory.optimizers.abstract import AbstractOptimizer
from qtheory.optimizers.best_of_n import BestOfN
from qtheory.optimizers.imitation import Imitation
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.optimizers.top_k_of_n import TopKOfN
from qtheory.policies.rank import KEPT_BY_DEFAULT
from qtheory.policies.rank_density import AbstractRankDensity, TopOfDraws, TopSlice

_MOST_DRAWS = 1 << 24


def matched(factor: Fraction, match: Match) -> tuple[tuple[AbstractOptimizer, AbstractRankDensity], ...]:
    r"""The optimizers at one target with their densities in rank.

    By factor, best-of-n takes the largest whole n, and top-k-of-n the largest n, with cost factor at most the target.
    By KL, the same with $\log(\mathrm{factor})$, the divergence of the quantilizer.

    >>> [type(optimizer).__name__ for optimizer, _ in matched(Fraction(10), "factor")]
    ['Quantilizer', 'BestOfN', 'TopKOfN', 'Imitation']
    >>> matched(Fraction(10), "kl")[1][0]
    BestOfN(n=26)
    """
    if factor < 1:
        raise InvalidInput("a cost factor is below one", got=factor, allowed="factor >= 1, such as 10 for q = 1/10")
    k = KEPT_BY_DEFAULT
    n = _draws(1, factor, match)
    many = _draws(k, factor, match)
    return (
        (Quantilizer(1 / factor), TopSlice(1 / factor)),
        (BestOfN(n), TopOfDraws(n, 1)),
        (TopKOfN(many, k), TopOfDraws(many, k)),
        (Imitation(), TopSlice(Fraction(1))),
    )


def kl_of(density: AbstractRankDensity) -> float:
    """The divergence of a rank density from the base, as a float.

    >>> round(kl_of(TopOfDraws(16 * 10**9, 16)) - math.log(10**9), 9)
    -0.236667632
    """
    value = density.kl()
    return float(getattr(value, "midpoint", value))


def _draws(k: int, factor: Fraction, match: Match) -> int:
    if match == "factor":
        return int(k * factor // 1)
    target = math.log(factor)
    rounding = 8 * math.ulp(max(target, 1.0))
    return _largest(lambda n: kl_of(TopOfDraws(n, k)) <= target + rounding, k)


def _largest(fits: Callable[[int], bool], least: int) -> int:
    """The largest whole number that fits, if all below it do and `least` does."""
    low, high = least, 2 * least
    while high <= _MOST_DRAWS and fits(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low
