"""Truth plus independent error: closed forms, another quadrature, identities, and draws."""

import itertools
import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from scipy import integrate, stats
from scipy.special import ndtri

from qtheory.base.families import Normal, StudentT
from qtheory.errors import InvalidInput, InvalidLevel, NotAvailable
from qtheory.goodhart.independent import ProxyModel

NORMAL = "normal(0, 1)"
HEAVY = ProxyModel(NORMAL, "student_t(3)")


@pytest.mark.parametrize("q", ["1/2", "1/10", "1/1000000"])
@pytest.mark.parametrize("signal, noise, mean", [(1, 1, 0), (1, 2, 3), (3, "1/100", -5), (2, 40, 1)])
def test_the_top_of_normal_laws_is_the_closed_form(signal, noise, mean, q):
    model = ProxyModel(Normal(mean, signal), Normal(7, noise))
    share, spread = float(Fraction(q)), math.hypot(signal, float(Fraction(noise)))
    height = stats.norm.pdf(ndtri(share)) / share
    found = model.top(q)
    assert abs(found.value - (mean + signal**2 / spread * height)) <= found.error + 1e-13 * spread * height
    assert found.error < 1e-8
    gap = model.gap(q)
    assert gap.value == pytest.approx(7 + float(Fraction(noise)) ** 2 / spread * height, rel=1e-10)


def test_the_posterior_mean_of_normal_laws_is_linear():
    model = ProxyModel("normal(1, 3)", "normal(0, 4)")
    for u in (-20.0, 0.0, 2.5, 25.0):
        assert model.posterior_mean(u).value == pytest.approx(1 + 9 / 25 * (u - 1), rel=1e-10)
        assert model.density(u).value == pytest.approx(stats.norm.pdf(u, 1, 5), rel=1e-10, abs=1e-15)
        assert model.survival(u).value == pytest.approx(stats.norm.sf(u, 1, 5), rel=1e-10, abs=1e-15)
    with pytest.raises(NotAvailable, match="far out"):
        model.posterior_mean(100.0)
    with pytest.raises(NotAvailable, match="far out"):
        model.top("1/1000000000000000000000")


def test_a_score_further_out_than_its_own_rounding_is_not_answered():
    # Twenty standard deviations out the posterior lies beyond all panels; the bound on the error says so.
    for u in (60.0, 80.0):
        with pytest.raises(NotAvailable):
            ProxyModel("normal(1, 3)", "normal(0, 4)").mean_above(u)


def by_scipy(truth, error, u):
    """The posterior mean by adaptive quadrature over the truth."""
    pieces = [-np.inf, -10.0, 0.0, *sorted({u, u / 2, 10.0 + u}), np.inf]
    first, mass = (
        sum(
            integrate.quad(
                lambda v, k=k: v**k * truth.pdf(v) * error.pdf(u - v), a, b, epsabs=0, epsrel=1e-12, limit=400
            )[0]
            for a, b in itertools.pairwise(pieces)
        )
        for k in (1, 0)
    )
    return first / mass


@pytest.mark.parametrize(
    "truth, error, laws",
    [
        (NORMAL, "cauchy(0, 1)", (stats.norm(), stats.cauchy())),
        ("student_t(10)", "student_t(5)", (stats.t(10), stats.t(5))),
        ("student_t(3)", NORMAL, (stats.t(3), stats.norm())),
        ("laplace(0, 1)", "logistic(0, 2)", (stats.laplace(), stats.logistic(scale=2))),
    ],
)
def test_the_posterior_mean_agrees_with_another_quadrature(truth, error, laws):
    for u in (0.5, 3.0, 12.0):
        found = ProxyModel(truth, error).posterior_mean(u)
        assert found.value == pytest.approx(by_scipy(*laws, u), rel=1e-8)
        assert found.error < 1e-9


def test_for_a_standard_normal_truth_the_mean_above_is_the_hazard_rate_of_the_score():
    # Stein's identity: E[V S(t - V)] = E[f(t - V)], whatever the error.
    for error in ("student_t(3)", "cauchy(0, 1)", "laplace(0, 2)", "exponential(1)"):
        model = ProxyModel(NORMAL, error)
        for t in (-1.0, 0.0, 2.0, 30.0, 1000.0):
            if (mass := model.survival(t).value) > 1e-12:
                assert model.mean_above(t).value == pytest.approx(model.density(t).value / mass, rel=1e-9)


def test_under_a_power_tail_the_truth_fades_like_the_hazard_rate_of_the_error():
    for t in (100.0, 10000.0):
        hazard = StudentT(3).density(t) / StudentT(3).survival(t)
        found = HEAVY.mean_above(t).value
        assert found == pytest.approx(hazard, rel=20 / t**2) and found == pytest.approx(3 / t, rel=20 / t**2)


