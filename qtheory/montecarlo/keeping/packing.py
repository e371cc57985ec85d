r"""Whole-number tables as few bytes: most of their entries are zero, and the rest are small."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from qtheory.errors import DamagedLedger
from qtheory.montecarlo.columns import Columns, Tables

_FASTEST = 1
_WIDTHS = (1, 2, 4, 8)


def pack(tables: Tables) -> list[bytes]:
    """Two pieces for each array: which entries are not zero, and those entries.

    >>> from qtheory.montecarlo.columns import Columns
    >>> pieces = pack(Columns(costs=1).zeros())
    >>> len(pieces), sum(map(len, pieces)) < 1000
    (6, True)
    """
    return [piece for array in tables.arrays for piece in _packed(array)]


def unpack(pieces: Sequence[bytes], columns: Columns) -> Tables:
    """The tables of `pack`.

    Raises:
        DamagedLedger: pieces that are not tables of these columns.

    >>> columns = Columns(costs=1, counted=False, room=3)
    >>> tables = columns.zeros()
    >>> tables.counts[1], tables.costs[0][1, 0] = 70_000, 5
    >>> [array.ravel().tolist() for array in unpack(pack(tables), columns).arrays]
    [[0, 70000, 0], [0, 0, 0], [0, 5, 0]]
    """
    tables = columns.zeros()
    try:
        for array, mask, values in zip(tables.arrays, pieces[::2], pieces[1::2], strict=True):
            _unpack_into(array, mask, values)
    except (ValueError, zlib.error) as error:
        raise DamagedLedger("the sums in the ledger are not those of this run", got=str(error)) from error
    return tables


def _packed(array: np.ndarray) -> tuple[bytes, bytes]:
    used = array.ravel() != 0
    values = array.ravel()[used]
    assert not values.size or values.min() >= 0
    wide = int(values.max(initial=0)).bit_length()
    width = next(width for width in _WIDTHS if wide <= 8 * width)
    return zlib.compress(np.packbits(used).tobytes(), _FASTEST), bytes([width]) + values.astype(f"<u{width}").tobytes()


def _unpack_into(array: np.ndarray, mask: bytes, values: bytes) -> None:
    reader = zlib.decompressobj()
    bits = np.frombuffer(reader.decompress(mask, -(-array.size // 8) + 1), np.uint8)
    used = np.unpackbits(bits, count=array.size).astype(bool)
    if bits.size != -(-array.size // 8) or not values or values[0] not in _WIDTHS:
        raise ValueError(f"{bits.size} bytes for {array.size} entries")
    array.ravel()[used] = np.frombuffer(values, f"<u{values[0]}", offset=1)
