"""Numbers and fields of JSON documents."""

import json
import math
from fractions import Fraction

import numpy as np
import pytest

from qtheory.errors import DocumentError, InvalidInput
from qtheory.exact.documents import (
    expect_document,
    field,
    list_field,
    number_from_json,
    number_to_json,
    object_field,
    values_from_json,
    values_to_json,
)

NUMBERS = [Fraction(3, 8), Fraction(-7), 0.1, -1e300, 5e-324, math.inf, -math.inf, 0.0]
NO_NUMBER = [None, True, math.nan, math.inf, "abc", "nan", "1/0", [], {}, "", [1]]


@pytest.mark.parametrize("value", NUMBERS, ids=repr)
def test_a_number_survives_a_round_trip_through_text(value):
    back = number_from_json(json.loads(json.dumps(number_to_json(value), allow_nan=False)))
    assert back == value and type(back) is type(value)


@pytest.mark.parametrize("value", NO_NUMBER, ids=repr)
def test_what_is_no_number_in_a_document_is_a_document_error(value):
    with pytest.raises(DocumentError):
        number_from_json(value)


@pytest.mark.parametrize("value", [math.nan, np.float64("nan")])
def test_not_a_number_cannot_be_written(value):
    with pytest.raises(InvalidInput):
        number_to_json(value)


def test_a_list_is_exact_only_if_every_entry_is():
    assert values_from_json(["1/3", 1]) == (Fraction(1, 3), Fraction(1))
    assert isinstance(values_from_json(["1/3", 0.5]), np.ndarray)
    assert values_to_json(np.array([0.5, 1.0])) == [0.5, 1.0]


@pytest.mark.parametrize("values", [None, "12", {"0": 1}, 5, [None], [True], [math.nan], [[1]]])
def test_what_is_no_list_of_numbers_is_refused(values):
    with pytest.raises(DocumentError):
        values_from_json(values)


@pytest.mark.parametrize(
    "document",
    [None, [], "policy", 3, {}, {"type": "policy"}, {"type": "policy", "schema": 2}, {"type": "x", "schema": 1}]
    + [{"type": "policy", "schema": "1"}, {"type": "policy", "schema": True}, {"type": "policy", "schema": 1.0}],
)
def test_another_kind_or_schema_is_refused(document):
    with pytest.raises(DocumentError):
        expect_document(document, "policy")


def test_a_document_of_the_kind_and_schema_is_accepted():
    document = {"type": "policy", "schema": 1}
    assert expect_document(document, "policy") is document


def test_a_missing_field_and_a_field_of_the_wrong_kind_are_refused():
    assert (field({"a": 1}, "a"), object_field({"a": {}}, "a"), list_field({"a": []}, "a")) == (1, {}, [])
    for read, document in (
        (field, {}),
        (field, None),
        (field, [1]),
        (object_field, {"a": []}),
        (list_field, {"a": {}}),
    ):
        with pytest.raises(DocumentError):
            read(document, "a")
