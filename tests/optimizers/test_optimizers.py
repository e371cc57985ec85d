"""Every optimizer: its axioms hold wherever it is applied, and what it refuses."""

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from small_problems import STANDARD, as_floats, random_level, random_policy, random_problem

from qtheory.base.continuous import Continuous
from qtheory.base.empirical import Empirical
from qtheory.base.finite import Finite
from qtheory.errors import InvalidInput, NotAvailable, QTheoryError
from qtheory.optimizers.best_of_n import BestOfN
from qtheory.optimizers.best_of_poisson import BestOfPoisson
from qtheory.optimizers.estimated_threshold import EstimatedThreshold
from qtheory.optimizers.imitation import Imitation
from qtheory.optimizers.kl_regularized import KLRegularized
from qtheory.optimizers.maximizer import Maximizer
from qtheory.optimizers.mixture import Mixture
from qtheory.optimizers.power_regularized import PowerRegularized
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.optimizers.registry import optimizer_from_json, optimizers
from qtheory.optimizers.reverse_kl_regularized import ReverseKLRegularized
from qtheory.optimizers.satisficer import Satisficer
from qtheory.optimizers.soft_best_of_n import SoftBestOfN
from qtheory.optimizers.top_k_of_n import TopKOfN
from qtheory.optimizers.total_variation_regularized import TotalVariationRegularized
from qtheory.optimizers.tsallis_regularized import TsallisRegularized
from qtheory.optimizers.windowed_quantilizer import WindowedQuantilizer
from qtheory.problem import Problem
from qtheory.statements.instance import Instance
from qtheory.symbols import C, Scalar, k, n, q, table, tau, u, w

SYMBOLIC = [
    Quantilizer(q),
    Quantilizer(q, ties="ordered"),
    Quantilizer(q, draws=n),
    BestOfN(n),
    TopKOfN(n, k),
    Imitation(),
]
SYMBOLIC += [Maximizer(), Quantilizer(q * q), TopKOfN(n + k, k)]
SYMBOLIC += [KLRegularized(C), ReverseKLRegularized(C), TotalVariationRegularized(C), TotalVariationRegularized(C - 1)]
SYMBOLIC += [PowerRegularized(p, C) for p in (1, "3/2", 2, 3, n)]
SYMBOLIC += [TsallisRegularized(alpha, C) for alpha in ("3/2", 2, 4)]
SYMBOLIC += [
    WindowedQuantilizer(q / 2, q),
    Satisficer(-2),
    EstimatedThreshold(n, k),
    BestOfPoisson(C),
    SoftBestOfN(n, C),
]
SYMBOLIC += [Mixture(Imitation(), Quantilizer(q), q), Mixture(BestOfN(n), TopKOfN(n, k), "1/3")]
IRRATIONAL = (KLRegularized, PowerRegularized, ReverseKLRegularized, TsallisRegularized, BestOfPoisson, SoftBestOfN)
# Tried in files of their own: what they are given depends on the problem.
ELSEWHERE = {"Rejection", "Maximin", "FeatureConstrained"}
SEEDS = range(25)


def random_values(rng):
    kept = int(rng.integers(1, 5))
    counts = {k: Fraction(kept), n: Fraction(kept + int(rng.integers(0, 4)))}
    return {q: random_level(rng), C: 1 + Fraction(int(rng.integers(0, 9)), 4), **counts}


def instance_of(optimizer, problem, values, ratio):
    bound = optimizer.bind(values)
    scalars = {**values, tau: bound.threshold(problem) or Fraction(0)}
    return Instance(problem.base.weights, {u: problem.utility, w: ratio}, scalars)


@pytest.mark.parametrize("optimizer", SYMBOLIC, ids=repr)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_axioms_hold_on_random_instances(optimizer, seed):
    rng = np.random.default_rng(seed)
    problem, values = random_problem(rng), random_values(rng)
    instance = instance_of(optimizer, problem, values, optimizer.bind(values)(problem).ratio)
    # Two irrational sides that are equal can only be found to overlap.
    broken = (False,) if isinstance(optimizer, IRRATIONAL) else (False, None)
    assert [a for a in optimizer.axioms(w, u, tau) if instance.truth(a) in broken] == []


@pytest.mark.parametrize("optimizer", SYMBOLIC, ids=repr)
def test_the_axioms_are_not_empty_words(optimizer):
    broken = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        problem, values = random_problem(rng), random_values(rng)
        instance = instance_of(optimizer, problem, values, random_policy(rng, problem).ratio)
        broken += any(instance.truth(a) is False for a in optimizer.axioms(w, u, tau))
    assert broken > 5


@pytest.mark.parametrize("seed", SEEDS)
def test_top_k_of_n_is_what_enumerating_the_draws_gives(seed):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng, max_size=3)
    draws, kept = 3, int(rng.integers(1, 4))
    assert TopKOfN(draws, kept)(problem).probabilities == tuple(enumerated(problem, draws, kept))


