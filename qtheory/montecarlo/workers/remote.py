r"""What a worker in another process does: text in, bytes out, and nothing that could run code in between."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise

from qtheory.errors import DamagedLedger, DocumentError
from qtheory.montecarlo.arithmetic import arithmetic
from qtheory.montecarlo.columns import Columns, Tables
from qtheory.montecarlo.keeping.packing import pack, unpack
from qtheory.montecarlo.pass_document import pass_from_text
from qtheory.montecarlo.stream import Pass
from qtheory.montecarlo.workers.abstract import share_of
from qtheory.montecarlo.workers.threads import Threads


@dataclass(frozen=True, eq=False)
class Parcel:
    """What comes back.

    Attributes:
        tables: the sums.
        refused: the first stint with a value out of range, if there is one.
        arithmetic: how the worker's device computes.
    """

    tables: Tables
    refused: int | None
    arithmetic: str


def parcel_of_stints(document: str, first: int, stop: int) -> bytes:
    """Do some stints of the pass that a document describes, on one thread.

    Args:
        document: from `pass_to_text`.
        first: the first stint.
        stop: the stint to stop before.
    """
    share = share_of(_read(document), Threads(1), range(first, stop))
    pieces = pack(share.tables)
    head = {"refused": share.refused, "arithmetic": arithmetic(), "pieces": [len(piece) for piece in pieces]}
    return b"".join([json.dumps(head).encode(), b"\n", *pieces])


@lru_cache(maxsize=2)
def _read(document: str) -> Pass:
    """Read once for all groups of a pass, so that what it has compiled and moved to the device is used again."""
    return pass_from_text(document)


def read_parcel(data: bytes, columns: Columns) -> Parcel:
    """What a worker sent.

    Raises:
        DocumentError: bytes that are not the sums of such columns.

    >>> read_parcel(b"{}", Columns(1))
    Traceback (most recent call last):
    qtheory.errors.DocumentError: a worker's answer cannot be read...
    """
    head, _, body = data.partition(b"\n")
    try:
        told = json.loads(head)
        ends = list(accumulate(told["pieces"], initial=0))
        tables = unpack([body[start:end] for start, end in pairwise(ends)], columns)
        return Parcel(tables, told["refused"], told["arithmetic"])
    except (TypeError, ValueError, KeyError, DamagedLedger) as error:
        raise DocumentError("a worker's answer cannot be read", got=f"{type(error).__name__}: {error}") from error
