"""Levels and numbers: what is read exactly, and what is refused."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

from qtheory.errors import InvalidInput, InvalidLevel, QTheoryError
from qtheory.exact.rationals import level, rational, rationals
from qtheory.exact.values import as_exact, as_float, dot, like, read_values, same_values
from qtheory.optimizers.quantilizer import Quantilizer

TENTH = ["1/10", " 1 / 10 ", "0.1", ".1", "1e-1", "10e-2", Fraction(1, 10), Decimal("0.1"), 0.1]
TENTH += [np.float64(0.1), np.float32(0.1), np.float16(0.1), sp.Rational(1, 10)]
NO_LEVEL = [0, 0.0, "0", 1.1, "11/10", -0.1, Fraction(3, 2), float("nan"), float("inf"), -float("inf"), True, False]
NO_LEVEL += [
    np.True_,
    "abc",
    "",
    "1/0",
    "1/2/3",
    "nan",
    "inf",
    "0x1",
    "1_0",
    None,
    [0.1],
    0.1j,
    Decimal("NaN"),
    Decimal("Infinity"),
]
NO_LEVEL += [sp.pi, Fraction, np.array([0.1]), np.float32("nan"), "1e9999", b"0.1"]


@pytest.mark.parametrize("value", TENTH, ids=repr)
def test_every_way_to_write_a_tenth_is_exactly_a_tenth(value):
    assert level(value) == Fraction(1, 10)
    assert type(level(value)) is Fraction


@pytest.mark.parametrize("value", NO_LEVEL, ids=repr)
def test_what_is_no_level_is_refused_by_its_type_and_by_the_optimizer(value):
    with pytest.raises(InvalidLevel) as refusal:
        level(value)
    assert "0 < q <= 1" in str(refusal.value)
    with pytest.raises(QTheoryError):
        Quantilizer(value)


@pytest.mark.parametrize("value", [1, "1", 1.0, Fraction(1), np.int64(1), sp.Integer(1), "5e-324"])
def test_the_ends_of_the_range_of_levels_are_levels(value):
    assert 0 < level(value) <= 1


def test_zero_is_refused_with_the_maximiser_as_the_remedy():
    with pytest.raises(InvalidLevel, match=r"Maximizer\(\)"):
        level(0)


def test_a_float_means_its_shortest_decimal_and_not_its_binary_value():
    assert rational(0.1) == Fraction("0.1") != Fraction(0.1)
    assert rational(1e22) == 10**22
    rng = np.random.default_rng(1)
    assert all(float(rational(x)) == x for x in rng.normal(size=200) * 10.0 ** rng.integers(-300, 300, 200))


@pytest.mark.parametrize("value", [True, np.True_, "x", None, float("nan"), 1j, [1]])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(InvalidInput):
        rational(value)


def test_an_error_names_the_place_of_the_entry():
    with pytest.raises(InvalidInput, match=r"mass\[2\]"):
        rationals([1, "1/2", "half"], "mass")


def test_a_list_is_read_exactly_and_a_float_array_stays_one():
    assert read_values([0.1, "1/3", 2], "x") == (Fraction(1, 10), Fraction(1, 3), Fraction(2))
    array = read_values(np.array([0.1, 0.2]), "x")
    assert array.dtype == np.float64 and not array.flags.writeable
    assert read_values(np.array([1, 2]), "x") == (Fraction(1), Fraction(2))


def test_the_caller_cannot_change_what_was_read():
    mine = np.array([0.1, 0.2])
    read = read_values(mine, "x")
    mine[0] = 5
    assert read[0] == 0.1
    assert not like((Fraction(1),), exact=False).flags.writeable


@pytest.mark.parametrize("values", ["123", 5, None, np.array([[1.0]]), np.array([np.nan]), [float("inf")], b"12"])
def test_what_is_no_list_of_finite_numbers_is_refused(values):
    with pytest.raises(InvalidInput):
        read_values(values, "x")


def test_an_inner_product_is_exact_for_exact_vectors_only():
    exact = (Fraction(1, 3), Fraction(2, 3))
    assert dot(exact, exact) == Fraction(5, 9)
    assert dot(exact, np.array([3.0, 0.0])) == 1.0
    with pytest.raises(ValueError, match="shorter"):
        dot(exact, exact[:1])


def test_reading_floats_exactly_keeps_their_order():
    values = np.sort(np.random.default_rng(2).normal(size=100))
    exact = as_exact(values)
    assert list(exact) == sorted(exact) and np.array_equal(as_float(exact), values)
    assert same_values(values, values.copy()) and not same_values(values, exact)
