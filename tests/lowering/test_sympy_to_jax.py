"""Every lowered function, in value and gradient, against mpmath."""

import jax
import jax.numpy as jnp
import mpmath as mp
import numpy as np
import pytest
import sympy as sp

from qtheory.errors import InvalidInput, NotAvailable
from qtheory.lowering import heads
from qtheory.lowering.sympy_to_jax import to_jax
from qtheory.symbols import E, c, indicator, q, t, u, w, xlogy

# a few hundred units in the last place: the incomplete functions' series and gradients accumulate that much
TOLERANCE = 1000 * np.finfo(np.float64).eps
TWO = [(0.3, 0.7), (3.0, 4.5), (0.7, 12.0)]


def _betainc(a, b, x):
    return mp.betainc(a, b, 0, x, regularized=True)


# expression, arguments, points, the same in mpmath, and which arguments have a gradient
TABLE = [
    (c + w * c - w, (c, w), TWO, lambda x, y: x + y * x - y),
    (c * w / (2 * (c + 1)), (c, w), TWO, lambda x, y: x * y / (2 * (x + 1))),
    (c**3 - c**-2, (c,), [(0.4,), (-2.0,)], lambda x: x**3 - x**-2),
    (sp.sqrt(c) + c ** sp.Rational(-3, 2), (c,), [(0.4,), (9.0,)], lambda x: mp.sqrt(x) + x ** mp.mpf(-1.5)),
    (c**w, (c, w), [(0.3, 2.5), (7.0, -1.2)], lambda x, y: x**y),
    (2**c, (c,), [(0.3,), (-4.0,)], lambda x: mp.mpf(2) ** x),
    (sp.exp(-c) + sp.pi * c, (c,), [(0.3,), (-4.0,)], lambda x: mp.exp(-x) + mp.pi * x),
    (sp.log(c), (c,), [(0.3,), (40.0,)], mp.log),
    (sp.sin(c), (c,), [(0.3,), (-4.0,)], mp.sin),
    (sp.cos(c), (c,), [(0.3,), (-4.0,)], mp.cos),
    (sp.tan(c), (c,), [(0.3,), (-4.0,)], mp.tan),
    (sp.tanh(c), (c,), [(0.3,), (-2.0,)], mp.tanh),
    (sp.atan(c), (c,), [(0.3,), (-4.0,)], mp.atan),
    (sp.erf(c), (c,), [(0.3,), (-1.5,)], mp.erf),
    (sp.erfc(c), (c,), [(0.3,), (5.0,)], mp.erfc),
    (sp.erfinv(c), (c,), [(0.3,), (-0.99,)], mp.erfinv),
    (sp.gamma(c), (c,), [(0.3,), (4.5,), (-1.5,)], mp.gamma),
    (sp.loggamma(c), (c,), [(0.3,), (4.5,)], mp.loggamma),
    (sp.digamma(c), (c,), [(0.3,), (4.5,), (-1.5,)], mp.digamma),
    (sp.polygamma(2, c), (c,), [(0.3,), (4.5,)], lambda x: mp.polygamma(2, x)),
    (sp.beta(c, w), (c, w), TWO, mp.beta),
    (sp.lowergamma(c, w), (c, w), TWO, lambda a, x: mp.gammainc(a, 0, x)),
    (sp.uppergamma(c, w), (c, w), TWO, lambda a, x: mp.gammainc(a, x)),
    (sp.LambertW(c), (c,), [(0.3,), (40.0,), (-0.3,), (1e30,), (0.0,)], lambda x: mp.lambertw(x).real),
    (sp.expint(1, c), (c,), [(0.3,), (4.5,)], lambda x: mp.expint(1, x)),
    (sp.expint(3, c), (c,), [(0.3,), (30.0,)], lambda x: mp.expint(3, x)),
    (sp.Ei(c), (c,), [(0.3,), (-1.5,), (30.0,)], mp.ei),
    (sp.betainc_regularized(sp.Rational(3, 2), 2, 0, c), (c,), [(0.3,), (0.9,)], lambda x: _betainc(1.5, 2, x)),
    (sp.betainc_regularized(12, 9, 0, c), (c,), [(0.3,), (0.9,)], lambda x: _betainc(12, 9, x)),
    (sp.Max(c, w, 1), (c, w), TWO, lambda x, y: max(x, y, 1)),
    (sp.Min(c, w, 1), (c, w), TWO, lambda x, y: min(x, y, 1)),
    (sp.Abs(c), (c,), [(0.3,), (-4.0,)], abs),
    (sp.sign(c) * c**2, (c,), [(0.3,), (-4.0,)], lambda x: mp.sign(x) * x**2),
    (xlogy(c, w), (c, w), [*TWO, (0.0, 2.0)], lambda x, y: x * mp.log(y)),
    (xlogy(w, w) + xlogy(2, 3), (w,), [(0.3,), (2.0,)], lambda x: x * mp.log(x) + 2 * mp.log(3)),
    (
        sp.Piecewise((c**2, c > 1), (c, c > 0), (0, True)),
        (c,),
        [(2.0,), (0.5,), (-1.0,)],
        lambda x: x**2 if x > 1 else max(x, 0),
    ),
]

