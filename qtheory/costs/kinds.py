r"""Arithmetic on the three kinds of numbers that policies compute with: rationals, enclosures and floats.

An enclosure takes a float for the decimal it prints as, so the two never meet here: a float makes everything a float.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from qtheory.aliases import Number
from qtheory.exact import elementary, nonnegative
from qtheory.exact.enclosure import Enclosure, maximum, simplest


def midpoint(x: Number | Enclosure) -> Number:
    """The number itself, or the middle of the interval: what one sorts by.

    >>> midpoint(Enclosure(Fraction(1), Fraction(2)))
    Fraction(3, 2)
    """
    return x.midpoint if isinstance(x, Enclosure) else x


def times(x: Any, y: Any) -> Any:
    """A product in which a float makes a float.

    >>> times(Enclosure(Fraction(1), Fraction(2)), 0.5)
    0.75
    """
    return inexact(x) * inexact(y) if _floating(x, y) else simplest(x * y)


def over(x: Any, y: Any) -> Any:
    """A quotient in which a float makes a float."""
    return inexact(x) / inexact(y) if _floating(x, y) else simplest(x / y)


def plus(x: Any, y: Any) -> Any:
    """A sum in which a float makes a float."""
    return inexact(x) + inexact(y) if _floating(x, y) else simplest(x + y)


def total(terms: Iterable[Any]) -> Any:
    """The sum of numbers of one kind.

    >>> total([Fraction(1, 2), Fraction(1, 3)])
    Fraction(5, 6)
    """
    listed = list(terms)
    if any(isinstance(x, float) for x in listed):
        return math.fsum(map(float, listed))
    return simplest(sum(listed, Fraction(0)))


def power(x: Any, order: Fraction) -> Any:
    r"""$x^p$ for $x \ge 0$, $p > 0$.

    >>> power(Fraction(4), Fraction(1, 2))
    Fraction(2, 1)
    """
    return x ** float(order) if _floating(x) else nonnegative.power(x, order)


def sqrt(x: Any) -> Any:
    r"""$\sqrt x$ for $x \ge 0$, where an enclosure or a float may reach below zero by its own error."""
    return _plain(np.sqrt(np.maximum(x, 0.0))) if _floating(x) else nonnegative.power(x, Fraction(1, 2))


def log(x: Any) -> Any:
    r"""$\log x$ for $x > 0$."""
    return _plain(np.log(x)) if _floating(x) else elementary.log(x)


def exp(x: Any) -> Any:
    r"""$e^x$."""
    return _plain(np.exp(x)) if _floating(x) else elementary.exp(x)


def excess(x: Any, level: Any) -> Any:
    r"""$(x - \mathrm{level})^+$.

    >>> excess(Fraction(1), Fraction(2))
    Fraction(0, 1)
    """
    if _floating(x, level):
        return _plain(np.maximum(inexact(x) - inexact(level), 0.0))
    return maximum(simplest(x - level), Fraction(0))


def inexact(x: Any) -> Any:
    """A number as a float; an array as it is."""
    return x if isinstance(x, np.ndarray) else float(x)


def brief(x: Number | Enclosure) -> str:
    """A number in six digits, also where it is beyond the floats.

    >>> brief(Fraction(1, 3)), brief(Fraction(10**400))
    ('0.333333', '1e+400')
    """
    middle = midpoint(x)
    if not isinstance(middle, Fraction):
        return f"{float(middle):.6g}"
    return f"{(Decimal(middle.numerator) / middle.denominator).normalize():.6g}"


def _plain(x: Any) -> Any:
    """A scalar of NumPy's as a float of Python's."""
    return float(x) if np.ndim(x) == 0 else x


def _floating(*numbers: Any) -> bool:
    return any(isinstance(x, (float, np.ndarray)) for x in numbers)
