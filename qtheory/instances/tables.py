r"""The numbers that exact instances are made of: small, comparable, and simplest first, which is how they shrink."""

from __future__ import annotations

from fractions import Fraction


def _fractions(low: int, high: int, denominator: int) -> list[Fraction]:
    """All fractions of a range with small denominators, simplest first, which is how they shrink."""
    found = {Fraction(a, b) for b in range(1, denominator + 1) for a in range(low * b, high * b + 1)}
    return sorted(found, key=lambda x: (x.denominator, abs(x), x < 0))


LEVELS = [x for x in _fractions(0, 1, 12) if x > 0] + [Fraction(1, 32), Fraction(1, 100)]
UNITS = _fractions(0, 1, 6)
# Mostly comparable masses; a heavy one makes the others rare.
MASSES = [Fraction(x) for x in (0, 1, 2, 3, 4, 5, 6, 50)]
UTILITIES = [Fraction(x) for x in range(-2, 4)]
MARKS = [Fraction(0), Fraction(1)]
OFFSETS = [Fraction(x) for x in ("0", "1/4", "0", "1/2")]
COUNTS = [Fraction(x) for x in (1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 40, 100)]
NONNEGATIVE = _fractions(0, 3, 3) + [Fraction(1, 4), Fraction(5), Fraction(10)]
POSITIVE = [x for x in NONNEGATIVE if x > 0]
SIGNED = _fractions(-2, 3, 4)