RELATIONS = {
    c > w: (False, False, True),
    c >= w: (False, True, True),
    c < w: (True, False, False),
    c <= w: (True, True, False),
    sp.Eq(c, w): (False, True, False),
    sp.Ne(c, w): (True, False, True),
    sp.And(c >= w, c <= w): (False, True, False),
    sp.Or(c > w, c < w): (True, False, True),
    sp.Not(c >= w, evaluate=False): (True, False, False),
    sp.Implies(c >= w, c > w): (True, False, True),
    sp.Equivalent(c >= w, c > w): (True, False, True),
    sp.And(sp.Not(sp.Ge(3, 2, evaluate=False), evaluate=False), c > w): (False, False, False),
}


@pytest.mark.parametrize(("expr", "arguments", "points", "reference"), TABLE, ids=[str(row[0]) for row in TABLE])
def test_value_and_gradient_agree_with_mpmath(expr, arguments, points, reference):
    with jax.enable_x64(True):
        function = jax.value_and_grad(to_jax(expr, arguments), argnums=tuple(range(len(arguments))))
        for point in points:
            value, gradient = function(*(jnp.float64(x) for x in point))
            assert float(value) == pytest.approx(float(reference(*map(mp.mpf, point))), rel=TOLERANCE, abs=TOLERANCE)
            expected = [float(_derivative(reference, point, i)) for i in range(len(point))]
            assert [float(part) for part in gradient] == pytest.approx(expected, rel=TOLERANCE, abs=TOLERANCE)


def _derivative(reference, point, i):
    with mp.workdps(40):
        at = [mp.mpf(x) for x in point]
        return mp.diff(lambda x: reference(*at[:i], x, *at[i + 1 :]), at[i])


def test_the_table_of_checks_covers_every_head():
    checked = {part.func for row in TABLE for part in sp.preorder_traversal(row[0])}
    checked |= {part.func for relation in RELATIONS for part in sp.preorder_traversal(relation)}
    assert {*heads.ELEMENTWISE, *heads.BY_ORDER, *heads.ONE_ARGUMENT} <= checked


@pytest.mark.parametrize("relation", RELATIONS, ids=str)
def test_relations_and_connectives(relation):
    truth = to_jax(relation, (c, w))(jnp.array([1.0, 2.0, 3.0]), jnp.array(2.0))
    assert truth.dtype == jnp.bool_
    assert tuple(truth.tolist()) == RELATIONS[relation]


