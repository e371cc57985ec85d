r"""Rigorous intervals with rational endpoints: what an irrational number is known to lie between."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_UP, Context, Decimal
from fractions import Fraction
from typing import TypeAlias

from qtheory.aliases import Json, NumberLike
from qtheory.errors import DocumentError, InvalidInput, NotAvailable
from qtheory.exact.rationals import rational

# Endpoints of a proper interval are rounded outward to this many significant bits, so that they cannot grow.
ENDPOINT_BITS = 160
SHOWN_DIGITS = 14


class Undefined(InvalidInput):
    """An expression that certainly has no real value here: a division by zero, the logarithm of zero."""


class Indeterminate(NotAvailable):
    """An expression whose value, or whose being defined, the enclosures at hand cannot settle."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    r"""A closed interval $[\text{low}, \text{high}]$ that certainly contains one real number.

    Operations return an interval that contains every possible result. Points are kept exact; the endpoints of
    anything wider are rounded outward to `ENDPOINT_BITS` significant bits.

    Args:
        low: the lower endpoint.
        high: the upper endpoint, at least `low`.

    >>> third = Enclosure(Fraction(33, 100), Fraction(34, 100))
    >>> (3 * third).contains(1), third < 1, f"{third:.2f}"
    (True, True, '0.34')
    """

    low: Fraction
    high: Fraction

    def __post_init__(self) -> None:
        if not (isinstance(self.low, Fraction) and isinstance(self.high, Fraction) and self.low <= self.high):
            raise InvalidInput("not an interval", got=(self.low, self.high), allowed="Fractions low <= high")

    @classmethod
    def of(cls, value: Enclosure | NumberLike) -> Enclosure:
        """The value itself if it is an enclosure, else the single point it stands for.

        >>> Enclosure.of("1/3").is_point
        True
        """
        if isinstance(value, Enclosure):
            return value
        point = rational(value)
        return cls(point, point)

    @property
    def is_point(self) -> bool:
        """Whether the value is known exactly."""
        return self.low == self.high

    @property
    def width(self) -> Fraction:
        """How far apart the endpoints are."""
        return self.high - self.low

    @property
    def midpoint(self) -> Fraction:
        """The rational halfway between the endpoints."""
        return (self.low + self.high) / 2

    def contains(self, value: Enclosure | NumberLike) -> bool:
        """Whether the number, or the whole of the other interval, lies inside."""
        other = Enclosure.of(value)
        return self.low <= other.low and other.high <= self.high

    def certainly_less(self, other: Enclosure | NumberLike) -> bool:
        """Whether every value here is below every value there."""
        return self.high < Enclosure.of(other).low

    def certainly_at_most(self, other: Enclosure | NumberLike) -> bool:
        """Whether no value here is above any value there."""
        return self.high <= Enclosure.of(other).low

    def certainly_equal(self, other: Enclosure | NumberLike) -> bool:
        """Whether both are one and the same point."""
        other = Enclosure.of(other)
        return self.low == self.high == other.low == other.high

    def __lt__(self, other: Enclosure | NumberLike) -> bool:
        """Whether the number is less, where that can be told; an infinite float is beyond every number.

        Raises:
            Indeterminate: the intervals overlap, so that either may be the lesser.
        """
        if isinstance(other, float) and math.isinf(other):
            return other > 0
        return self._decided(self.certainly_less(other), Enclosure.of(other).certainly_at_most(self), other)

    def __le__(self, other: Enclosure | NumberLike) -> bool:
        if isinstance(other, float) and math.isinf(other):
            return other > 0
        return self._decided(self.certainly_at_most(other), Enclosure.of(other).certainly_less(self), other)

    def __gt__(self, other: Enclosure | NumberLike) -> bool:
        return not self <= other

    def __ge__(self, other: Enclosure | NumberLike) -> bool:
        return not self < other

    def _decided(self, yes: bool, no: bool, other: Enclosure | NumberLike) -> bool:
        if yes or no:
            return yes
        got = f"{self} and {Enclosure.of(other)}"
        raise Indeterminate(
            "which of two numbers is the lesser cannot be told", got=got, remedy="compare their endpoints"
        )

    def __add__(self, other: Enclosure | NumberLike) -> Enclosure:
        other = Enclosure.of(other)
        return outward(self.low + other.low, self.high + other.high)

    __radd__ = __add__

    def __neg__(self) -> Enclosure:
        return Enclosure(-self.high, -self.low)

    def __sub__(self, other: Enclosure | NumberLike) -> Enclosure:
        return self + (-Enclosure.of(other))

    def __rsub__(self, other: Enclosure | NumberLike) -> Enclosure:
        return Enclosure.of(other) + (-self)

    def __mul__(self, other: Enclosure | NumberLike) -> Enclosure:
        other = Enclosure.of(other)
        corners = [x * y for x in (self.low, self.high) for y in (other.low, other.high)]
        return outward(min(corners), max(corners))

    __rmul__ = __mul__

    def reciprocal(self) -> Enclosure:
        r"""$1/x$.

        Raises:
            Undefined: the value is zero.
            Indeterminate: zero is among the possible values.
        """
        if self.low == 0 == self.high:
            raise Undefined("division by zero", got=self)
        if self.low <= 0 <= self.high:
            raise Indeterminate("the divisor may be zero", got=self, remedy="enclose it more tightly")
        return outward(1 / self.high, 1 / self.low)

    def __truediv__(self, other: Enclosure | NumberLike) -> Enclosure:
        return self * Enclosure.of(other).reciprocal()

    def __rtruediv__(self, other: Enclosure | NumberLike) -> Enclosure:
        return Enclosure.of(other) * self.reciprocal()

    def __pow__(self, exponent: int) -> Enclosure:
        if not isinstance(exponent, int):
            return NotImplemented
        if exponent < 0:
            return (self**-exponent).reciprocal()
        if exponent % 2 == 0:
            nonnegative = abs(self)
            return outward(nonnegative.low**exponent, nonnegative.high**exponent)
        return outward(self.low**exponent, self.high**exponent)

    def __abs__(self) -> Enclosure:
        if self.low >= 0:
            return self
        if self.high <= 0:
            return -self
        return Enclosure(Fraction(0), max(-self.low, self.high))

    def __float__(self) -> float:
        return float(self.midpoint)

    def __str__(self) -> str:
        """The midpoint, cut off where the dots stand, and how far the value can be from it."""
        if self.is_point:
            return str(self.low)
        return f"{_digits(self.midpoint)}... +- {_radius(self.width / 2)}"

    def __format__(self, specification: str) -> str:
        """The midpoint as a float in the form asked for; all of it, with its error, where no form is asked for."""
        return format(float(self), specification) if specification else str(self)

    def to_json(self) -> Json:
        """Both endpoints as exact text.

        >>> Enclosure.of("1/3").to_json()
        {'low': '1/3', 'high': '1/3'}
        """
        return {"low": str(self.low), "high": str(self.high)}

    @classmethod
    def from_json(cls, document: Json) -> Enclosure:
        """The enclosure that `to_json` wrote.

        Raises:
            DocumentError: the document is not of that form.

        >>> Enclosure.from_json({"low": "1/3", "high": "1/2"}).width
        Fraction(1, 6)
        """
        try:
            return cls(Fraction(document["low"]), Fraction(document["high"]))
        except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
            allowed = "{'low': 'p/q', 'high': 'p/q'} with low <= high"
            raise DocumentError("not an enclosure", got=document, allowed=allowed) from error


Value: TypeAlias = "Fraction | Enclosure"


def outward(low: Fraction, high: Fraction) -> Enclosure:
    """The interval with its endpoints rounded outward to a bounded size; a point stays as it is.

    >>> outward(Fraction(1, 3), Fraction(1, 3)).is_point
    True
    """
    if low == high:
        return Enclosure(low, high)
    return Enclosure(_floor_bits(low), -_floor_bits(-high))


def hull(values: list[Value]) -> Value:
    """The smallest interval around all of the values; the value itself if all are one exact number.

    >>> str(hull([Fraction(1), Fraction(1)]))
    '1'
    """
    boxes = [Enclosure.of(value) for value in values]
    return simplest(Enclosure(min(box.low for box in boxes), max(box.high for box in boxes)))


def maximum(x: Value, y: Value) -> Value:
    """The larger of two values, exact where it can be told.

    >>> maximum(Fraction(1), Enclosure(Fraction(2), Fraction(3))).low
    Fraction(2, 1)
    """
    if isinstance(x, Fraction) and isinstance(y, Fraction):
        return x if x >= y else y
    x, y = Enclosure.of(x), Enclosure.of(y)
    return simplest(Enclosure(max(x.low, y.low), max(x.high, y.high)))


def simplest(value: Value) -> Value:
    """A point enclosure as its `Fraction`; anything else unchanged."""
    return value.low if isinstance(value, Enclosure) and value.is_point else value


def _floor_bits(x: Fraction) -> Fraction:
    if x == 0 or (abs(x.numerator).bit_length() <= ENDPOINT_BITS and _is_dyadic(x)):
        return x
    magnitude = abs(x.numerator).bit_length() - x.denominator.bit_length()
    return shifted(math.floor(shifted_fraction(x, ENDPOINT_BITS - magnitude)), magnitude - ENDPOINT_BITS)


def shifted(integer: int, places: int) -> Fraction:
    r"""$\text{integer}\cdot 2^{\text{places}}$, exactly.

    >>> shifted(3, -2)
    Fraction(3, 4)
    """
    return Fraction(integer << places) if places >= 0 else Fraction(integer, 1 << -places)


def shifted_fraction(x: Fraction, places: int) -> Fraction:
    r"""$x\cdot 2^{\text{places}}$, exactly.

    >>> shifted_fraction(Fraction(1, 3), 1)
    Fraction(2, 3)
    """
    return x * (1 << places) if places >= 0 else x / (1 << -places)


def _is_dyadic(x: Fraction) -> bool:
    return x.denominator & (x.denominator - 1) == 0


def _digits(x: Fraction) -> str:
    """The leading digits of a number, cut off rather than rounded, so that they are digits of it."""
    quotient = Context(prec=SHOWN_DIGITS, rounding=ROUND_DOWN).divide(Decimal(x.numerator), Decimal(x.denominator))
    return f"{quotient:f}" if -7 < quotient.adjusted() < SHOWN_DIGITS else f"{quotient:e}"


def _radius(x: Fraction) -> str:
    """One significant digit, rounded up."""
    return f"{Context(prec=1, rounding=ROUND_UP).divide(Decimal(x.numerator), Decimal(x.denominator)):.0e}"
