"""Instances: exact values and truth of statements, for almost every action."""

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from small_problems import fractions, random_weights

from qtheory.exact.enclosure import Undefined
from qtheory.statements.instance import Instance
from qtheory.symbols import E, c, eq, indicator, q, t, u, v, w, xlogy

HALVES = fractions("1/2", "1/2", 0)
INSTANCE = Instance(
    HALVES,
    {c: fractions(0, 4, -9), w: fractions("1/2", "3/2", 7), u: fractions(1, 2, 3)},
    {q: Fraction(1, 3), t: Fraction(2)},
)


@pytest.mark.parametrize(
    "expression, value",
    [
        (E(c), 2),
        (E(w * c), 3),
        (E(c) / q, 6),
        (E(c**2) - E(c) ** 2, 4),
        (E(indicator(u >= t)), Fraction(1, 2)),
        (t + q, Fraction(7, 3)),
    ]
    + [
        (E(sp.Max(c - 1, 0)), Fraction(3, 2)),
        (E(xlogy(c, c)) - 2 * sp.log(4), 0),
        (E(t * c), 4),
        (E(sp.Abs(c)) * E(w), 2),
    ],
    ids=str,
)
def test_expectations_are_exact_sums_over_the_actions_of_positive_mass(expression, value):
    found = INSTANCE.value(expression)
    assert found == value if isinstance(found, Fraction) else found.contains(value)


@pytest.mark.parametrize(
    "statement, truth",
    [
        (c >= 0, True),
        (c > 0, False),
        (w <= 3 * q + t, True),
        (eq(E(c), 2), True),
        (E(c) > 2, False),
        (c <= 2 * E(c), True),
    ]
    + [(sp.Implies(u > 1, eq(c, 4)), True), (sp.Implies(u >= 1, eq(c, 4)), False), (sp.Or(eq(c, 0), eq(c, 4)), True)]
    + [(sp.log(t) < t, True), (eq(sp.exp(t), sp.exp(t) + 0 * c), True), (sp.And(c >= 0, E(c) >= 3), False)],
    ids=str,
)
def test_a_statement_about_actions_ignores_what_the_base_never_takes(statement, truth):
    assert INSTANCE.truth(statement) is truth


def test_what_enclosures_cannot_tell_is_neither_true_nor_false():
    assert INSTANCE.truth(eq(sp.log(3 * t), sp.log(t) + sp.log(3))) is None
    assert INSTANCE.truth(eq(sp.log(3 * t), sp.log(t) + 1)) is False


def test_a_statement_without_a_value_is_undefined():
    with pytest.raises(Undefined):
        INSTANCE.truth(E(1 / c) <= 1)


@pytest.mark.parametrize("seed", range(20))
def test_the_expectation_is_linear_and_positive(seed):
    rng = np.random.default_rng(seed)
    size = 4
    row = lambda low: tuple(Fraction(int(x), 3) for x in rng.integers(low, 9, size))
    instance = Instance(random_weights(rng, size), {c: row(0), v: row(-9)}, {t: row(-9)[0]})
    assert instance.value(E(t * c + v)) == instance.value(t * E(c) + E(v))
    assert instance.value(E(c)) >= 0 and instance.value(E(c**2)) >= instance.value(E(c)) ** 2
