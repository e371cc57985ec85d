"""Optimizers known by their ranks or their draws: against enumeration of every draw, their limits, and their samples."""

import itertools
import math
from fractions import Fraction

import jax
import mpmath as mp
import numpy as np
import pytest
from scipy import stats
from small_problems import A48, D5, R6, STANDARD, as_floats, random_level, random_policy, random_problem

from qtheory.base.continuous import Continuous
from qtheory.base.finite import Finite
from qtheory.base.generative import Generative
from qtheory.errors import InvalidInput, NotAvailable, QTheoryError
from qtheory.exact.enclosure import Enclosure
from qtheory.optimizers.best_of_n import BestOfN
from qtheory.optimizers.best_of_poisson import BestOfPoisson
from qtheory.optimizers.estimated_threshold import EstimatedThreshold
from qtheory.optimizers.imitation import Imitation
from qtheory.optimizers.kl_regularized import KLRegularized
from qtheory.optimizers.mixture import Mixture
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.optimizers.registry import optimizer_from_json
from qtheory.optimizers.rejection import Rejection, normal_tail_proposal
from qtheory.optimizers.satisficer import Satisficer
from qtheory.optimizers.soft_best_of_n import SoftBestOfN
from qtheory.optimizers.top_k_of_n import TopKOfN
from qtheory.optimizers.windowed_quantilizer import WindowedQuantilizer
from qtheory.policies.documents import policy_from_json
from qtheory.problem import Problem
from qtheory.statements.instance import Instance
from qtheory.symbols import Scalar, q, t, table, tau, u, w

F = Fraction
FALSE_ALARM = 1e-6
SEEDS = range(12)
NORMAL = Problem(Continuous("normal(0, 1)"))
UNIFORM = Problem(Continuous("uniform(0, 1)"))


def middle(x):
    return float(x.midpoint) if isinstance(x, Enclosure) else float(x)


def chances(policy):
    return np.array([middle(p) for p in policy.probabilities])


def every_draw(problem, n):
    """Each sample of n actions with its chance."""
    for index in itertools.product(range(problem.base.size), repeat=n):
        yield index, math.prod((problem.base.weights[i] for i in index), start=F(1))


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


# ---- soft choice among draws ----


def soft_by_enumeration(problem, n, temperature):
    chances = [mp.mpf(0)] * problem.base.size
    with mp.workdps(40):
        scores = [v / F(temperature) for v in problem.utility]
        score = [mp.exp(mp.mpf(v.numerator) / v.denominator) for v in scores]
        for index, chance in every_draw(problem, n):
            total = mp.fsum(score[i] for i in index)
            for i in index:
                chances[i] += mp.mpf(chance.numerator) / chance.denominator * score[i] / total
    return chances


@pytest.mark.parametrize("n, temperature", [(2, 1), (3, 2), (3, "1/10"), (4, 50)])
@pytest.mark.parametrize("seed", range(4))
def test_soft_best_of_n_encloses_what_enumerating_its_draws_gives(seed, n, temperature):
    problem = random_problem(np.random.default_rng(seed), max_size=4)
    expected = soft_by_enumeration(problem, n, temperature)
    policy = SoftBestOfN(n, temperature)(problem)
    for p, chance in zip(policy.probabilities, expected, strict=True):
        box = Enclosure.of(p)
        with mp.workdps(40):
            low, high = (mp.mpf(end.numerator) / end.denominator for end in (box.low, box.high))
            assert low - mp.mpf(10) ** -38 <= chance <= high + mp.mpf(10) ** -38
        assert box.width <= F(1, 10**20)
    floats = SoftBestOfN(n, temperature)(as_floats(problem)).probabilities
    assert np.allclose(floats, [float(x) for x in expected], rtol=1e-12, atol=0)


def test_soft_best_of_n_lies_between_the_base_and_best_of_n_and_ends_in_both():
    assert SoftBestOfN(1, 2)(D5).probabilities == D5.base.weights
    assert np.allclose(chances(SoftBestOfN(3, "1/50")(D5)), chances(BestOfN(3)(D5)), atol=1e-15)
    assert np.allclose(chances(SoftBestOfN(3, 10**9)(D5)), chances(Imitation()(D5)), atol=1e-7)
    tilt, errors = chances(KLRegularized(4)(D5)), []
    for n in (200, 400):
        errors.append(np.abs(chances(SoftBestOfN(n, 4)(D5)) - tilt).max())
    assert errors[1] < 0.02 and 1.8 < errors[0] / errors[1] < 2.2  # of the order 1/n


