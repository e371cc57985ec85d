"""Windows, satisficers, random counts, mixtures and estimated thresholds: against enumeration of every draw."""

import math
from fractions import Fraction

import numpy as np
import pytest
from rank_samples import chances, every_draw
from scipy import stats
from small_problems import A48, D5, R6, as_floats, random_level, random_policy, random_problem

from qtheory.base.continuous import Continuous
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.enclosure import Enclosure
from qtheory.optimizers.best_of_n import BestOfN
from qtheory.optimizers.best_of_poisson import BestOfPoisson
from qtheory.optimizers.estimated_threshold import EstimatedThreshold
from qtheory.optimizers.imitation import Imitation
from qtheory.optimizers.kl_regularized import KLRegularized
from qtheory.optimizers.mixture import Mixture
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.optimizers.satisficer import Satisficer
from qtheory.optimizers.soft_best_of_n import SoftBestOfN
from qtheory.optimizers.top_k_of_n import TopKOfN
from qtheory.optimizers.windowed_quantilizer import WindowedQuantilizer
from qtheory.problem import Problem
from qtheory.statements.instance import Instance
from qtheory.symbols import t, tau, u, w

F = Fraction
FALSE_ALARM = 1e-6
SEEDS = range(12)
NORMAL = Problem(Continuous("normal(0, 1)"))
UNIFORM = Problem(Continuous("uniform(0, 1)"))


# ---- windows and satisficers ----


@pytest.mark.parametrize("seed", SEEDS)
def test_a_window_is_what_two_quantilizers_leave_between_them(seed):
    rng = np.random.default_rng(seed)
    problem, (low, high) = (
        random_problem(rng),
        sorted((F(int(rng.integers(0, 6)), 12), F(int(rng.integers(7, 13)), 12))),
    )
    above = [low * p for p in Quantilizer(low)(problem).probabilities] if low else [F(0)] * problem.base.size
    upto = [high * p for p in Quantilizer(high)(problem).probabilities]
    expected = tuple((b - a) / (high - low) for a, b in zip(above, upto, strict=True))
    assert WindowedQuantilizer(low, high)(problem).probabilities == expected


def test_a_window_has_the_factor_of_the_quantilizer_of_its_width_and_less_utility():
    window, slice_ = WindowedQuantilizer("1/16", "3/16")(D5), Quantilizer("1/8")(D5)
    assert window.sup_ratio() == slice_.sup_ratio() == 8
    assert (window.value(), slice_.value()) == (F(5, 2), F(13, 2))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_satisficer_is_the_base_given_that_it_is_good_enough(seed):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng)
    level = max(u for g, u in zip(problem.base.weights, problem.utility, strict=True) if g > 0) - int(
        rng.integers(0, 3)
    )
    good = [g if u >= level else F(0) for g, u in zip(problem.base.weights, problem.utility, strict=True)]
    policy = Satisficer(level)(problem)
    assert policy.probabilities == tuple(g / sum(good) for g in good)
    assert Satisficer(level).expected_draws(problem) == 1 / sum(good) == policy.sup_ratio()
    assert np.allclose(Satisficer(level)(as_floats(problem)).probabilities, chances(policy), atol=1e-12)


def test_a_satisficer_on_the_line_knows_how_often_its_level_is_reached():
    assert Satisficer(3)(NORMAL).sup_ratio() == pytest.approx(1 / stats.norm.sf(3), rel=1e-14)
    squashed = Problem(Continuous("normal(0, 1)"), "1/(1+exp(-x))")
    assert float(Satisficer("9/10").q(squashed)) == pytest.approx(stats.norm.sf(math.log(9)), rel=1e-12)
    assert Satisficer(0).q(squashed) == 1
    for problem, level in ((squashed, 2), (A48, 4), (as_floats(A48), 4)):
        with pytest.raises(InvalidInput, match="good enough"):
            Satisficer(level)(problem)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_axioms_of_a_satisficer_hold_and_say_something(seed):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng)
    level = max(u for g, u in zip(problem.base.weights, problem.utility, strict=True) if g > 0) - int(
        rng.integers(0, 2)
    )
    axioms = Satisficer(t).axioms(w, u, tau)
    of = lambda policy: Instance(
        problem.base.weights, {u: problem.utility, w: policy.ratio}, {t: F(level), tau: F(level)}
    )
    assert all(of(Satisficer(level)(problem)).truth(a) is True for a in axioms)
    other = random_policy(rng, problem)
    same = other.probabilities == Satisficer(level)(problem).probabilities
    assert same == all(of(other).truth(a) is True for a in axioms)


# ---- best of a random number ----


@pytest.mark.parametrize("mu", [F(1, 3), F(2)])
@pytest.mark.parametrize("problem", [D5, R6], ids=["D5", "R6"])
def test_the_best_of_poisson_mixes_the_best_of_n(problem, mu):
    terms, left = 30, 1 - float(stats.poisson.cdf(29, float(mu)))
    weights = [math.exp(-mu) * float(mu) ** j / math.factorial(j) for j in range(terms)]
    expected = sum(weight * chances(BestOfN(j + 1)(problem)) for j, weight in enumerate(weights))
    policy = BestOfPoisson(mu)(problem)
    assert np.abs(chances(policy) - expected).max() <= left + 1e-14
    assert all(isinstance(p, Enclosure) for p in policy.probabilities if p != 0)
    assert np.allclose(BestOfPoisson(mu)(as_floats(problem)).probabilities, expected, atol=1e-12 + left)


