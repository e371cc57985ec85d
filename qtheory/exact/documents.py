r"""Numbers in JSON documents: rationals as text, floats as numbers, infinity in one spelling."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import numpy as np

from qtheory.aliases import Json, Number
from qtheory.errors import DocumentError, InvalidInput
from qtheory.exact.rationals import rational

SCHEMA = 1
_ALLOWED = "'3/8', 0.375 or 'inf'"


def number_to_json(value: Number | int) -> str | float:
    """A rational as text, a float as a number, infinity as "inf".

    >>> number_to_json(Fraction(3, 8)), number_to_json(0.5), number_to_json(float("inf"))
    ('3/8', 0.5, 'inf')
    """
    if isinstance(value, (Fraction, int)) and not isinstance(value, bool):
        return str(value)
    as_float = float(value)
    if math.isnan(as_float):
        raise InvalidInput("a document cannot hold a value that is not a number", got=value)
    return ("inf" if as_float > 0 else "-inf") if math.isinf(as_float) else as_float


def number_from_json(value: Any, name: str = "number") -> Number:
    """The inverse of `number_to_json`: text gives a `Fraction`, a JSON number a float."""
    if isinstance(value, str) and value in ("inf", "-inf"):
        return math.inf if value == "inf" else -math.inf
    if isinstance(value, float) and math.isfinite(value):
        return value
    try:
        if isinstance(value, (str, int)):
            return rational(value, name)
    except InvalidInput as error:
        raise DocumentError(error.problem, got=value, allowed=_ALLOWED) from error
    raise DocumentError(f"{name} is not a number", got=value, allowed=_ALLOWED)


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
    if type(document.get("schema")) is not int or document["schema"] != SCHEMA:
        raise DocumentError(
            f"a {kind} document of a schema this version does not read",
            got=document.get("schema"),
            allowed=f'"schema": {SCHEMA}',
            remedy="use the version of qtheory that wrote it, or write it again",
        )
    return document


def field(document: Json, name: str) -> Any:
    """One required field of a document."""
    if not isinstance(document, dict):
        raise DocumentError(f"a JSON object with the field {name!r} is expected here", got=document)
    if name not in document:
        raise DocumentError(f"the document lacks the field {name!r}", got=sorted(document))
    return document[name]


def object_field(document: Json, name: str) -> Json:
    """One required field that is itself an object."""
    value = field(document, name)
    if not isinstance(value, dict):
        raise DocumentError(f"the field {name!r} is not an object", got=value)
    return value


def list_field(document: Json, name: str) -> list[Any]:
    """One required field that is a list."""
    value = field(document, name)
    if not isinstance(value, list):
        raise DocumentError(f"the field {name!r} is not a list", got=value)
    return value