def test_soft_best_of_two_on_the_line_is_a_known_integral():
    with mp.workdps(20):
        # Two draws x, y: the better one gets the chance 1/(1 + exp(-|x-y|)); the mean gain is E[d tanh(d/2)]/2, d = x-y.
        density = lambda d: mp.exp(-(d**2) / 4) / mp.sqrt(4 * mp.pi)
        expected = float(mp.quad(lambda d: d * mp.tanh(d / 2) * density(d) / 2, [-mp.inf, 0, mp.inf]))
    policy = SoftBestOfN(2, 1)(NORMAL)
    assert policy.value() == pytest.approx(expected, rel=1e-11)
    assert policy.sup_ratio() == 2 and SoftBestOfN(2, 1).expected_draws(NORMAL) == 2
    assert SoftBestOfN(2, "1/100")(UNIFORM).value() == pytest.approx(2 / 3, abs=2e-4)


def test_soft_best_of_n_refuses_scores_too_far_apart_and_what_is_no_temperature():
    with pytest.raises(NotAvailable, match="temperature"):
        SoftBestOfN(2, "1/1000")(D5)
    with pytest.raises(NotAvailable, match="temperature"):
        SoftBestOfN(2, 1)(Problem(Continuous("cauchy(0, 1)")))
    with pytest.raises(NotAvailable):
        SoftBestOfN(2, 1)(Problem(Generative(lambda key, n: jax.random.normal(key, (n,)))))
    for temperature in (0, -1, "x", math.inf):
        with pytest.raises(InvalidInput):
            SoftBestOfN(2, temperature)


# ---- proposals ----


@pytest.mark.parametrize("seed", SEEDS)
def test_rejection_needs_the_largest_ratio_of_proposals(seed):
    rng = np.random.default_rng(seed)
    problem, level = random_problem(rng), random_level(rng)
    counts = [int(c) for c in rng.integers(1, 6, problem.base.size)]
    proposal = [F(c, sum(counts)) for c in counts]
    ideal = Quantilizer(level)(problem)
    optimizer = Rejection(level, proposal)
    assert optimizer(problem) == ideal
    bound = optimizer.expected_draws(problem)
    accepted = [p / (bound * r) for p, r in zip(ideal.probabilities, proposal, strict=True)]
    # Each action is accepted with a chance of at most one, and in all one in `bound` proposals is.
    assert max(accepted) == 1 and sum(a * r for a, r in zip(accepted, proposal, strict=True)) == 1 / bound


def test_rejection_finds_its_bound_on_the_line_and_refuses_proposals_that_have_none():
    q3 = float(stats.norm.sf(3))
    assert Rejection(q3, "normal(0, 1)").expected_draws(NORMAL) == pytest.approx(1 / q3, rel=1e-12)
    assert Rejection(q3, normal_tail_proposal(3)).expected_draws(NORMAL) < 1.05
    for rate in (3.0, 3.6):  # no other rate does better
        other = Rejection(q3, f"shifted_exponential({rate}, 3)").expected_draws(NORMAL)
        assert other > Rejection(q3, normal_tail_proposal(3)).expected_draws(NORMAL)
    student = Problem(Continuous("student_t(3)"))
    for problem, proposal in ((NORMAL, "uniform(0, 5)"), (NORMAL, "normal(0, 0.5)"), (student, "student_t(4)")):
        with pytest.raises(InvalidInput):
            Rejection("1/10", proposal)(problem)
    with pytest.raises(InvalidInput):
        Rejection(1, "gamma(2, 1)")(Problem(Continuous("exponential(1)")))
    assert Rejection("1/10", "student_t(3)").expected_draws(NORMAL) < math.inf


def test_rejection_refuses_proposals_over_other_actions():
    for proposal in (["1/2", "1/2"], ["1", "0", "0"], "normal(0, 1)"):
        with pytest.raises(QTheoryError):
            Rejection("3/8", proposal)(A48)
    with pytest.raises(NotAvailable):
        Rejection("3/8", ["1/2", "1/2"])(NORMAL)


# ---- samples ----

FINITE = [WindowedQuantilizer("1/10", "1/2"), Satisficer(1), BestOfPoisson(2), EstimatedThreshold(4, 2)]
FINITE += [SoftBestOfN(3, 2), Mixture(Imitation(), Quantilizer("1/8"), "1/2")]


def chi_square_p(counts, expected):
    kept = expected > 0
    assert counts[~kept].sum() == 0
    return stats.chisquare(counts[kept], expected[kept]).pvalue


@pytest.mark.parametrize("optimizer", FINITE, ids=repr)
def test_samples_on_finite_bases_follow_the_exact_law(optimizer):
    policy = optimizer(D5)
    counts = np.bincount(np.asarray(policy.sample(jax.random.key(5), 20_000)), minlength=5)
    assert chi_square_p(counts, 20_000 * chances(policy)) > FALSE_ALARM
    wrong = 20_000 * chances(BestOfN(7)(D5))
    assert chi_square_p(counts, wrong) < FALSE_ALARM


