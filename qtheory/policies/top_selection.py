r"""Quantilizers of very many actions at many levels at once, without sorting the actions.

The level of utility that straddles the boundary of each level $q$ is looked for in bins that keep the order of the
utilities. One pass adds up mass and functions by bin, running sums over the bins say in which bin each boundary lies, and
only the actions in those bins are looked at again, in finer bins, until each holds one value. What is above a boundary
counts whole, and what is at it in proportion. A pass costs a few nanoseconds an action, a sort a hundred.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from qtheory.base.abstract import AbstractAtomicBase
from qtheory.base.empirical import Empirical
from qtheory.exact.values import as_float
from qtheory.policies.ordered_bins import OrderedBins, centred_bins, image, radix_bins, sorted_bins
from qtheory.policies.stretches import BLOCK, SMALL_BLOCK, blocks_of, ends, over_stretches
from qtheory.problem import Problem

# Up to so many actions a sort is as fast, and simpler.
SORTED = 10_000
# What keeps sums of fewer than 2^64 doubles below the largest one.
_ROOM = 2.0**-64


@dataclass(frozen=True)
class Cut:
    r"""Where the quantilizer at one level cuts through the actions, ties in proportion.

    Attributes:
        q: the level.
        threshold: $\tau = \max\{t : \gamma\{U \ge t\} \ge q\}$.
        above: $\gamma\{U > \tau\}$; a `Fraction` where all masses are equal, else a float, as the next two.
        tied: $\gamma\{U = \tau\}$.
        share: of the tied mass that the quantilizer takes, in $(0, 1]$ up to rounding of the masses.
        means: $E_Q[f]$ for each function, in float64.
    """

    q: Fraction
    threshold: float
    above: Fraction | float
    tied: Fraction | float
    share: Fraction | float
    means: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class _Pool:
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

    def only(self, places: np.ndarray, groups: np.ndarray, count: int) -> _Pool:
        masses = None if self.masses is None else self.masses[places]
        return _Pool(self.utility[places], masses, tuple(f[places] for f in self.functions), None, groups, count)


@dataclass(frozen=True, eq=False)
class _Search:
    """For each level what is left to be found: mass to go, and mass and sums of functions above its group."""

    goal: np.ndarray
    above: np.ndarray
    sums: np.ndarray
    group: np.ndarray


@dataclass(frozen=True, eq=False)
class _Found:
    """For one level mass and sums of functions times mass above the threshold, and at it."""

    threshold: float
    above: Any
    tied: Any
    sums: np.ndarray
    tied_sums: np.ndarray


def cuts(
    utility: np.ndarray,
    levels: Sequence[Fraction],
    functions: Sequence[np.ndarray] = (),
    masses: np.ndarray | None = None,
) -> tuple[Cut, ...]:
    r"""The quantilizer's threshold, its share of the tie there and its expectations, at every level.

    With equal masses all but the expectations is exact. Sums are in float64: within a block and a bin one after the
    other, over bins in extended precision where the machine has it. The result does not depend on the number of cores.

    Args:
        utility: finite proxy utilities, shape [actions].
        levels: each in (0, 1].
        functions: finite values, shape [actions] each; their expectations are wanted.
        masses: of the actions, summing to one, zero allowed; equal ones if left out.

    Returns:
        One cut a level, in the order of the levels.

    Raises:
        InvalidInput: a value that is not finite; names its index.

    Source: claim `tie-invariance` for ties in proportion; radix selection for the rest.

    >>> cut, = cuts(np.array([3.0, 2.0, 2.0, 1.0]), [Fraction(1, 2)], [np.array([0.0, 0.5, 1.0, 9.0])])
    >>> cut.threshold, str(cut.above), str(cut.tied), str(cut.share), cut.means
    (2.0, '1/4', '1/2', '1/2', (0.375,))
    """
    one = _equal_cut if masses is None else _weighted_cut
    pool = _Pool(utility, masses, tuple(functions), ends(utility, "utility"))
    with np.errstate(invalid="ignore", over="ignore"):
        found = tuple(one(pool, q, at) for q, at in zip(levels, _select(pool, levels), strict=True))
    if all(math.isfinite(mean) for cut in found for mean in cut.means):
        return found
    # Sums may pass the largest double where means do not: those are had at another scale.
    small = cuts(utility, levels, [f * _ROOM for f in functions], masses)
    return tuple(replace(cut, means=_rescaled(cut.means, other.means)) for cut, other in zip(found, small, strict=True))


def cuts_of(problem: Problem, levels: Sequence[Fraction], functions: Sequence[np.ndarray] = ()) -> tuple[Cut, ...]:
    """The cuts of the quantilizer on a problem with finitely many actions, in float64.

    >>> from qtheory.base.empirical import Empirical
    >>> [cut.threshold for cut in cuts_of(Problem(Empirical([0.5, 2.5, 1.5])), [Fraction(1, 3), Fraction(1)])]
    [2.5, 0.5]
    """
    base = problem.base
    assert isinstance(base, AbstractAtomicBase)
    masses = None if isinstance(base, Empirical) else as_float(base.weights)
    return cuts(as_float(problem.utility), levels, functions, masses)


def _rescaled(means: tuple[float, ...], small: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(x if math.isfinite(x) else y / _ROOM for x, y in zip(means, small, strict=True))


def _equal_cut(pool: _Pool, q: Fraction, found: _Found) -> Cut:
    above, tied = Fraction(int(found.above), pool.size), Fraction(int(found.tied), pool.size)
    share = (q - above) / tied
    means = _means(found, float(share), np.longdouble(float(q * pool.size)))
    return Cut(q, found.threshold, above, tied, share, means)


def _weighted_cut(pool: _Pool, q: Fraction, found: _Found) -> Cut:
    above, tied = found.above, found.tied
    # Masses that sum to one up to rounding may leave a last level overfull, or short, by that much.
    share = min(max((float(q) - above) / tied, 0.0), 1.0)
    means = _means(found, share, above + share * tied)
    return Cut(q, found.threshold, float(above), float(tied), float(share), means)


def _means(found: _Found, share: float, kept: np.longdouble) -> tuple[float, ...]:
    # With nothing above, the mean over the tie alone, whose share may be too small for a double.
    total = (found.sums + share * found.tied_sums) / kept if found.above else found.tied_sums / found.tied
    return tuple(total.astype(np.float64).tolist())


def _select(pool: _Pool, levels: Sequence[Fraction]) -> list[_Found]:
    search, open_levels = _start(pool, levels), np.arange(len(levels))
    found: dict[int, _Found] = {}
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
            found[open_levels[k]] = _Found(float(value[at]), search.above[k], mass[at], search.sums[:, k], sums[:, at])
        more = mixed[place]
        open_levels = open_levels[more]
        wanted, group = np.unique(place[more], return_inverse=True)
        search = _Search(search.goal[more], search.above[more], search.sums[:, more], group)
        kept = kept[mixed[places[kept]]]
        pool = pool.only(kept, np.searchsorted(wanted, places[kept]), len(wanted))
    return [found[k] for k in range(len(levels))]


def _start(pool: _Pool, levels: Sequence[Fraction]) -> _Search:
    count = len(levels)
    if pool.masses is None:
        # The first whole number of actions that reaches the level.
        goal = np.array([-(-q * pool.size // 1) for q in levels], np.int64)
    else:
        goal = np.array([float(q) for q in levels], np.longdouble)
    sums = np.zeros((len(pool.functions), count), np.longdouble)
    return _Search(goal, np.zeros_like(goal), sums, np.zeros(count, np.int64))


def _bins(pool: _Pool) -> OrderedBins:
    if pool.size <= SORTED:
        return sorted_bins(pool.utility, pool.groups, pool.count)
    if pool.ends is not None:
        return centred_bins(pool.utility, *pool.ends)
    images = image(pool.utility)
    low, high = np.full(pool.count, np.iinfo(np.int64).max), np.full(pool.count, np.iinfo(np.int64).min)
    np.minimum.at(low, pool.groups, images)
    np.maximum.at(high, pool.groups, images)
    return radix_bins(low, high)


def _tables(pool: _Pool, bins: OrderedBins) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The bin of each action, and for each bin its mass and the sums of the functions times mass."""
    count = int(bins.edges[-1])
    places = np.empty(pool.size, np.uint16 if count <= 1 << 16 else np.int64)
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
    mass = np.sum([mass for mass, _ in parts], axis=0, dtype=wide)
    return places, mass, np.sum([sums for _, sums in parts], axis=0, dtype=np.longdouble)


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
