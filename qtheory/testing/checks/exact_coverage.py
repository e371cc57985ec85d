r"""Error rates computed, not sampled, where one count decides everything.

Where a cost is one exactly on the ideal top, or exactly off it, a sample without ties differs from another one only in
how many $N \sim \mathrm{Bin}(n, q)$ of its items are in that top. Then the chance of an error is a sum over $N$, however
small it is meant to be; a few terms of it already refute an implementation.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import product
from typing import Any

import numpy as np
from scipy.stats import binom

from qtheory.testing.check import FALSE_FAIL, Subject, check, disagree

_SEED = 20_260_401
# A bound just below the truth, which is one.
_ALMOST_ONE = 0.99
_FEW_COINS = ((3, 0.23), (5, 0.1))
_CHANCES = np.linspace(0.005, 0.995, 199)
# Coins tossed often, an error rate, and numbers of heads from five to two standard deviations below the mean.
_MANY_COINS, _RARE, _TAIL = 2000, 0.001, range(888, 956)
# What is said of scores, costs and a seed.
_Answer = Callable[[np.ndarray, np.ndarray, int], Any]


@dataclass(frozen=True)
class _Case:
    """How many draws, the level, the error rate, and the least N that is looked at."""

    n: int
    q: Fraction
    alpha: float
    least: int

    @property
    def tops(self) -> range:
        """The numbers N that are looked at: some below the mean, where estimating the threshold errs."""
        return range(self.least, int(self.n * self.q))


# Seven, and three and a half, standard deviations below the mean.
_CASES = (_Case(400, Fraction(1, 4), 1e-6, 40), _Case(4000, Fraction(1, 10), 0.01, 334))


@check("interval", says="where the cost is the top, or the rest, it misses with computed chance at most alpha")
def covers_by_computation(subject: Subject) -> None:
    for case in _CASES:

        def ends(scores: np.ndarray, costs: np.ndarray, seed: int, case: _Case = case) -> tuple[float, float]:
            low, high = subject(scores, costs, case.q, case.alpha, seed)
            return float(low), float(high)

        if _reads_ranks_alone(ends, case):
            _rarely(ends, lambda found: found[0] > FALSE_FAIL, _off_the_top, case, "the cost is the rest")
            _rarely(ends, lambda found: found[1] < 1 - FALSE_FAIL, _on_the_top, case, "the cost is the top")


@check("verdict", says="where the cost is the top, or the rest, it is wrong with computed chance at most alpha")
def errs_rarely_by_computation(subject: Subject) -> None:
    for case in _CASES:
        for bound, false, costs, where in (
            (0.0, "violated", _off_the_top, "the cost is the rest, bound 0"),
            (_ALMOST_ONE, "holds", _on_the_top, f"the cost is the top, bound {_ALMOST_ONE}"),
        ):
            answer = _verdicts(subject, case, bound)
            if _reads_ranks_alone(answer, case):
                _rarely(answer, partial(operator.eq, false), costs, case, where)


@check(
    "mean-interval", says="of a few coins it covers the chance of heads with computed probability at least 1 - alpha"
)
def covers_a_few_coins(subject: Subject) -> None:
    for n, alpha in _FEW_COINS:
        tosses = np.array(list(product((0.0, 1.0), repeat=n)))
        ends = np.array([[float(end) for end in subject(each.copy(), alpha)] for each in tosses])
        heads = tosses.sum(axis=1)
        for p in _CHANCES:
            inside = (ends[:, 0] - FALSE_FAIL <= p) & (p <= ends[:, 1] + FALSE_FAIL)
            covered = float((p**heads * (1 - p) ** (n - heads))[inside].sum())
            if covered < 1 - alpha - FALSE_FAIL:
                disagree("a coin is covered too rarely", (f"{n} coins", f"chance {p:.3f}", alpha), 1 - alpha, covered)


@check(
    "mean-interval",
    says="two thousand fair coins are covered with computed chance at least 1 - alpha, at alpha = 1/1000",
)
def covers_a_fair_coin_tossed_often(subject: Subject) -> None:
    def ends(heads: int, way: int = 1) -> tuple[float, float]:
        coins = (np.random.default_rng(_SEED).permutation(_MANY_COINS) < heads).astype(float)
        low, high = subject(coins[::way].copy(), _RARE)
        return float(low), float(high)

    if ends(_TAIL[0]) != ends(_TAIL[0], -1):
        return  # it depends on the order, and all orders are too many
    missed = [heads for heads in _TAIL if ends(heads)[1] < 0.5]
    chance = math.fsum(float(binom.pmf(heads, _MANY_COINS, 0.5)) for heads in missed)
    if chance > _RARE:
        disagree("a fair coin is covered too rarely", (_MANY_COINS, _RARE), f"missed at most {_RARE:g}", chance)


def _verdicts(subject: Subject, case: _Case, bound: float) -> _Answer:
    return lambda scores, costs, seed: subject(scores, costs, case.q, bound, case.alpha, seed)


def _reads_ranks_alone(answer: _Answer, case: _Case) -> bool:
    """Whether neither the listing, nor the scale of the scores, nor the seed matters: else N alone does not decide."""
    costs = _off_the_top(case.n, case.least)
    (scores, listed), (again, same) = _listed(costs, _SEED), _listed(costs, _SEED + 1)
    return bool(answer(scores, listed, 0) == answer(again**3 - 2, same, 1))


def _rarely(
    answer: _Answer, wrong: Callable[[Any], bool], costs: Callable[[int, int], np.ndarray], case: _Case, where: str
) -> None:
    bad = [top for top in case.tops if wrong(answer(*_listed(costs(case.n, top), _SEED), 0))]
    chance = math.fsum(float(binom.pmf(top, case.n, float(case.q))) for top in bad)
    if chance > case.alpha * (1 + FALSE_FAIL):
        at = (f"{where}, n = {case.n}, q = {case.q}",)
        disagree("it is wrong too often", at, f"a chance of at most {case.alpha:g}", f"at least {chance:.3g}")


def _on_the_top(n: int, top: int) -> np.ndarray:
    return (np.arange(n) < top).astype(float)


def _off_the_top(n: int, top: int) -> np.ndarray:
    return (np.arange(n) >= top).astype(float)


def _listed(costs: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Distinct scores, and costs that are given best first, in no order."""
    order = np.random.default_rng(seed).permutation(costs.size)
    return np.linspace(2.0, 1.0, costs.size)[order], costs[order]
