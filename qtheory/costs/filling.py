r"""The fractional knapsack behind every capped class: fill the cost where it gains most per unit of budget.

$\max \sum_a \pi(a)c(a)$ subject to $0 \le c \le m$ and $\sum_a s(a)c(a) \le \varepsilon$ is solved by $c = m$ in
decreasing order of $\pi/s$ until the budget is spent (the Neyman-Pearson lemma); its dual is
$\min_{\lambda\ge0} \lambda\varepsilon + \sum_a (\pi - \lambda s)^+m$.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from qtheory.costs.kinds import midpoint, total
from qtheory.exact.enclosure import Enclosure

# The boundary is sought in a sample first; at four standard deviations of a rank in it the bracket rarely misses.
_SAMPLE = 4096
_MARGIN = 2 * math.isqrt(_SAMPLE)
_FEW = 4 * _SAMPLE
_BLOCK = 1 << 15


class Filling(NamedTuple):
    """The cost that spends the budget best, and its mean under the policy."""

    cost: Any
    value: Any


def fill_exact(gains: Sequence[Any], sizes: Sequence[Fraction], caps: Sequence[Any], budget: Fraction) -> Filling:
    """The knapsack in rationals; with gains that are enclosures the value encloses the optimum.

    Args:
        gains: what each action adds per unit of cost, at least 0.
        sizes: what each takes of the budget per unit of cost, at least 0.
        caps: the largest cost of each action; infinite only where the size is positive or the gain is zero.
        budget: at least 0.

    >>> fill_exact([Fraction(1), Fraction(3)], [Fraction(1), Fraction(1)], [Fraction(1), Fraction(1)], Fraction(3, 2))
    Filling(cost=(Fraction(1, 2), Fraction(1, 1)), value=Fraction(7, 2))
    """
    cost, left, price = [Fraction(0)] * len(gains), budget, Fraction(0)
    for i in sorted(range(len(gains)), key=lambda i: -_worth(gains[i], sizes[i])):
        if sizes[i] == 0:
            # An action that uses up none of the budget; where no gain depends on it, it stays without cost.
            cost[i] = caps[i] if caps[i] != math.inf else Fraction(0)
            continue
        cost[i] = min(caps[i], left / sizes[i])
        left -= cost[i] * sizes[i]
        if left == 0:
            price = _worth(gains[i], sizes[i])
            break
    attained = total(p * c for p, c in zip(gains, cost, strict=True))
    if isinstance(attained, Fraction):
        return Filling(tuple(cost), attained)
    bound = _dual(gains, sizes, caps, budget, price)
    return Filling(tuple(cost), Enclosure(attained.low, max(attained.high, bound)))


def fill_floats(gains: np.ndarray, sizes: np.ndarray, caps: Any, budget: float, worth: Any = None) -> Filling:
    """The knapsack in float64, by selection instead of a sort; ties at the boundary share what is left.

    Args:
        gains, sizes, budget: as for `fill_exact`.
        caps: one finite number, or one number per action.
        worth: gains over sizes, if they are at hand.

    >>> fill_floats(np.array([1.0, 3.0]), np.ones(2), 1.0, 1.5).cost
    array([0.5, 1. ])
    """
    paid = sizes > 0
    if worth is None:
        worth = np.divide(gains, sizes, out=np.full(len(gains), np.inf), where=paid)
    # With one cap for all, the sizes themselves say what a filled action uses, in units of the cap.
    alike = np.ndim(caps) == 0
    use = sizes if alike else np.multiply(sizes, caps, out=np.zeros(len(gains)), where=paid)
    everything = bool(paid.all())
    room = budget / caps if alike else budget
    price, left, level = _boundary(*((worth, use) if everything else (worth[paid], use[paid])), room)
    cost = (worth > price) * caps if alike else np.where(worth > price, caps, 0.0)
    edge = worth == price
    if level < math.inf:
        cost[edge] = (caps if alike else caps[edge]) * min(left / level, 1.0) if level > 0 else 0.0
    else:
        endless = np.flatnonzero(edge & np.isinf(use))[0]
        cost[edge], cost[endless] = 0.0, left / sizes[endless]
    if not everything:
        cost[~paid] = caps if alike else np.where(np.isinf(caps), 0.0, caps)[~paid]
    return Filling(cost, float(np.dot(gains, cost)))


def _boundary(worth: np.ndarray, use: np.ndarray, left: float) -> tuple[float, float, float]:
    """Where a budget runs out when the worthier come first: the worth, what is left there, what would be needed."""
    whole = _mass(use, np.ones(len(use), dtype=bool))
    while len(worth) > _FEW and left <= whole < math.inf:
        low, high = _bracket(worth, use, left / whole)
        above, inside = worth > high, worth >= low
        inside &= ~above
        used, there = _mass(use, above), _mass(use, inside)
        if used <= left <= used + there and low == high:
            return low, left - used, there
        if left < used:
            kept, whole = above, used
        elif left <= used + there:
            kept, left, whole = inside, left - used, there
        else:
            kept, left, whole = worth < low, left - used - there, whole - used - there
        worth, use = worth[kept], use[kept]
    return _sorted_boundary(worth, use, left)


def _bracket(worth: np.ndarray, use: np.ndarray, share: float) -> tuple[float, float]:
    """Two worths between which the boundary probably lies, from a sample; one and the same where there are many ties."""
    step = len(worth) // _SAMPLE
    sample, weight = worth[::step], use[::step]
    order = np.argsort(-sample)
    spent = np.cumsum(weight[order])
    place = min(int(np.searchsorted(spent, share * spent[-1])), len(order) - 1)
    pivot = float(sample[order[place]])
    high = float(sample[order[place - _MARGIN]]) if place >= _MARGIN else math.inf
    low = float(sample[order[place + _MARGIN]]) if place + _MARGIN < len(order) else -math.inf
    many = 2 * np.count_nonzero((sample >= low) & (sample <= high)) > len(sample)
    return (pivot, pivot) if many else (low, high)


def _sorted_boundary(worth: np.ndarray, use: np.ndarray, left: float) -> tuple[float, float, float]:
    order = np.argsort(-worth, kind="stable")
    spent = np.cumsum(use[order])
    place = int(np.searchsorted(spent, left))
    if place == len(order):
        return -1.0, 0.0, 0.0  # everything fits: all costs are at their caps
    price = worth[order[place]]
    return float(price), left - float(use[worth > price].sum()), float(use[worth == price].sum())


def _mass(use: np.ndarray, chosen: np.ndarray) -> float:
    """The sum over the chosen, by blocks that fit into a cache."""
    starts = range(0, len(use), _BLOCK)
    return math.fsum(float(np.einsum("i,i->", use[i : i + _BLOCK], chosen[i : i + _BLOCK])) for i in starts)


def _worth(gain: Any, size: Fraction) -> Any:
    return midpoint(gain) / size if size > 0 else math.inf


def _dual(
    gains: Sequence[Any], sizes: Sequence[Fraction], caps: Sequence[Any], budget: Fraction, price: Any
) -> Fraction:
    """The dual objective at a price that makes it finite: an upper bound on the knapsack, whatever the price."""
    highest = [Enclosure.of(gain).high for gain in gains]
    endless = [p / s for p, s, m in zip(highest, sizes, caps, strict=True) if m == math.inf and s > 0]
    price = max([price, *endless])
    over = ((max(p - price * s, Fraction(0)), m) for p, s, m in zip(highest, sizes, caps, strict=True))
    return price * budget + sum((excess * m for excess, m in over if excess > 0), Fraction(0))
