r"""What one iid sample says about top-rank averages: level histograms in bins of rank.

Each item carries a uniform tie-break drawn independently of everything else, and items are ordered by
(utility, tie-break), best first. Then the top rank $S$ of an item, the probability that a fresh one is ordered above it, is
exactly uniform on $(0, 1)$ for *every* law of the utility, ties and atoms included, and $A = 1\{S \le q\}$
describes the quantilizer that shares the straddling level in proportion to mass. The $A_i$ of a sample
are known up to their number: the first $N \sim \mathrm{Bin}(n, q)$ items in the order have $A_i = 1$.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from qtheory.aliases import NumberLike
from qtheory.errors import InvalidInput
from qtheory.inference.binomial import binomial_window
from qtheory.inference.checks import level_float, sample
from qtheory.inference.levels import LEVELS, level_grid, split_to_levels_by_bin

_WINDOW_TAIL = 1e-12
_WINDOW_BINS = 400
_COARSE_GROWTH = 1.1
_MASS_TOLERANCE = 1e-6  # relative; accumulated rounding of 10**9 unit masses stays below 1e-7


@dataclass(frozen=True, eq=False)
class RankLedger:
    r"""The histograms of a contrast $\theta(q) = \mathbb{E}[A f - g]$ in bins of rank, best first.

    An item contributes $x_1 = f - g$ if it is taken ($A = 1$) and $x_0 = -g$ if it is left.

    Args:
        counts: the number of items `[bins]`.
        taken: the chord-split masses `[bins, L1]` of $x_1$.
        left: the chord-split masses `[bins, L0]` of $x_0$.
        taken_levels: the levels `[L1]` of $x_1$; their extremes are its declared range.
        left_levels: the levels `[L0]` of $x_0$; their extremes are its declared range.
        paired: whether $x_1$ and $x_0$ are affine in one scalar that was split, so that column l of both
            tables is the same mass; the worst case within a bin is then sharper.

    Raises:
        InvalidInput: shapes that do not fit, masses that do not add up to the counts, or no items.

    >>> table = np.array([[2.0, 1.0], [3.0, 0.0]])
    >>> RankLedger(np.array([3, 3]), table, table, np.array([0.0, 1.0]), np.array([0.0, 0.0]), paired=True).n
    6
    """

    counts: np.ndarray
    taken: np.ndarray
    left: np.ndarray
    taken_levels: np.ndarray
    left_levels: np.ndarray
    paired: bool = False

    def __post_init__(self) -> None:
        if self.counts.ndim != 1 or self.counts.dtype.kind not in "iu" or self.counts.min(initial=0) < 0:
            raise InvalidInput("counts are not counts", got=self.counts, allowed="nonnegative integers [bins]")
        if self.n < 1:
            raise InvalidInput("the ledger holds no items", got=self.n, allowed="at least one item")
        _check_table(self.taken, self.taken_levels, self.counts, "taken")
        if self.left is not self.taken or self.left_levels.shape != self.taken_levels.shape:
            _check_table(self.left, self.left_levels, self.counts, "left")
        if self.paired and self.left is not self.taken and not np.array_equal(self.left, self.taken):
            raise InvalidInput("a paired ledger has two different tables", got="left != taken", allowed="equal tables")
        if not (np.isfinite(self.taken_levels).all() and np.isfinite(self.left_levels).all()):
            raise InvalidInput(
                "levels are not finite", got=(self.taken_levels, self.left_levels), allowed="finite levels"
            )

    @property
    def n(self) -> int:
        """The number of items."""
        return int(self.counts.sum())

    @property
    def offsets(self) -> np.ndarray:
        """The number of items before each bin, and their total, `[bins + 1]`."""
        return np.concatenate([[0], np.cumsum(self.counts, dtype=np.int64)])


def cost_ledger(
    costs_best_first: np.ndarray, cap: float, q_grid: Sequence[NumberLike], levels: int = LEVELS
) -> RankLedger:
    r"""The ledger of $\theta(q) = \mathbb{E}[A c]$ for costs in $[0, \mathrm{cap}]$, sharp at the given levels q.

    Bins hold one item each over the binomial window of each threshold (or a few hundred equal bins where the
    window is longer) and grow geometrically away from it. The bins decide sharpness, never validity.

    Args:
        costs_best_first: the costs `[n]` in the order of rank, best first, ties broken at random.
        cap: the greatest possible cost, declared and not read off the sample.
        q_grid: the levels at which the ledger will be asked.
        levels: the number of cost levels.

    Raises:
        InvalidInput: a cost that is not finite or outside `[0, cap]`; names its index.

    >>> ledger = cost_ledger(np.array([1.0, 0.0, 0.5]), 1.0, ["1/3"], levels=3)
    >>> ledger.n, ledger.taken.sum(axis=0)
    (3, array([1., 1., 1.]))
    """
    costs = sample(costs_best_first, name="costs")
    edges = rank_edges(costs.size, [level_float(q) for q in q_grid])
    counts = np.diff(edges)
    owner = np.repeat(np.arange(counts.size, dtype=np.int32), counts)
    table = split_to_levels_by_bin(costs, owner, counts.size, 0.0, cap, levels)
    grid = level_grid(0.0, cap, levels)
    return RankLedger(counts, table, table, grid, np.zeros_like(grid), paired=True)


def ratio_ledger(costs: RankLedger, q: NumberLike, ratio: float) -> RankLedger:
    r"""The ledger of $\theta = \mathbb{E}[c\,(A/q - r)]$, which has the sign of $\mathbb{E}_Q[c]/\mathbb{E}_\gamma[c] - r$.

    Args:
        costs: a ledger made by `cost_ledger`.
        q: the quantile level.
        ratio: r.

    Raises:
        InvalidInput: the ledger is not one of plain costs.

    >>> ratio_ledger(cost_ledger(np.array([1.0, 0.0]), 1.0, ["1/2"], levels=2), "1/2", 1.5).left_levels
    array([-0. , -1.5])
    """
    require_costs(costs)
    taken_levels, left_levels = ratio_levels(costs.taken_levels, level_float(q), ratio)
    return replace(costs, taken_levels=taken_levels, left_levels=left_levels)


def ratio_levels(costs: np.ndarray, q: float, ratio: float) -> tuple[np.ndarray, np.ndarray]:
    """The values of c (A/q - r) at cost levels `[L]`, for items taken and left."""
    return costs * (1.0 / q - ratio), -ratio * costs


def require_costs(ledger: RankLedger) -> None:
    """Refuse a ledger that does not come from `cost_ledger` (x1 = c >= 0 from level 0 up, x0 = 0)."""
    grid = ledger.taken_levels
    plain = ledger.paired and not ledger.left_levels.any() and grid[0] == 0.0 and (np.diff(grid) > 0).all()
    if not plain:
        raise InvalidInput("the ledger does not hold plain costs", got=grid, allowed="a ledger made by cost_ledger")


def rank_edges(n: int, q_grid: Sequence[float], window_bins: int = _WINDOW_BINS) -> np.ndarray:
    """Edges of bins of rank, sharp at the thresholds of the given levels and coarse elsewhere."""
    edges = [np.array([0, n])] + [_edges_around(n, q, window_bins) for q in q_grid]
    return np.unique(np.concatenate(edges))


def _edges_around(n: int, q: float, window_bins: int) -> np.ndarray:
    lo, hi = binomial_window(n, q, _WINDOW_TAIL)
    fine = np.linspace(lo, hi, min(hi - lo, window_bins) + 1)
    half = max(hi - lo, 2) / 2
    growth = half * _COARSE_GROWTH ** np.arange(1, 1 + np.ceil(np.log(n / half + 1) / np.log(_COARSE_GROWTH)))
    every = np.concatenate([fine, n * q - growth, n * q + growth])
    return np.clip(np.rint(every), 0, n).astype(np.int64)


def _check_table(table: np.ndarray, levels: np.ndarray, counts: np.ndarray, name: str) -> None:
    if levels.ndim != 1 or table.shape != (counts.size, levels.size):
        raise InvalidInput(
            f"{name} has the wrong shape", got=(table.shape, levels.shape), allowed="[bins, L] with levels [L]"
        )
    totals = table.sum(axis=1)
    if not (table.min() >= 0.0 and np.all(np.abs(totals - counts) <= _MASS_TOLERANCE * np.maximum(counts, 1))):
        raise InvalidInput(
            f"the masses of {name} do not add up to the counts",
            got=float(np.max(np.abs(totals - counts))),
            allowed="nonnegative masses whose bins sum to counts",
        )
