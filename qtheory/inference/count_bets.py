r"""Bets on how many items lie above an unknown threshold, the same for every sample size.

The number N of items with $S \le q$ among n is binomial, so $\prod (1+\delta)^{A}(1 - q\delta/(1-q))^{1-A}$ is a
supermartingale for every excess $\delta$. Seen as a function of the assumed count k it grows away from nq: such bets keep
a minimum over all k large.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import numpy as np

_LIMIT = 0.95
_LOG2_HORIZON = 40  # the smallest excess is efficient at n q = 2**40


def excesses(q: float, sign: int) -> np.ndarray:
    r"""Excesses $\delta$ of one sign, halving from nearly the largest admissible one.

    Args:
        q: the quantile level, below 1.
        sign: +1 for more items than expected, -1 for fewer.

    >>> excesses(0.5, -1)[:3]
    array([-0.95  , -0.475 , -0.2375])
    """
    top = _LIMIT * (1.0 / q - 1.0) if sign > 0 else _LIMIT
    return sign * top * 0.5 ** np.arange(max(1, math.ceil(_LOG2_HORIZON / 2 + math.log2(top))) + 1)


def rich_counts(n: int, q: float, weight: float, enough: float) -> tuple[tuple[int, int], float]:
    r"""Where bets on the count alone have less than enough, and the least they have elsewhere.

    Args:
        n: the number of items.
        q: the quantile level, below 1.
        weight: the prior weight of these bets, half for either sign.
        enough: a logarithm of wealth.

    Returns:
        `(lo, hi)`, inclusive, and the logarithm of the least wealth at the counts outside; `inf` if there are none.

    >>> (lo, hi), least = rich_counts(10_000, 0.1, 0.2, 10.0)
    >>> 800 < lo < 900, 1100 < hi < 1200, least >= 10.0
    (True, True, True)
    """
    centre = round(n * q)
    more, fewer = (partial(_wealth, n=n, q=q, excess=excesses(q, sign), weight=weight / 2) for sign in (1, -1))
    hi, lo = _last_poor(more, centre, n, enough), _last_poor(fewer, centre, 0, enough)
    beyond = ([more(hi + 1)] if hi < n else []) + ([fewer(lo - 1)] if lo > 0 else [])
    return (lo, hi), min(beyond, default=math.inf)


def _wealth(k: int, n: int, q: float, excess: np.ndarray, weight: float) -> float:
    logs = k * np.log1p(excess) + (n - k) * np.log1p(-q * excess / (1.0 - q))
    top = float(logs.max())
    return top + math.log(float(np.exp(logs - top).sum()) * weight / excess.size)


def _last_poor(wealth: Callable[[int], float], centre: int, end: int, enough: float) -> int:
    """The last count on the way from the centre to the end before a wealth that rises that way is enough."""
    if centre == end or wealth(end) < enough:
        return end
    poor, rich = centre, end
    while abs(rich - poor) > 1:
        middle = (poor + rich) // 2
        poor, rich = (poor, middle) if wealth(middle) >= enough else (middle, rich)
    return poor
