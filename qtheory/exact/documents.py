r"""Numbers in JSON documents: rationals as text, floats as numbers, infinity in one spelling."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, Iterable

import numpy as np

from qtheory.aliases import Json, Number
from qtheory.errors import DocumentError, InvalidInput
from qtheory.exact.rationals import rational

SCHEMA = 1


def number_to_json(value: Number | int) -> str | float:
    """A rational as text, a float as a number, infinity as "inf".

    >>> number_to_json(Fraction(3, 8)), number_to_json(0.5), number_to_json(float("inf"))
    ('3/8', 0.5, 'inf')
    """
    if isinstance(value, (Fraction, int)):
        return str(value)
    as_float = float(value)
    if math.isnan(as_float):
        raise InvalidInput("a document cannot hold a value that is not a number", got=value)
    return ("inf" if as_float > 0 else "-inf") if math.isinf(as_float) else as_float


def number_from_json(value: Any, name: str = "number") -> Number:
    """The inverse of `number_to_json`: text gives a `Fraction`, a JSON number a float."""
    if value in ("inf", "-inf"):
        return math.inf if value == "inf" else -math.inf
    if isinstance(value, float):
        return value
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        return rational(value, name)
    raise DocumentError(f"{name} is not a number", got=value, allowed="'3/8', 0.375 or 'inf'")


def values_to_json(values: Iterable[Number]) -> list[str | float]:
    return [number_to_json(v) for v in (values.tolist() if isinstance(values, np.ndarray) else values)]


def values_from_json(values: Any, name: str = "values") -> tuple[Fraction, ...] | np.ndarray:
    """A list of numbers: exact if every entry is, else a float64 array."""
    if not isinstance(values, list):
        raise DocumentError(f"{name} is not a list of numbers", got=values)
    parsed = [number_from_json(v, f"{name}[{i}]") for i, v in enumerate(values)]
    if all(isinstance(v, Fraction) for v in parsed):
        return tuple(parsed)  # type: ignore[arg-type]
    return np.array([float(v) for v in parsed])


def expect_document(document: Any, kind: str) -> Json:
    """Check that a document is a JSON object of this kind and of a schema this version reads."""
    if not isinstance(document, dict):
        raise DocumentError("not a qtheory document", got=document, allowed="a JSON object")
    if document.get("type") != kind:
        raise DocumentError(f"not a {kind} document", got=document.get("type"), allowed=f'"type": "{kind}"')
    if document.get("schema") != SCHEMA:
        raise DocumentError(
            f"a {kind} document of a schema this version does not read",
            got=document.get("schema"),
            allowed=f'"schema": {SCHEMA}',
            remedy="use the version of qtheory that wrote it, or write it again",
        )
    return document


def field(document: Json, name: str) -> Any:
    """One required field of a document."""
    if name not in document:
        raise DocumentError(f"the document lacks the field {name!r}", got=sorted(document))
    return document[name]
