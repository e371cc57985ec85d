r"""A binned sample, best first: its averages over the top q, and the ledgers from which intervals are made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from qtheory.inference.ledger import RankLedger, rank_edges
from qtheory.inference.levels import level_grid
from qtheory.montecarlo.columns import Columns
from qtheory.montecarlo.ranges import Range
from qtheory.montecarlo.rows import Rows

_UTILITY_LEVELS = 257
# The bins of a ledger over the window of one threshold: sharp to a percent or two, and quick.
_WINDOW_BINS = 64


@dataclass(frozen=True, eq=False)
class Tally:
    """A sample in nonempty bins of utility, from the greatest to the least.

    Attributes:
        counts: draws per bin, int64 `[bins]`.
        low: the least utility a bin may hold, float64 `[bins]`.
        high: the greatest, `[bins]`.
        sums: of the utilities, float64 `[bins]`.
        levels: for each cost, how much of each bin lies on each of equally spaced levels, `[bins, levels]`.
        ranges: of the utility, then of each cost.
    """

    counts: np.ndarray
    low: np.ndarray
    high: np.ndarray
    sums: np.ndarray
    levels: tuple[np.ndarray, ...]
    ranges: tuple[Range, ...]

    @property
    def n(self) -> int:
        """The number of draws."""
        return int(self.counts.sum())

    @cached_property
    def offsets(self) -> np.ndarray:
        """Draws before each bin, and their total, `[bins + 1]`."""
        return np.concatenate([[0], np.cumsum(self.counts)])

    @cached_property
    def tied(self) -> Tally:
        """With bins of one and the same value made one, so that ties share their level in proportion to mass."""
        same = (self.low[1:] == self.high[1:]) & (self.low[:-1] == self.high[:-1]) & (self.low[1:] == self.low[:-1])
        if not same.any():
            return self
        starts = np.flatnonzero(np.concatenate([[True], ~same]))
        add = lambda column: np.add.reduceat(column, starts, axis=0)
        levels = tuple(add(level) for level in self.levels)
        return Tally(add(self.counts), self.low[starts], self.high[starts], add(self.sums), levels, self.ranges)

    def threshold(self, q: float) -> float:
        """The estimated utility at top rank q, interpolated within its bin."""
        at, share = self.cut(q)
        return float(self.high[at] - share * (self.high[at] - self.low[at]))

    def mean_utility(self, q: float) -> float:
        """The estimated $E_Q[U]$."""
        return self._top_mean(self._utility_totals, q)

    def mean_cost(self, place: int, q: float) -> float:
        """The estimated $E_Q[c]$ of the cost in this place."""
        return self._top_mean(self._cost_totals[place], q)

    def utility_under(self, mass: Callable[[np.ndarray], np.ndarray]) -> float:
        r"""The estimated $E_\pi[U]$ of a policy given by its mass on the top ranks up to s."""
        return float(np.diff(mass(self.offsets / self.n)) @ (self.sums / self.counts))

    def cost_under(self, place: int, mass: Callable[[np.ndarray], np.ndarray]) -> float:
        r"""The estimated $E_\pi[c]$ of such a policy."""
        return float(np.diff(mass(self.offsets / self.n)) @ (self.levels[place] @ self.grid(place) / self.counts))

    def utility_spread(self, q: float) -> float:
        r"""The asymptotic standard deviation of $\sqrt{nq}$ times the error of `mean_utility`.

        $\mathrm{Var}_Q(U) + (1-q)(E_Q[U] - \tau)^2$: the second term is the noise of the threshold $\tau$.
        """
        mean = self.mean_utility(q)
        variance = max(0.0, self._top_mean(self._utility_squares, q) - mean**2)
        return float(np.sqrt(variance + (1 - q) * (mean - self.threshold(q)) ** 2))

    def cost_spread(self, place: int, q: float) -> float:
        """The same for a cost, whose mean at the threshold is read off the bins around it."""
        mean = self.mean_cost(place, q)
        variance = max(0.0, self._top_mean(self._cost_squares[place], q) - mean**2)
        return float(np.sqrt(variance + (1 - q) * (mean - self._cost_at(place, q)) ** 2))

    def informative(self, place: int, q: float) -> float:
        """How many of the top q n draws have a cost other than the commonest one, to a rounding of costs to levels."""
        top = self.running_levels[place][self.cut(q)[0] + 1]
        return min(float(top.sum() - top.max()), q * self.n)

    def grid(self, place: int) -> np.ndarray:
        """The levels `[levels]` of a cost."""
        return level_grid(0.0, self.ranges[1 + place].high, self.levels[place].shape[1])

    def cost_ledger(self, place: int, q: float) -> RankLedger:
        """The ledger of a cost, in bins that are sharp at q."""
        grid = self.grid(place)
        edges = self._edges(q)
        counts, mass = np.diff(self.offsets[edges]), self._mass_between(place, edges)
        return RankLedger(counts, mass, mass, grid, np.zeros_like(grid), paired=True)

    def utility_ledger(self, q: float) -> RankLedger:
        r"""The ledger of the utility above the least declared value, in bins that are sharp at q.

        The draws of a bin lie between the two levels around it and their sum is known, which is all the chord split
        needs. The chord over a bin that spans several levels is wider, hence lower: the split stays valid.
        """
        limits = self.ranges[0]
        grid = level_grid(limits.low - limits.error, limits.high + limits.error, _UTILITY_LEVELS)
        above = np.clip(np.searchsorted(grid, self.high, side="left"), 1, grid.size - 1)
        below = np.clip(np.searchsorted(grid, self.low, side="right") - 1, 0, above - 1)
        start, end = grid[below], grid[above]
        upper = np.clip((self.sums - self.counts * start) / (end - start), 0.0, self.counts)
        edges = self._edges(q)
        row = np.repeat(np.arange(edges.size - 1), np.diff(edges)) * grid.size
        flat, weights = np.concatenate([row + below, row + above]), np.concatenate([self.counts - upper, upper])
        mass = np.bincount(flat, weights, minlength=(edges.size - 1) * grid.size).reshape(-1, grid.size)
        counts = np.add.reduceat(self.counts, edges[:-1])
        return RankLedger(counts, mass, mass, grid - grid[0], np.zeros_like(grid), paired=True)

    def _mass_between(self, place: int, edges: np.ndarray) -> np.ndarray:
        """What lies on each level of a cost between neighbouring edges, each sum to its own precision."""
        if self.levels[place].dtype.kind == "f":
            # the difference of two running sums is off by a share of the whole sample
            return np.add.reduceat(self.levels[place], edges[:-1], axis=0)
        return np.diff(self.running_levels[place][edges], axis=0).astype(float)

    def _edges(self, q: float) -> np.ndarray:
        """Where to merge bins for a question at q."""
        return np.unique(np.searchsorted(self.offsets, rank_edges(self.n, [q], _WINDOW_BINS), side="left"))

    def cut(self, q: float) -> tuple[int, float]:
        """The bin that holds rank q, and the share of it above."""
        wanted = q * self.n
        at = min(max(int(np.searchsorted(self.offsets, wanted, side="left")) - 1, 0), self.counts.size - 1)
        return at, min(1.0, (wanted - float(self.offsets[at])) / float(self.counts[at]))

    @cached_property
    def _utility_totals(self) -> np.ndarray:
        return _totals(self.sums)

    @cached_property
    def _utility_squares(self) -> np.ndarray:
        return _totals(self.sums * (self.sums / self.counts))

    @cached_property
    def _cost_squares(self) -> tuple[np.ndarray, ...]:
        return tuple(_totals(levels @ self.grid(place) ** 2) for place, levels in enumerate(self.levels))

    @cached_property
    def running_levels(self) -> tuple[np.ndarray, ...]:
        """For each cost what lies on each level before each bin, and in all, `[bins + 1, levels]`."""
        start = lambda levels: np.zeros((1, levels.shape[1]), levels.dtype)
        return tuple(np.concatenate([start(levels), np.cumsum(levels, axis=0)]) for levels in self.levels)

    @cached_property
    def _cost_totals(self) -> tuple[np.ndarray, ...]:
        return tuple(_totals(levels @ self.grid(place)) for place, levels in enumerate(self.levels))

    def _top_mean(self, totals: np.ndarray, q: float) -> float:
        at, share = self.cut(q)
        return float((totals[at] + share * (totals[at + 1] - totals[at])) / (q * self.n))

    def _cost_at(self, place: int, q: float) -> float:
        spread = 4 * np.sqrt(q * (1 - q) / self.n)
        first, last = (self.cut(min(max(s, 0.0), 1.0))[0] for s in (q - spread, q + spread))
        near = self.levels[place][first : last + 1].sum(axis=0)
        return float(near @ self.grid(place) / near.sum())


def _totals(sums: np.ndarray) -> np.ndarray:
    """The sum of what lies before each bin, and of all, `[bins + 1]`."""
    return np.concatenate([[0.0], np.cumsum(sums)])


def tally_of(rows: Rows, ranges: tuple[Range, ...], columns: Columns) -> Tally:
    """Decode whole-number sums, the best first."""
    low, high = rows.values()
    levels = tuple(columns.masses(column, rows.counts)[::-1] for column in rows.tables.costs)
    return Tally(rows.counts[::-1], low[::-1], high[::-1], rows.sums()[::-1], levels, ranges)
