r"""Confidence sequences for a bounded mean: intervals that hold at all sample sizes together.

*Betting.* With shares that depend on neither the data nor n, the wealth of `bounded_mean` is a nonnegative supermartingale
that begins at one, so the values it ever rejects at $\alpha/2$ from either side miss the truth at all times together (Ville).

*Empirical Bernstein.* Scale to $x \in [0, 1]$ and let a centre $\hat\mu \in [0, 1]$ and $\lambda \in [0, 1)$ be known
before the next block. For $\xi \ge -1$ and $\psi(\lambda) = -\log(1-\lambda) - \lambda$:
$\exp(\lambda\xi - \psi(\lambda)\xi^2) \le 1 + \lambda\xi$. With $\xi = x - \hat\mu$ and $1 + y \le e^y$,
$$\mathbb{E}\exp\{\lambda(x - \mu) - \psi(\lambda)(x-\hat\mu)^2\}
\le e^{\lambda(\hat\mu-\mu)}(1 + \lambda(\mu - \hat\mu)) \le 1,$$
so the products are supermartingales, and so are those for $1 - x$. Hence at all times
$$\Big|\frac{\sum\lambda_i x_i}{\sum\lambda_i} - \mu\Big|
\le \frac{\log(2/\alpha) + \sum\psi(\lambda_i)(x_i-\hat\mu_i)^2}{\sum\lambda_i}.$$
The exponent is concave in x: chord-split masses, and costs rounded at random to levels, keep it valid.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qtheory.errors import InvalidInput
from qtheory.inference.bounded_mean import ANYTIME_SHARES, mean_interval
from qtheory.inference.checks import bounds, inside, sample, significance
from qtheory.inference.interval import Interval
from qtheory.inference.levels import LEVELS, level_grid, split_to_levels_by_bin

_LARGEST_BET = 0.5


@dataclass(frozen=True, eq=False)
class ConfidenceSequence:
    """Intervals at growing sample sizes that all hold together, at one error rate.

    Args:
        counts: the sample sizes `[looks]`.
        low: the lower ends `[looks]`.
        high: the upper ends `[looks]`.
        alpha: the chance that any of them misses.

    >>> sequence = betting_sequence(np.array([0.0, 1.0]), np.array([[50.0, 50.0], [500.0, 500.0]]), 0.05)
    >>> sequence.counts, sequence.last.contains(0.5), sequence[0].width > sequence.last.width
    (array([ 100, 1100]), True, True)
    """

    counts: np.ndarray
    low: np.ndarray
    high: np.ndarray
    alpha: float

    def __getitem__(self, look: int) -> Interval:
        return Interval(float(self.low[look]), float(self.high[look]))

    @property
    def last(self) -> Interval:
        """The interval at the last look."""
        return self[-1]

    def running(self) -> ConfidenceSequence:
        """What all looks up to each one say together: the intersections, valid at the same rate.

        Raises:
            InvalidInput: an intersection is empty, so that some interval missed the mean.
        """
        low, high = np.maximum.accumulate(self.low), np.minimum.accumulate(self.high)
        if (low > high).any():
            raise InvalidInput(
                "the intervals of a confidence sequence have nothing in common",
                got=int(self.counts[np.argmax(low > high)]),
                allowed=f"an event of chance at most {self.alpha} for independent draws of one law",
                remedy="look whether the draws come from one law and do not depend on each other",
            )
        return ConfidenceSequence(self.counts, low, high, self.alpha)


def betting_sequence(levels: np.ndarray, masses: np.ndarray, alpha: float) -> ConfidenceSequence:
    r"""The betting confidence sequence of a stream of histograms.

    Args:
        levels: the increasing levels `[L]`; the first and last are the declared range.
        masses: what each block of the stream adds `[looks, L]`, chord-split or rounded at random to the levels.
        alpha: the chance that any interval misses.

    Source: Waudby-Smith and Ramdas (2024), with a fixed mixture in place of a plug-in bet.

    >>> blocks = np.tile([90.0, 10.0], (5, 1))
    >>> betting_sequence(np.array([0.0, 1.0]), blocks, 0.05).last.width < 0.15
    True
    """
    added = _blocks(levels, masses)
    intervals = [mean_interval(levels, mass, alpha, ANYTIME_SHARES) for mass in added.cumsum(axis=0)]
    low, high = np.array([[i.low, i.high] for i in intervals]).T
    return ConfidenceSequence(_counts(added.sum(axis=1)), low, high, significance(alpha))


def betting_sequence_of(
    values: np.ndarray, low: float, high: float, alpha: float, looks: Sequence[int]
) -> ConfidenceSequence:
    """The betting confidence sequence of values in `[low, high]`, at the given sample sizes.

    >>> betting_sequence_of(np.full(1000, 0.5), 0.0, 1.0, 0.05, [100, 1000]).last.contains(0.5)
    True
    """
    array, at = sample(values), np.asarray(looks)
    fits = at.ndim == 1 and at.size and at.dtype.kind in "iu" and (np.diff(at) > 0).all()
    if not fits or at[0] < 1 or at[-1] > array.size:
        raise InvalidInput("looks are not sample sizes", got=looks, allowed=f"increasing, from 1 to {array.size}")
    owner = np.searchsorted(at, np.arange(at[-1]), side="right")
    masses = split_to_levels_by_bin(array[: at[-1]], owner, at.size, low, high, LEVELS)
    return betting_sequence(level_grid(low, high, LEVELS), masses, alpha)


def bernstein_sequence(levels: np.ndarray, masses: np.ndarray, alpha: float) -> ConfidenceSequence:
    r"""The empirical Bernstein confidence sequence of a stream of histograms.

    The bet of a block is set by the blocks before it, so a stream of one block has a wide interval.

    Args:
        levels, masses, alpha: as in `betting_sequence`.

    Source: Waudby-Smith and Ramdas (2024), Theorem 2; the inequality is Lemma 4.1 of Fan, Grama and Liu (2015).

    >>> blocks = np.tile([90.0, 10.0], (5, 1))
    >>> bernstein_sequence(np.array([0.0, 1.0]), blocks, 0.05).last.contains(0.1)
    True
    """
    added, grid = _blocks(levels, masses), np.asarray(levels, np.float64)
    unit = (grid - grid[0]) / (grid[-1] - grid[0])
    return _bernstein(added.sum(axis=1), added @ unit, added @ unit**2, (float(grid[0]), float(grid[-1])), alpha)


def bernstein_sequence_of(values: np.ndarray, low: float, high: float, alpha: float) -> ConfidenceSequence:
    """The empirical Bernstein confidence sequence of values in `[low, high]`, at every sample size.

    >>> bernstein_sequence_of(np.full(1000, 0.5), 0.0, 1.0, 0.05).last.width < 0.1
    True
    """
    (low, high), array = bounds(low, high), sample(values)
    inside(array, low, high)
    unit = (array - low) / (high - low)
    return _bernstein(np.ones(array.size), unit, unit**2, (low, high), alpha)


def _bernstein(
    counts: np.ndarray, sums: np.ndarray, squares: np.ndarray, limits: tuple[float, float], alpha: float
) -> ConfidenceSequence:
    """From what each block adds: its size, and the sums of x and of its square, x in [0, 1]."""
    log_term, total = math.log(2.0 / significance(alpha)), counts.cumsum()
    before, seen, seen_squares = (x.cumsum() - x for x in (counts, sums, squares))
    centre = (0.5 + seen) / (1.0 + before)
    spread = np.maximum(seen_squares - seen**2 / np.maximum(before, 1.0), 0.0)
    variance = (0.25 + spread) / (1.0 + before)
    bet = np.minimum(_LARGEST_BET, np.sqrt(2.0 * log_term / (variance * total * np.log1p(total))))
    price = -np.log1p(-bet) - bet
    around = np.maximum(squares - 2.0 * centre * sums + counts * centre**2, 0.0)
    weight = (bet * counts).cumsum()
    middle, half = (bet * sums).cumsum() / weight, (log_term + (price * around).cumsum()) / weight
    ends = np.clip([middle - half, middle + half], 0.0, 1.0) * (limits[1] - limits[0]) + limits[0]
    lower, upper = np.clip(ends, *limits)
    return ConfidenceSequence(_counts(counts), lower, upper, significance(alpha))


def _blocks(levels: np.ndarray, masses: np.ndarray) -> np.ndarray:
    added = np.asarray(masses, np.float64)
    grid = np.asarray(levels, np.float64)
    if added.ndim != 2 or grid.shape != added.shape[1:] or grid.size < 2 or not added.size:
        raise InvalidInput("levels do not index masses", got=(grid.shape, added.shape), allowed="[L] and [looks, L]")
    bounds(float(grid[0]), float(grid[-1]))
    if (
        not (np.diff(grid) > 0).all()
        or not np.isfinite(added).all()
        or added.min() < 0.0
        or not added.any(axis=1).all()
    ):
        raise InvalidInput("masses are not a stream of histograms", got=added, allowed="nonnegative, no block empty")
    return added


def _counts(added: np.ndarray) -> np.ndarray:
    return np.rint(added.cumsum()).astype(np.int64)
