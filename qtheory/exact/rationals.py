r"""Reading numbers as exact rationals, and refusing what is not one."""

from __future__ import annotations

import math
import numbers
import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from qtheory.aliases import NumberLike
from qtheory.errors import InvalidInput, InvalidLevel

_RATIONAL = re.compile(r"[+-]?\d{1,400}\s*/\s*\d{1,400}")
_DECIMAL = re.compile(r"[+-]?(\d{1,400}(\.\d{0,400})?|\.\d{1,400})([eE][+-]?\d{1,3})?")
_LONGEST = 24
_ALLOWED = "an integer, a Fraction, a Decimal, a finite float, or text such as '1/10', '0.1' or '1e-3'"


def rational(value: NumberLike, name: str = "number") -> Fraction:
    """The exact rational a value stands for; a float is read by its shortest decimal form.

    Args:
        value: an integer, Fraction, Decimal, text, or finite float (0.1 means 1/10).
        name: what the number is, for the error.

    Returns:
        The value as a `Fraction`.

    Raises:
        InvalidInput: the value is not a finite number, or is a boolean.

    >>> rational("3/8"), rational(0.1), rational("2.50")
    (Fraction(3, 8), Fraction(1, 10), Fraction(5, 2))
    """
    if isinstance(value, Fraction):
        return value
    if isinstance(value, bool) or type(value).__name__ == "bool_":
        raise InvalidInput(f"{name} is a truth value, not a number", got=value, allowed=_ALLOWED)
    if isinstance(value, str):
        return _from_text(value, name)
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise InvalidInput(f"{name} is not finite", got=value, allowed=_ALLOWED)
        return Fraction(value)
    if isinstance(value, numbers.Rational):
        return Fraction(int(value.numerator), int(value.denominator))
    if isinstance(value, numbers.Integral):
        return Fraction(int(value))
    if isinstance(value, numbers.Real):
        return _from_float(value, name)
    if getattr(value, "is_Rational", False):  # a SymPy rational, without importing SymPy
        return Fraction(str(value))
    raise InvalidInput(f"{name} is not a number", got=value, allowed=_ALLOWED)


def rationals(values: Iterable[NumberLike], name: str = "values") -> tuple[Fraction, ...]:
    """Each value as an exact rational; errors name the position."""
    return tuple(rational(value, f"{name}[{i}]") for i, value in enumerate(values))


def level(value: NumberLike, name: str = "q") -> Fraction:
    r"""A quantile level: an exact rational in $(0, 1]$.

    >>> level("1/10"), level(0.375)
    (Fraction(1, 10), Fraction(3, 8))
    """
    allowed = "0 < q <= 1, as '1/10', Fraction(1, 10), Decimal('0.1') or 0.1"
    try:
        q = rational(value, name)
    except InvalidInput as error:
        raise InvalidLevel(f"{name} is not a quantile level", got=value, allowed=allowed) from error
    if not 0 < q <= 1:
        remedy = "for the limit q -> 0 use Maximizer()" if q == 0 else ""
        raise InvalidLevel(f"{name} is not a quantile level", got=value, allowed=allowed, remedy=remedy)
    return q


def exact_text(value: Fraction) -> str:
    """A rational as text: exact while that is short.

    >>> exact_text(Fraction(3, 7)), exact_text(Fraction(1, 10**400))
    ('3/7', '1e-400')
    """
    # Python refuses to write out integers of thousands of digits
    if max(abs(value.numerator), value.denominator) < 10**_LONGEST and len(text := str(value)) <= _LONGEST:
        return text
    return f"{(Decimal(value.numerator) / Decimal(value.denominator)).normalize():.4g}".replace("+", "")


def _from_text(text: str, name: str) -> Fraction:
    stripped = text.strip()
    try:
        if _RATIONAL.fullmatch(stripped):
            return Fraction(stripped.replace(" ", ""))
        if _DECIMAL.fullmatch(stripped):
            return Fraction(stripped)
    except (ZeroDivisionError, InvalidOperation, ValueError) as error:
        raise InvalidInput(f"{name} has a zero denominator", got=text, allowed=_ALLOWED) from error
    raise InvalidInput(f"{name} is not a number", got=text, allowed=_ALLOWED)


def _from_float(value: numbers.Real, name: str) -> Fraction:
    as_float = float(value)
    if not math.isfinite(as_float):
        raise InvalidInput(f"{name} is not finite", got=as_float, allowed=_ALLOWED)
    # numpy scalars print their own shortest form: float32(0.1) reads as 1/10 too
    return Fraction(str(value) if type(value).__module__ == "numpy" else repr(as_float))
