r"""Where the bins should lie: fine at the thresholds that will be asked for, from a pilot sample of its own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qtheory.montecarlo.bin_map import CELLS, LOW_BITS, MOST_WIDTH, NO_ATOM, TIE_BITS, BinMap, cell_sizes, to_ordered

BINS = 1 << 16
"""Room for the bins of any plan, so that a kernel is compiled once."""
_TAIL_RANK = 8
_TAIL = ((48, 64), (512, 5))  # from the cell of that pilot rank up: so many cells, at least so many bins in each
_ATOM_SHARE = 2.0**-11
_WINDOW = 6.0  # standard deviations of a pilot rank
# One bin a cell, more in the tail, and rounding up at no more than 1 / _ATOM_SHARE atoms; the rest goes by importance.
_EXTRA_BINS = BINS - CELLS - sum(cells * width for cells, width in _TAIL) - 2 * int(1 / _ATOM_SHARE)


def plan_bins(pilot: np.ndarray, levels: Sequence[float]) -> BinMap:
    r"""Bins for utilities distributed like a pilot's, to be cut at the given levels.

    The bins beyond one a cell are spread in proportion to an importance of rank: a quarter evenly in rank, a quarter in
    log rank, half where the pilot cannot exclude a threshold. A value that holds more than $2^{-11}$ of the pilot is
    an atom; a cell keeps the most important one.

    Args:
        pilot: finite float32 utilities `[n]`, independent of the sample to be binned.
        levels: quantile levels in (0, 1].

    >>> tied = np.repeat(np.float32([0, 1]), [3000, 1000])
    >>> table = plan_bins(tied, [0.1])
    >>> int((table.atom < NO_ATOM).sum())
    2
    """
    keys, counts = np.unique(to_ordered(pilot), return_counts=True)
    worth = _importance(keys, counts, np.unique(levels))
    is_atom = counts >= max(2, _ATOM_SHARE * pilot.size)
    cell = (keys >> LOW_BITS).astype(np.int64)
    regular = np.bincount(cell, np.where(is_atom, 0.0, worth), minlength=CELLS)
    width = np.minimum(1 + np.floor(_EXTRA_BINS * regular), MOST_WIDTH).astype(np.int64)
    top = int(cell[::-1][np.searchsorted(counts[::-1].cumsum(), min(_TAIL_RANK, pilot.size))])
    for cells, least in _TAIL:
        width[top : top + cells] = np.maximum(width[top : top + cells], least)
    atom, atom_width = _atoms(keys[is_atom], worth[is_atom])
    sizes = cell_sizes(width, atom, atom_width)
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    return BinMap(first.astype(np.int32), width.astype(np.uint32), atom, atom_width)


def _atoms(keys: np.ndarray, worth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    atom, atom_width = np.full(CELLS, NO_ATOM, np.uint32), np.zeros(CELLS, np.uint32)
    last = np.argsort(worth, kind="stable")  # the most important atom of a cell is written last
    cells = (keys >> LOW_BITS)[last]
    atom[cells] = (keys & np.uint32(NO_ATOM - 1))[last]
    atom_width[cells] = np.minimum(1 + np.floor(_EXTRA_BINS * worth[last]), 1 << TIE_BITS).astype(np.uint32)
    return atom, atom_width


def _importance(keys: np.ndarray, counts: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """The share of the extra bins that each pilot value deserves; they sum to one at most."""
    n = int(counts.sum())
    edges = np.concatenate([[0], counts[::-1].cumsum()]) / n
    linear, log = edges, np.log1p(n * edges) / np.log1p(n)
    total = linear / 4 + log / 4 + _near_levels(edges, levels, n) / 2
    return np.diff(total)[::-1]


def _near_levels(ranks: np.ndarray, levels: np.ndarray, n: int) -> np.ndarray:
    """The mean over levels of a ramp from 0 to 1 across the ranks where the level's threshold may lie."""
    half = _WINDOW * np.sqrt(levels * (1 - levels) / n) + _WINDOW / n
    knots = np.sort(np.concatenate([levels - half, levels + half]))
    heights = np.clip((knots[:, None] - (levels - half)) / (2 * half), 0.0, 1.0).mean(axis=1)
    return np.interp(ranks, knots, heights)  # exact: a sum of ramps is linear between their ends


def plain_bins() -> BinMap:
    """Bins without a plan: one a cell."""
    ones, none = np.ones(CELLS, np.uint32), np.zeros(CELLS, np.uint32)
    return BinMap(np.arange(CELLS, dtype=np.int32), ones, np.full(CELLS, NO_ATOM, np.uint32), none)
