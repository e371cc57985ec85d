r"""Betting tests and intervals for the mean of a bounded variable.

Let $y = x - \mathrm{low} \ge 0$ and let the hypothesis be $\mathbb{E}[x] \le m$, that is
$\mathbb{E}[y] \le \bar y = m - \mathrm{low}$. A bettor who puts the share $\rho \in [0, 1)$ of the wealth on $y/\bar y$ and
keeps the rest as cash multiplies it by
$$Z = 1 - \rho + \rho\, y/\bar y > 0, \qquad \mathbb{E}[Z] \le 1,$$
so $\prod_i Z_i$, and any average of such products over shares fixed before the data, is an e-value. The
hypothesis $\mathbb{E}[x] \ge m$ is the same statement about $-x$. Every admissible bet $1 + \lambda(x - m)$ has this form
with $\rho = \lambda\,\bar y$; shares close to one are the large bets that means near an end, or tiny variances, call for.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.special import logsumexp, ndtri

from qtheory.errors import InvalidInput
from qtheory.inference.checks import bounds, inside, orientation, sample, significance
from qtheory.inference.interval import Interval
from qtheory.inference.inversion import rejected_end
from qtheory.inference.levels import LEVELS, level_grid, split_to_levels

_LARGE_SHARES = (0.999, 0.97, 0.75)
# The same at every sample size; shares near 1/n are efficient for a mean near an end, near n**-1/2 elsewhere.
ANYTIME_SHARES = np.concatenate([_LARGE_SHARES, 0.5 ** np.arange(1, 31)])


def mean_log_e(
    levels: np.ndarray,
    mass: np.ndarray,
    null_mean: float = 0.0,
    direction: int = 1,
    shares: np.ndarray | None = None,
) -> float:
    r"""The log e-value against $\mathbb{E}[x] \le m$ (direction +1) or $\mathbb{E}[x] \ge m$ (direction -1).

    Args:
        levels: the increasing levels `[L]`; the first and last are the declared range.
        mass: the chord-split masses `[L]` of a sample, see `split_to_levels`.
        null_mean: m.
        direction: +1 for evidence that the mean is greater, -1 that it is smaller.
        shares: the shares bet `[m]`, mixed evenly; None for a family that suits the sample size. A test that is looked
            at more than once needs the same ones at every look, such as `ANYTIME_SHARES`.

    Returns:
        The natural logarithm of the e-value; `inf` where the hypothesis cannot have given the data.

    >>> mean_log_e(np.array([-1.0, 0.0, 1.0]), np.array([0.0, 50.0, 50.0]), 0.0) > math.log(1e6)
    True
    """
    grid, weights = _histogram(levels, mass)
    excess, margin = (grid - grid[0], null_mean - grid[0])
    if orientation(direction) < 0:
        excess, margin, weights = (grid[-1] - grid)[::-1], grid[-1] - null_mean, weights[::-1]
    if margin <= 0.0:
        impossible = margin < 0.0 or weights[1:].sum() > 0.0
        return math.inf if impossible else 0.0
    shares = _shares(float(weights.sum())) if shares is None else shares
    wealth = np.log1p(shares[:, None] * (excess[None, :] / margin - 1.0)) @ weights
    return float(logsumexp(wealth) - math.log(shares.size))


def mean_interval(levels: np.ndarray, mass: np.ndarray, alpha: float, shares: np.ndarray | None = None) -> Interval:
    r"""A two-sided interval for the mean, valid at every sample size, from a chord-split histogram.

    With fixed shares $Z = 1 - \rho + \rho(x - \mathrm{low})/(m - \mathrm{low})$ falls as $m$ rises, hence so does the e-value:
    the values of $m$ that are rejected from one side form a half-line, and bisection finds its end (each
    side at level $\alpha/2$; the returned end is itself rejected or trivial, see `inversion`).

    >>> interval = mean_interval(np.array([0.0, 1.0]), np.array([500.0, 500.0]), 0.05)
    >>> interval.contains(0.5), interval.width < 0.2
    (True, True)
    """
    grid, weights = _histogram(levels, mass)
    threshold, low, high = -math.log(significance(alpha) / 2), float(grid[0]), float(grid[-1])
    centre = float(weights @ grid / weights.sum())

    def greater(m: float) -> bool:
        return mean_log_e(grid, weights, m, 1, shares) >= threshold

    def smaller(m: float) -> bool:
        return mean_log_e(grid, weights, m, -1, shares) >= threshold

    return Interval(rejected_end(greater, low, high, centre), rejected_end(smaller, high, low, centre))


def bounded_mean_interval(values: np.ndarray, low: float, high: float, alpha: float) -> Interval:
    """A two-sided interval for the mean of values in `[low, high]`, valid at every sample size.

    Args:
        values: an iid sample `[n]`.
        low: the least possible value.
        high: the greatest possible value.
        alpha: the two-sided error rate.

    Raises:
        InvalidInput: a value that is not finite or outside the range; nothing is clipped.

    >>> bounded_mean_interval(np.full(1000, 0.5), 0.0, 1.0, 0.05).contains(0.5)
    True
    """
    return mean_interval(level_grid(low, high, LEVELS), split_to_levels(values, low, high, LEVELS), alpha)


def empirical_bernstein_interval(values: np.ndarray, low: float, high: float, alpha: float) -> Interval:
    r"""The empirical Bernstein interval, valid at every sample size.

    $|\bar x - \mathbb{E}x| \le \sqrt{2 V \ln(4/\alpha)/n} + 7R\ln(4/\alpha)/(3(n-1))$ with the sample variance $V$ and the
    range $R$, each side at $\alpha/2$.

    Source: Maurer and Pontil (2009), Theorem 4.

    >>> empirical_bernstein_interval(np.full(1000, 0.5), 0.0, 1.0, 0.05).contains(0.5)
    True
    """
    (low, high), array = bounds(low, high), sample(values, least=2)
    inside(array, low, high)
    log_term, n = math.log(4.0 / significance(alpha)), array.size
    half = math.sqrt(2.0 * array.var(ddof=1) * log_term / n) + 7.0 * (high - low) * log_term / (3.0 * (n - 1))
    mean = min(max(float(array.mean()), low), high)  # the rounded mean may leave the range by an ulp
    return Interval(max(low, mean - half), min(high, mean + half))


def asymptotic_mean_interval(values: np.ndarray, alpha: float) -> Interval:
    r"""The *asymptotic* interval $\bar x \pm z_{\alpha/2}\, s/\sqrt n$: a normal approximation, no guarantee at any $n$.

    It undercovers for rare or heavy-tailed values. Use it to display, never to decide.

    >>> asymptotic_mean_interval(np.array([1.0, 2.0, 3.0]), 0.05).contains(2.0)
    True
    """
    array = sample(values, least=2)
    half = float(-ndtri(significance(alpha) / 2) * array.std(ddof=1) / math.sqrt(array.size))
    return Interval(float(array.mean()) - half, float(array.mean()) + half)


def _shares(n: float) -> np.ndarray:
    # the efficient share is between about 1/n (rare values) and 1 (tiny variance): halving loses at most
    # 9 % of the growth, and n enters only through its size
    halvings = np.arange(1, math.ceil(math.log2(max(n, 2.0))) + 1)
    return np.concatenate([_LARGE_SHARES, 0.5**halvings])


def _histogram(levels: np.ndarray, mass: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    grid, weights = np.asarray(levels, np.float64), np.asarray(mass, np.float64)
    fits = grid.ndim == 1 and grid.shape == weights.shape and grid.size >= 2
    if not fits or not np.isfinite(grid).all() or not (np.diff(grid) > 0).all():
        raise InvalidInput(
            "levels do not index mass", got=(grid.shape, weights.shape), allowed="increasing levels [L], mass [L]"
        )
    if not np.isfinite(weights).all() or weights.min() < 0.0 or weights.sum() <= 0.0:
        raise InvalidInput("mass is not a histogram", got=weights, allowed="nonnegative, finite, not all zero")
    return grid, weights
