"""Strategies give what they are asked for, and reach what hurts."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

import qtheory as qt
from qtheory import testing
from qtheory.errors import InvalidInput

F = Fraction
QUIET = settings(
    database=None, derandomize=True, max_examples=60, deadline=None, suppress_health_check=list(HealthCheck)
)
SOME = settings(QUIET, max_examples=300)
MORE = settings(QUIET, max_examples=2000)


@QUIET
@given(testing.problems(max_actions=6, min_actions=2))
def test_problems_are_exact_and_within_their_size(problem):
    assert problem.exact and 2 <= problem.base.size <= 6 and problem.cost is None
    assert sum(problem.base.weights) == 1


@QUIET
@given(testing.problems(ties=False, zero_mass=False, exact=False, costs=True))
def test_problems_in_floats_without_ties_and_empty_actions(problem):
    assert not problem.exact
    assert len(set(problem.utility.tolist())) == problem.base.size and problem.base.weights.min() > 0
    assert problem.cost.min() >= 0


REACHED = {
    "a tie": lambda p: len(set(p.utility)) < p.base.size,
    "an empty action that is the best": lambda p: p.base.weights[p.utility.index(max(p.utility))] == 0,
    "a heavy action": lambda p: p.base.size > 2 and max(p.base.weights) > F(4, 5) and 0 < min(p.base.weights),
    "five actions of different utility": lambda p: len(set(p.utility)) == 5,
    "utilities in no order": lambda p: list(p.utility) not in (sorted(p.utility), sorted(p.utility)[::-1]),
}


@pytest.mark.parametrize("condition", REACHED.values(), ids=REACHED)
def test_what_hurts_is_reached(condition):
    assert condition(find(testing.problems(), condition, settings=MORE))


def test_what_is_excluded_is_not_reached():
    with pytest.raises(NoSuchExample):
        find(testing.bases(zero_mass=False), lambda b: 0 in b.weights, settings=SOME)
    with pytest.raises(NoSuchExample):
        find(testing.policies(), lambda p: p.sup_ratio() == float("inf"), settings=SOME)
    assert find(testing.policies(absolutely_continuous=False), lambda p: p.sup_ratio() == float("inf"), settings=SOME)


@pytest.mark.parametrize("exact", [True, False])
def test_levels_are_reached_at_which_the_best_actions_are_exactly_full(exact):
    problem = qt.Problem(qt.Finite(["3/13", "10/13"]), utility=[1, 0])
    if not exact:
        import numpy as np

        problem = qt.Problem(qt.Finite(np.array([0.3, 0.7])), np.array([1.0, 0.0]))
    full = problem.base.weights[0]
    assert find(testing.quantiles(problem), lambda q: abs(float(q) - float(full)) < 1e-12, settings=MORE)
    assert find(testing.quantiles(), lambda q: q < F(1, 50), settings=MORE)


CLASSES = (
    qt.MeanBounded("1/4"),
    qt.RangeAndMean("1/4", cap=1),
    qt.MomentBounded(2, "1/2"),
    qt.FeatureMeasurable("1/4"),
)


@pytest.mark.parametrize("cost_class", CLASSES, ids=lambda c: type(c).__name__)
def test_costs_lie_in_their_class_and_not_all_are_zero(cost_class):
    problem = qt.Problem(qt.Finite(["1/2", "1/3", "1/6"]), utility=[0, 1, 1], feature=["a", "a", "b"])

    @QUIET
    @given(testing.costs(cost_class), testing.costs(cost_class, problem))
    def check(any_problem, mine):
        for one in (any_problem, mine):
            assert cost_class.admits(one, one.cost)
        assert mine.base == problem.base and mine.utility == problem.utility

    check()
    assert find(testing.costs(cost_class, problem), lambda p: any(p.cost), settings=MORE)


@QUIET
@given(st.data())
def test_policies_are_for_the_problem_they_are_asked_for(data):
    problem = data.draw(testing.problems())
    policy = data.draw(testing.policies(problem))
    assert policy.problem is problem and sum(policy.probabilities) == 1


def test_a_false_bound_is_broken_and_comes_back_small():
    def breaks(pair):
        problem, q = pair
        return qt.Quantilizer(q)(problem).expect(problem.cost) > 2 * problem.mean_cost()

    problem, _ = find(st.tuples(testing.problems(costs=True), testing.quantiles()), breaks, settings=MORE)
    assert problem.base.size == 2


def test_aiming_finds_the_narrow_place():
    seen = []

    @settings(QUIET, max_examples=200)
    @given(st.fractions(0, 100, max_denominator=50))
    def look(x):
        seen.append(abs(x - 37))
        testing.aim_at_equality(x + 1, 38)

    look()
    assert min(seen) < F(1, 10)


def test_bad_calls_are_typed():
    for call in (
        lambda: testing.costs("MeanBounded"),
        lambda: find(testing.problems(max_actions=0), lambda p: True),
        lambda: find(testing.bases(max_actions=2, min_actions=3), lambda b: True),
    ):
        with pytest.raises(InvalidInput):
            call()
