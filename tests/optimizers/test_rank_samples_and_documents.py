"""Optimizers known by their ranks or their draws: their samples, and how they are written down and read back."""

import math
from fractions import Fraction

import jax
import numpy as np
import pytest
from rank_samples import chances
from scipy import stats
from small_problems import A48, D5, STANDARD

from qtheory.base.continuous import Continuous
from qtheory.base.finite import Finite
from qtheory.errors import InvalidInput, QTheoryError
from qtheory.optimizers.best_of_n import BestOfN
from qtheory.optimizers.best_of_poisson import BestOfPoisson
from qtheory.optimizers.estimated_threshold import EstimatedThreshold
from qtheory.optimizers.imitation import Imitation
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
from qtheory.symbols import Scalar, q, t, table

F = Fraction
FALSE_ALARM = 1e-6
SEEDS = range(12)
NORMAL = Problem(Continuous("normal(0, 1)"))
UNIFORM = Problem(Continuous("uniform(0, 1)"))


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
