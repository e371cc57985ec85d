"""Policies that are functions of the score on bases without atoms, against closed forms, quadrature and fine atoms."""

import json
import math
from fractions import Fraction
from itertools import pairwise

import jax
import numpy as np
import pytest
from scipy import integrate, special, stats

from qtheory.base.continuous import Continuous
from qtheory.base.families.exponential_tilt import log_exponential_moment, tilted, upper_tail_index
from qtheory.base.finite import Finite
from qtheory.base.generative import Generative
from qtheory.errors import InvalidInput, NotAvailable, QTheoryError
from qtheory.optimizers.kl_regularized import KLRegularized
from qtheory.optimizers.power_regularized import PowerRegularized
from qtheory.optimizers.reverse_kl_regularized import ReverseKLRegularized
from qtheory.optimizers.tsallis_regularized import TsallisRegularized
from qtheory.policies.documents import policy_from_json
from qtheory.policies.estimand import Estimand
from qtheory.policies.rank import RankPolicy
from qtheory.policies.rank_inversion import LARGEST_ERROR, inversion_table, uniform_doubles
from qtheory.policies.score_density import MOST_DRAWS_PER_ACTION, ScoreDensity
from qtheory.policies.score_shapes import ExponentialTilt, PositivePart
from qtheory.policies.weight import WeightPolicy
from qtheory.problem import Problem

FUNCTIONALS = ("value", "kl", "reverse_kl", "chi2", "total_variation", "bhattacharyya", "sup_ratio")
# Even, and finer at the beginning, where a root of the utility may start.
PLACES = np.unique([*np.geomspace(1e-12, 1e-2, 40), *np.linspace(0, 1, 101)[:-1]])
NODES, WEIGHTS = np.polynomial.legendre.leggauss(40)
LAWS = {
    "normal(1, 2)": stats.norm(1, 2),
    "exponential(1)": stats.expon(),
    "uniform(-1, 3)": stats.uniform(-1, 4),
    "logistic(0, 1)": stats.logistic(),
    "laplace(0, 1)": stats.laplace(),
    "gumbel(0, 1)": stats.gumbel_r(),
    "beta(2, 3)": stats.beta(2, 3),
    "gamma(2.5, 1)": stats.gamma(2.5),
}
CASES = [(law, KLRegularized(3)) for law in LAWS]
CASES += [(law, PowerRegularized(p, "1/2")) for law in ("normal(1, 2)", "uniform(-1, 3)") for p in (2, "3/2", 3)]
CASES += [("logistic(0, 1)", PowerRegularized(2, "1/3")), ("exponential(1)", TsallisRegularized("3/2", 1))]
CASES += [("normal(1, 2)", TsallisRegularized(2, 1)), ("uniform(-1, 3)", TsallisRegularized(4, 1))]
CASES += [("uniform(-1, 3)", ReverseKLRegularized(1)), ("beta(2, 3)", ReverseKLRegularized("2"))]
# Where no part of the functionals comes from ranks beyond those of the atoms.
LIGHT = [case for case in CASES if case[0] in ("uniform(-1, 3)", "beta(2, 3)")]
LIGHT += [("normal(1, 2)", KLRegularized(3)), ("normal(1, 2)", PowerRegularized(2, "1/2"))]
# One for each way of drawing: the tilted law, rejection, inversion.
DRAWN = [("normal(1, 2)", KLRegularized(1)), ("uniform(-1, 3)", KLRegularized(1)), ("logistic(0, 1)", KLRegularized(2))]
DRAWN += [("normal(1, 2)", PowerRegularized(p, "1/2")) for p in (2, "3/2")]


def integral(law, f, low=-np.inf):
    """E f(X) for a vectorised f, by Gauss-Legendre quadrature on many pieces of the line, cut at quantiles."""
    ranks = (1e-300, 1e-100, 1e-40, 1e-20, 1e-10, 1e-5, 1e-2, 0.2)
    places = [law.ppf(p) for p in ranks] + [law.ppf(0.5)] + [law.isf(p) for p in ranks]
    cuts = sorted({max(low, float(x)) for x in places})
    edges = np.concatenate([a + (b - a) * PLACES for a, b in pairwise(cuts)] + [cuts[-1:]])
    half = np.diff(edges) / 2
    x = edges[:-1, None] + half[:, None] * (1 + NODES)
    return math.fsum((f(x) * law.pdf(x) @ WEIGHTS * half).tolist())


