"""Enclosures of integrals contain the integral, and are refused where there is no bound."""

from fractions import Fraction

import pytest
import sympy as sp

from qtheory.errors import NotAvailable
from qtheory.exact.enclosure import Indeterminate
from qtheory.exact.evaluate import evaluate, truth
from qtheory.symbols import eq, n, q

s = sp.Symbol("s")
CASES = [
    (sp.Integral(n * (1 - s) ** (n - 1), (s, 0, q)), {n: Fraction(4), q: Fraction(1, 3)}),
    (sp.Integral(sp.exp(-(s**2)), (s, -1, 2)), {}),
    (sp.Integral(sp.Max(s - q, 0), (s, 0, 1)), {q: Fraction(1, 4)}),
    (sp.Integral(sp.erfc(s), (s, 1, 0)), {}),
    (sp.Integral(sp.Piecewise((1, s <= q), (0, True)) / q, (s, 0, 1)), {q: Fraction(1, 5)}),
]


@pytest.mark.parametrize("integral, values", CASES, ids=str)
def test_the_enclosure_contains_the_integral(integral, values):
    box = evaluate(integral, values)
    exact = sp.N(integral.subs({x: sp.Rational(v) for x, v in values.items()}).doit(), 30)
    assert box.contains(Fraction(str(exact))) and box.width <= Fraction(1, 10)


def test_a_wrong_value_is_refuted_and_the_right_one_never_is():
    integral = sp.Integral(n * (1 - s) ** (n - 1) * s, (s, 0, 1))
    for count in (1, 2, 5):
        values = {n: Fraction(count)}
        assert truth(eq(integral, 1 / (n + 1)), values) is None
        assert truth(eq(integral, 2 / (n + 1)), values) is False


def test_an_integrand_without_a_bound_is_not_guessed():
    with pytest.raises(Indeterminate):
        evaluate(sp.Integral(1 / s, (s, 0, 1)), {})
    with pytest.raises(NotAvailable, match="finite ends"):
        evaluate(sp.Integral(sp.exp(-s), (s, 0, sp.oo)), {})
