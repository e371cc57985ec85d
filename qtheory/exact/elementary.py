r"""Logarithms, exponentials and powers of exact numbers, as exact values where rational and enclosures elsewhere."""

from __future__ import annotations

import math
from fractions import Fraction

from mpmath import libmp
from mpmath.libmp.libhyper import mpf_erfc
from sympy import integer_nthroot

from qtheory.exact.enclosure import (
    Enclosure,
    Indeterminate,
    Undefined,
    Value,
    outward,
    shifted,
    shifted_fraction,
    simplest,
)

# mpmath rounds its elementary functions in the direction asked for, from an approximation that is good to a few
# units more than the working precision; the results are widened by far more than that.
WORKING_BITS = 140
TRUSTED_BITS = 124

# Beyond these sizes a number would take kilobytes, and no statement about a distribution needs it.
LARGEST_EXPONENTIAL = 5000
LARGEST_POWER_BITS = 1 << 16
LARGEST_ROOT = 64


def log(x: Value) -> Value:
    r"""The natural logarithm.

    Raises:
        Undefined: $x \le 0$ for certain.
        Indeterminate: $x \le 0$ is possible.

    >>> log(Fraction(1)), str(log(Fraction(2)))
    (Fraction(0, 1), '0.69314718055994... +- 4e-38')
    """
    box = Enclosure.of(x)
    if box.high <= 0:
        raise Undefined("the logarithm of a number that is not positive", got=x)
    if box.low <= 0:
        raise Indeterminate("the argument of a logarithm may not be positive", got=x)
    return _increasing(libmp.mpf_log, box, fixed=(Fraction(1), Fraction(0)))


def exp(x: Value) -> Value:
    r"""The exponential.

    Raises:
        Indeterminate: the result is too large to be enclosed.

    >>> exp(Fraction(0)), str(exp(Fraction(1)))
    (Fraction(1, 1), '2.7182818284590... +- 2e-37')
    """
    box = Enclosure.of(x)
    if box.high > LARGEST_EXPONENTIAL:
        raise Indeterminate("an exponential too large to enclose", got=x, allowed=f"exponents <= {LARGEST_EXPONENTIAL}")
    if box.low < -LARGEST_EXPONENTIAL:
        top = exp(max(box.high, Fraction(-LARGEST_EXPONENTIAL)))
        return Enclosure(Fraction(0), Enclosure.of(top).high)
    return _increasing(libmp.mpf_exp, box, fixed=(Fraction(0), Fraction(1)))


def sqrt(x: Value) -> Value:
    r"""The square root, exact where it is rational.

    >>> sqrt(Fraction(4, 9)), str(sqrt(Fraction(2)))
    (Fraction(2, 3), '1.4142135623730... +- 4e-43')
    """
    return root(x, 2)


def root(x: Value, n: int) -> Value:
    r"""The $n$-th root of a number $\ge 0$, bracketed by integer roots.

    Raises:
        Undefined: $x < 0$ for certain.
        Indeterminate: $x < 0$ is possible.

    >>> root(Fraction(27, 8), 3)
    Fraction(3, 2)
    """
    box = Enclosure.of(x)
    if box.high < 0:
        raise Undefined("a root of a negative number", got=x)
    if box.low < 0:
        raise Indeterminate("a root of a number that may be negative", got=x)
    low, high = _root_bracket(box.low, n), _root_bracket(box.high, n)
    return simplest(outward(low.low, high.high))


def power(base: Value, exponent: Value) -> Value:
    r"""$\text{base}^{\text{exponent}}$ over the reals, with $x^0 = 1$ for every $x$ as in SymPy.

    Raises:
        Undefined: a negative power of zero, or a fractional power of a negative number.
        Indeterminate: the value cannot be enclosed, or may not exist.

    >>> power(Fraction(8), Fraction(2, 3)), power(Fraction(2), Fraction(-3))
    (Fraction(4, 1), Fraction(1, 8))
    """
    exponent = simplest(exponent)
    if isinstance(exponent, Enclosure):
        return _by_logarithm(base, exponent)
    if exponent.denominator == 1:
        return integer_power(base, exponent.numerator)
    if exponent.denominator > LARGEST_ROOT:
        return _by_logarithm(base, exponent)
    return integer_power(root(base, exponent.denominator), exponent.numerator)