def test_proposals_thinned_follow_the_quantilizer_also_in_its_partial_level():
    level, proposal = F(3, 8), ["1/5", "2/5", "2/5"]
    drawn = np.asarray(Rejection(level, proposal).sample(A48, jax.random.key(2), 20_000))
    expected = 20_000 * chances(Quantilizer(level)(A48))
    assert chi_square_p(np.bincount(drawn, minlength=3), expected) > FALSE_ALARM
    q3 = float(stats.norm.sf(3))
    tail = np.asarray(Rejection(q3, normal_tail_proposal(3)).sample(NORMAL, jax.random.key(2), 20_000))
    assert stats.kstest(tail, lambda x: 1 - stats.norm.sf(x) / q3).pvalue > FALSE_ALARM
    assert stats.kstest(tail, lambda x: 1 - np.exp(-3.3 * (x - 3))).pvalue < FALSE_ALARM


LINE = [WindowedQuantilizer("1/10", "1/2"), Satisficer("3/4"), BestOfPoisson(5), EstimatedThreshold(6, 1)]
LINE += [EstimatedThreshold(6, 3), Mixture(Imitation(), BestOfN(9), "1/2")]


@pytest.mark.parametrize("optimizer", LINE, ids=repr)
def test_samples_on_the_line_follow_the_mass_in_rank(optimizer):
    policy = optimizer(UNIFORM)
    drawn = np.asarray(policy.sample(jax.random.key(9), 20_000), dtype=float)
    law = lambda x: 1 - np.asarray(policy.density.mass(np.asarray(1 - x, dtype=float)), dtype=float)
    assert stats.kstest(drawn, law).pvalue > FALSE_ALARM
    mean = policy.value()
    assert abs(drawn.mean() - mean) < 6 * drawn.std() / math.sqrt(20_000)


def test_samples_of_a_soft_choice_on_the_line_have_its_mean():
    policy = SoftBestOfN(4, 1)(NORMAL)
    drawn = np.asarray(policy.sample(jax.random.key(4), 20_000), dtype=float)
    assert abs(drawn.mean() - policy.value()) < 6 * drawn.std() / math.sqrt(20_000)
    assert abs(drawn.mean() - BestOfN(4)(NORMAL).value()) > 6 * drawn.std() / math.sqrt(20_000)


# ---- documents ----

WRITTEN = [Rejection("3/8", ["1/2", "1/4", "1/4"]), Rejection(q, "normal(0, 1)"), Satisficer(t), BestOfPoisson(t)]
WRITTEN += [Mixture(Mixture(Imitation(), Quantilizer(q), t), SoftBestOfN(3, t), "1/3"), WindowedQuantilizer(0, q)]


@pytest.mark.parametrize("optimizer", WRITTEN, ids=repr)
def test_an_optimizer_with_parts_is_read_back(optimizer):
    again = optimizer_from_json(optimizer.to_json(), table())
    assert again == optimizer and again.free_symbols == optimizer.free_symbols
    for document in ({**optimizer.to_json(), name: [1]} for name in optimizer.parameters()):
        with pytest.raises(QTheoryError):
            optimizer_from_json(document, table())


def test_binding_reaches_the_parts_of_a_mixture_and_symbols_are_refused_in_use():
    mixed = Mixture(Imitation(), Quantilizer(q), t)
    bound = mixed.bind({q: F(1, 4), t: F(1, 2), Scalar("z"): F(1)})
    assert bound == Mixture(Imitation(), Quantilizer("1/4"), "1/2") and not bound.free_symbols
    for optimizer in (mixed, Satisficer(t), Rejection(q, ["1/2", "1/4", "1/4"]), WindowedQuantilizer(0, q)):
        for use in (optimizer, optimizer.expected_draws):
            with pytest.raises(InvalidInput, match="symbol"):
                use(A48)


@pytest.mark.parametrize("optimizer", [o for o in FINITE if "SoftBestOfN" not in repr(o)], ids=repr)
def test_policies_survive_a_round_trip(optimizer):
    for problem in (D5, NORMAL):
        if problem is D5 or not isinstance(optimizer, Satisficer):
            assert policy_from_json(optimizer(problem).to_json()) == optimizer(problem)


def test_standard_problems_cost_what_rejection_says():
    for problem in STANDARD.values():
        assert Quantilizer("1/3").expected_draws(problem) == Quantilizer("1/3")(problem).sup_ratio()
        assert Quantilizer("1/3", draws=9).expected_draws(problem) == 9 == BestOfN(9).expected_draws(problem)
    finite = Problem(Finite(["1/2", "1/2"]), [0, 1])
    assert TopKOfN(4, 2).expected_draws(finite) == 4 and EstimatedThreshold(1, 1).expected_draws(finite) == 1 + F(3, 2)
