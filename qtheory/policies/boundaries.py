r"""Where the top q of very many actions ends, at many levels at once.

The level of utility that straddles the boundary of each level $q$ is looked for in bins that keep the order of the
utilities. One pass adds up mass and functions by bin, running sums over the bins say in which bin each boundary lies, and
only the actions in those bins are looked at again, in finer bins, until each holds one value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from qtheory.policies.ordered_bins import OrderedBins, centred_bins, image, radix_bins, sorted_bins
from qtheory.policies.stretches import BLOCK, SMALL_BLOCK, blocks_of, ends, over_stretches

# Up to so many actions a sort is as fast, and simpler.
SORTED = 10_000


@dataclass(frozen=True, eq=False)
class Pool:
    """The actions still looked at: all of them, with the ends of their utilities, or groups that follow each other."""

    utility: np.ndarray
    masses: np.ndarray | None
    functions: tuple[np.ndarray, ...]
    ends: tuple[float, float] | None
    groups: np.ndarray | None = None
    count: int = 1

    @property
    def size(self) -> int:
        return len(self.utility)

    def only(self, places: np.ndarray, groups: np.ndarray, count: int) -> Pool:
        masses = None if self.masses is None else self.masses[places]
        return Pool(self.utility[places], masses, tuple(f[places] for f in self.functions), None, groups, count)


@dataclass(frozen=True, eq=False)
class _Search:
    """For each level what is left to be found: mass to go, and mass and sums of functions above its group."""

    goal: np.ndarray
    above: np.ndarray
    sums: np.ndarray
    group: np.ndarray


@dataclass(frozen=True, eq=False)
class Found:
    """For one level mass and sums of functions times mass above the threshold, and at it."""

    threshold: float
    above: Any
    tied: Any
    sums: np.ndarray
    tied_sums: np.ndarray


def select(pool: Pool, levels: Sequence[Fraction]) -> list[Found]:
    """The threshold of each level, with mass and sums above it and at it.

    Raises:
        InvalidInput: a function has a value that is not finite; names its index.

    >>> pool = Pool(np.array([1.0, 3.0, 2.0]), None, (), (1.0, 3.0))
    >>> [(at.threshold, int(at.above), int(at.tied)) for at in select(pool, [Fraction(1, 2)])]
    [(2.0, 1, 1)]
    """
    search, open_levels = _start(pool, levels), np.arange(len(levels))
    found: dict[int, Found] = {}
    while open_levels.size:
        bins = _bins(pool)
        places, mass, sums = _tables(pool, bins)
        if not np.isfinite(sums).all():
            for i, function in enumerate(pool.functions):
                ends(function, f"functions[{i}]")
        search, place = _descend(search, bins, mass, sums)
        kept = _inside(pool.size, places, place, len(mass))
        value, mixed = _values(pool.utility, places, kept, len(mass))
        for k in np.flatnonzero(~mixed[place]):
            at = place[k]
            found[open_levels[k]] = Found(float(value[at]), search.above[k], mass[at], search.sums[:, k], sums[:, at])
        more = mixed[place]
        open_levels = open_levels[more]
        wanted, group = np.unique(place[more], return_inverse=True)
        search = _Search(search.goal[more], search.above[more], search.sums[:, more], group)
        kept = kept[mixed[places[kept]]]
        pool = pool.only(kept, np.searchsorted(wanted, places[kept]), len(wanted))
    return [found[k] for k in range(len(levels))]


def _start(pool: Pool, levels: Sequence[Fraction]) -> _Search:
    count = len(levels)
    if pool.masses is None:
        # The first whole number of actions that reaches the level.
        goal = np.array([-(-q * pool.size // 1) for q in levels], np.int64)
    else:
        goal = np.array([float(q) for q in levels], np.longdouble)
    sums = np.zeros((len(pool.functions), count), np.longdouble)
    return _Search(goal, np.zeros_like(goal), sums, np.zeros(count, np.int64))


def _bins(pool: Pool) -> OrderedBins:
    if pool.size <= SORTED:
        return sorted_bins(pool.utility, pool.groups, pool.count)
    if pool.ends is not None:
        return centred_bins(pool.utility, *pool.ends)
    assert pool.groups is not None
    images = image(pool.utility)
    low, high = np.full(pool.count, np.iinfo(np.int64).max), np.full(pool.count, np.iinfo(np.int64).min)
    np.minimum.at(low, pool.groups, images)
    np.maximum.at(high, pool.groups, images)
    return radix_bins(low, high)


def _tables(pool: Pool, bins: OrderedBins) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The bin of each action, and for each bin its mass and the sums of the functions times mass."""
    count = int(bins.edges[-1])
    places: np.ndarray = np.empty(pool.size, np.uint16 if count <= 1 << 16 else np.int64)
    mass_type = np.int64 if pool.masses is None else np.float64

    def stretch(part: slice) -> tuple[np.ndarray, np.ndarray]:
        mass, sums = np.zeros(count, mass_type), np.zeros((len(pool.functions), count))
        for block in blocks_of(part, BLOCK):
            for small in blocks_of(block, SMALL_BLOCK):
                places[small] = bins.keys(pool.utility[small], None if pool.groups is None else pool.groups[small])
            keys, weights = places[block], None if pool.masses is None else pool.masses[block]
            mass += np.bincount(keys, weights, count)
            with np.errstate(invalid="ignore", over="ignore"):
                for row, function in zip(sums, pool.functions, strict=True):
                    row += np.bincount(keys, function[block] if weights is None else function[block] * weights, count)
        return mass, sums

    parts = over_stretches(pool.size, stretch)
    wide = np.int64 if pool.masses is None else np.longdouble
    mass = np.asarray(np.sum([mass for mass, _ in parts], axis=0, dtype=wide))
    return places, mass, np.asarray(np.sum([sums for _, sums in parts], axis=0, dtype=np.longdouble))