def test_best_of_n_for_normal_laws_is_the_mean_maximum_over_the_root_of_two():
    mpmath.mp.dps = 20
    density = lambda x, n: n * x * mpmath.npdf(x) * mpmath.ncdf(x) ** (n - 1)
    for n in (2, 10, 300):
        known = float(mpmath.quad(lambda x, n=n: density(x, n), [-9, -2, 0, 1, 2, 3, 4, 6, 9])) / math.sqrt(2)
        found = ProxyModel(NORMAL, NORMAL).best_of_n(n)
        assert abs(found.value - known) <= found.error + 1e-12


def test_best_of_n_is_the_mixture_of_top_slices():
    # Top-q selection with q of density n (n-1) q (1-q)^(n-2) is best-of-n.
    n = 10
    node, weight = np.polynomial.legendre.leggauss(10)
    levels, weights = (node + 1) / 2, weight / 2
    total = sum(
        w * n * (n - 1) * q * (1 - q) ** (n - 2) * HEAVY.top(str(q)).value for q, w in zip(levels, weights, strict=True)
    )
    assert total == pytest.approx(HEAVY.best_of_n(n).value, abs=2e-3)
    assert HEAVY.best_of_n(1).value == 0.0


def test_draws_agree_within_six_standard_errors():
    # Two-sided, so that a right value fails once in 5e8 runs for each of the three comparisons; the seed is fixed.
    rng, n, size = np.random.default_rng(20240517), 20, 40000
    truth, error = rng.standard_normal((size, n)), rng.standard_t(3, (size, n))
    winner = np.take_along_axis(truth, np.argmax(truth + error, axis=1)[:, None], axis=1)[:, 0]
    checks = [(winner, HEAVY.best_of_n(n).value)]
    flat, score = truth.ravel(), (truth + error).ravel()
    for t in (0.5, 4.0):
        checks.append((flat[score > t], HEAVY.mean_above(t).value))
    for sample, known in checks:
        assert abs(sample.mean() - known) < 6 * sample.std() / math.sqrt(sample.size)
    # The same comparison sees a wrong model.
    assert abs(winner.mean() - ProxyModel(NORMAL, NORMAL).best_of_n(n).value) > 6 * winner.std() / math.sqrt(size)


def test_the_guess_that_student_errors_let_the_truth_rise_to_ten_to_the_fifth_is_off_at_unit_scale():
    model = ProxyModel("student_t(10)", "student_t(5)")
    values = [model.best_of_n(n).value for n in (30, 300, 10000, 100000)]
    assert values[0] < values[1] > values[2] > values[3]
    light = [ProxyModel(NORMAL, NORMAL).best_of_n(n).value for n in (30, 300, 10000, 100000)]
    assert light == sorted(light)


def test_the_best_level_and_the_peak_are_where_neighbours_are_lower():
    level = HEAVY.best_level()
    for factor in (0.98, 1.02):
        assert HEAVY.top(str(level.q.value * factor)).value < level.value.value
    peak = HEAVY.peak()
    for step in (-0.05, 0.05):
        assert HEAVY.posterior_mean(peak.score.value + step).value < peak.value.value
    # At the best level the marginal score is worth the average.
    threshold = HEAVY.threshold(str(level.q.value)).value
    assert HEAVY.posterior_mean(threshold).value == pytest.approx(level.value.value, abs=1e-9)
    with pytest.raises(NotAvailable, match="no interior best"):
        ProxyModel(NORMAL, NORMAL).best_level()


def test_the_tilt_moves_the_truth_alone_and_refuses_power_tails():
    assert ProxyModel("normal(1, 2)", "laplace(0, 1)").tilt(2).value == pytest.approx(1 + 4 / 2, rel=1e-12)
    uniform = ProxyModel("uniform(0, 1)", NORMAL).tilt(1)
    assert uniform.value == pytest.approx(1 / (math.e - 1), rel=1e-12) and uniform.error < 1e-10
    with pytest.raises(NotAvailable, match="does not exist"):
        HEAVY.tilt(10)


def test_what_has_no_answer_is_refused():
    with pytest.raises(InvalidInput, match="mean"):
        ProxyModel("pareto(1/2)", NORMAL)
    with pytest.raises(NotAvailable):
        ProxyModel("cauchy(0, 1)", NORMAL)
    with pytest.raises(NotAvailable):
        ProxyModel(NORMAL, "cauchy(0, 1)").gap("1/10")
    with pytest.raises(InvalidLevel):
        HEAVY.top(0)
    with pytest.raises(InvalidInput):
        HEAVY.best_of_n(0)
    with pytest.raises(InvalidInput):
        HEAVY.posterior_mean(math.inf)
    with pytest.raises(InvalidInput, match="not a law"):
        ProxyModel(3, NORMAL)


@pytest.mark.parametrize("error", ["exponential(1)", "laplace(0, 1)"])
def test_a_truth_that_rises_and_stays_has_no_best_level(error):
    with pytest.raises(NotAvailable, match="does not fall"):
        ProxyModel(NORMAL, error).best_level()
    # under a power tail, however light, the truth does fall
    assert ProxyModel(NORMAL, "student_t(20)").best_level().q.value == pytest.approx(1.203e-5, rel=1e-3)