def test_zero_log_zero_is_zero_with_a_finite_gradient():
    kl = to_jax(xlogy(w, w), (w,))
    assert float(kl(jnp.float32(0))) == 0.0
    assert np.isfinite(jax.grad(kl)(jnp.float32(0)))
    assert float(to_jax(xlogy(c, w), (c, w))(jnp.float32(0), jnp.float32(-1))) == 0.0
    assert float(to_jax(xlogy(c, w), (c, w))(jnp.float32(1), jnp.float32(0))) == -np.inf


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_dtype_and_the_common_shape_are_kept(dtype):
    expr = indicator(c >= sp.Rational(1, 3)) * sp.pi + sp.sqrt(2) * c / q + xlogy(c, c) + sp.LambertW(c)
    with jax.enable_x64(True):
        c_values, q_value = jnp.ones((3, 1), dtype), jnp.asarray(0.5, dtype)
        for term in (expr, indicator(c > 0), sp.Integer(3), sp.Piecewise((1, c > 2))):
            result = to_jax(term, (c, q))(c_values, q_value)
            assert result.dtype == dtype
            assert result.shape == (3, 1)


def test_a_shared_part_is_computed_once():
    shared = sp.exp(c * w)
    function = to_jax(shared + sp.sqrt(shared + 1) * sp.sin(shared), (c, w))
    assert str(jax.make_jaxpr(function)(1.0, 2.0)).count(" = exp ") == 1


def test_a_power_by_a_small_integer_is_made_of_products():
    assert "pow[" not in str(jax.make_jaxpr(to_jax(c**2, (c,)))(1.0)).replace("integer_pow[", "")


def test_an_expectation_can_be_an_argument():
    assert float(to_jax(E(w * c) / q, (E(w * c), q))(1.0, 0.5)) == 2.0
    with pytest.raises(InvalidInput, match="is not an argument"):
        to_jax(E(c) + c, (c,))
    with pytest.raises(InvalidInput, match="one for each argument"):
        to_jax(c, (c,))(1.0, 2.0)


@pytest.mark.parametrize(
    "expr",
    [sp.zeta(c), sp.expint(c, w), sp.polygamma(c, w), sp.LambertW(c, -1), sp.Function("f")(c), sp.floor(c)],
    ids=str,
)
def test_an_unknown_function_is_refused(expr):
    with pytest.raises(NotAvailable, match=expr.func.__name__):
        to_jax(expr, (c, w))


def test_outside_the_real_domain_the_value_is_nan():
    outside = [sp.log(c), sp.sqrt(c), sp.loggamma(c), sp.LambertW(c), sp.expint(1, c), sp.polygamma(1, c)]
    outside += [sp.beta(c, 2), sp.uppergamma(c, 1), sp.lowergamma(c, 1), sp.erfinv(c - 1)]
    outside += [sp.Piecewise((1, c > 0)), c ** sp.Rational(1, 3)]
    for expr in outside:
        assert np.isnan(to_jax(expr, (c,))(-0.5)), expr


def test_lambert_w_solves_its_equation_up_to_the_branch_point():
    with jax.enable_x64(True):
        w_values = np.concatenate([-1 + np.logspace(-7, -1, 40), np.logspace(-9, 2.5, 60)])
        x = w_values * np.exp(w_values)
        found = np.asarray(to_jax(sp.LambertW(c), (c,))(jnp.asarray(x)))
        # x carries one rounding, which W magnifies by |dW/dx| x = W / (1 + W)
        conditioning = np.finfo(np.float64).eps * (8 * np.abs(w_values) + 4 * np.abs(w_values) / (1 + w_values))
        np.testing.assert_array_less(np.abs(found - w_values), conditioning)


def test_gradients_at_the_origin_stay_finite_under_jit_and_vmap():
    gradient = jax.grad(to_jax(xlogy(w, w) + w**2 * u + sp.Max(w, t), (w, u, t)))
    function = jax.jit(jax.vmap(gradient, in_axes=(0, None, None)))
    assert np.isfinite(function(jnp.array([0.0, 1.0]), 1.0, 0.5)).all()