def _descend(search: _Search, bins: OrderedBins, mass: np.ndarray, sums: np.ndarray) -> tuple[_Search, np.ndarray]:
    """The bin of each level's boundary, and what is above that bin."""
    upto = _from_the_top(mass)
    start, end = bins.edges[search.group], bins.edges[search.group + 1]
    # Entry i of the reversed sums is that of the i best bins.
    best = np.searchsorted(upto[::-1], search.goal + upto[end], side="left")
    # Rounding of masses may step out of the group, or onto a bin without mass beside it.
    filled = np.flatnonzero(mass > 0)
    low, high = filled[np.searchsorted(filled, start)], filled[np.searchsorted(filled, end) - 1]
    place = np.clip(len(mass) - best, low, high)
    more = upto[place + 1] - upto[end]
    rows = np.array([_from_the_top(row) for row in sums]).reshape(len(sums), len(mass) + 1)
    above = search.sums + (rows[:, place + 1] - rows[:, end])
    return _Search(search.goal - more, search.above + more, above, search.group), place


def _from_the_top(row: np.ndarray) -> np.ndarray:
    """Entry i is the sum of the bins from i up; one more entry, zero."""
    return np.append(np.cumsum(row[::-1])[::-1], row.dtype.type(0))


def _inside(size: int, places: np.ndarray, wanted: np.ndarray, count: int) -> np.ndarray:
    """The actions in the bins wanted."""
    inside = np.zeros(count, bool)
    inside[wanted] = True
    find = lambda part: [np.flatnonzero(inside[places[b]]) + b.start for b in blocks_of(part, SMALL_BLOCK)]
    return np.concatenate([one for part in over_stretches(size, find) for one in part])


def _values(utility: np.ndarray, places: np.ndarray, kept: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """For each bin of the actions kept a utility in it, and whether there are others."""
    value, mixed = np.zeros(count), np.zeros(count, bool)
    blocks = [kept[block] for block in blocks_of(slice(0, len(kept)), SMALL_BLOCK)]
    for block in blocks:
        value[places[block]] = utility[block]
    for block in blocks:
        bins = places[block]
        mixed[bins[utility[block] != value[bins]]] = True
    # Both zeros are zero.
    return value + 0.0, mixed
