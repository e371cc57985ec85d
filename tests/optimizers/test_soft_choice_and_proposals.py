"""Soft choices among draws, and proposals that are thinned: against enumeration, integrals and their limits."""

import math
from fractions import Fraction

import jax
import mpmath as mp
import numpy as np
import pytest
from rank_samples import chances, every_draw
from scipy import stats
from small_problems import A48, D5, as_floats, random_level, random_problem

from qtheory.base.continuous import Continuous
from qtheory.base.generative import Generative
from qtheory.errors import InvalidInput, NotAvailable, QTheoryError
from qtheory.exact.enclosure import Enclosure
from qtheory.optimizers.best_of_n import BestOfN
from qtheory.optimizers.imitation import Imitation
from qtheory.optimizers.kl_regularized import KLRegularized
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.optimizers.rejection import Rejection, normal_tail_proposal
from qtheory.optimizers.soft_best_of_n import SoftBestOfN
from qtheory.problem import Problem

F = Fraction
FALSE_ALARM = 1e-6
SEEDS = range(12)
NORMAL = Problem(Continuous("normal(0, 1)"))
UNIFORM = Problem(Continuous("uniform(0, 1)"))


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
