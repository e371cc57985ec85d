"""Enclosures contain what they say, stay small, and compare only when certain."""

import random
from fractions import Fraction as F

import mpmath
import pytest

from qtheory.errors import DocumentError, InvalidInput
from qtheory.exact import elementary
from qtheory.exact.enclosure import ENDPOINT_BITS, Enclosure, Indeterminate, Undefined, hull, maximum

REFERENCE_BITS = 600
RELATIVE_WIDTH = F(1, 2**100)
POINTS = [F(1, 10**6), F(1, 7), F(1, 2), F(999999, 1000000), F(3, 2), F(10), F(10**30, 7)]


def _random_enclosure(rng):
    x, y = sorted(F(rng.randint(-40, 40), rng.randint(1, 9)) for _ in range(2))
    return Enclosure(x, y)


def _inside(rng, box):
    return box.low + box.width * F(rng.randint(0, 16), 16)


def test_arithmetic_contains_every_possible_result():
    rng = random.Random(1)
    for _ in range(500):
        a, b = _random_enclosure(rng), _random_enclosure(rng)
        x, y = _inside(rng, a), _inside(rng, b)
        assert (a + b).contains(x + y)
        assert (a - b).contains(x - y)
        assert (a * b).contains(x * y)
        assert abs(a).contains(abs(x))
        assert (a**2).contains(x**2)
        assert (a**3).contains(x**3)
        assert (a**0).contains(1)
        assert hull([a, b]).contains(x)
        assert Enclosure.of(maximum(a, b)).contains(max(x, y))
        if not b.contains(0):
            assert (a / b).contains(x / y)
            assert (b**-2).contains(y**-2)
            assert (3 / b).contains(3 / y)


def test_a_square_is_not_negative_and_a_difference_knows_no_dependence():
    box = Enclosure(F(-1), F(2))
    assert box**2 == Enclosure(F(0), F(4))
    assert box - box == Enclosure(F(-3), F(3))


@pytest.mark.parametrize("function", ["log", "exp", "sqrt", "tanh"])
@pytest.mark.parametrize("x", POINTS[:-1])
def test_elementary_functions_enclose_the_value_tightly(function, x):
    box = Enclosure.of(getattr(elementary, function)(x))
    with mpmath.workprec(REFERENCE_BITS + 64):
        found = getattr(mpmath, function)(mpmath.mpf(x.numerator) / x.denominator)
        value = F(*map(int, mpmath.libmp.to_rational(found._mpf_)))
    slack = F(1, 2**REFERENCE_BITS) * max(1, value)
    assert box.low - slack <= value <= box.high + slack
    # 1 - 2/(e^{2x} + 1) loses the digits of a small x, which only widens the interval
    assert function == "tanh" or box.width <= RELATIVE_WIDTH * max(abs(box.low), abs(box.high))


@pytest.mark.parametrize("x", POINTS)
@pytest.mark.parametrize("exponent", [F(1, 2), F(-1, 3), F(5, 7), F(3, 100)])
def test_powers_enclose_the_value(x, exponent):
    box = Enclosure.of(elementary.power(x, exponent))
    scaled = x**exponent.numerator
    ends = box.low**exponent.denominator, box.high**exponent.denominator
    assert ends[0] <= scaled <= ends[1]
    assert box.width <= RELATIVE_WIDTH * box.high


def test_rational_values_are_exact():
    assert elementary.sqrt(F(4, 9)) == F(2, 3)
    assert elementary.power(F(8), F(1, 3)) == 2
    assert elementary.power(F(27, 8), F(-2, 3)) == F(4, 9)
    assert elementary.power(F(0), F(0)) == 1
    assert elementary.log(F(1)) == 0
    assert elementary.exp(F(0)) == 1
    assert elementary.xlogy(F(0), F(-3)) == 0


def test_an_elementary_function_of_an_interval_contains_its_image():
    box = Enclosure(F(1, 2), F(3, 2))
    for x in (F(1, 2), F(7, 10), F(3, 2)):
        for function in (elementary.log, elementary.exp, elementary.sqrt, elementary.tanh):
            assert function(box).low <= Enclosure.of(function(x)).low
            assert function(box).high >= Enclosure.of(function(x)).high


def test_endpoints_do_not_grow():
    box = elementary.log(F(2))
    for _ in range(200):
        box = box * elementary.sqrt(F(2)) / F(7, 5) + F(1, 3) - F(1, 3)
    assert max(end.numerator.bit_length() for end in (box.low, box.high)) <= ENDPOINT_BITS + 1


def test_comparisons_are_made_only_when_certain():
    low, high, wide = Enclosure(F(0), F(1)), Enclosure(F(1), F(2)), Enclosure(F(0), F(2))
    assert low.certainly_at_most(high)
    assert not low.certainly_less(high)
    assert low.certainly_less(3)
    assert not wide.certainly_at_most(1)
    assert Enclosure.of(1).certainly_equal(F(1))
    assert not low.certainly_equal(low)


def test_signs_of_comparison_decide_or_refuse():
    low, high = Enclosure(F(1), F(2)), Enclosure(F(2), F(3))
    assert low <= high and high >= low and low < 5 and low < F(5, 2) and F(1, 2) < low and 5 > high >= 2
    assert not low > high and not high < 1 and not low >= F(5, 2) and not F(5) <= high
    assert low < float("inf") and low >= float("-inf") and not low > float("inf") and not low <= float("-inf")
    assert min([high, Enclosure(F(0), F(1))]).low == 0
    for undecided in (lambda: low < high, lambda: high <= low, lambda: low > F(3, 2), lambda: F(3, 2) <= low):
        with pytest.raises(Indeterminate, match="which of two numbers"):
            undecided()
    with pytest.raises(InvalidInput):
        assert low < float("nan")
    assert f"{low:.1f} {Enclosure(F(1, 3), F(1, 3))}" == "1.5 1/3"


def test_what_has_no_value_is_refused():
    for attempt in (
        lambda: elementary.log(F(0)),
        lambda: elementary.sqrt(F(-1)),
        lambda: elementary.power(F(0), F(-1)),
    ):
        with pytest.raises(Undefined):
            attempt()
    around_zero = Enclosure(F(-1), F(1))
    for attempt in (lambda: 1 / around_zero, lambda: elementary.log(around_zero), lambda: elementary.sqrt(around_zero)):
        with pytest.raises(Indeterminate):
            attempt()


def test_huge_results_are_refused_at_once():
    for attempt in (lambda: elementary.exp(F(10**9)), lambda: elementary.power(F(3, 2), F(10**9))):
        with pytest.raises(Indeterminate):
            attempt()
    assert Enclosure.of(elementary.exp(F(-(10**9)))).low == 0
    assert elementary.power(F(-1), F(10**9 + 1)) == -1


def test_text_and_json():
    box = elementary.log(F(2))
    assert str(box) == "0.69314718055994... +- 4e-38"
    assert str(Enclosure.of("2/5")) == "2/5"
    assert Enclosure.from_json(box.to_json()) == box
    assert abs(float(box) - 0.6931471805599453) < 1e-16
    for document in ({}, {"low": "1", "high": "0"}, {"low": "x", "high": "1"}, {"low": "1/0", "high": "1"}, None):
        with pytest.raises(DocumentError):
            Enclosure.from_json(document)
    with pytest.raises(InvalidInput):
        Enclosure(F(1), F(0))