@pytest.mark.parametrize("law, optimizer", CASES, ids=repr)
def test_functionals_are_those_of_quadrature_over_the_line(law, optimizer):
    policy, reference = optimizer(Problem(Continuous(law))), LAWS[law]
    shape, start = policy.density.shape, policy.density.shape.start
    w = lambda x: np.exp(shape.log_ratio(x))
    mean = lambda f: integral(reference, f, start)
    assert mean(w) == pytest.approx(1, abs=1e-9)
    assert policy.value() == pytest.approx(mean(lambda x: x * w(x)), abs=1e-8)
    assert policy.kl() == pytest.approx(mean(lambda x: special.xlogy(w(x), w(x))), abs=1e-8)
    assert policy.bhattacharyya() == pytest.approx(mean(lambda x: w(x) ** 0.5), abs=1e-8)
    assert policy.total_variation() == pytest.approx(mean(lambda x: np.maximum(w(x) - 1, 0)), abs=1e-6)
    for order in (1.004, 2.5):
        moment = mean(lambda x, order=order: w(x) ** order)
        assert policy.renyi(order) == pytest.approx(math.log(moment) / (order - 1), abs=1e-6)
        assert policy.power_norm(order) == pytest.approx(moment ** (1 / order), rel=1e-7)
    assert policy.chi2() == pytest.approx(mean(lambda x: w(x) ** 2) - 1, rel=1e-7)
    if start < reference.support()[0] or start == -np.inf:
        assert policy.reverse_kl() == pytest.approx(-mean(lambda x: np.log(w(x))), abs=1e-7)
    else:
        assert policy.reverse_kl() == math.inf


@pytest.mark.parametrize("law, optimizer", LIGHT, ids=repr)
def test_functionals_are_the_limits_of_those_of_fine_atoms(law, optimizer):
    base, atoms = Continuous(law), 4000
    ranks = (np.arange(atoms) + 0.5) / atoms
    fine = optimizer(Problem(Finite(np.full(atoms, 1 / atoms)), np.asarray(base.upper_quantile(ranks))))
    smooth = optimizer(Problem(base))
    for name in ("value", "kl", "chi2", "total_variation", "bhattacharyya"):
        assert getattr(fine, name)() == pytest.approx(getattr(smooth, name)(), rel=0.02, abs=0.01)
    if smooth.sup_ratio() < math.inf:
        assert fine.sup_ratio() == pytest.approx(smooth.sup_ratio(), rel=0.03)
    else:
        assert fine.sup_ratio() > 2
    assert fine.estimand == smooth.estimand


@pytest.mark.parametrize("law, optimizer", DRAWN, ids=repr)
def test_draws_are_those_of_the_policy(law, optimizer):
    density = optimizer(Problem(Continuous(law))).density
    ranks = np.asarray(density.sample_rank(jax.random.key(5), 1500), dtype=float)
    grid = np.geomspace(1e-6, 1, 150)
    assert stats.kstest(ranks, lambda s: np.interp(s, grid, density.mass(grid))).pvalue > 1e-6
    assert stats.kstest(ranks, "uniform").pvalue < 1e-6  # and not those of the base


@pytest.mark.parametrize("law, optimizer", CASES, ids=repr)
def test_mass_density_and_supremum_agree(law, optimizer):
    density = optimizer(Problem(Continuous(law))).density
    edges = np.linspace(0.02, 1, 5)
    masses = density.mass(edges)
    assert masses[-1] == 1 and (np.diff(masses) >= 0).all() and density.mass(Fraction(1)) == 1
    for a, b, mass in zip(edges[:-1], edges[1:], np.diff(masses), strict=True):
        points = [s for s in density.breaks if a < s < b] or None
        assert mass == pytest.approx(
            integrate.quad(lambda s: float(density.density(s)), a, b, points=points)[0], abs=1e-8
        )
    grid = density.density(np.linspace(1e-9, 1 - 1e-9, 501))
    assert (np.diff(grid) <= 1e-12 * grid[:-1]).all() and grid[0] <= density.supremum * (1 + 1e-9)