def integer_power(base: Value, exponent: int) -> Value:
    r"""$\text{base}^n$ for an integer $n$, refused where the result would be huge.

    >>> integer_power(Fraction(2, 3), -2)
    Fraction(9, 4)
    """
    base = simplest(base)
    if exponent < 0 and base == 0:
        raise Undefined("a negative power of zero", got=exponent)
    if abs(exponent) * _bits(base) > LARGEST_POWER_BITS and base not in (-1, 0, 1):
        raise Indeterminate("a power too large to compute", got=exponent, allowed=f"at most {LARGEST_POWER_BITS} bits")
    return simplest(base**exponent)


def xlogy(x: Value, y: Value) -> Value:
    r"""$x \log y$ with $0 \log y = 0$ whatever $y$ is.

    >>> xlogy(Fraction(0), Fraction(0))
    Fraction(0, 1)
    """
    x = simplest(x)
    if x == 0:
        return Fraction(0)
    return simplest(x * log(y))


def tanh(x: Value) -> Value:
    r"""The hyperbolic tangent, as $1 - 2/(e^{2x} + 1)$.

    >>> tanh(Fraction(0))
    Fraction(0, 1)
    """
    return simplest(1 - 2 / (exp(2 * x) + 1))


def erfc(x: Value) -> Value:
    r"""The complementary error function, $2\bar\Phi(x\sqrt 2)$; it falls from 2 to 0.

    >>> erfc(Fraction(0)), str(erfc(Fraction(1)))
    (Fraction(1, 1), '0.15729920705028... +- 8e-39')
    """
    box = Enclosure.of(x)
    mirrored = Enclosure(-box.high, -box.low)
    return _increasing(lambda y, bits, way: mpf_erfc(libmp.mpf_neg(y), bits, way), mirrored, (Fraction(0), Fraction(1)))


def pi() -> Enclosure:
    r"""$\pi$.

    >>> str(pi())
    '3.1415926535897... +- 2e-37'
    """
    return _widened(libmp.mpf_pi(WORKING_BITS, "f"), libmp.mpf_pi(WORKING_BITS, "c"))


def _by_logarithm(base: Value, exponent: Value) -> Value:
    box = Enclosure.of(base)
    if box.low == 0 == box.high and Enclosure.of(exponent).low > 0:
        return Fraction(0)
    if box.low == 0 == box.high and Enclosure.of(exponent).high >= 0:
        raise Indeterminate("zero to a power that may be zero or negative", got=exponent)
    return exp(exponent * log(base))


def _root_bracket(x: Fraction, n: int) -> Enclosure:
    top, exact_top = integer_nthroot(x.numerator, n)
    bottom, exact_bottom = integer_nthroot(x.denominator, n)
    if exact_top and exact_bottom:
        point = Fraction(int(top), int(bottom))
        return Enclosure(point, point)
    places = WORKING_BITS + max(0, (x.denominator.bit_length() - x.numerator.bit_length()) // n + 1)
    below = int(integer_nthroot(math.floor(shifted_fraction(x, n * places)), n)[0])
    return Enclosure(shifted(below, -places), shifted(below + 1, -places))


def _increasing(function, box: Enclosure, fixed: tuple[Fraction, Fraction]) -> Value:
    """An increasing function of an interval; `fixed` is the one rational point where it is rational."""
    if box.low == box.high == fixed[0]:
        return fixed[1]
    below = libmp.from_rational(box.low.numerator, box.low.denominator, WORKING_BITS, "f")
    above = libmp.from_rational(box.high.numerator, box.high.denominator, WORKING_BITS, "c")
    return _widened(function(below, WORKING_BITS, "f"), function(above, WORKING_BITS, "c"))


def _widened(below: tuple, above: tuple) -> Enclosure:
    low, high = _fraction(below), _fraction(above)
    return outward(low - shifted_fraction(abs(low), -TRUSTED_BITS), high + shifted_fraction(abs(high), -TRUSTED_BITS))


def _fraction(number: tuple) -> Fraction:
    sign, mantissa, exponent, _ = number
    return shifted(-int(mantissa) if sign else int(mantissa), exponent)


def _bits(base: Value) -> int:
    ends = (base, base) if isinstance(base, Fraction) else (base.low, base.high)
    return max(max(abs(end.numerator).bit_length(), end.denominator.bit_length()) for end in ends)
