"""Linearity of the expectation, against exact sums."""

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from small_problems import random_weights

from qtheory.formula.substitution import substitute_terms
from qtheory.prover.expectation import expand, expand_integrand
from qtheory.statements.instance import Instance
from qtheory.symbols import E, c, indicator, q, t, u, v, w

INTEGRANDS = [
    (1 / q - w) * c,
    (w - v) * (u - t),
    w * sp.Max(u - t, 0) / q - (w - q) ** 3,
    sp.Integer(7),
    q / t,
    (c + t) ** 2 * (1 + indicator(u >= t)),
    w / (1 + c**2) + t,
    sp.Abs(u) * w * q - sp.Max(q, t) * c,
    (w * c) ** 2 / q**2,
    c * u - u * c,
]


@pytest.mark.parametrize("integrand", INTEGRANDS, ids=str)
@pytest.mark.parametrize("seed", range(5))
def test_taking_an_expectation_apart_does_not_change_it(integrand, seed):
    rng = np.random.default_rng(seed)
    row = lambda: tuple(Fraction(int(x), 2) for x in rng.integers(-5, 6, 4))
    instance = Instance(random_weights(rng, 4), {x: row() for x in (c, u, v, w)}, {q: Fraction(1, 3), t: Fraction(-2)})
    assert instance.value(expand_integrand(integrand)) == instance.expectation(integrand)


def test_moments_are_taken_apart_completely():
    assert expand_integrand((1 / q - w) * (c + t)) == E(c) / q + t / q - E(c * w) - t * E(w)
    assert expand_integrand(q) == q and expand_integrand(sp.Integer(0)) == 0
    assert expand_integrand(2 * indicator(u >= t)) == 2 * E(indicator(u >= t))


def test_a_product_of_functions_is_not_taken_apart():
    assert expand_integrand(w * c) == E(c * w) != E(w) * E(c)
    assert expand_integrand(c**2) == E(c**2) != E(c) ** 2
    assert expand_integrand(1 / c) == E(1 / c) != 1 / E(c)


def test_relations_keep_their_shape():
    statement = sp.Implies(E(2 * c + 1) <= E(t * u), sp.Ge(E(0 * c + q), q, evaluate=False))
    assert expand(statement) == sp.Implies(sp.Le(2 * E(c) + 1, t * E(u)), sp.Ge(q, q, evaluate=False), evaluate=False)


def test_substitution_is_simultaneous_and_decides_nothing():
    assert substitute_terms(sp.Le(E(c * u), t), {c: u, u: c}) == sp.Le(E(c * u), t)
    assert substitute_terms(sp.Le(w, v), {w: v, v: w}) == sp.Le(v, w)
    assert str(substitute_terms(sp.Ge(c, 0), {c: q**2})) == "q**2 >= 0"
    both = substitute_terms(sp.And(c >= 0, sp.Implies(c > t, u <= 1)), {c: sp.Integer(1)})
    assert sp.Ge(1, 0, evaluate=False) in both.args
