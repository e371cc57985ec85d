r"""Reading and writing the parameters of a family: exact rationals inside, plain numbers in text and JSON."""

from __future__ import annotations

import math
from fractions import Fraction

from qtheory.aliases import NumberLike
from qtheory.errors import InvalidInput
from qtheory.exact.rationals import rational

_LARGEST_PLAIN_INTEGER = 2**53


def real(value: NumberLike, name: str) -> Fraction:
    """A parameter as an exact rational that a double can represent in range.

    >>> real("3/2", "alpha")
    Fraction(3, 2)
    """
    exact = rational(value, name)
    try:
        as_float = float(exact)
    except OverflowError:
        as_float = math.inf
    if math.isinf(as_float) or (exact != 0 and abs(as_float) < math.ulp(0.0) * 2**53):
        allowed = "magnitudes between 2.3e-308 and 1.7e308, or zero"
        raise InvalidInput(f"{name} is outside the range of double precision", got=value, allowed=allowed)
    return exact


def positive(value: NumberLike, name: str) -> Fraction:
    """A parameter that must be greater than zero.

    >>> positive(0.1, "scale")
    Fraction(1, 10)
    """
    exact = real(value, name)
    if exact <= 0:
        raise InvalidInput(f"{name} is not positive", got=value, allowed=f"{name} > 0")
    return exact


def plain(value: Fraction) -> int | float | str:
    """The shortest JSON number that reads back as the same rational, or 'p/q' where there is none.

    >>> plain(Fraction(3)), plain(Fraction(1, 10)), plain(Fraction(1, 3))
    (3, 0.1, '1/3')
    """
    if value.denominator == 1 and abs(value.numerator) <= _LARGEST_PLAIN_INTEGER:
        return value.numerator
    as_float = float(value)
    return as_float if rational(as_float) == value else str(value)
