r"""Bets that do not depend on the sample size: one finite family for every n, with prior weights fixed before the data.

They are portfolios of the same three assets as in `portfolio`, over a range of stakes that is efficient up to
$nq = 2^{40}$ taken items. Beyond that the test stays valid and no longer gains much from more items. What is paid for
not knowing n is the logarithm of a few hundred more bets, some three nats.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from qtheory.inference.count_bets import excesses
from qtheory.inference.portfolio import RELATIVE_JUMPS, Portfolios, financing_of_ratio

_LARGE_FRACTIONS = (0.98, 0.75)
HALVINGS = 24  # 2**-20 is efficient at 2**40 taken items for costs like a coin; rare costs call for smaller stakes
COUNT_WEIGHT = 0.2  # of the prior: for bets on the count alone


@lru_cache(maxsize=256)
def bets_on_mean(q: float, most: float) -> Portfolios:
    r"""Bets on $y = A c$, financed for relative jumps $\mathbb{E}[c \mid S = q]/b$ up to `most`.

    Args:
        q: the quantile level.
        most: the greatest possible jump, the cap over the bound.

    >>> float(round(np.exp(bets_on_mean(0.1, 2.0).log_prior).sum(), 12))
    1.0
    """
    jumps = RELATIVE_JUMPS[RELATIVE_JUMPS <= max(most, 1.0)]
    return anytime_portfolios(q, q + (1.0 - q) * jumps)


@lru_cache(maxsize=256)
def bets_on_ratio(q: float, direction: int) -> Portfolios:
    r"""Bets on $y$ for the contrast $c(A/q - r)$, the same for every r."""
    return anytime_portfolios(q, financing_of_ratio(q, direction))


def anytime_portfolios(q: float, financing: np.ndarray) -> Portfolios:
    r"""Stakes halving from the largest admissible one for each way of financing, and bets on the count alone.

    Args:
        q: the quantile level.
        financing: the values of a `[m]`, see `portfolio`.

    >>> bets = anytime_portfolios(0.25, np.array([0.5]))
    >>> bool(bets.taken.min() > 0 and bets.left.min() > 0)
    True
    """
    fractions = np.concatenate([_LARGE_FRACTIONS, 0.5 ** np.arange(1, HALVINGS + 1)])
    if q == 1.0:  # nothing is left out: only the first asset can pay for a stake
        return Portfolios(1.0 - fractions, np.ones_like(fractions), fractions, _uniform(fractions.size, 1.0))
    stakes = np.concatenate([_largest_stake(float(a), q) * fractions for a in financing])
    share = np.repeat(financing, fractions.size)
    counts = 1.0 + np.concatenate([excesses(q, 1), excesses(q, -1)])
    return Portfolios(
        taken=np.concatenate([1.0 - share * stakes / q, counts]),
        left=np.concatenate([1.0 - (1.0 - share) * stakes / (1.0 - q), (1.0 - q * counts) / (1.0 - q)]),
        stakes=np.concatenate([stakes, np.zeros(counts.size)]),
        log_prior=np.concatenate([_uniform(stakes.size, 1.0 - COUNT_WEIGHT), _uniform(counts.size, COUNT_WEIGHT)]),
    )


def _largest_stake(a: float, q: float) -> float:
    by_first = q / a if a > 0.0 else math.inf
    by_second = (1.0 - q) / (1.0 - a) if a < 1.0 else math.inf
    return min(by_first, by_second)


def _uniform(size: int, weight: float) -> np.ndarray:
    return np.full(size, math.log(weight / size))
