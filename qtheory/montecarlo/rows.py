r"""The nonempty bins of a pass, or parts of bins, each with the values it may hold and the sums of what it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qtheory.montecarlo.bin_map import BinMap, bin_cells, bin_parts, cell_values
from qtheory.montecarlo.columns import Tables


@dataclass(frozen=True, eq=False)
class Rows:
    """Disjoint ranges of utilities, from the least to the greatest, none of them empty.

    Attributes:
        bins: the bin that each is a part of, int64 `[rows]`.
        cells: the cell of the bin, int64 `[rows]`.
        low: the least lower part that a utility in it may have, int64 `[rows]`.
        high: the greatest, `[rows]`.
        tables: the sums `[rows]`.
    """

    bins: np.ndarray
    cells: np.ndarray
    low: np.ndarray
    high: np.ndarray
    tables: Tables

    @property
    def counts(self) -> np.ndarray:
        return self.tables.counts

    @property
    def single(self) -> np.ndarray:
        """Whether each holds one value only, bool `[rows]`."""
        return self.low == self.high

    @property
    def at_or_above(self) -> np.ndarray:
        """The draws in each row and those above it, int64 `[rows]`."""
        return np.cumsum(self.counts[::-1])[::-1]

    def values(self) -> tuple[np.ndarray, np.ndarray]:
        """The least and the greatest utility of each row, exactly, float64 `[rows]`."""
        start, step = cell_values(self.cells)
        return start + step * self.low, start + step * self.high

    def sums(self) -> np.ndarray:
        """The sums of the utilities, float64 `[rows]`."""
        start, step = cell_values(self.cells)
        return self.counts * start + step * self.tables.lower

    def take(self, places: np.ndarray | slice) -> Rows:
        """The rows at some places."""
        columns = self.bins[places], self.cells[places], self.low[places], self.high[places]
        return Rows(*columns, self.tables.take(places))

    def replaced(self, runs: Sequence[range], parts: Sequence[Rows]) -> Rows:
        """With each of some runs of rows, from the first to the last, replaced by parts of them."""
        pieces, start = [], 0
        for run, part in zip(runs, parts, strict=True):
            pieces += [self.take(slice(start, run[0])), part]
            start = run[-1] + 1
        pieces.append(self.take(slice(start, None)))
        join = lambda name: np.concatenate([getattr(piece, name) for piece in pieces])
        tables = Tables.joined([piece.tables for piece in pieces])
        return Rows(join("bins"), join("cells"), join("low"), join("high"), tables)


def rows_of(tables: Tables, bins: BinMap) -> Rows:
    """The nonempty bins of a pass."""
    used = np.flatnonzero(tables.counts)
    low, high = bin_parts(bins)
    return Rows(used, bin_cells(bins)[used], low[used], high[used], tables.take(used))
