r"""Exact inference for a binomial count: the Clopper-Pearson interval and the count's own window."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import lru_cache

from scipy.special import betainc, betainccinv, betaincinv

from qtheory.aliases import NumberLike
from qtheory.errors import InvalidInput
from qtheory.inference.checks import level_float, significance, whole
from qtheory.inference.interval import Interval


def clopper_pearson(successes: int, n: int, alpha: float) -> Interval:
    r"""The exact two-sided interval for a binomial probability.

    The ends solve $P_p(X \ge x) = \alpha/2$ and $P_p(X \le x) = \alpha/2$, so each side errs with
    probability at most $\alpha/2$ for every $n$ and $p$.

    Args:
        successes: x, from 0 to n.
        n: the number of independent trials, at least 1.
        alpha: the two-sided error rate.

    Returns:
        The interval; it reaches 0 at `successes == 0` and 1 at `successes == n`.

    Raises:
        InvalidInput: more successes than trials, or counts that are not whole.

    Source: Clopper and Pearson (1934).

    >>> interval = clopper_pearson(0, 10, 0.05)
    >>> interval.low, round(interval.high, 6)
    (0.0, 0.308497)
    """
    n, x, tail = whole(n, "n", 1), whole(successes, "successes"), significance(alpha) / 2
    if x > n:
        raise InvalidInput("more successes than trials", got=(x, n), allowed="0 <= successes <= n")
    low = 0.0 if x == 0 else float(betaincinv(x, n - x + 1, tail))
    high = 1.0 if x == n else float(betainccinv(x + 1, n - x, tail))
    return Interval(low, high)


def binomial_window(n: int, q: NumberLike, alpha: float) -> tuple[int, int]:
    r"""The shortest window that leaves at most $\alpha/2$ of $\mathrm{Bin}(n, q)$ on each side.

    Args:
        n: the number of trials.
        q: the success probability, in (0, 1].
        alpha: the probability allowed outside, both sides together.

    Returns:
        `(lo, hi)`, inclusive, with $P(N < lo) \le \alpha/2$ and $P(N > hi) \le \alpha/2$.

    >>> binomial_window(100, "1/10", 0.05)
    (5, 16)
    """
    return _window(whole(n, "n", 1), level_float(q), significance(alpha) / 2)


@lru_cache(maxsize=4096)  # the costs of a world are asked at the same levels
def _window(n: int, p: float, tail: float) -> tuple[int, int]:
    if p == 1.0:
        return n, n
    # P(N <= k) increases in k and P(N > k) decreases, so that a bisection finds the ends
    lo = bisect_right(range(n), tail, key=lambda k: float(betainc(n - k, k + 1, 1.0 - p)))
    hi = bisect_left(range(n), -tail, key=lambda k: -float(betainc(k + 1, n - k, p)))
    return lo, hi
