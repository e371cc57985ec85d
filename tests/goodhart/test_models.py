"""The other models of Goodhart's law, each against formulas or quadrature unlike its own."""

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from scipy import stats

from qtheory.base.families import Exponential, LogNormal, Normal, StudentT, Uniform
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.goodhart.adversarial import (
    adversary_in_best_of_n,
    adversary_under_tilt,
    dominated_best_of_n,
    dominated_top,
)
from qtheory.goodhart.catastrophic import MovedMass, kl_ball_supremum
from qtheory.goodhart.causal import top_with_interventions
from qtheory.goodhart.dependent import NoisyMiddle
from qtheory.goodhart.extremal import ExtremalModel, quadratic_penalty, regime_change
from qtheory.goodhart.independent import ProxyModel
from qtheory.trust.contamination import share_in_top

NORMAL = "normal(0, 1)"


def by_gauss_rules(t, panels, radius=1, sd=2):
    """The dependent error with thirty digits on panels of one width."""
    mpmath.mp.dps = 30
    weight = lambda v: mpmath.npdf(v) * mpmath.erfc((t - v) / (sd * mpmath.sqrt(2))) / 2
    cuts = [-radius + mpmath.mpf(2 * radius * i) / panels for i in range(panels + 1)]
    first, mass = (
        mpmath.quad(lambda v, k=k: v**k * weight(v), cuts, method="gauss-legendre", maxdegree=4) for k in (1, 0)
    )
    above = max(t, radius)
    return float((first + mpmath.npdf(above)) / (mass + mpmath.erfc(above / mpmath.sqrt(2)) / 2))


@pytest.mark.parametrize("t, panels", [(0, 8), (2, 8), (10, 8), (200, 100)])
def test_the_dependent_error_agrees_with_gauss_rules_of_thirty_digits(t, panels):
    found = NoisyMiddle(1, 2).mean_above(t)
    assert abs(found.value - by_gauss_rules(t, panels)) <= max(1e-13, 4 * found.error)


def test_the_guessed_limit_of_zero_is_wrong_and_infinity_too():
    values = [NoisyMiddle(1, 2).mean_above(t).value for t in (10, 20, 50, 200, 2000, 20000)]
    assert values == sorted(values) and values[0] > 0.5
    # The weight e^(tv/4) of the middle piles up at one: 1 - 4/t.
    assert [1 - v for v in values[-2:]] == pytest.approx([4 / 2000, 4 / 20000], rel=0.02)
    assert max(values) < NoisyMiddle(1, 2).limit() == 1.0


def test_the_dependent_error_of_low_thresholds_is_the_whole_base_or_draws_of_it():
    assert NoisyMiddle(1, 2).mean_above(-60).value == pytest.approx(0, abs=1e-14)
    rng = np.random.default_rng(7)
    truth = rng.standard_normal(400000)
    score = truth + np.where(np.abs(truth) <= 1, 2 * rng.standard_normal(truth.size), 0)
    for t in (-2, 0, 1, 3):
        chosen = truth[score >= t]
        # Six standard errors: a right value fails once in 5e8 runs, and the seed is fixed.
        assert abs(chosen.mean() - NoisyMiddle(1, 2).mean_above(t).value) < 6 * chosen.std() / math.sqrt(chosen.size)


def test_the_quadratic_penalty_is_the_closed_form():
    for q in (0.9, 0.5, 0.1, 0.001):
        z = stats.norm.isf(q)
        a = max(z, 1.0)
        penalty = 2 * stats.norm.sf(a) + (a - 2) * stats.norm.pdf(a)
        found = quadratic_penalty(NORMAL, 1, 3).top(str(q))
        assert abs(found.value - (stats.norm.pdf(z) - 3 * penalty) / q) <= found.error + 1e-12 / q


