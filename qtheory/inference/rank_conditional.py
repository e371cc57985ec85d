r"""An interval for $\mathbb{E}_Q[c]$ from the items above an order statistic: simple, and a check on the profile test.

Given $S_{(k+1)} = \tau$, the k items ordered before it are independent draws of the $\tau$-quantilizer: with the independent
tie-break the ranks above the order statistic are uniform on $(0, \tau)$. And $\tau \sim \mathrm{Beta}(k+1, n-k)$. Since
$G(q) = q\,\mathbb{E}_{Q_q}[c]$ and $Cq - G(q)$ never fall in q, two order statistics that bracket q bound it from both sides:
$$\max\{G(\tau_1),\ G(\tau_2) - C(\tau_2 - q)\} \le G(q) \le \min\{G(\tau_2),\ G(\tau_1) + C(q - \tau_1)\}.$$
Eight events share alpha: the brackets $\tau_1 \le q \le \tau_2$, one end of each $\tau$, and both ends of each mean.
"""

from __future__ import annotations

import numpy as np
from scipy.special import betainccinv, betaincinv

from qtheory.aliases import NumberLike
from qtheory.inference.binomial import binomial_window
from qtheory.inference.bounded_mean import bounded_mean_interval
from qtheory.inference.checks import bounds, inside, level_float, sample, significance
from qtheory.inference.interval import Interval

_EVENTS = 8


def rank_conditional_interval(costs_best_first: np.ndarray, cap: float, q: NumberLike, alpha: float) -> Interval:
    r"""A two-sided interval for $\mathbb{E}_Q[c]$ at a fixed sample size, for every law.

    Args:
        costs_best_first: the costs `[n]` in the order of rank, best first, ties broken at random.
        cap: the greatest possible cost.
        q: the quantile level.
        alpha: the two-sided error rate.

    >>> interval = rank_conditional_interval(np.repeat([1.0, 0.0], [1000, 9000]), 1.0, "1/10", 0.05)
    >>> interval.low > 0.85, interval.contains(1.0)
    (True, True)
    """
    (_, cap), costs, level = bounds(0.0, cap), sample(costs_best_first, name="costs"), level_float(q)
    inside(costs, 0.0, cap, "costs")
    n, each = costs.size, significance(alpha) / _EVENTS
    first, last = binomial_window(n, q, 2 * each)
    least, most = _rank_ends(first - 1, n, each)[0], _rank_ends(last, n, each)[1]
    few, many = (_mean(costs[: max(k, 0)], cap, 2 * each) for k in (first - 1, last))
    # in units of the mean, so that an end of the range is met exactly
    low = max(least * few.low / level, cap - most * (cap - many.low) / level)
    high = min(most * many.high / level, cap - least * (cap - few.high) / level)
    return Interval(min(max(low, 0.0), cap), min(max(high, 0.0), cap))


def _rank_ends(k: int, n: int, tail: float) -> tuple[float, float]:
    """Limits, each wrong with chance `tail`, for the rank of the item that follows the first k."""
    if k < 0:
        return 0.0, 0.0
    if k >= n:
        return 1.0, 1.0
    return float(betaincinv(k + 1, n - k, tail)), float(betainccinv(k + 1, n - k, tail))


def _mean(costs: np.ndarray, cap: float, alpha: float) -> Interval:
    return bounded_mean_interval(costs, 0.0, cap, alpha) if costs.size else Interval(0.0, cap)
