r"""Samples from best to worst, and the rule "one of the top $k = \lceil qn \rceil$" on them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from qtheory.aliases import NumberLike
from qtheory.exact.rationals import level
from qtheory.montecarlo.kept import require_kept


@dataclass(frozen=True, eq=False)
class Ranking:
    """Scores from best to worst.

    Attributes:
        utility: proxy utilities, nonincreasing, shape [n].
        cost: hidden costs of the same items, shape [n]; None where there is no cost column.
    """

    utility: np.ndarray
    cost: np.ndarray | None

    @property
    def samples(self) -> int:
        """The number of samples n."""
        return len(self.utility)


@dataclass(frozen=True)
class TopK:
    r"""The top $k = \lceil qn \rceil$ of a ranking.

    Attributes:
        q: the level asked for.
        n: samples.
        k: how many are kept.
        threshold: the k-th best utility.
        above: how many utilities lie strictly above the threshold.
        tied: how many equal it; more than `k - above` of them means that the cut goes through a tie.
    """

    q: Fraction
    n: int
    k: int
    threshold: float
    above: int
    tied: int

    @property
    def cost_factor(self) -> Fraction:
        r"""$n/k$, exactly: the rule multiplies no nonnegative expected cost by more than this.

        Source: claim `top-k-of-n`.
        """
        return Fraction(self.n, self.k)


def rank(utility: np.ndarray, cost: np.ndarray | None, key: int) -> Ranking:
    """Orders samples by utility, ties by a random number drawn without looking at the costs.

    Args:
        utility: shape [n], finite.
        cost: shape [n], or None.
        key: seed of the tie-break.

    Returns:
        The ranking, best first.
    """
    # with a tie-break independent of the cost, top ranks are exactly uniform, which the profile intervals need
    tie_break = np.random.default_rng(key).integers(0, 1 << 63, size=len(utility))
    best_first = order_of(-utility, tie_break)
    return Ranking(utility[best_first], None if cost is None else cost[best_first])


def order_of(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    r"""The order by one key and, where that ties, by another: that of `np.lexsort`, in a half to two thirds of the time.

    One unstable sort, which NumPy does by vector instructions, where nothing ties; else a second one of integers that
    hold the number of the level and the leading bits of the second key. What these do not tell apart is sorted on its own.

    Args:
        first: finite numbers, shape [n].
        second: integers in [0, 2^63), shape [n].

    >>> order_of(np.array([2.0, 1.0, 2.0]), np.array([9, 1, 3])).tolist()
    [1, 2, 0]
    """
    order = np.argsort(first)
    new = _is_new(first[order])
    # What was made for this call alone goes before the next arrays of its size come.
    del first
    if new.all():
        return order
    key = _levels_and_bits(new, second[order])
    again = np.argsort(key)
    order = order[again]
    del again
    key.sort()
    return _settled(order, key, second)


def _is_new(ranked: np.ndarray) -> np.ndarray:
    return ranked[1:] != ranked[:-1]


def _levels_and_bits(new: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The number of the level in front, and behind it as many leading bits of the second key as there is room for."""
    key = np.zeros(len(second), np.int64)
    np.cumsum(new, out=key[1:])
    bits = 63 - int(key[-1]).bit_length()
    key <<= bits
    second >>= 63 - bits
    key |= second
    return key


def _settled(order: np.ndarray, key: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Puts right the runs of equal keys: by the whole second key, then as listed."""
    same = key[1:] == key[:-1]
    places = np.flatnonzero(np.append(same, False) | np.append(False, same))
    members = order[places]
    order[places] = members[np.lexsort((members, second[members], key[places]))]
    return order


def top_k(ranking: Ranking, q: NumberLike) -> TopK:
    r"""The cut of a ranking at level q, with $\lceil qn \rceil$ in exact arithmetic.

    Args:
        ranking: from best to worst.
        q: in [1/n, 1], exact; text such as "1/10" or a float read by its shortest decimal form.

    Returns:
        The cut.

    Raises:
        InvalidLevel: q is not in [1/n, 1].

    >>> top_k(Ranking(np.array([3.0, 2.0, 2.0, 1.0]), None), "1/2")
    TopK(q=Fraction(1, 2), n=4, k=2, threshold=2.0, above=1, tied=2)
    """
    exact, n = level(q), ranking.samples
    require_kept(exact, n, "samples", "score")
    k = math.ceil(exact * n)
    threshold = ranking.utility[k - 1]
    worst_first = ranking.utility[::-1]
    above = n - int(np.searchsorted(worst_first, threshold, side="right"))
    tied = n - int(np.searchsorted(worst_first, threshold, side="left")) - above
    return TopK(exact, n, k, float(threshold), above, tied)


def shared_mean(values: np.ndarray, cut: TopK) -> float:
    """Mean over the top k where the items tied at the threshold share its places in equal parts.

    Args:
        values: of the ranked items, best first, shape [n]; utilities or costs.
        cut: the cut.

    Returns:
        The mean under the proportional tie rule.

    Source: claim `tie-invariance`: for utilities every tie rule gives this, for costs only this one does.

    >>> ranking = Ranking(np.array([3.0, 2.0, 2.0, 1.0]), np.array([0.0, 0.5, 1.0, 9.0]))
    >>> shared_mean(ranking.cost, top_k(ranking, "1/2"))
    0.375
    """
    level_mean = float(np.mean(values[cut.above : cut.above + cut.tied]))
    return (float(np.sum(values[: cut.above])) + (cut.k - cut.above) * level_mean) / cut.k
