r"""A monotone map from float32 utilities to bins, with two table look-ups and no search.

A float32 read as an ordered 32-bit integer falls into one of $2^{15}$ *cells* by its upper part: sign, exponent and
six bits of mantissa. Within a cell the value is affine in the lower part. A cell has a table entry with its first
bin and the number of bins its lower parts are spread over. One value of a cell may be an *atom*: it gets bins of its
own, told apart by an independent tie-break, so that a threshold inside the atom stays sharp.

The map decides how sharp the results are, never whether they are right: any monotone map would do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

CELLS = 1 << 15
LOW_BITS = 17
_LOW = (1 << LOW_BITS) - 1
NO_ATOM = 1 << LOW_BITS
MOST_WIDTH = 1 << 15
"""Bins of one cell, so that their product with a lower part fits into 32 bits."""
_WIDTH_BITS = 16
TIE_BITS = 12
"""Bits of the tie-break; at most `2**TIE_BITS` bins share an atom."""


@dataclass(frozen=True, eq=False)
class BinMap:
    """The tables of the map, from the least utility to the greatest.

    Attributes:
        first: the first bin of each cell, int32 `[CELLS]`.
        width: how many bins the lower parts of a cell are spread over, uint32 `[CELLS]`, from 1 to `MOST_WIDTH`.
        atom: the lower part of the cell's atom, or `NO_ATOM`, uint32 `[CELLS]`.
        atom_width: the number of bins of the atom, uint32 `[CELLS]`; 0 without one.
    """

    first: np.ndarray
    width: np.ndarray
    atom: np.ndarray
    atom_width: np.ndarray

    @property
    def bins(self) -> int:
        """The number of bins in use."""
        return int(cell_sizes(self.width, self.atom, self.atom_width).sum())

    @property
    def has_atoms(self) -> bool:
        return bool((self.atom < NO_ATOM).any())

    @property
    def device_columns(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """First bin and width in one word, uint32 `[CELLS]`, so that one look-up finds both; then the atoms."""
        packed = (self.first.astype(np.uint32) << np.uint32(_WIDTH_BITS)) | self.width
        return packed, self.atom, self.atom_width


def cell_sizes(width: np.ndarray, atom: np.ndarray, atom_width: np.ndarray) -> np.ndarray:
    """How many bins each cell takes; an atom splits the bin it lies in."""
    return width.astype(np.int64) + np.where(atom < NO_ATOM, atom_width.astype(np.int64) + 1, 0)


def bin_ranges(table: BinMap) -> tuple[np.ndarray, np.ndarray]:
    """The least and greatest float32 utility of each bin, as float64 `[bins]`; empty bins have low > high.

    >>> from qtheory.montecarlo.bin_plan import plan_bins
    >>> low, high = bin_ranges(plan_bins(np.linspace(0, 1, 5000, dtype=np.float32), [0.5]))
    >>> used = low <= high
    >>> bool((low[used][1:] >= high[used][:-1]).all())
    True
    """
    start, step = cell_values(bin_cells(table))
    low, high = bin_parts(table)
    with np.errstate(invalid="ignore"):  # the cells of NaN and infinity stay empty
        return start + step * low, start + step * high


def bin_cells(table: BinMap) -> np.ndarray:
    """The cell `[bins]` of each bin."""
    return np.repeat(np.arange(CELLS), cell_sizes(table.width, table.atom, table.atom_width))


def bin_parts(table: BinMap) -> tuple[np.ndarray, np.ndarray]:
    """The least and greatest lower part of each bin, int64 `[bins]`: the inverse of `find_bins`."""
    cell = bin_cells(table)
    place = np.arange(cell.size) - table.first.astype(np.int64)[cell]
    width, atom, ties = (x.astype(np.int64)[cell] for x in (table.width, table.atom, table.atom_width))
    last_below = np.where(atom < NO_ATOM, (atom * width) >> LOW_BITS, width)
    above = place > last_below + ties
    within = (place > last_below) & ~above
    part = np.where(above, place - ties - 1, place)
    low = np.maximum(-(-part * NO_ATOM // width), np.where(above, atom + 1, 0))
    high = np.minimum(-(-(part + 1) * NO_ATOM // width) - 1, np.where(above, _LOW, atom - 1))
    return np.where(within, atom, low), np.where(within, atom, high)


def cell_values(cell: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The utility at lower part 0 and its step per unit of lower part, exactly, as float64."""
    key = cell.astype(np.uint32) << np.uint32(LOW_BITS)
    with np.errstate(invalid="ignore"):  # the cells of NaN and infinity stay empty
        start = from_ordered(key).astype(np.float64)
        end = from_ordered(key | np.uint32(_LOW)).astype(np.float64)
        return start, (end - start) / _LOW


def to_ordered(values: np.ndarray) -> np.ndarray:
    """Float32 as uint32 in the same order; both zeros are one.

    >>> to_ordered(np.array([-1.0, -0.0, 0.0, 1.0], dtype=np.float32)).tolist()
    [1082130431, 2147483648, 2147483648, 3212836864]
    """
    bits = (np.asarray(values, dtype=np.float32) + np.float32(0)).view(np.uint32)
    return np.where(bits >> 31, ~bits, bits | np.uint32(1 << 31))


def from_ordered(keys: np.ndarray) -> np.ndarray:
    """The float32 of an ordered integer."""
    bits = np.where(keys >> 31, keys & np.uint32((1 << 31) - 1), ~keys)
    return bits.astype(np.uint32).view(np.float32)


def split_parts(utility: Any) -> tuple[Any, Any]:
    """The cell (int32) and the lower part (uint32) of float32 utilities, on the device."""
    import jax
    import jax.numpy as jnp

    bits = jax.lax.bitcast_convert_type(jnp.where(utility == 0, jnp.float32(0), utility), jnp.uint32)
    key = jnp.where(bits >> 31 != 0, ~bits, bits | jnp.uint32(1 << 31))
    return (key >> LOW_BITS).astype(jnp.int32), key & jnp.uint32(_LOW)


def find_bins(table: tuple[Any, Any, Any], cell: Any, low: Any, tie: Any, has_atoms: bool) -> Any:
    """The bin of each utility, int32, on the device.

    Args:
        table: `BinMap.device_columns`.
        cell: from `split_parts`.
        low: from `split_parts`.
        tie: uint32 below `2**TIE_BITS`, independent of everything else.
        has_atoms: False skips the look-ups for atoms.
    """
    import jax.numpy as jnp

    packed, atom, atom_width = table
    entry = packed[cell]
    bins = (entry >> _WIDTH_BITS) + ((low * (entry & jnp.uint32((1 << _WIDTH_BITS) - 1))) >> LOW_BITS)
    if has_atoms:
        at, ties = atom[cell], atom_width[cell]
        within = jnp.uint32(1) + ((tie * ties) >> TIE_BITS)
        bins += jnp.where(low > at, ties + jnp.uint32(1), jnp.where(low == at, within, jnp.uint32(0)))
    return bins.astype(jnp.int32)