def enumerated(problem, draws, kept):
    """Every sample in turn; draws tied at the boundary share what is left to keep."""
    size, weights, utility = problem.base.size, problem.base.weights, problem.utility
    chances = [Fraction(0)] * size
    for index in np.ndindex(*(size,) * draws):
        chance = np.prod([weights[i] for i in index], dtype=object)
        for i in index:
            better = sum(utility[j] > utility[i] for j in index)
            equal = sum(utility[j] == utility[i] for j in index)
            chances[i] += chance * max(Fraction(0), min(Fraction(1), Fraction(kept - better, equal))) / kept
    return chances


@pytest.mark.parametrize("seed", SEEDS)
def test_best_of_n_keeps_one_and_the_base_keeps_all(seed):
    problem = random_problem(np.random.default_rng(seed))
    assert BestOfN(4)(problem).probabilities == TopKOfN(4, 1)(problem).probabilities
    assert Imitation()(problem).probabilities == TopKOfN(3, 3)(problem).probabilities == problem.base.weights
    assert BestOfN(1)(problem).probabilities == Quantilizer(1)(problem).probabilities == problem.base.weights


@pytest.mark.parametrize("optimizer", [BestOfN(5), TopKOfN(6, 2), Maximizer(), Imitation()], ids=repr)
@pytest.mark.parametrize("seed", SEEDS)
def test_float_problems_agree_with_exact_ones(optimizer, seed):
    problem = random_problem(np.random.default_rng(seed))
    exact = [float(p) for p in optimizer(problem).probabilities]
    assert np.allclose(optimizer(as_floats(problem)).probabilities, exact, atol=1e-12)


@pytest.mark.parametrize("seed", range(12))
def test_rules_can_be_applied_to_many_scored_samples(seed):
    # Differences of a mass near one step below zero by a rounding; no probability may.
    rng = np.random.default_rng(seed)
    draws = int(rng.integers(2, 300))
    optimizer = TopKOfN(draws, int(rng.integers(1, draws + 1)))
    scores = rng.normal(size=2500)
    for problem in (Problem(Empirical(scores)), Problem(Finite(rng.dirichlet(np.ones(2500))), scores)):
        policy = optimizer(problem)
        assert policy.probabilities.min() >= 0 and policy.sup_ratio() <= draws / optimizer.k * (1 + 1e-6)


@pytest.mark.parametrize("problem", STANDARD.values(), ids=STANDARD)
def test_the_maximiser_is_the_base_given_the_best(problem):
    policy = Maximizer()(problem)
    assert policy.value() == max(problem.utility)
    assert str(policy.estimand) == "maximizer()"


def test_the_maximiser_ignores_what_the_base_never_does_and_needs_atoms():
    assert Maximizer()(Problem(Finite([1, 0]), [0, 5])).probabilities == (1, 0)
    with pytest.raises(NotAvailable):
        Maximizer()(Problem(Continuous("normal(0, 1)")))


@pytest.mark.parametrize(
    "make",
    [lambda: BestOfN(0), lambda: BestOfN(1.5), lambda: BestOfN(True), lambda: BestOfN("many")]
    + [
        lambda: BestOfN(None),
        lambda: TopKOfN(2, 3),
        lambda: TopKOfN(0, 0),
        lambda: TopKOfN(3, 0),
        lambda: TopKOfN(3, 1.5),
    ],
)
def test_counts_that_are_none_are_refused(make):
    with pytest.raises(InvalidInput):
        make()


@pytest.mark.parametrize(
    "optimizer",
    [o for o in SYMBOLIC if o.parameters() and any(isinstance(x, sp.Basic) for x in o.parameters().values())],
    ids=repr,
)
def test_a_symbol_is_for_claims_and_cannot_be_applied(optimizer):
    with pytest.raises(InvalidInput, match="is a symbol"):
        optimizer(STANDARD["T3"])


def test_binding_a_level_outside_its_range_is_refused():
    for value in (Fraction(0), Fraction(2)):
        with pytest.raises(QTheoryError):
            Quantilizer(q).bind({q: value})
    with pytest.raises(InvalidInput):
        TopKOfN(n, k).bind({n: Fraction(1), k: Fraction(2)})
    assert Quantilizer(q).bind({q: Fraction(1, 3), Scalar("z"): Fraction(2)}) == Quantilizer("1/3")


@pytest.mark.parametrize("optimizer", SYMBOLIC, ids=repr)
def test_an_optimizer_is_written_with_its_parameters(optimizer):
    document = optimizer.to_json()
    assert document["optimizer"] == type(optimizer).__name__ and set(document) == {"optimizer", *optimizer.parameters()}
    assert optimizer_from_json(document, table()) == optimizer


def test_every_optimizer_of_the_library_is_tried_above():
    assert {type(optimizer).__name__ for optimizer in SYMBOLIC} | ELSEWHERE == set(optimizers())


@pytest.mark.parametrize(
    "document",
    [None, {}, {"optimizer": "Best"}, {"optimizer": ["BestOfN"]}, {"optimizer": "BestOfN", "n": "0"}]
    + [
        {"optimizer": "BestOfN"},
        {"optimizer": "BestOfN", "n": None},
        {"optimizer": "BestOfN", "n": "zz"},
        {"optimizer": "TopKOfN", "n": []},
    ],
)
def test_a_malformed_optimizer_is_a_typed_error(document):
    with pytest.raises(QTheoryError):
        optimizer_from_json(document, table())
