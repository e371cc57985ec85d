r"""Roots of increasing functions, exact where they are simple rationals and rigorously enclosed elsewhere."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from qtheory.exact.enclosure import Value, outward
from qtheory.exact.kleene import equal, less

# The first bracket around a guess is this fine, relative to the guess; it grows until both its ends are certain.
FINEST_BITS = 120
GROWTH = 1 << 8


def compared(value: Value, target: Value) -> int | None:
    """-1, 0 or 1 as the value lies below, at or above the target; `None` where that cannot be told.

    >>> compared(Fraction(1), Fraction(2)), compared(Fraction(1), Fraction(1))
    (-1, 0)
    """
    if equal(value, target):
        return 0
    if less(value, target):
        return -1
    return 1 if less(target, value) else None


def root_near(sign: Callable[[Fraction], int | None], guess: Fraction, low: Fraction, high: Fraction) -> Value:
    """The root of a strictly increasing function in an interval that is known to hold it.

    Args:
        sign: the sign of the function at a rational point, `None` where it cannot be told.
        guess: where the root is thought to be; a bad guess costs width and never correctness.
        low: a point with the root at it or above.
        high: a point with the root at it or below.

    Returns:
        The root as a `Fraction` if it is the simplest rational nearby and certainly a root, else an enclosure.

    >>> square = lambda x: compared(x * x, Fraction(2))
    >>> str(root_near(square, Fraction("1.41421356237309504880168872420969807857"), Fraction(1), Fraction(2)))[:15]
    '1.4142135623730'
    >>> root_near(lambda x: compared(3 * x, Fraction(1)), Fraction("0.33333"), Fraction(0), Fraction(1))
    Fraction(1, 3)
    """
    radius = (abs(guess) + (high - low)) / (1 << FINEST_BITS)
    while True:
        left, right = max(low, guess - radius), min(high, guess + radius)
        if (left == low or sign(left) in (-1, 0)) and (right == high or sign(right) in (0, 1)):
            break
        radius *= GROWTH
    simple = simplest_between(left, right)
    return simple if sign(simple) == 0 else outward(left, right)


def simplest_between(low: Fraction, high: Fraction) -> Fraction:
    """The rational with the smallest denominator in a closed interval.

    >>> simplest_between(Fraction(31, 100), Fraction(34, 100))
    Fraction(1, 3)
    """
    if low <= 0 <= high:
        return Fraction(0)
    if high < 0:
        return -simplest_between(-high, -low)
    whole = math.ceil(low)
    if whole <= high:
        return Fraction(whole)
    below = whole - 1
    return below + 1 / simplest_between(1 / (high - below), 1 / (low - below))
