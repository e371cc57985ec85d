r"""What a binned sample says for certain about its own top q: the order inside the bin at the threshold is not known.

A sample of n draws has a best $m = qn$, ties sharing what is left in proportion. All but one of the bins lie above or
below the threshold as a whole. Whichever draws of that one belong to the top, its costs are known as counts on levels:
the sum of the $k$ that belong lies between that of its $k$ least costs and that of its $k$ greatest ones. With sums
alone, $S$ for $n_b$ draws with costs in $[0, B]$, these are $\max(0, S - (n_b - k)B)$ and $\min(S, kB)$.
"""

from __future__ import annotations

import numpy as np

from qtheory.inference.interval import Interval
from qtheory.montecarlo.tally import Tally


def threshold_bracket(tally: Tally, q: float) -> Interval:
    """The values between which the utility at top rank q of the sample lies."""
    at, _ = tally.cut(q)
    return Interval(float(tally.low[at]), float(tally.high[at]))


def mean_cost_bracket(tally: Tally, place: int, q: float) -> Interval:
    """The numbers between which the mean cost of the sample's best qn lies, costs being rounded to their levels.

    >>> from qtheory.montecarlo.ranges import Range
    >>> counts, low, high = np.array([2, 4]), np.array([1.0, 0.0]), np.array([2.0, 0.5])
    >>> ranges = Range("utility", -1, 9), Range("cost", 0, 1)
    >>> levels = (np.array([[1, 1], [1, 3]]),)  # of the lower four, one costs 0 and three cost 1
    >>> tally = Tally(counts, low, high, counts * 1.0, levels, ranges)
    >>> mean_cost_bracket(tally, 0, 4 / 6), mean_cost_bracket(tally, 0, 2 / 6)
    (Interval(low=0.5, high=0.75), Interval(low=0.5, high=0.5))
    """
    at, share = tally.cut(q)
    grid, mass = tally.grid(place), tally.levels[place][at].astype(float)
    kept, above = share * mass.sum(), float(tally.running_levels[place][at] @ grid)
    if tally.low[at] == tally.high[at] or share >= 1:
        low = high = share * float(mass @ grid)
    else:
        low, high = (_sum_of_first(mass[order], grid[order], kept) for order in (slice(None), slice(None, None, -1)))
    wanted = q * tally.n
    return Interval((above + min(low, high)) / wanted, (above + max(low, high)) / wanted)


def _sum_of_first(mass: np.ndarray, values: np.ndarray, kept: float) -> float:
    """The sum of the first `kept` of numbers given in groups of equal ones."""
    before = np.concatenate([[0.0], np.cumsum(mass)[:-1]])
    return float(np.clip(kept - before, 0.0, mass) @ values)
