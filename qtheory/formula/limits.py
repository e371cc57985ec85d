r"""What a formula may cost: bounds that are checked before SymPy computes anything with it.

Without them a line such as `9**9**9` keeps a process busy until it is killed.
"""

from __future__ import annotations

import math
import re

import sympy as sp

from qtheory.errors import FormulaError

MAX_LENGTH = 4000
MAX_NODES = 1000
MAX_DEPTH = 60
MAX_DIGITS = 400
MAX_DECIMAL_EXPONENT = 60
MAX_EXPONENT = 100
MAX_POWER_BITS = 4096
MAX_EXP_ARGUMENT = 500
MAX_GAMMA_ARGUMENT = 100
# The sign of sin(x) takes as many digits of pi as x has before the point.
MAX_ARGUMENT = 10**MAX_DIGITS
# SymPy settles the sign of a number made of roots by its minimal polynomial, whose degree is the product of theirs.
MAX_ROOT_DEGREE = 64

_UNREADABLE = re.compile(r"[^A-Za-z0-9_ \t\r\n.,+\-*/()<>=!&|~^%]")
_NUMBER_THEN_LETTER = re.compile(r"(?<![A-Za-z0-9_])(?>\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?+[A-Za-z_]")
_LONG_NUMBER = re.compile(rf"\d{{{MAX_DIGITS + 1},}}")
_DECIMAL_EXPONENT = re.compile(r"(?<![A-Za-z_])[\d.]+[eE][+-]?(\d+)")


def check_text(text: object) -> str:
    """The text, if it is worth reading at all.

    Raises:
        FormulaError: not text, empty, too long, or with a character no formula has.

    >>> check_text("E(w*c) <= C/q")
    'E(w*c) <= C/q'
    """
    if not isinstance(text, str):
        raise FormulaError("a formula is text", got=text)
    if not text.strip():
        raise FormulaError("the formula is empty", got=text, allowed="numbers, names and operators, such as 2*x + 1")
    if len(text) > MAX_LENGTH:
        raise FormulaError("the formula is too long", got=text, allowed=f"{MAX_LENGTH} characters")
    if found := _UNREADABLE.search(text):
        allowed = "ASCII letters, digits, spaces and . , + - * / ( ) < > = ! & | ~"
        raise FormulaError(
            f"a character no formula has, at column {found.start() + 1}", got=found.group(), allowed=allowed
        )
    _check_numbers(text)
    _check_nesting(text)
    return text


def _check_numbers(text: str) -> None:
    if found := _NUMBER_THEN_LETTER.search(text):
        remedy = "write * for a product: 2*q"
        raise FormulaError(
            f"a number runs into a letter at column {found.start() + 1}", got=found.group(), remedy=remedy
        )
    if found := _LONG_NUMBER.search(text):
        where = found.start() + 1
        raise FormulaError(f"a number is too long at column {where}", got=found.group(), allowed=f"{MAX_DIGITS} digits")
    for found in _DECIMAL_EXPONENT.finditer(text):
        if len(found.group(1)) > 3 or int(found.group(1)) > MAX_DECIMAL_EXPONENT:
            allowed = f"powers of ten up to {MAX_DECIMAL_EXPONENT}"
            raise FormulaError(
                f"a number is out of range at column {found.start() + 1}", got=found.group(), allowed=allowed
            )


def _check_nesting(text: str) -> None:
    depth = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if depth > MAX_DEPTH:
            raise FormulaError("brackets nested too deeply", allowed=f"{MAX_DEPTH} levels")


def check_power(base: sp.Expr, exponent: sp.Expr) -> None:
    """Refuse a power that is too large to compute, or is not a real number.

    Raises:
        FormulaError: says which.

    >>> check_power(sp.Integer(2), sp.Integer(10))
    """
    if base.is_zero and exponent.is_negative:
        allowed, remedy = "a divisor that is not 0", "divide by something else; a power of 0 needs an exponent >= 0"
        raise FormulaError(
            "division by zero", got=sp.Pow(base, exponent, evaluate=False), allowed=allowed, remedy=remedy
        )
    if exponent.is_Rational:
        _check_rational_exponent(base, exponent)
    elif exponent.is_number:
        _check_size(exponent, MAX_EXPONENT, "an exponent")
    if base.is_number and not exponent.is_Integer and base.is_negative:
        remedy = "a negative number has real powers for integer exponents only"
        raise FormulaError("not a real number", got=sp.Pow(base, exponent, evaluate=False), remedy=remedy)