def test_a_regime_change_costs_the_share_of_the_slice_beyond():
    for law, t, q in ((Exponential(1), 2, "1/2"), (Exponential(1), 2, "1/100"), (Uniform(0, 1), "9/10", "1/5")):
        level = float(Fraction(q))
        free = ExtremalModel(law, lambda u: u).top(q).value
        share = min(1, float(law.survival(float(Fraction(t)))) / level)
        assert regime_change(law, t, 5).top(q).value == pytest.approx(free - 5 * share, rel=1e-12)
    with pytest.raises(InvalidInput):
        regime_change(NORMAL, 1, -1)


def test_the_best_level_of_an_extremal_model_beats_its_neighbours_or_is_refused():
    model = quadratic_penalty("exponential(1)", 2, 1)
    best = model.best_level()
    for factor in (0.99, 1.01):
        assert model.top(str(best.q.value * factor)).value < best.value.value
    assert best.q.error < 1e-9
    with pytest.raises(NotAvailable, match="interior"):
        ExtremalModel(NORMAL, lambda u: u).best_level()
    # Where the relation jumps up, the best level is just at the jump.
    jump = ExtremalModel(NORMAL, lambda u: np.where(u > 1, 5 - u, u), (1.0,)).best_level()
    assert jump.q.value == pytest.approx(stats.norm.sf(1), rel=1e-9)


def test_interventions_take_their_share_of_the_gain():
    model = ProxyModel("normal(2, 1)", NORMAL)
    whole = model.top("1/10").value
    assert top_with_interventions(model, "1/10", 0).value == whole
    assert top_with_interventions(model, "1/10", 1).value == 2.0
    assert top_with_interventions(model, "1/10", "1/4").value == pytest.approx(2 + 0.75 * (whole - 2), rel=1e-14)
    with pytest.raises(InvalidInput):
        top_with_interventions(model, "1/10", 2)


def test_an_adversary_that_outscores_everybody_reaches_the_dominated_share_and_no_more():
    far = "normal(1000, 1)"
    assert dominated_top("1/100", "1/1000") == 1 and dominated_top("1/100", "1/10") == Fraction(1, 10)
    assert share_in_top("1/100", NORMAL, far, "1/10") == pytest.approx(0.1, rel=1e-12)
    for n in (1, 3, 50):
        top = float(dominated_best_of_n("1/100", n))
        assert adversary_in_best_of_n("1/100", NORMAL, far, n).value == pytest.approx(top, rel=1e-10)
        assert adversary_in_best_of_n("1/100", NORMAL, "normal(1, 1)", n).value <= top
        assert adversary_in_best_of_n("1/100", NORMAL, NORMAL, n).value == pytest.approx(0.01, rel=1e-10)
    assert adversary_under_tilt("1/1000000", NORMAL, far, 1).value == 1.0


def test_the_adversary_in_best_of_n_agrees_with_draws():
    rng, size, n = np.random.default_rng(3), 50000, 10
    bad = rng.random((size, n)) < 0.1
    best = np.argmax(np.where(bad, rng.normal(1, 2, (size, n)), rng.standard_normal((size, n))), axis=1)
    hits = bad[np.arange(size), best].mean()
    known = adversary_in_best_of_n("1/10", NORMAL, "normal(1, 2)", n)
    # Six standard errors of a share.
    assert abs(hits - known.value) < 6 * math.sqrt(known.value / size) and known.error < 1e-10


def test_the_odds_under_a_tilt_are_those_of_the_moment_generating_functions():
    for mean, sd, s in ((2, 1, 1), (0, 3, "1/2"), (-1, 2, 2)):
        rate = float(Fraction(s))
        odds = 0.01 / 0.99 * math.exp(rate * mean + rate**2 * (sd**2 - 1) / 2)
        assert adversary_under_tilt("1/100", NORMAL, Normal(mean, sd), s).value == pytest.approx(
            odds / (1 + odds), rel=1e-12
        )
    with pytest.raises(NotAvailable, match="infinite"):
        adversary_under_tilt("1/100", NORMAL, "student_t(3)", 1)


