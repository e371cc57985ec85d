r"""Deciding that an irrational difference is exactly zero.

An enclosure of $\sum_i r_i \log s_i$ that contains zero decides nothing. With all values rational, the difference of two
sides is a polynomial in logarithms of rationals; written in logarithms of primes and multiplied out, equal terms cancel.
What cancels is an identity; what does not is left undecided.
"""

from __future__ import annotations

from fractions import Fraction

import sympy as sp

from qtheory.exact.enclosure import Enclosure
from qtheory.statements.instance import Instance
from qtheory.symbols import E, xlogy


def is_identically_zero(expression: sp.Expr, instance: Instance) -> bool:
    r"""Whether an expression vanishes at an instance by the laws of logarithms alone.

    >>> from qtheory.symbols import c
    >>> two = Instance((Fraction(1, 2), Fraction(1, 2)), {c: (Fraction(2), Fraction(8))}, {})
    >>> is_identically_zero(E(sp.log(c)) - sp.log(4), two), is_identically_zero(E(sp.log(c)) - sp.log(5), two)
    (True, False)
    """
    numbers = [*instance.scalars.values(), *(x for row in instance.functions.values() for x in row)]
    if any(isinstance(x, Enclosure) for x in numbers):
        return False
    scalars = {x: _rational(value) for x, value in instance.scalars.items()}
    means = {mean: _mean(mean.args[0], instance, scalars) for mean in expression.atoms(E)}
    value = _in_primes(expression.xreplace(means).xreplace(scalars))
    return sp.expand(value) == 0


def _mean(integrand: sp.Expr, instance: Instance, scalars: dict) -> sp.Expr:
    total = sp.Integer(0)
    for i, mass in enumerate(instance.weights):
        if mass > 0:
            row = {f: _rational(values[i]) for f, values in instance.functions.items()}
            total += _rational(mass) * _in_primes(integrand.xreplace({**scalars, **row}))
    return total


def _in_primes(expression: sp.Expr) -> sp.Expr:
    """Every logarithm of a positive rational as a sum over its primes."""
    products = {term: _product(*term.args) for term in expression.atoms(xlogy)}
    expression = expression.xreplace(products)
    logs = {term: _log(term.args[0]) for term in expression.atoms(sp.log) if term.args[0].is_Rational}
    return expression.xreplace(logs)


def _product(x: sp.Expr, y: sp.Expr) -> sp.Expr:
    return sp.Integer(0) if x == 0 else x * sp.log(y)


def _log(number: sp.Rational) -> sp.Expr:
    if number <= 0:
        return sp.log(number)
    powers = [*sp.factorint(number.p).items(), *((prime, -times) for prime, times in sp.factorint(number.q).items())]
    return sum((times * sp.log(prime) for prime, times in powers), sp.Integer(0))


def _rational(value: Fraction) -> sp.Rational:
    return sp.Rational(value.numerator, value.denominator)
