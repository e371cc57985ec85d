r"""Bins of float64 values that keep their order, so that the top of many values is found without sorting them.

A double read as an integer keeps its order once the magnitude bits of negative numbers are flipped. The difference to
the least value of a group, shifted, is then the number of a bin; with no shift left a bin holds a single value, so that
this tells all values apart in the end. A first look is better taken by steps that are even near the centre of the values and grow
in proportion to the distance from it, through maps that rounding leaves monotone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

# Tables of 2^14 bins for a few functions stay in a core's cache.
BINS = 1 << 14
_MAGNITUDE = np.int64(2**63 - 1)
_PILOT = 1 << 10
_BITS_OF_ONE = np.int32(0x3F800000)
# Its inverse is a double.
_LEAST_SPREAD = 1e-300


def image(values: np.ndarray) -> np.ndarray:
    """Integers in the order of the values; both zeros are one.

    >>> image(np.array([0.0])) == image(np.array([-0.0])), image(np.array([-1.5])) < image(np.array([-1.25]))
    (array([ True]), array([ True]))
    """
    bits = (values + 0.0).view(np.int64)
    bits ^= (bits >> 63) & _MAGNITUDE
    return bits


@dataclass(frozen=True, eq=False)
class CentredBins:
    r"""One group of bins, by the sign of $t = (v - m)/s$ and the leading bits of $1 + |t|$ as a float32."""

    centre: float
    scale: float
    shift: int = 0
    least: int = 0
    count: int = BINS

    @property
    def edges(self) -> np.ndarray:
        return np.array([0, self.count])

    def keys(self, values: np.ndarray, groups: np.ndarray | None) -> np.ndarray:
        # Far out there is infinity, in its place after all other values.
        with np.errstate(over="ignore"):
            offset = values - self.centre
            offset *= self.scale
            size = offset.astype(np.float32)
        below = size.view(np.int32) >> 31
        np.abs(size, out=size)
        size += np.float32(1)
        found = size.view(np.int32)
        found -= _BITS_OF_ONE
        found >>= self.shift
        found ^= below
        found -= self.least
        return found


@dataclass(frozen=True, eq=False)
class RadixBins:
    """As many bins for each group of values: the leading bits of the distance to the group's least image."""

    low: np.ndarray
    shift: np.ndarray
    bits: int

    @property
    def edges(self) -> np.ndarray:
        return np.arange(len(self.low) + 1) << self.bits

    def keys(self, values: np.ndarray, groups: np.ndarray | None) -> np.ndarray:
        place = 0 if groups is None else groups
        # Modulo 2^64, where the distance between any two images fits.
        found = (image(values) - self.low[place]).view(np.uint64)
        found >>= self.shift[place]
        found = found.view(np.int64)
        if groups is not None:
            found += groups.astype(np.int64) << self.bits
        return found


@dataclass(frozen=True, eq=False)
class SortedBins:
    """A bin for each value that occurs, from a sort: for few values."""

    edges: np.ndarray
    places: np.ndarray

    def keys(self, values: np.ndarray, groups: np.ndarray | None) -> np.ndarray:
        return self.places


OrderedBins = CentredBins | RadixBins | SortedBins


def sorted_bins(values: np.ndarray, groups: np.ndarray | None, count: int) -> SortedBins:
    """One bin a value; groups are in the order of their values."""
    distinct, first, places = np.unique(values + 0.0, return_index=True, return_inverse=True)
    group = np.zeros(len(distinct), np.int64) if groups is None else groups[first]
    return SortedBins(np.searchsorted(group, np.arange(count + 1)), places)


def radix_bins(low: np.ndarray, high: np.ndarray) -> RadixBins:
    """Bins for groups with the given least and greatest images, as fine as `BINS` in all allow."""
    bits = max(1, (BINS // len(low)).bit_length() - 1)
    width = (high - low).view(np.uint64)
    shift = [max(0, int(one).bit_length() - bits) for one in width]
    return RadixBins(low, np.array(shift, np.uint64), bits)


def centred_bins(values: np.ndarray, low: float, high: float) -> CentredBins:
    """Bins for all values at once, given the least and the greatest: the centre and the scale are quartiles of a pilot."""
    pilot = np.sort(values[:: -(-len(values) // _PILOT)])
    lower, middle, upper = pilot[[len(pilot) // 4, len(pilot) // 2, 3 * len(pilot) // 4]]
    spread = upper / 2 - lower / 2 or max(high / 2 - middle / 2, middle / 2 - low / 2) or 1.0
    # Minus zero less minus zero is plus zero: with plus zero for a centre the two zeros would part.
    bins = CentredBins(float(middle) or -0.0, 1 / max(float(spread), _LEAST_SPREAD))
    least, most = (int(key) for key in bins.keys(np.array([low, high]), None))
    shift = max(0, (most - least).bit_length() - BINS.bit_length() + 1)
    return replace(bins, shift=shift, least=least >> shift, count=(most >> shift) - (least >> shift) + 1)
