r"""A pass as text, to be sent to other processes: data and no code, so that a worker need not trust the sender."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

import numpy as np

from qtheory.aliases import Json
from qtheory.errors import DocumentError, NotAvailable
from qtheory.exact.documents import SCHEMA, expect_document, field, list_field, object_field
from qtheory.montecarlo.bin_map import BinMap
from qtheory.montecarlo.columns import Columns
from qtheory.montecarlo.ranges import Range
from qtheory.montecarlo.stream import Pass
from qtheory.montecarlo.windows import Windows
from qtheory.problem import Problem

_KIND = "pass"


def pass_to_text(work: Pass) -> str:
    """A pass as a JSON document.

    Raises:
        NotAvailable: a problem given as code.

    >>> from qtheory.base.continuous import Continuous
    >>> from qtheory.montecarlo.bin_plan import plan_bins
    >>> from qtheory.montecarlo.ranges import utility_range_of
    >>> bins = plan_bins(np.linspace(0, 1, 5000, dtype=np.float32), [0.5])
    >>> work = Pass(Problem(Continuous("uniform(0,1)")), (utility_range_of(None),), bins, Columns(0), 10**6, 7)
    >>> pass_from_text(pass_to_text(work)).samples
    1000000
    """
    document: Json = {
        "schema": SCHEMA,
        "type": _KIND,
        "qtheory": version("qtheory"),
        "problem": _sendable(work.problem),
        "ranges": [[limits.name, limits.low.hex(), limits.high.hex()] for limits in work.ranges],
        "bins": _arrays_to_json(work.bins),
        "columns": asdict(work.columns),
        "samples": work.samples,
        "seed": work.seed,
        "generator": work.generator,
        "windows": None if work.windows is None else _arrays_to_json(work.windows),
        "stream": work.stream,
    }
    return json.dumps(document, allow_nan=False, sort_keys=True)


def pass_from_text(text: str) -> Pass:
    """The pass that a document describes.

    Raises:
        DocumentError: text that is not such a document, or one that another version of qtheory wrote.
    """
    try:
        document = expect_document(json.loads(text), _KIND)
        _require_version(document)
        windows = field(document, "windows")
        return Pass(
            Problem.from_json(object_field(document, "problem")),
            tuple(Range(name, *map(float.fromhex, ends)) for name, *ends in list_field(document, "ranges")),
            BinMap(**_arrays_from_json(object_field(document, "bins"))),
            Columns(**object_field(document, "columns")),
            field(document, "samples"),
            field(document, "seed"),
            field(document, "generator"),
            None if windows is None else Windows(**_arrays_from_json(windows)),
            field(document, "stream"),
        )
    except (TypeError, ValueError, zlib.error) as error:
        if isinstance(error, DocumentError):
            raise
        raise DocumentError("not a pass", got=f"{type(error).__name__}: {error}") from error


def _sendable(problem: Problem) -> Json:
    """The problem's document, if it says all there is to say."""
    try:
        document = problem.to_json()
    except DocumentError as error:
        raise NotAvailable(
            "a problem given as code is not sent to other processes: only text is, so that no worker runs what it is sent",
            got=error.got,
            allowed="a Continuous base, with formulas in x for the utility and the costs",
            remedy="write it as formulas, or use the threads, devices or joined processes of this program",
        ) from error
    if Problem.from_json(document) != problem:
        raise NotAvailable("the problem's text does not say exactly what the problem is", got=document)
    return document


def _require_version(document: Json) -> None:
    theirs, mine = field(document, "qtheory"), version("qtheory")
    if theirs != mine:
        remedy = "install the same version on all workers"
        raise DocumentError("a pass of another version of qtheory", got=theirs, allowed=mine, remedy=remedy)


def _arrays_to_json(table: BinMap | Windows) -> Json:
    arrays = {name: np.ascontiguousarray(array) for name, array in asdict(table).items()}
    return {name: [array.dtype.str, _to_text(array.tobytes())] for name, array in arrays.items()}


def _arrays_from_json(document: Json) -> dict[str, Any]:
    return {name: np.frombuffer(_to_bytes(text), np.dtype(kind)) for name, (kind, text) in document.items()}


def _to_text(data: bytes) -> str:
    return base64.b64encode(zlib.compress(data)).decode("ascii")


def _to_bytes(text: str) -> bytes:
    return zlib.decompress(base64.b64decode(text, validate=True))
