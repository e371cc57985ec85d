"""Problems: what they read, refuse, and write."""

import json
from fractions import Fraction

import jax
import numpy as np
import pytest
from small_problems import SIX, STANDARD, T3, as_floats, random_problem

from qtheory.base.continuous import Continuous
from qtheory.base.empirical import Empirical
from qtheory.base.finite import Finite
from qtheory.base.generative import Generative
from qtheory.errors import DocumentError, InvalidInput, NotAvailable, QTheoryError
from qtheory.problem import Problem

HALVES = Finite(["1/2", "1/2"])
NORMAL = Continuous("normal(0, 1)")


def test_an_exact_base_makes_every_number_exact():
    problem = Problem(HALVES, np.array([0.1, 0.2]), cost=[0.3, "1/3"])
    assert problem.exact and problem.utility == (Fraction(1, 10), Fraction(1, 5))
    assert problem.mean_cost() == Fraction(19, 60)


def test_a_float_base_makes_every_number_a_float():
    problem = Problem(Finite(np.array([0.5, 0.5])), ["1/3", 1])
    assert not problem.exact and problem.utility.dtype == np.float64 and not problem.utility.flags.writeable


def test_scores_are_the_utility_of_scored_samples_and_the_action_is_that_of_a_line():
    assert Problem(Empirical([3.0, 1.0])).utility.tolist() == [3.0, 1.0]
    assert Problem(NORMAL).utility.is_identity
    with pytest.raises(InvalidInput, match="utility"):
        Problem(HALVES)


@pytest.mark.parametrize("utility", [[1], [1, 2, 3], [1, float("nan")], [1, "a"], "12", 5, [1, None], np.ones((2, 1))])
def test_a_utility_that_does_not_fit_is_refused(utility):
    with pytest.raises(InvalidInput):
        Problem(HALVES, utility)
    with pytest.raises(InvalidInput):
        Problem(HALVES, [0, 1], cost=utility)


@pytest.mark.parametrize("base", [None, [0.5, 0.5], "normal(0, 1)", dict])
def test_what_is_no_base_is_refused(base):
    with pytest.raises(InvalidInput):
        Problem(base, [0, 1])


def test_one_cost_is_the_cost_and_several_have_names():
    assert Problem(HALVES, [0, 1], cost=[1, 0]).mean_cost() == Fraction(1, 2)
    two = Problem(HALVES, [0, 1], cost={"harm": [1, 0], "waste": [2, 2]})
    assert two.cost is None and set(two.costs) == {"harm", "waste"}
    for problem in (two, Problem(HALVES, [0, 1])):
        with pytest.raises(InvalidInput, match="exactly one cost"):
            problem.mean_cost()


@pytest.mark.parametrize("feature", [[0, 1], (0, 1), np.array([0, 1]), ["a", "b"], "ab"])
def test_a_feature_is_one_label_per_action(feature):
    problem = Problem(HALVES, [0, 1], feature=feature)
    assert len(problem.feature) == 2 and Problem.from_json(json.loads(json.dumps(problem.to_json()))) == problem


@pytest.mark.parametrize("feature", [[0], [], 5, [[0], [1]], [{}, {}]])
def test_a_feature_that_is_no_label_per_action_is_refused(feature):
    with pytest.raises(InvalidInput):
        Problem(HALVES, [0, 1], feature=feature)


def test_a_line_has_no_feature_and_a_sampler_no_mean():
    with pytest.raises(NotAvailable):
        Problem(NORMAL, feature=[0])
    with pytest.raises(NotAvailable):
        Problem(Generative(jax.random.normal)).mean("x")
    assert Problem(NORMAL).mean("x**2") == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize(
    "utility, ranks", [("x", True), ("2*x + 1", True), ("exp(x)", True), ("-x", False), ("x**2", False)]
)
def test_a_utility_ranks_as_the_action_only_where_it_is_known_to_increase(utility, ranks):
    assert Problem(NORMAL, utility).ranks_as_action is ranks
    assert Problem(NORMAL, lambda x: x).ranks_as_action is False
    assert Problem(HALVES, [0, 1]).ranks_as_action is False


@pytest.mark.parametrize("utility", ["y", "q*x", "import os", "x >= 0", "", 3])
def test_a_formula_of_anything_but_the_action_is_refused(utility):
    with pytest.raises(InvalidInput):
        Problem(NORMAL, utility)


@pytest.mark.parametrize("problem", [*STANDARD.values(), SIX], ids=[*STANDARD, "six"])
def test_standard_problems_survive_a_round_trip_exactly_and_in_floats(problem):
    for one in (problem, as_floats(problem), Problem(problem.base, problem.utility, cost={"a": problem.utility})):
        back = Problem.from_json(json.loads(json.dumps(one.to_json(), allow_nan=False)))
        assert back == one and hash(back) == hash(one) and back.exact == one.exact


@pytest.mark.parametrize("seed", range(20))
def test_random_problems_survive_a_round_trip(seed):
    problem = random_problem(np.random.default_rng(seed))
    assert Problem.from_json(json.loads(json.dumps(problem.to_json()))) == problem


def test_problems_on_a_line_and_on_samples_survive_a_round_trip():
    for problem in (Problem(NORMAL, "tanh(x)", cost="x**2"), Problem(Empirical([0.5, 0.25]), cost=[1.0, 0.0])):
        assert Problem.from_json(json.loads(json.dumps(problem.to_json()))) == problem


def test_code_has_no_json_form():
    for problem in (Problem(NORMAL, lambda x: x), Problem(Generative(jax.random.normal))):
        with pytest.raises(DocumentError):
            problem.to_json()


def test_problems_that_differ_in_one_number_differ():
    assert Problem(T3.base, ["1/5", "1/2", "7/11"]) != T3
    assert T3 != Problem(T3.base, T3.utility, cost=[0, 0, 0]) != Problem(T3.base, T3.utility, cost={"c": [0, 0, 0]})
    assert Problem(T3.base, T3.utility, feature=[0, 0, 0]) != T3 and T3 != 3
    named = {"a": [0, 0, 1], "b": [1, 0, 0]}
    one, other = Problem(T3.base, T3.utility, named), Problem(T3.base, T3.utility, dict(reversed(named.items())))
    assert one == other and hash(one) == hash(other)


GOOD = T3.to_json()


@pytest.mark.parametrize(
    "change",
    [
        {"type": "policy"},
        {"schema": 2},
        {"base": None},
        {"base": []},
        {"utility": None},
        {"utility": [1]},
        {"costs": []},
    ]
    + [
        {"costs": {"c": None}},
        {"costs": {"c": [float("nan")] * 3}},
        {"utility": ["1", "2", float("nan")]},
        {"feature": 5},
    ]
    + [{"feature": "abc"}, {"feature": [0]}, {"utility": "x"}, {"utility": {"0": 1}}, {"feature": [[], [], []]}],
    ids=repr,
)
def test_a_malformed_document_is_a_typed_error(change):
    assert Problem.from_json(GOOD) == T3
    with pytest.raises(QTheoryError):
        Problem.from_json({**GOOD, **change})


@pytest.mark.parametrize("missing", sorted(GOOD))
def test_a_missing_field_is_a_document_error(missing):
    with pytest.raises(DocumentError):
        Problem.from_json({name: value for name, value in GOOD.items() if name != missing})