def test_the_moved_mass_has_the_divergence_and_the_mean_of_its_density():
    mpmath.mp.dps = 25
    law, t, c = StudentT(3), 10.0, 0.2
    moved = MovedMass(law, t, "1/5")
    q = moved.tail()
    density = lambda x: 2 / (mpmath.pi * mpmath.sqrt(3) * (1 + x * x / 3) ** 2)
    low, high = (1 - c) / (1 - q), c / q
    mean = low * mpmath.quad(lambda x: x * density(x), [-mpmath.inf, -t, 0, t])
    mean += high * mpmath.quad(lambda x: x * density(x), [t, 10 * t, mpmath.inf])
    assert moved.mean().value == pytest.approx(float(mean), rel=1e-10)
    assert moved.kl().value == pytest.approx((1 - q) * low * math.log(low) + q * high * math.log(high), rel=1e-12)
    assert moved.kl().value <= c * math.log(1 / q) and moved.d_infinity().value == pytest.approx(math.log(high))
    # The bound by the density ratio is not contradicted.
    assert moved.mean().value <= high * float(law.excess_mean(0.0))


def test_the_mean_grows_without_bound_while_the_divergence_vanishes():
    moved = [MovedMass("student_t(3)", t, t**-0.8) for t in (1e2, 1e4, 1e8, 1e16)]
    means, divergences, ratios = ([getattr(m, name)().value for m in moved] for name in ("mean", "kl", "d_infinity"))
    assert means == sorted(means) and means[-1] > 1000
    assert divergences == sorted(divergences, reverse=True) and divergences[-1] < 1e-10
    assert ratios == sorted(ratios) and ratios[-1] > 50


def test_the_supremum_over_a_ball_is_the_mean_of_the_tilt_at_its_own_divergence():
    for kappa in ("1/1000", "1/2", "8"):
        assert kl_ball_supremum(Normal(1, 3), kappa).value == pytest.approx(
            1 + 3 * math.sqrt(2 * float(Fraction(kappa))), rel=1e-12
        )
    for m in (1.01, 2.0, 30.0):
        # The tilt of Exp(1) with mean m has divergence m - 1 - log m.
        assert kl_ball_supremum(Exponential(1), str(m - 1 - math.log(m))).value == pytest.approx(m, rel=1e-10)
    top = kl_ball_supremum("uniform(0, 1)", 20)
    assert 0.999999 < top.value < 1 and kl_ball_supremum("uniform(0, 1)", 0).value == 0.5
    # No more than the top slice of the same divergence allows less.
    assert kl_ball_supremum(NORMAL, str(math.log(10))).value > stats.norm.pdf(stats.norm.isf(0.1)) / 0.1


def test_under_a_heavy_tail_the_supremum_is_infinite_for_every_radius_but_zero():
    for law in (StudentT(3), LogNormal(0, 1), "pareto(3)", "cauchy(0, 1)"):
        assert kl_ball_supremum(law, "1/1000000").value == math.inf
    assert kl_ball_supremum(StudentT(3), 0).value == 0.0
    # Light tails: back to the mean, like the root of the radius.
    assert kl_ball_supremum(NORMAL, "1/1000000").value == pytest.approx(math.sqrt(2e-6), rel=1e-9)


def test_out_of_range_is_refused():
    with pytest.raises(InvalidInput):
        MovedMass(NORMAL, 1, 1)
    with pytest.raises(InvalidInput):
        MovedMass("uniform(0, 1)", 2, "1/2")
    with pytest.raises(InvalidInput):
        kl_ball_supremum(NORMAL, -1)
    with pytest.raises(InvalidInput):
        NoisyMiddle(0, 1)
    with pytest.raises(InvalidInput):
        adversary_under_tilt("1/100", NORMAL, NORMAL, 0)