@pytest.mark.parametrize("mean, sd, beta", [(0, 1, 1), (1, 2, 3), (-2, 1, "1/20"), (0, 3, 100)])
def test_a_boltzmann_policy_on_a_normal_base_is_a_shifted_normal(mean, sd, beta):
    policy = KLRegularized(beta)(Problem(Continuous(f"normal({mean}, {sd})")))
    shift = sd / float(Fraction(beta))  # in standard deviations
    assert policy.value() == pytest.approx(mean + sd * shift, rel=1e-12)
    assert policy.kl() == pytest.approx(shift**2 / 2, rel=1e-12) == policy.reverse_kl()
    for order in (0.3, 0.999, 1.5, 2, 7):
        assert policy.renyi(order) == pytest.approx(order * shift**2 / 2, rel=1e-9)
    assert (
        policy.renyi(math.inf) == policy.sup_ratio() == policy.power_norm(math.inf) == math.inf and policy.renyi(0) == 0
    )
    if shift < 10:
        assert policy.chi2() == pytest.approx(math.expm1(shift**2), rel=1e-9)
    assert policy.total_variation() == pytest.approx(math.erf(shift / math.sqrt(8)), rel=1e-10)
    assert policy.bhattacharyya() == pytest.approx(math.exp(-(shift**2) / 8), rel=1e-10)
    # The most powerful test of size t has power P(Z > z_t - shift).
    assert policy.density.top_mass(0.01) == pytest.approx(stats.norm.sf(stats.norm.isf(0.01) - shift), rel=1e-10)


def test_draws_from_a_steep_tilt_lie_where_the_base_never_goes():
    policy = KLRegularized("1/20")(Problem(Continuous("normal(-2, 1)")))
    draws = np.asarray(policy.sample(jax.random.key(2), 2000), dtype=float)
    assert stats.kstest(draws, stats.norm(18, 1).cdf).pvalue > 1e-6


@pytest.mark.parametrize("mean", [2, 3, 10])
def test_an_exponential_base_tilted_to_a_mean(mean):
    policy = KLRegularized(1 / (1 - Fraction(1, mean)))(Problem(Continuous("exponential(1)")))
    assert policy.value() == pytest.approx(mean, rel=1e-12)
    assert policy.kl() == pytest.approx(mean - 1 - math.log(mean), rel=1e-12)
    assert policy.renyi(3) == math.inf if mean > 1.5 else True  # the third power has 3t > 1
    assert policy.chi2() == (math.inf if mean >= 2 else pytest.approx(0))


@pytest.mark.parametrize("law", ["pareto(3)", "lognormal(0, 1)", "student_t(5)", "cauchy(0, 1)", "weibull(0.5)"])
def test_a_heavy_tail_has_no_boltzmann_policy(law):
    with pytest.raises(NotAvailable, match="partition function is infinite"):
        KLRegularized(1000)(Problem(Continuous(law)))


def test_whether_the_partition_function_is_finite_is_decided_exactly():
    with pytest.raises(NotAvailable, match="infinite"):
        KLRegularized(3)(Problem(Continuous("exponential(1/3)")))
    assert KLRegularized("3.000001")(Problem(Continuous("exponential(1/3)"))).value() > 1e6


@pytest.mark.parametrize("name, law", LAWS.items(), ids=list(LAWS))
@pytest.mark.parametrize("t", [Fraction(1, 5), Fraction(1, 2)])
def test_closed_exponential_moments_are_the_integrals(name, law, t):
    base = Continuous(name)
    known = log_exponential_moment(base.family, t)
    expected = math.log(integral(law, lambda x: np.exp(float(t) * x)))
    assert known is None or known == pytest.approx(expected, abs=1e-9)
    moved = tilted(base.family, t)
    if moved is not None:
        x = np.array([law.ppf(p) for p in (0.1, 0.5, 0.99)])
        assert moved.log_density(x) == pytest.approx(float(t) * x - expected + base.log_density(x), abs=1e-9)


