r"""The distribution functions of rank-based policies, from both ends.

For a density $g$ on the top rank: the mass of better ranks $G(s)=\int_0^sg$ and the mass of worse ones
$\bar G(s)=\int_s^1g$, each with full relative precision where it is small. The densities' own `mass` says the first;
the second is written here, because $1-G$ would lose the digits that a policy with a long lower end needs.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from scipy.special import betainc, betaincc

from qtheory.base.rank_quadrature import Rank
from qtheory.policies.rank_density import AbstractRankDensity, Mixed, PoissonBest, TopOfDraws, TopSlice, Window


def better(density: AbstractRankDensity, rank: Rank) -> np.ndarray:
    """The mass of better ranks.

    >>> from qtheory.policies.rank_density import top_of_draws
    >>> float(better(top_of_draws(10**9, 2), Rank(np.array(1e-30), np.array(1.0)))) / 5e-22
    1.0000000000...
    """
    if isinstance(density, TopOfDraws) and density.k > 1:
        n, k, s = density.n, density.k, rank.top
        # the mass is E[min(Bin(n, s), k)]/k; library tails in 1 - s would lose the digits of a small s
        return n / k * s * _fewer(n - 1, k - 1, s) + _at_least(n, k, s)
    if isinstance(density, Mixed):
        first, second = better(density.first, rank), better(density.second, rank)
        return _blend(density, first, second)
    return np.asarray(density.mass(rank.top))


def worse(density: AbstractRankDensity, rank: Rank) -> np.ndarray:
    """The mass of worse ranks.

    >>> from fractions import Fraction
    >>> float(worse(PoissonBest(Fraction(1)), Rank(np.array(1.0), np.array(1e-20))) / 1e-20 * np.e)
    1.0
    """
    s, b = rank.top, rank.bottom
    match density:
        case TopSlice():
            return _worse_in(0.0, density.q, rank)
        case Window():
            return _worse_in(float(density.low), density.high, rank)
        case PoissonBest():
            return b * np.exp(-float(density.mu) * s)
        case TopOfDraws() if density.k == 1:
            return np.exp(density.n * _log_bottom(rank))
        case TopOfDraws():
            n, k = density.n, density.k
            less = _at_most(n, k - 1, rank) - n / k * s * _at_most(n - 1, k - 2, rank)
            return np.maximum(less, 0)
        case Mixed():
            return _blend(density, worse(density.first, rank), worse(density.second, rank))
        case _:
            return 1 - np.asarray(density.mass(s))


def _worse_in(low: float, high: Fraction, rank: Rank) -> np.ndarray:
    """The part of the interval of ranks from `low` to `high` that is worse than a rank."""
    left = np.where(rank.top <= 0.5, float(high) - rank.top, rank.bottom - float(1 - high))
    return np.clip(left / (float(high) - low), 0, 1)


def _blend(density: Mixed, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return float(1 - density.weight) * first + float(density.weight) * second


def _fewer(m: int, k: int, s: np.ndarray) -> np.ndarray:
    """P(Bin(m, s) < k)."""
    return betaincc(k, m - k + 1, s) if k <= m else np.ones_like(s)


def _at_least(m: int, k: int, s: np.ndarray) -> np.ndarray:
    return betainc(k, m - k + 1, s)


def _at_most(m: int, k: int, rank: Rank) -> np.ndarray:
    """P(Bin(m, s) <= k) for k < m, with full relative precision near rank 1."""
    near = rank.top <= 0.5
    return np.where(near, betaincc(k + 1, m - k, rank.top), betainc(m - k, k + 1, rank.bottom))


def _log_bottom(rank: Rank) -> np.ndarray:
    near = rank.top <= 0.5
    return np.where(near, np.log1p(-np.where(near, rank.top, 0.0)), np.log(np.where(near, 1.0, rank.bottom)))
