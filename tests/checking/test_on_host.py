"""Expressions at draws in NumPy agree with the JAX lowering, and what NumPy is not trusted with is left to JAX."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp

from qtheory.checking.on_host import evaluate_on_host, is_simple
from qtheory.checking.streams import evaluate
from qtheory.symbols import c, indicator, q, u, v, w, xlogy

SIZE = 257
RNG = np.random.default_rng(5)
VALUES = {
    c: RNG.exponential(size=SIZE),
    u: np.append(RNG.normal(size=SIZE - 2), [0.0, 1.0]),
    v: np.append(RNG.uniform(size=SIZE - 1), 0.0),
    w: RNG.integers(0, 3, size=SIZE).astype(float),
    q: 0.3,
}
SIMPLE = [
    c / q - u**3,
    1 / (1 + c) ** 2 + sp.Rational(2, 7) * u,
    sp.sqrt(c) + c ** sp.Rational(-3, 2) + (1 + c) ** sp.Rational(5, 3) + (1 + v) ** q,
    sp.Max(u, v, sp.Rational(1, 3)) - sp.Min(u, q) + sp.Abs(u),
    xlogy(w, w) + xlogy(v, c) + sp.exp(-c) * sp.log(1 + v) + sp.pi,
    sp.Piecewise((c, u > v), (v - 1, sp.And(u < 0, sp.Not(w > 1))), (7, True)),
    indicator(sp.Or(u >= q, w <= 0)) * c,
    sp.Implies(u > 0, sp.Eq(w, 1)),
    sp.Ne(w, 2),
    sp.log(u),
    1 / w,
]


def _by_jax(expression):
    import jax

    from qtheory.lowering.sympy_to_jax import to_jax

    symbols = sorted(expression.free_symbols, key=lambda x: x.name)
    with jax.enable_x64(True):
        return np.asarray(jax.jit(to_jax(expression, symbols))(*(np.asarray(VALUES[x], float) for x in symbols)))


@pytest.mark.parametrize("expression", SIMPLE, ids=str)
def test_numpy_and_jax_agree_to_rounding(expression):
    assert is_simple(expression)
    found, expected = np.asarray(evaluate_on_host(expression, VALUES)), _by_jax(expression)
    assert found.dtype == expected.dtype
    np.testing.assert_allclose(found.astype(float), expected.astype(float), rtol=1e-13, atol=1e-15)


def test_the_comparison_would_see_another_expression():
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(evaluate_on_host(SIMPLE[0], VALUES), _by_jax(SIMPLE[1]), rtol=1e-3)


def test_other_functions_are_left_to_jax_and_still_computed():
    expression = sp.loggamma(1 + c) + u
    assert not is_simple(expression)
    np.testing.assert_allclose(evaluate(expression, VALUES, SIZE), _by_jax(expression), rtol=1e-12)


def test_numbers_are_spread_over_all_draws():
    assert evaluate(sp.Integer(2) * q, VALUES, 3).tolist() == [0.6, 0.6, 0.6]