def test_mixtures_have_the_moments_and_tails_of_their_parts():
    family = Continuous("mixture(0.9*normal(0, 1) + 0.1*normal(5, 1))").family
    expected = math.log(0.9 * math.exp(0.5) + 0.1 * math.exp(5.5))
    assert log_exponential_moment(family, Fraction(1)) == pytest.approx(expected, rel=1e-14)
    heavy = Continuous("mixture(0.9*normal(0, 1) + 0.1*pareto(3))").family
    assert log_exponential_moment(heavy, Fraction(1)) == math.inf and upper_tail_index(heavy) == 3


def test_power_policies_on_heavy_tails_know_which_moments_are_infinite():
    policy = PowerRegularized(2, "1/10")(Problem(Continuous("pareto(3)")))
    tau = policy.density.shape.threshold
    # For tau >= 1: E((X - tau)^+)^2 = 2 tau^-1 / ((3 - 1)(3 - 2)) = 1 / tau.
    assert tau == pytest.approx(100, rel=1e-10)
    assert policy.value() == pytest.approx(tau + 0.01 / (tau**-2 / 2), rel=1e-9)
    assert policy.chi2() < math.inf and policy.renyi(3) == policy.power_norm(3) == math.inf
    with pytest.raises(NotAvailable, match="moment of order 3"):
        PowerRegularized(3, "1/10")(Problem(Continuous("pareto(3)")))


@pytest.mark.parametrize("p, budget", [(2, "1/10"), (3, "1/2"), ("3/2", 5), (2, 40)])
@pytest.mark.parametrize("law", ["normal(0, 1)", "uniform(0, 1)", "exponential(1)"])
def test_the_power_threshold_is_the_value_of_the_objective(law, p, budget):
    optimizer, problem = PowerRegularized(p, budget), Problem(Continuous(law))
    policy, conjugate = optimizer(problem), optimizer.p / (optimizer.p - 1)
    value = policy.value() - float(optimizer.budget) * policy.power_norm(conjugate)
    assert value == pytest.approx(optimizer.threshold(problem), rel=1e-8, abs=1e-8)


def test_reverse_kl_on_a_uniform_base_has_a_closed_form_and_needs_a_top():
    for beta in (Fraction(1, 2), 1, 3):
        nu = ReverseKLRegularized(beta).threshold(Problem(Continuous("uniform(0, 1)")))
        assert nu == pytest.approx(1 / (1 - math.exp(-1 / beta)), rel=1e-9)
    with pytest.raises(NotAvailable, match="unbounded"):
        ReverseKLRegularized(1)(Problem(Continuous("normal(0, 1)")))
    with pytest.raises(NotAvailable, match="very end"):
        ReverseKLRegularized("1/10")(Problem(Continuous("beta(1, 3)")))


def test_utilities_other_than_the_action_are_weighted():
    normal = Continuous("normal(0, 1)")
    policy = KLRegularized(1)(Problem(normal, "-x**2"))  # a normal of variance 1/3
    assert isinstance(policy, WeightPolicy) and str(policy.estimand) == "kl-regularized(beta=1)"
    assert policy.expect("x**2") == pytest.approx(1 / 3, rel=1e-9)
    assert policy.kl() == pytest.approx((math.log(3) - 2 / 3) / 2, rel=1e-9)
    assert policy.reverse_kl() == pytest.approx((2 - math.log(3)) / 2, rel=1e-9)
    assert policy.bhattacharyya() == pytest.approx((1 / 3) ** 0.25 * math.sqrt(2 / (1 + 1 / 3)), rel=1e-9)
    draws = np.asarray(policy.sample(jax.random.key(0), 3000), dtype=float)
    assert stats.kstest(draws, stats.norm(0, 3**-0.5).cdf).pvalue > 1e-6 and policy.inversion.error < LARGEST_ERROR
    for refused in (policy.sup_ratio, lambda: policy.renyi(math.inf), lambda: policy.power_norm(math.inf)):
        with pytest.raises(NotAvailable, match="not known"):
            refused()
    code = KLRegularized(1)(Problem(normal, lambda x: -x * x))
    assert code.expect("x**2") == pytest.approx(1 / 3, rel=1e-9)
    assert policy_from_json(json.loads(json.dumps(policy.to_json()))) == policy
    affine = KLRegularized(1)(Problem(normal, "x/2 + 3"))
    assert affine.expect("x") == pytest.approx(0.5, rel=1e-9) and affine.renyi(2) == pytest.approx(0.25, rel=1e-8)


