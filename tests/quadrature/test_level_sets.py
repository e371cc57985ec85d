"""Utilities that rise and fall: level sets against closed forms, brute force at 30 digits, and a million draws."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest

import qtheory as qt
from qtheory.base.families import Normal
from qtheory.errors import NotAvailable
from qtheory.montecarlo.truth import true_levels, true_mean, true_threshold, true_value
from qtheory.quadrature.interval_arrays import range_of
from qtheory.quadrature.rank_means import rank_means
from qtheory.quadrature.shape import shape_of
from qtheory.symbols import x

HUMP = "x + 3/2*exp(-2*(x-1)**2)"
COSTS = {"logistic": "1/(1+exp(-x))", "wave": "(1+sin(x))/2"}
LEVELS = [float(q) for q in np.geomspace(1.0, 1e-6, 60)]


def problem(utility, base="normal(0, 1)", cost=COSTS):
    return qt.Problem(qt.Continuous(base), utility=utility, cost=cost)


def test_the_square_of_a_normal_is_chi_squared():
    found = rank_means(problem("x**2"), LEVELS)
    # E[X^2 | |X| > z] = (2 z phi(z) + q) / q with q = P(|X| > z)
    q = np.array(LEVELS)
    z = -np.array([float(Normal(0, 1).lower_quantile(level / 2)) for level in q])
    expected = 1 + 2 * z * np.exp(-z * z / 2) / np.sqrt(2 * np.pi) / q
    assert np.all(np.abs(found.of("utility") - expected) <= 1e-13 * expected)
    assert np.all(np.abs(found.thresholds[1:] - z[1:] ** 2) <= 1e-13 * z[1:] ** 2)
    assert np.all(np.abs(found.of("wave") - 0.5) <= found.error_of("wave") + 1e-15)


def test_a_falling_utility_mirrors_a_rising_one():
    base = "mixture(0.5*laplace(1, 2) + 0.5*laplace(-1, 2))"
    down, up = (rank_means(problem(u, base, {"c": "1/(1+x**2)"}), LEVELS) for u in ("-x", "x"))
    assert np.allclose(down.values, up.values, rtol=1e-13, atol=1e-14)
    assert np.allclose(down.thresholds[1:], up.thresholds[1:], rtol=1e-12)


def test_best_near_a_point_of_a_uniform_law():
    found = rank_means(problem("-(x-1/3)**2", "uniform(0, 1)", {"c": "x"}), ["1/10", "1/2", "9/10"])
    # 1/3 -+ q/2 until the lower end is reached, then from 0 to q
    assert np.allclose(found.of("c"), [1 / 3, 1 / 3, 0.45], rtol=1e-14)
    assert np.allclose(found.thresholds, [-(0.05**2), -(0.25**2), -((0.9 - 1 / 3) ** 2)], rtol=1e-12)


def test_a_hump_against_brute_force_in_mpmath():
    found = rank_means(problem(HUMP), LEVELS)
    with mpmath.workdps(30):
        for place in (4, 11, 16, 40):
            value, wave = brute_force(mpmath.mpf(LEVELS[place]), found.thresholds[place])
            for name, exact in (("utility", value), ("wave", wave)):
                error = abs(float(exact - mpmath.mpf(found.of(name)[place])))
                assert error <= 1e-13 * max(1.0, float(exact))
                assert error <= found.error_of(name)[place]
    assert np.all(found.errors <= 3e-12)


def brute_force(q, near):
    utility = lambda a: a + mpmath.mpf(3) / 2 * mpmath.exp(-2 * (a - 1) ** 2)
    slope = lambda a: 1 - 6 * (a - 1) * mpmath.exp(-2 * (a - 1) ** 2)
    top, dip = bisected(slope, mpmath.mpf(1), mpmath.mpf("1.5")), bisected(slope, mpmath.mpf("1.6"), mpmath.mpf(3))

    def parts(tau):
        gap = lambda a: utility(a) - tau
        if tau < utility(dip):
            return [(bisected(gap, mpmath.mpf(-20), top), mpmath.mpf(15))]
        hump = [(bisected(gap, mpmath.mpf(-20), top), bisected(gap, top, dip))] if tau < utility(top) else []
        return [*hump, (bisected(gap, dip, mpmath.mpf(20)), mpmath.mpf(15))]

    tail = lambda a: mpmath.erfc(a / mpmath.sqrt(2)) / 2
    excess = lambda tau: sum(tail(a) - tail(b) for a, b in parts(tau)) - q
    width = mpmath.mpf(10) ** -8
    found = parts(bisected(excess, mpmath.mpf(float(near)) - width, mpmath.mpf(float(near)) + width))
    cut = lambda a, b: [a, *(k for k in range(-14, 15) if a < k < b), b]
    mean = lambda f: sum(mpmath.quad(lambda a: f(a) * mpmath.npdf(a), cut(*part)) for part in found) / q
    return mean(utility), mean(lambda a: (1 + mpmath.sin(a)) / 2)


def bisected(f, low, high):
    sign = mpmath.sign(f(low))
    assert sign != mpmath.sign(f(high))
    for _ in range(95):
        middle = (low + high) / 2
        low, high = (middle, high) if mpmath.sign(f(middle)) == sign else (low, middle)
    return (low + high) / 2


def test_thresholds_of_all_magnitudes_are_found():
    # U = -(X-2)^2 under Pareto(3): the best tenth is 2 -+ d with 1/(2-d)^3 - 1/(2+d)^3 = 1/10
    found = rank_means(problem("-(x-2)**2", "pareto(3)", {"c": "1/x"}), ["1/10", "999/1000", "1/1000000"])
    d = np.sqrt(-found.thresholds)
    low, high = np.maximum(2 - d, 1.0), 2 + d
    assert np.allclose(low**-3.0 - high**-3.0, [0.1, 0.999, 1e-6], rtol=1e-11)
    expected = 0.75 * (low**-4.0 - high**-4.0) / [0.1, 0.999, 1e-6]
    assert np.allclose(found.of("c"), expected, rtol=1e-9)


def test_a_million_draws_see_the_same():
    found = rank_means(problem(HUMP, "student_t(3)"), ["1/20", "1/4"])
    draws = np.random.default_rng(3).standard_t(3, size=1_000_000)
    order = np.argsort(-(draws + 1.5 * np.exp(-2 * (draws - 1) ** 2)))
    for place, q in enumerate((0.05, 0.25)):
        kept = 1 / (1 + np.exp(-draws[order[: round(q * 1e6)]]))
        assert abs(kept.mean() - found.of("logistic")[place]) < 6 * kept.std() / np.sqrt(len(kept)) + 1e-3


def test_level_one_is_the_whole_base():
    found = rank_means(problem(HUMP), 1)
    assert found.of("wave")[0] == pytest.approx(0.5, abs=1e-15)
    assert found.thresholds[0] == -np.inf


@pytest.mark.parametrize(
    "utility", ["Max(x, 0)", "Piecewise((x, x > 0), (-1, True))", "sin(x)*exp(x)*0 + 1", "sin(1000*x)"]
)
def test_plateaus_jumps_and_too_many_turns_are_refused(utility):
    with pytest.raises(NotAvailable, match="cannot be found"):
        rank_means(problem(utility), "1/2")


def test_code_is_not_a_formula():
    import jax.numpy as jnp

    with pytest.raises(NotAvailable, match="formulas"):
        rank_means(problem(lambda a: jnp.sin(a)), "1/2")


def test_a_narrow_spike_between_the_points_of_the_grid_is_not_missed():
    spike = "x + exp(-1000000*(x - 0.123456)**2)"
    shape = shape_of(Normal(0, 1), problem(spike).utility.expression)
    assert len(shape.slopes) == 3
    found = rank_means(problem(spike), ["1/2"])
    # the spike lifts a width of about 1/1000 of actions around 0.1235 over thresholds in reach; here all are above anyway
    assert abs(found.of("wave")[0] - rank_means(problem("x"), "1/2").of("wave")[0]) < 1e-3
    assert shape.slopes[0].points[-1] == pytest.approx(0.123456, abs=1e-5)


def test_intervals_hold_the_range_of_random_formulas():
    rng = np.random.default_rng(5)
    formulas = (x**3 - 2 * x, (x - 1) ** 2 * x, 1 / (1 + x**2), x**-2, (x**2 + 1) ** Fraction(3, 2))
    texts = ("exp(-x)*sin(3*x)", "log(1+x**2)", "tanh(x)*cos(x)", "atan(x)-erf(x)", "erfc(x)*x")
    expressions = [*formulas, *(problem(text).utility.expression for text in texts)]
    low = rng.normal(scale=2, size=200)
    high = low + rng.exponential(scale=0.7, size=200)
    inside = low + (high - low) * rng.uniform(size=(50, 200))
    for expression in expressions:
        below, above = range_of(expression, low, high)
        function = problem(str(expression)).utility.on_host
        values = function(inside)
        assert np.all((below <= values) & (values <= above)), expression


def test_truth_in_one_go_is_the_truth_level_by_level():
    levels = [Fraction(1), Fraction(1, 3), Fraction(1, 1000)]
    rising = problem("x + x**3", "logistic(0, 1)", {"c": "1/(1+exp(-x))"})
    found = true_levels(rising, levels)
    for q in levels:
        assert found[q].value == pytest.approx(true_value(rising, q), rel=1e-12, abs=1e-12)
        assert found[q].costs["c"] == pytest.approx(true_mean(rising, rising.cost, q), rel=1e-12)
        assert found[q].threshold == pytest.approx(true_threshold(rising, q), rel=1e-12)


def test_truth_knows_infinite_means_and_admits_what_it_does_not_know():
    heavy = problem("x", "pareto(1)", {"good": "1/x", "bad": "x", "worse": "sin(100000*x)"})
    half = Fraction(1, 2)
    found = true_levels(heavy, [half])[half]
    assert found.value == np.inf
    assert found.costs["good"] == pytest.approx(0.25, rel=1e-13)
    assert (found.costs["bad"], found.costs["worse"]) == (None, None)
    flat = true_levels(problem("Max(x, 0)"), [half, Fraction(1)])
    assert flat[half].value is None and flat[half].costs["wave"] is None
    assert flat[Fraction(1)].costs["wave"] == pytest.approx(0.5)
    finite = qt.Problem(qt.Finite(["1/2", "1/2"]), utility=[0, 1], cost=[0, 1])
    assert true_levels(finite, [half])[half].costs == {"cost": None}
