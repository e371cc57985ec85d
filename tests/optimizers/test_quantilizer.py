"""The quantilizer: both tie forms exactly, its threshold, and float problems."""

from fractions import Fraction

import numpy as np
import pytest
from small_problems import A48, D5, R6, T3, as_floats, fractions, random_level, random_policy, random_problem

from qtheory.base.empirical import Empirical
from qtheory.base.finite import Finite
from qtheory.errors import InvalidInput
from qtheory.optimizers.maximizer import Maximizer
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.problem import Problem

EXACT = [
    (T3, "5/9", fractions(0, "2/5", "3/5"), fractions(0, "2/5", "3/5")),
    (A48, "1/4", fractions(1, 0, 0), fractions(1, 0, 0)),
    (A48, "1/2", fractions("1/2", "1/2", 0), fractions("1/2", "1/2", 0)),
    (A48, "3/8", fractions("2/3", "1/3", 0), fractions("2/3", "1/3", 0)),
    (D5, "1/32", fractions(0, 0, 0, 0, 1), fractions(0, 0, 0, 0, 1)),
    (R6, "1/3", fractions("1/4", "3/16", "9/32", 0, 0, "9/32"), fractions("1/4", "1/2", "1/4", 0, 0, 0)),
    (R6, 1, R6.base.weights, R6.base.weights),
]
SEEDS = range(60)


@pytest.mark.parametrize("problem, q, proportional, ordered", EXACT)
def test_both_tie_forms_are_exact_on_the_standard_instances(problem, q, proportional, ordered):
    assert Quantilizer(q)(problem).probabilities == proportional
    assert Quantilizer(q, ties="ordered")(problem).probabilities == ordered


def test_the_tie_forms_differ_in_cost_and_not_in_utility():
    cost = [0, 1, 0, 0, 0, 0]
    proportional, ordered = Quantilizer("1/3")(R6), Quantilizer("1/3", ties="ordered")(R6)
    assert proportional.value() == ordered.value() == Fraction(7, 2)
    assert (proportional.expect(cost), ordered.expect(cost)) == (Fraction(3, 16), Fraction(1, 2))
    assert str(proportional.estimand) != str(ordered.estimand)


def by_definition(problem, q, ordered):
    """The formulas of the definition, one action at a time."""
    weights, utility = problem.base.weights, problem.utility
    above = [sum(g for g, u in zip(weights, utility, strict=True) if u > mine) for mine in utility]
    tied = [sum(g for g, u in zip(weights, utility, strict=True) if u == mine) for mine in utility]
    if not ordered:
        clip = lambda x: max(Fraction(0), min(Fraction(1), x))
        return tuple(
            g / q * clip((q - G) / T) if g else Fraction(0) for g, G, T in zip(weights, above, tied, strict=True)
        )
    before = [
        G + sum(g for g, u in zip(weights[:i], utility[:i], strict=True) if u == utility[i])
        for i, G in enumerate(above)
    ]
    return tuple(max(Fraction(0), min(q - b, g)) / q for b, g in zip(before, weights, strict=True))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("ties", ["proportional", "ordered"])
def test_random_exact_problems_get_the_probabilities_of_the_definition(seed, ties):
    rng = np.random.default_rng(seed)
    problem, q = random_problem(rng), random_level(rng)
    assert Quantilizer(q, ties=ties)(problem).probabilities == by_definition(problem, q, ties == "ordered")


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("ties", ["proportional", "ordered"])
def test_float_problems_agree_with_exact_ones(seed, ties):
    rng = np.random.default_rng(seed)
    problem, q = random_problem(rng), random_level(rng)
    exact, policy = Quantilizer(q, ties=ties)(problem), Quantilizer(q, ties=ties)(as_floats(problem))
    assert np.allclose(policy.probabilities, [float(p) for p in exact.probabilities], atol=1e-12)
    # At an edge between two levels a rounded running mass may fall on either side of q.
    edges = np.cumsum(sorted((float(g) for g in problem.base.weights), reverse=True))
    if np.abs(edges - float(q)).min() > 1e-9 and all(abs(float(q) - x) > 1e-9 for x in partial_masses(problem)):
        assert Quantilizer(q).threshold(as_floats(problem)) == float(Quantilizer(q).threshold(problem))


def partial_masses(problem):
    """The mass at or above each level of utility."""
    pairs = list(zip(problem.base.weights, problem.utility, strict=True))
    return [float(sum(g for g, u in pairs if u >= level)) for level in set(problem.utility)]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_threshold_is_the_highest_level_with_mass_q_at_or_above_it(seed):
    rng = np.random.default_rng(seed)
    problem, q = random_problem(rng), random_level(rng)
    pairs = list(zip(problem.base.weights, problem.utility, strict=True))
    reached = [t for t in problem.utility if sum(g for g, u in pairs if u >= t) >= q]
    assert Quantilizer(q).threshold(problem) == max(reached)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_rival_with_the_same_bound_has_a_higher_utility(seed):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng)
    rival = random_policy(rng, problem)
    q = 1 / rival.sup_ratio()
    assert Quantilizer(q)(problem).value() >= rival.value()


@pytest.mark.parametrize("seed", range(20))
def test_the_order_in_which_actions_are_listed_does_not_matter(seed):
    rng = np.random.default_rng(seed)
    problem, q = random_problem(rng), random_level(rng)
    order = rng.permutation(problem.base.size)
    pick = lambda row: [row[i] for i in order]
    shuffled = Problem(Finite(pick(problem.base.weights)), pick(problem.utility))
    assert list(Quantilizer(q)(shuffled).probabilities) == pick(Quantilizer(q)(problem).probabilities)


@pytest.mark.parametrize("seed", range(20))
def test_it_tends_to_the_maximiser(seed):
    problem = random_problem(np.random.default_rng(seed))
    assert Quantilizer("1/1000000")(problem).probabilities == Maximizer()(problem).probabilities


@pytest.mark.parametrize(
    "n, q, kept", [(10, "3/10", 3), (160, "1/10", 16), (7, "1/2", 4), (3, "1/100", 1), (100, 0.29, 29)]
)
def test_the_rule_keeps_the_ceiling_computed_exactly(n, q, kept):
    policy = Quantilizer(q, draws=n)(D5)
    assert (
        str(policy.estimand) == f"rule(n={n}, k={kept})"
        and policy.sup_ratio() <= Fraction(n, kept) <= 1 / Quantilizer(q).q
    )


def test_scored_samples_are_not_split_by_rounding():
    scores = np.random.default_rng(0).permutation(100).astype(float)
    for k in (1, 7, 29, 57, 58):
        policy = Quantilizer(Fraction(k, 100))(Problem(Empirical(scores)))
        assert sorted(np.flatnonzero(policy.probabilities > 1e-15)) == sorted(np.argsort(-scores)[:k])
        assert np.allclose(policy.ratio[policy.ratio > 1e-12], 100 / k)


@pytest.mark.parametrize(
    "bad", [{"ties": "random"}, {"ties": None}, {"draws": 0}, {"draws": 2.5}, {"draws": True}, {"draws": "x"}]
)
def test_unknown_ties_and_draws_are_refused(bad):
    with pytest.raises(InvalidInput):
        Quantilizer("1/2", **bad)
