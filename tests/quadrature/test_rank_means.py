"""Many levels and functions at once: closed forms, mpmath, honest bounds, and what has to be refused."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest

import qtheory as qt
from qtheory.errors import InvalidInput, InvalidLevel, NotAvailable
from qtheory.quadrature.rank_means import prepared_rule, rank_means

LEVELS = [float(q) for q in np.geomspace(1.0, 1e-6, 40)]
NORMAL = qt.Problem(qt.Continuous("normal(0, 1)"))
BASES = (
    "normal(0, 1)",
    "normal(-3, 1/2)",
    "exponential(2)",
    "pareto(3)",
    "pareto(3/2)",
    "pareto(1.1)",
    "uniform(-1, 2)",
    "laplace(1, 2)",
    "logistic(0, 1)",
    "gumbel(0, 1)",
    "lognormal(0, 1)",
    "student_t(3)",
    "weibull(1/2)",
    "beta(1/2, 1/2)",
    "gamma(3, 1)",
    "mixture(0.9*normal(0, 1) + 0.1*pareto(2))",
    "mixture(0.9*normal(0, 1) + 0.1*normal(50, 1))",
)


@pytest.mark.parametrize("text", BASES)
def test_the_mean_action_is_the_closed_form_of_the_family(text):
    base = qt.Continuous(text)
    found, expected = rank_means(qt.Problem(base), LEVELS), base.upper_mean(np.array(LEVELS))
    assert np.all(np.abs(found.of("utility") - expected) <= np.maximum(1e-13 * np.abs(expected), found.errors[0]))
    assert np.all(found.errors[0] <= 5e-13 * np.maximum(np.abs(expected), 1.0))


def test_closed_forms_of_other_functions_to_thirteen_digits():
    q = np.array(LEVELS)
    cases = (
        # E[e^-X | top q] and E[X^2 | top q] of the exponential law; u = -log q
        ("exponential(1)", "exp(-x)", q / 2),
        ("exponential(1)", "x**2", np.log(q) ** 2 - 2 * np.log(q) + 2),
        # E[X^p | top q] = q^(-p/a) / (1 - p/a)
        ("pareto(3/2)", "x**(1/2)", q ** (-1 / 3) / (1 - 1 / 3)),
        ("pareto(3)", "x**2", q ** (-2 / 3) / (1 - 2 / 3)),
        ("uniform(0, 1)", "x**2", 1 - q + q**2 / 3),
    )
    for text, formula, expected in cases:
        found = rank_means(qt.Problem(qt.Continuous(text)), LEVELS, {"f": formula})
        error = np.abs(found.of("f") - expected)
        assert np.all(error <= 1e-13 * expected), (text, formula)
        assert np.all(error <= found.error_of("f")), (text, formula)


def test_a_laplace_kink_at_the_median_costs_nothing():
    q = np.array(LEVELS)
    # e^-|X| is twice the smaller of rank and 1 - rank
    whole = np.where(q <= 0.5, q**2, 0.5 - (1 - q) ** 2)
    found = rank_means(qt.Problem(qt.Continuous("laplace(0, 1)")), LEVELS, {"f": "exp(-abs(x))"})
    assert np.all(np.abs(found.of("f") - whole / q) <= 1e-14)


def test_mpmath_at_forty_digits_agrees():
    costs = {"logistic": "1/(1+exp(-x))", "bell": "exp(-x**2/2)", "wave": "(1+sin(x))/2", "even": "x**2/(1+x**2)"}
    exact = {
        "logistic": lambda x: 1 / (1 + mpmath.exp(-x)),
        "bell": lambda x: mpmath.exp(-x * x / 2),
        "wave": lambda x: (1 + mpmath.sin(x)) / 2,
        "even": lambda x: x * x / (1 + x * x),
    }
    found = rank_means(NORMAL, LEVELS, costs)
    with mpmath.workdps(40):
        for place in (0, 3, 20, 39):
            q = mpmath.mpf(LEVELS[place])
            tau = mpmath.mpf(-15) if q == 1 else mpmath.sqrt(2) * mpmath.erfinv(1 - 2 * q)
            points = [tau, *(k for k in range(-12, 14, 2) if k > tau), 16]
            for name, f in exact.items():
                value = mpmath.quad(lambda x, f=f: f(x) * mpmath.npdf(x), points) / q
                error = abs(float(value - mpmath.mpf(found.of(name)[place])))
                assert error <= 1e-13
                assert error <= found.error_of(name)[place]


def test_error_bounds_are_honest_for_random_functions():
    rng = np.random.default_rng(7)
    for text, low in (("exponential(1)", 0.0), ("normal(0, 1)", -1.0)):
        problem = qt.Problem(qt.Continuous(text))
        for _ in range(4):
            a, b, c, d = (round(float(v), 3) for v in rng.uniform(low + 0.05, 1.5, size=4))
            formula = f"exp(-{abs(a)}*x)*cos({b}*x) + {c}*tanh({d}*x - 1) + 1/(1+({b}*x-{c})**2) + abs(x-{d})"
            levels = sorted(float(q) for q in rng.uniform(size=2) ** 3)
            found = rank_means(problem, levels, {"f": formula})
            for q, value, error in zip(levels, found.of("f"), found.error_of("f"), strict=True):
                exact = by_mpmath(text, q, (abs(a), b, c, d))
                assert abs(float(exact - mpmath.mpf(value))) <= error <= 1e-11


def by_mpmath(text, q, numbers):
    with mpmath.workdps(30):
        a, b, c, d = (mpmath.mpf(repr(v)) for v in numbers)
        q = mpmath.mpf(q)
        f = lambda x: (
            mpmath.exp(-a * x) * mpmath.cos(b * x)
            + c * mpmath.tanh(d * x - 1)
            + 1 / (1 + (b * x - c) ** 2)
            + abs(x - d)
        )
        if text == "exponential(1)":
            start, end, density = -mpmath.log(q), mpmath.mpf(60), lambda x: mpmath.exp(-x)
        else:
            start, end, density = mpmath.sqrt(2) * mpmath.erfinv(1 - 2 * q), mpmath.mpf(16), mpmath.npdf
        points = sorted(
            {start, *(mpmath.mpf(k) for k in range(-10, 60, 3) if start < k < end), end} | ({d} if d > start else set())
        )
        return mpmath.quad(lambda x: f(x) * density(x), points) / q


def test_a_rule_for_some_functions_says_when_it_is_too_coarse_for_others():
    smooth, rough = (lambda x: np.exp(-x * x / 2)), (lambda x: np.sin(300.0 * x))
    rule = prepared_rule(NORMAL, [0.5, 0.01], [smooth])
    means = rule.means([smooth, rough])
    assert np.array_equal(means.values, rule.values([smooth, rough]))
    assert np.all(means.errors[0] < 1e-13)
    assert np.all(means.errors[1] > 1e-4)


def test_a_bell_between_the_nodes_is_seen():
    # a bell of width 1/20 in a panel of nodes a tenth apart
    found = rank_means(qt.Problem(qt.Continuous("exponential(1)")), 1, {"f": "exp(-200*(x-2.97)**2)"})
    expected = float(mpmath.quad(lambda x: mpmath.exp(-200 * (x - mpmath.mpf("2.97")) ** 2 - x), [0, 2, 2.97, 4, 30]))
    assert abs(found.of("f")[0] - expected) <= found.errors[0, 0] <= 1e-15


def test_a_jump_is_found_or_named_and_its_error_is_honest():
    step = {"f": "Piecewise((1, x > 3/10), (0, True))"}
    mass = float(NORMAL.base.survival(0.3))
    expected = np.minimum(1.0, mass / np.array(LEVELS))
    for found in (rank_means(NORMAL, LEVELS, step), rank_means(NORMAL, LEVELS, step, breaks=[0.3])):
        assert np.all(np.abs(found.of("f") - expected) <= np.minimum(found.error_of("f"), 1e-13))


def test_what_turns_too_often_or_has_no_mean_is_refused():
    for formula in ("sin(1000000*x)", "Piecewise((1, sin(100000*x) > 0), (0, True))"):
        with pytest.raises(NotAvailable, match="does not settle"):
            rank_means(NORMAL, LEVELS, {"f": formula})
    exponential = qt.Problem(qt.Continuous("exponential(1)"))
    for formula in ("exp(x)", "exp(0.999*x)", "exp(2*x)"):
        with pytest.raises(NotAvailable):
            rank_means(exponential, LEVELS, {"f": formula})
    # one that just has a mean is not
    assert abs(rank_means(exponential, 1, {"f": "exp(0.9*x)"}).of("f")[0] - 10) < 1e-11


def test_values_that_are_not_finite_are_refused_with_the_action():
    with pytest.raises(NotAvailable, match="not finite"):
        rank_means(NORMAL, 1, {"f": "log(x)"})
    assert np.isfinite(rank_means(NORMAL, "1/4", {"f": "log(x)"}).of("f")[0])


def test_a_mean_that_is_infinite_is_infinite_and_costs_beside_it_are_not():
    found = rank_means(qt.Problem(qt.Continuous("pareto(1)"), cost="1/x"), ["1/4", 1])
    assert np.all(np.isposinf(found.of("utility")))
    assert np.allclose(found.of("cost"), [0.125, 0.5], rtol=1e-14)
    with pytest.raises(NotAvailable):
        rank_means(qt.Problem(qt.Continuous("cauchy(0, 1)")), 1)


def test_thresholds_are_quantiles_of_the_utility():
    problem = qt.Problem(qt.Continuous("exponential(1)"), utility="x**3 + x")
    assert rank_means(problem, "1/10").thresholds[0] == pytest.approx(np.log(10) ** 3 + np.log(10), rel=1e-14)


@pytest.mark.parametrize("q", ["1/3", 1, Fraction(1, 10**12), 1e-150])
def test_levels_alone_and_together_agree(q):
    alone, together = rank_means(NORMAL, q), rank_means(NORMAL, [q, "1/2", "1/7"])
    assert abs(alone.of("utility")[0] - together.of("utility")[0]) <= alone.errors[0, 0] + together.errors[0, 0]


def test_bad_calls_are_refused():
    for q, error in (
        (0, InvalidLevel),
        (1.5, InvalidLevel),
        (None, InvalidInput),
        ([], InvalidInput),
        (1e-250, NotAvailable),
    ):
        with pytest.raises(error):
            rank_means(NORMAL, q)
    with pytest.raises(InvalidInput):
        rank_means(NORMAL, 1, {})
    with pytest.raises(InvalidInput):
        rank_means(NORMAL, 1, tolerance=0.0)
    with pytest.raises(InvalidInput):
        rank_means(NORMAL, 1, breaks=[float("nan")])
    with pytest.raises(InvalidInput):
        rank_means("normal(0, 1)", 1)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="no such function"):
        rank_means(NORMAL, 1).of("cost")
    with pytest.raises(InvalidInput):
        rank_means(qt.BestOfN(4)(NORMAL), 1)
    finite = qt.Problem(qt.Finite(["1/2", "1/2"]), utility=[0, 1])
    with pytest.raises(NotAvailable):
        rank_means(finite, 1)