def check_growth(name: str, argument: sp.Expr) -> None:
    """Refuse to apply a function to a number so large that its value would take long to compute.

    Raises:
        FormulaError: the argument is a number beyond the limit.

    >>> check_growth("exp", sp.Integer(3))
    """
    limits = {"exp": MAX_EXP_ARGUMENT, "gamma": MAX_GAMMA_ARGUMENT, "loggamma": MAX_GAMMA_ARGUMENT}
    if argument.is_number:
        _check_size(argument, limits.get(name, MAX_ARGUMENT), f"the argument of {name}")
    if name in ("gamma", "loggamma") and argument.is_Rational and argument.q > MAX_GAMMA_ARGUMENT:
        raise FormulaError(f"the argument of {name} has a large denominator", got=argument)


def check_value(expr: sp.Basic) -> None:
    """Refuse a result that is infinite, undefined or not real.

    Raises:
        FormulaError: says which part.

    >>> check_value(sp.Integer(1))
    """
    for part in sp.preorder_traversal(with_finite_ends(expr)):
        if part in (sp.oo, -sp.oo, sp.zoo, sp.nan, sp.I):
            raise FormulaError("the formula has no finite real value", got=expr, allowed="finite real numbers")
        if part.is_Pow:
            check_power(part.base, part.exp)
        if isinstance(part, sp.exp):
            check_growth("exp", part.args[0])


def with_finite_ends(expr: sp.Basic) -> sp.Basic:
    """The expression with the infinite ends of its integrals, which are in order there and nowhere else, made 0.

    >>> from qtheory.symbols import t
    >>> y = sp.Symbol("y", real=True)
    >>> with_finite_ends(sp.Integral(sp.exp(-y), (y, t, sp.oo))).limits
    ((y, t, 0),)
    """
    infinite = (sp.oo, -sp.oo)
    ends = {
        integral: sp.Integral(
            integral.function, *[(x, *(0 if end in infinite else end for end in rest)) for x, *rest in integral.limits]
        )
        for integral in expr.atoms(sp.Integral)
    }
    return expr.xreplace(ends) if ends else expr


def check_roots(expr: sp.Expr) -> None:
    """Refuse numbers made of so many roots that SymPy cannot settle their sign in reasonable time.

    Raises:
        FormulaError: too many of them.

    >>> check_roots(sp.sqrt(2) + sp.sqrt(3))
    """
    roots = [power for power in expr.atoms(sp.Pow) if power.is_number and power.exp.is_Rational]
    degree = math.prod(int(power.exp.q) for power in roots)
    if degree > MAX_ROOT_DEGREE:
        raise FormulaError("a number made of too many roots", got=expr, remedy="give it as a decimal, or as a symbol")


def _check_rational_exponent(base: sp.Expr, exponent: sp.Rational) -> None:
    if max(abs(exponent.p), exponent.q) > MAX_EXPONENT:
        raise FormulaError("an exponent is too large", got=exponent, allowed=f"at most {MAX_EXPONENT} in size")
    bits = max((_bits(number) for number in base.atoms(sp.Rational)), default=1)
    if bits * abs(exponent.p) > MAX_POWER_BITS:
        raise FormulaError("a power is too large", got=exponent, allowed=f"{MAX_POWER_BITS} bits")


def _bits(number: sp.Rational) -> int:
    return max(abs(int(number.p)).bit_length(), int(number.q).bit_length())


def _check_size(number: sp.Expr, limit: int, what: str) -> None:
    value = number if number.is_Rational else number.evalf(5, maxn=30)
    if not (value.is_comparable and abs(value) <= limit):
        shown = limit if limit < MAX_ARGUMENT else f"10**{MAX_DIGITS}"
        raise FormulaError(f"{what} is too large", got=number, allowed=f"at most {shown} in size")
