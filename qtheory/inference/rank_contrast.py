r"""Contrasts of two different functions: $\theta(q) = \mathbb{E}[A f + g]$ from one ranked sample."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from qtheory.aliases import NumberLike
from qtheory.inference.binomial import binomial_window
from qtheory.inference.checks import level_float, significance
from qtheory.inference.interval import Interval
from qtheory.inference.ledger import RankLedger, rank_edges
from qtheory.inference.levels import level_grid, split_to_levels_by_bin
from qtheory.inference.portfolio import Portfolios, financing_of_jumps, portfolios
from qtheory.inference.profile_end import NullFamily, plausible_distance, profile_end
from qtheory.inference.wealth import payoff, view

_WINDOW_SHARE = 0.05
# Two tables are kept per bin, and many contrasts are asked of one sample: coarser than a cost ledger, still valid.
_LEVELS = 65
_WINDOW_BINS = 100

Range = tuple[float, float]


def contrast_ledger(
    taken: np.ndarray,
    left: np.ndarray,
    ranges: tuple[Range, Range],
    q_grid: Sequence[NumberLike],
    levels: int = _LEVELS,
) -> RankLedger:
    r"""The ledger of a contrast that is `taken[i]` if item i is among the top q, and `left[i]` if not.

    Args:
        taken: values `[n]` in the order of rank, best first, ties broken at random.
        left: values `[n]` in the same order.
        ranges: the declared range of each; values outside are refused.
        q_grid: the levels at which the ledger will be asked.
        levels: the number of levels each range is split into.

    >>> ledger = contrast_ledger(np.array([1.0, 0.0]), np.zeros(2), ((0.0, 1.0), (-1.0, 0.0)), ["1/2"], levels=3)
    >>> ledger.n
    2
    """
    edges = rank_edges(taken.size, [level_float(q) for q in q_grid], _WINDOW_BINS)
    counts = np.diff(edges)
    owner = np.repeat(np.arange(counts.size, dtype=np.int32), counts)
    tables = [
        split_to_levels_by_bin(x, owner, counts.size, *r, levels) for x, r in zip((taken, left), ranges, strict=True)
    ]
    grids = [level_grid(*r, levels) for r in ranges]
    return RankLedger(counts, tables[0], tables[1], grids[0], grids[1])


def affine_ledger(
    values: np.ndarray,
    value_range: Range,
    taken: tuple[float, float],
    left: tuple[float, float],
    q_grid: Sequence[NumberLike],
    levels: int = _LEVELS,
) -> RankLedger:
    r"""The ledger of a contrast that is an affine function of one value, sharper within a bin than two tables.

    Args:
        values: one value `[n]` per item, in the order of rank.
        value_range: its declared range.
        taken: slope and intercept of the contrast for an item among the top q.
        left: slope and intercept for the others.
        q_grid, levels: as in `contrast_ledger`.

    >>> affine_ledger(np.array([1.0, 0.0]), (0.0, 1.0), (2.0, 0.0), (-1.0, 0.0), ["1/2"], levels=3).paired
    True
    """
    edges = rank_edges(values.size, [level_float(q) for q in q_grid], _WINDOW_BINS)
    counts = np.diff(edges)
    owner = np.repeat(np.arange(counts.size, dtype=np.int32), counts)
    table = split_to_levels_by_bin(values, owner, counts.size, *value_range, levels)
    grid = level_grid(*value_range, levels)
    return RankLedger(counts, table, table, taken[0] * grid + taken[1], left[0] * grid + left[1], paired=True)


def contrast_interval(ledger: RankLedger, q: NumberLike, alpha: float) -> Interval:
    r"""A two-sided interval for $\theta(q)$, valid at every n and for every law.

    Windowed tests of each null value at $\alpha/2$, with shares priced for $\theta = 0$ and the same for every null
    value, so that the wealth is monotone in it and bisection finds the end of a half-line.

    >>> values = np.repeat([1.0, 0.0], [1000, 1000])
    >>> ledger = contrast_ledger(values, np.zeros(2000), ((0.0, 1.0), (-1.0, 0.0)), ["1/2"])
    >>> interval = contrast_interval(ledger, "1/2", 0.05)
    >>> interval.low > 0.45, interval.contains(0.5)
    (True, True)
    """
    level, side_level = level_float(q), significance(alpha) / 2
    spent = side_level * _WINDOW_SHARE
    target = -math.log(side_level - spent)
    window = binomial_window(ledger.n, q, spent) if level < 1 else (ledger.n, ledger.n)
    seen, levels, (low, high) = view(ledger, *window), (ledger.taken_levels, ledger.left_levels), _reach(ledger, level)
    if payoff(*levels, level, (low + high) / 2, 1).settled is not None:  # a constant, which no bet can be priced on
        return Interval(low, high)

    def family(side: int) -> NullFamily:
        bets = _bets(ledger, level, (low + high) / 2, side, target)
        return NullFamily(seen, lambda null: payoff(*levels, level, null, side), bets, target)

    centre, guess = _plug_in(ledger, level), plausible_distance(seen, *levels, level, target)
    least = profile_end(family(1), low, high, centre, guess)
    return Interval(least, profile_end(family(-1), high, low, centre, guess))


def _bets(ledger: RankLedger, q: float, null: float, side: int, target: float) -> Portfolios:
    """Bets priced for one null value and used for all, so that the wealth is monotone in it."""
    neutral = payoff(ledger.taken_levels, ledger.left_levels, q, null, side)
    most = neutral.most / neutral.margin
    return portfolios(ledger.n, q, financing_of_jumps(q, -most, most), target / ledger.n)


def _reach(ledger: RankLedger, q: float) -> Range:
    taken, left = ledger.taken_levels, ledger.left_levels
    return (
        float(q * taken.min() + (1 - q) * left.min()),
        float(q * taken.max() + (1 - q) * left.max()),
    )


def _plug_in(ledger: RankLedger, q: float) -> float:
    """The contrast with the top qn items taken; sets a resolution, nothing else."""
    cut = int(np.searchsorted(ledger.offsets, q * ledger.n))
    total = ledger.taken[:cut].sum(axis=0) @ ledger.taken_levels + ledger.left[cut:].sum(axis=0) @ ledger.left_levels
    low, high = _reach(ledger, q)
    return float(min(max(total / ledger.n, low), high))
