r"""The bytes of a ledger: what was run, in readable JSON; then the whole-number sums; then a SHA-256 of it all.

    magic (16 bytes) | length of the JSON (8 bytes) | JSON | pieces of the sums, one after the other | SHA-256 (32 bytes)

The checksum covers every byte before it, so a ledger is used whole or not at all. There is no code in it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

from qtheory.aliases import Json
from qtheory.errors import DamagedLedger, LedgerError

MAGIC = b"qtheory ledger\r\n"
FORMAT = 1
_LENGTH, _DIGEST = 8, 32
_REMEDY = "restore a copy of the file, or start again with another file"


@dataclass(frozen=True)
class Kept:
    """What is known of one pass.

    Attributes:
        configuration: all that its sums depend on, but for the number of draws.
        stints: how many stints are in the sums, counted from the first.
        draws: how many draws.
        pieces: the sums, as `packing.pack` gives them.
    """

    configuration: Json
    stints: int
    draws: int
    pieces: tuple[bytes, ...]


def to_bytes(asked: Json, passes: Sequence[Kept]) -> bytes:
    """The bytes of a ledger.

    Args:
        asked: what the user asked for, in the user's words, for messages only.
        passes: what is known.

    >>> from_bytes(to_bytes({}, [Kept({"key": 1}, 2, 3, (b"ab", b""))]))[1][0].pieces
    (b'ab', b'')
    """
    head = {"format": FORMAT, "asked": asked, "passes": [_head(kept) for kept in passes]}
    text = canonical(head)
    body = MAGIC + len(text).to_bytes(_LENGTH, "little") + text + b"".join(piece for k in passes for piece in k.pieces)
    return body + hashlib.sha256(body).digest()


def from_bytes(data: bytes) -> tuple[Json, list[Kept]]:
    """What `to_bytes` was given.

    Raises:
        DamagedLedger: bytes that were not written by it, or not all of them, or not unchanged.
        LedgerError: a later format.
    """
    if not data.startswith(MAGIC):
        allowed = "a file written by qtheory with --ledger, or no file yet"
        raise DamagedLedger("the file is not a ledger", got=data[: len(MAGIC)], allowed=allowed, remedy=_REMEDY)
    body, digest = data[:-_DIGEST], data[-_DIGEST:]
    if hashlib.sha256(body).digest() != digest:
        got = f"{len(data)} bytes with another SHA-256 than they end in"
        raise DamagedLedger("the ledger is damaged; nothing of it is used", got=got, remedy=_REMEDY)
    try:
        return _content(body)
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedLedger("the ledger is not as qtheory writes it", got=repr(error), remedy=_REMEDY) from error


def _content(body: bytes) -> tuple[Json, list[Kept]]:
    start = len(MAGIC) + _LENGTH
    size = int.from_bytes(body[len(MAGIC) : start], "little")
    head = json.loads(body[start : start + size])
    if head["format"] != FORMAT:
        remedy = "use the version of qtheory that wrote it"
        raise LedgerError("the ledger has another format", got=head["format"], allowed=str(FORMAT), remedy=remedy)
    return head["asked"], _passes(head["passes"], body[start + size :])


def canonical(document: Any) -> bytes:
    """JSON in its one canonical form.

    >>> canonical({"b": 1, "a": [1.5, None]})
    b'{"a":[1.5,null],"b":1}'
    """
    return json.dumps(document, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def fingerprint(configuration: Json) -> str:
    """The SHA-256 of a configuration in canonical form."""
    return hashlib.sha256(canonical(configuration)).hexdigest()


def _head(kept: Kept) -> Json:
    return {
        "configuration": kept.configuration,
        "sha256": fingerprint(kept.configuration),
        "stints": kept.stints,
        "draws": kept.draws,
        "pieces": [len(piece) for piece in kept.pieces],
    }


def _passes(heads: Sequence[Json], data: bytes) -> list[Kept]:
    found = []
    for head in heads:
        ends = list(accumulate(head["pieces"], initial=0))
        pieces = tuple(data[start:end] for start, end in pairwise(ends))
        found.append(Kept(head["configuration"], head["stints"], head["draws"], pieces))
        data = data[ends[-1] :]
    return found