def test_what_needs_the_law_is_refused_on_a_sampler():
    for optimizer in (KLRegularized(1), PowerRegularized(2, 1), TsallisRegularized(2, 1), ReverseKLRegularized(1)):
        with pytest.raises(NotAvailable):
            optimizer(Problem(Generative(jax.random.normal)))
    with pytest.raises(NotAvailable, match="action itself"):
        PowerRegularized(2, 1)(Problem(Continuous("normal(0, 1)"), "x**3 + x"))


@pytest.mark.parametrize("law, optimizer", CASES, ids=repr)
def test_policies_survive_a_round_trip(law, optimizer):
    policy = optimizer(Problem(Continuous(law)))
    back = policy_from_json(json.loads(json.dumps(policy.to_json(), allow_nan=False)))
    assert back == policy and hash(back) == hash(policy) and back.kl() == policy.kl()


def test_malformed_shapes_are_typed_errors():
    document = KLRegularized(1)(Problem(Continuous("uniform(0, 1)"))).to_json()
    rank = document["rank"]
    changes = [
        {"shape": "flat"},
        {"shape": None},
        {"rate": "-1"},
        {"rate": "x"},
        {"log_normaliser": 5.0},
        {"base": None},
    ]
    changes += [{"log_normaliser": "inf"}, {"named": 5}, {"base": Continuous("uniform(0, 2)").to_json()}]
    for change in changes:
        with pytest.raises(QTheoryError):
            policy_from_json({**document, "rank": {**rank, **change}})


def test_a_shape_normalised_for_another_base_is_refused():
    with pytest.raises(InvalidInput, match="not normalised"):
        ScoreDensity(Continuous("normal(0, 1)"), ExponentialTilt(Fraction(1), 0.6), Estimand.weights())
    density = ScoreDensity(Continuous("normal(0, 1)"), ExponentialTilt(Fraction(1), 0.5), Estimand.weights())
    for other in (Problem(Continuous("normal(0, 2)")), Problem(Continuous("normal(0, 1)"), "2*x")):
        with pytest.raises(InvalidInput, match="another problem"):
            RankPolicy(other, density)


def test_rejection_and_inversion_draw_from_the_same_law():
    density = TsallisRegularized(2, 1)(Problem(Continuous("uniform(-1, 3)"))).density
    assert density.supremum < MOST_DRAWS_PER_ACTION
    by_rejection = np.asarray(density.sample(jax.random.key(0), 4000), dtype=float)
    ranks = density.inversion.ranks(uniform_doubles(jax.random.key(1), 4000))
    inverted = density.base.family.quantile_at(ranks.top, ranks.bottom)
    assert stats.ks_2samp(by_rejection, inverted).pvalue > 1e-6


def test_the_stated_error_of_inversion_is_one():
    density = PowerRegularized(2, "1/10")(Problem(Continuous("normal(0, 1)"))).density
    levels = np.linspace(0.01, 0.99, 25)
    found = density.mass(density.inversion.ranks(levels).top)
    assert np.abs(found - levels).max() <= density.inversion.error + 1e-9 and density.inversion.error < LARGEST_ERROR


def test_a_ratio_too_rough_to_tabulate_is_refused():
    with pytest.raises(NotAvailable, match="tabulated"):
        inversion_table(lambda rank: np.where(np.sin(1e5 * rank.top) > 0, 2.0, 0.0))


def test_shapes_reach_their_levels():
    for shape in (ExponentialTilt(Fraction(1, 2), 0.3), PositivePart(1.0, 0.5, 0.2)):
        for level in (-1.0, 0.0, 2.0):
            assert float(shape.log_ratio(shape.level_of(level))) == pytest.approx(level, abs=1e-12)
