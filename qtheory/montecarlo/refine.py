r"""Exact empirical quantiles: the draws are made again, and the bins that hold a threshold are looked at value by value.

A level q of n draws has its threshold in one bin. A further pass counts the values in a window around where the
threshold should lie in that bin, as many values as there is room for; where the window misses, or its parts hold more than
one value, another pass follows. Every pass makes the ranges that may hold a threshold many times shorter, so one or two are
the rule; more are needed only where many thresholds lie far apart in one wide bin.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import groupby

import numpy as np

from qtheory.errors import NotAvailable
from qtheory.montecarlo.columns import Tables
from qtheory.montecarlo.rows import Rows
from qtheory.montecarlo.windows import PARTS, Windows

_MOST_WINDOWS = 4096
_DEVIATIONS = 4.0
_SLOPE = 1 / 128  # of a bin: how far a density that is not constant may move the threshold inside it
_FEW = 100  # draws in a bin: where fewer lie says nothing about where the threshold does


def refined(rows: Rows, levels: Sequence[Fraction], draw: Callable[[Windows], Tables]) -> Rows:
    """Rows in which each threshold lies on an edge, or in a row of one value.

    Args:
        rows: of a whole pass.
        levels: the levels q.
        draw: the sums of another pass with these windows, over the same draws.
    """
    guess = True
    while runs := _open_runs(rows, levels)[:_MOST_WINDOWS]:
        windows = _windows(rows, runs, levels, guess)
        tables = draw(windows)
        rows = rows.replaced(runs, [_parts(rows, run, windows, i, tables) for i, run in enumerate(runs)])
        guess = False
    return rows


def _open_runs(rows: Rows, levels: Sequence[Fraction]) -> list[range]:
    """For each bin with thresholds inside rows of several values, a run of rows that has the first, or more if they fit."""
    ends, n = rows.at_or_above, int(rows.counts.sum())
    wanted = [(q * n, _place(ends, q * n)) for q in levels]
    places = sorted({place for draws, place in wanted if draws != int(ends[place]) and not rows.single[place]})
    groups = [list(each) for _, each in groupby(places, lambda place: rows.bins[place])]
    spans = [int(rows.high[group[-1]] - rows.low[group[0]]) + 1 for group in groups]
    # a run that does not fit would be cut into the same parts in every pass; a single row never is
    share = PARTS // max(1, len(groups)) - 2
    groups = [group if span <= share else group[:1] for group, span in zip(groups, spans, strict=True)]
    return [range(group[0], group[-1] + 1) for group in groups]


def _place(ends: np.ndarray, wanted: Fraction) -> int:
    """The row in which the wanted number of draws from the top ends: the last one with as many at or above it."""
    return int(np.searchsorted(-ends, -math.ceil(wanted), side="right")) - 1


def _windows(rows: Rows, runs: Sequence[range], levels: Sequence[Fraction], guess: bool) -> Windows:
    first, last = np.array([run[0] for run in runs]), np.array([run[-1] for run in runs])
    low, high = _guesses(rows, first, levels) if guess else (rows.low[first], rows.high[last])
    values = high - low + 1
    shift = np.maximum(0, np.ceil(np.log2(values / _rooms(values)))).astype(np.int64)
    # whole parts only: what is left at the top goes with the rest of the bin
    return Windows(rows.bins[first], low, shift, values >> shift)


def _rooms(values: np.ndarray) -> np.ndarray:
    """How many parts each window may have: all it can use if it is small, an equal share of the rest if not."""
    order, room = np.argsort(values), PARTS - 2 * values.size
    rooms = np.empty(values.size, np.int64)
    for left, i in zip(range(values.size, 0, -1), order, strict=True):
        rooms[i] = min(int(values[i]), room // left)
        room -= int(rooms[i])
    return rooms


def _guesses(rows: Rows, places: np.ndarray, levels: Sequence[Fraction]) -> tuple[np.ndarray, np.ndarray]:
    """The lower parts between which the thresholds of each bin should lie."""
    ends, n = rows.at_or_above, int(rows.counts.sum())
    low, high = rows.high[places].copy(), rows.low[places].copy()
    position = {int(place): i for i, place in enumerate(places)}
    for q in levels:
        place = _place(ends, q * n)
        if place not in position:
            continue
        i, inside = position[place], int(rows.counts[place])
        above = float(q * n - (int(ends[place]) - inside)) / inside
        span = float(rows.high[place] - rows.low[place])
        share = _DEVIATIONS * math.sqrt(above * (1 - above) / inside) + _SLOPE if inside >= _FEW else 1.0
        half = span * share + 2
        centre = rows.high[place] - above * span
        low[i] = min(low[i], max(rows.low[place], int(centre - half)))
        high[i] = max(high[i], min(rows.high[place], int(centre + half) + 1))
    return low, high


def _parts(rows: Rows, run: range, windows: Windows, window: int, tables: Tables) -> Rows:
    """The parts of a run of rows, by what a pass found in their bin."""
    first, size = int(windows.first[window]), int(windows.size[window])
    found = tables.take(np.arange(first, first + size + 2))  # a copy, changed below
    same_bin = np.flatnonzero(rows.bins == rows.bins[run[0]])
    found.subtract(0, rows.tables.take(same_bin[same_bin < run[0]]))
    found.subtract(size + 1, rows.tables.take(same_bin[same_bin > run[-1]]))
    before = rows.tables.take(np.asarray(run))
    pairs = zip(found.arrays, before.arrays, strict=True)
    if not all(np.array_equal(a.sum(axis=0), b.sum(axis=0)) for a, b in pairs):
        what = "another pass over the same draws found other utilities: this device rounds them otherwise in another kernel"
        raise NotAvailable(
            what, got=f"bin {rows.bins[run[0]]}", remedy="leave out the exact quantiles; the brackets are certain"
        )
    cuts = windows.cuts(window)
    low, high = np.concatenate([[rows.low[run[0]]], cuts]), np.concatenate([cuts - 1, [rows.high[run[-1]]]])
    ones = np.ones(size + 2, np.int64)
    parts = Rows(ones * rows.bins[run[0]], ones * rows.cells[run[0]], low, high, found)
    return parts.take(np.flatnonzero(found.counts))