def test_no_draw_beyond_the_first_is_the_base():
    assert BestOfPoisson(0)(D5).probabilities == D5.base.weights
    assert BestOfPoisson(3).expected_draws(D5) == 4 == BestOfPoisson(3)(NORMAL).sup_ratio()
    below = BestOfPoisson(3)(D5).sup_ratio()
    assert below.high < 4


# ---- mixtures ----


@pytest.mark.parametrize("seed", SEEDS)
def test_a_mixture_mixes_probabilities_exactly(seed):
    rng = np.random.default_rng(seed)
    problem, theta = random_problem(rng), random_level(rng)
    first, second = Quantilizer(random_level(rng)), BestOfN(3)
    pairs = zip(first(problem).probabilities, second(problem).probabilities, strict=True)
    mixed = Mixture(first, second, theta)
    assert mixed(problem).probabilities == tuple((1 - theta) * p + theta * r for p, r in pairs)
    draws = (1 - theta) * first.expected_draws(problem) + theta * second.expected_draws(problem)
    assert mixed.expected_draws(problem) == draws
    assert np.allclose(mixed(as_floats(problem)).probabilities, chances(mixed(problem)), atol=1e-12)


def test_mixtures_work_on_every_kind_of_policy_and_refuse_two_kinds():
    ranks = Mixture(Imitation(), Quantilizer("1/10"), "1/3")(NORMAL)
    assert ranks.value() == pytest.approx(Quantilizer("1/10")(NORMAL).value() / 3, rel=1e-12)
    assert ranks.chi2() == F(1) and ranks.sup_ratio() == 4
    weights = Mixture(KLRegularized(1), KLRegularized(2), "1/4")(NORMAL)
    assert weights.value() == pytest.approx(0.75 * 1.0 + 0.25 * 0.5, rel=1e-9)
    irrational = Mixture(BestOfPoisson(1), Quantilizer("1/2"), "1/2")(A48)
    assert sum(chances(irrational)) == pytest.approx(1, abs=1e-15)
    with pytest.raises(NotAvailable, match="same kind"):
        Mixture(SoftBestOfN(2, 1), Quantilizer("1/2"), "1/2")(NORMAL)
    for weight in (-1, 2, "x", None):
        with pytest.raises(InvalidInput):
            Mixture(Imitation(), Imitation(), weight)
    with pytest.raises(InvalidInput, match="not an optimizer"):
        Mixture(Imitation(), "best", 0)


def test_a_mixture_is_at_an_end_one_of_the_two():
    assert Mixture(Imitation(), BestOfN(2), 0)(D5) == Imitation()(D5)
    assert Mixture(Imitation(), BestOfN(2), 1)(D5) == BestOfN(2)(D5)


# ---- thresholds from calibration draws ----


@pytest.mark.parametrize("n, k", [(1, 1), (2, 1), (3, 1), (3, 2), (3, 3)])
@pytest.mark.parametrize("seed", range(6))
def test_an_estimated_threshold_is_what_enumerating_the_calibration_gives(seed, n, k):
    problem = random_problem(np.random.default_rng(seed), max_size=4)
    weights, utility = problem.base.weights, problem.utility
    expected = [F(0)] * problem.base.size
    for index, chance in every_draw(problem, n):
        threshold = sorted((utility[i] for i in index), reverse=True)[k - 1]
        passing = sum(g for g, v in zip(weights, utility, strict=True) if v >= threshold)
        for j, g in enumerate(weights):
            expected[j] += chance * g / passing if utility[j] >= threshold and passing else 0
    policy = EstimatedThreshold(n, k)(problem)
    assert policy.probabilities == tuple(expected)
    assert k == 1 or policy.sup_ratio() <= F(n, k - 1)
    assert np.allclose(EstimatedThreshold(n, k)(as_floats(problem)).probabilities, chances(policy), atol=1e-12)


def test_with_ties_an_estimated_threshold_is_no_rule_on_the_draws():
    assert EstimatedThreshold(5, 3)(UNIFORM).value() == pytest.approx(float(TopKOfN(5, 2)(UNIFORM).value()), rel=1e-12)
    assert EstimatedThreshold(5, 3)(A48).probabilities != TopKOfN(5, 2)(A48).probabilities


def test_the_best_calibration_draw_has_no_bounded_factor_without_ties():
    assert EstimatedThreshold(10, 2)(NORMAL).sup_ratio() == 10 != F(10, 2)
    best = EstimatedThreshold(10, 1)(NORMAL)
    assert best.sup_ratio() == math.inf == EstimatedThreshold(10, 1).expected_draws(NORMAL)
    assert best.chi2() == 20 * sum(F(1, j) for j in range(10, 20)) - 1
    # A fresh uniform draw above the best of n is on average half way from n/(n+1) to 1.
    assert EstimatedThreshold(4, 1)(UNIFORM).value() == pytest.approx(0.9, rel=1e-12)
    with pytest.raises(InvalidInput):
        EstimatedThreshold(2, 3)
