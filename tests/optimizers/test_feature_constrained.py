"""Targeted impact: the greedy filling against exact programmes and HiGHS, and what it does not promise."""

from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import linprog
from small_problems import SIX, as_floats, random_problem

from qtheory.base.continuous import Continuous
from qtheory.base.finite import Finite
from qtheory.costs.feature_measurable import FeatureMeasurable
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.certificate import check_certificate
from qtheory.exact.simplex import solve_exactly
from qtheory.optimizers.feature_constrained import FeatureConstrained
from qtheory.optimizers.maximin import Maximin
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.optimizers.registry import optimizer_from_json
from qtheory.problem import Problem
from qtheory.statements.instance import Instance
from qtheory.symbols import Scalar, table, tau, u, w

SEEDS = range(40)
T = Scalar("T", "positive")


def random_budgets(rng):
    budgets = [1 + Fraction(int(rng.integers(0, 9)), int(rng.integers(1, 5))) for _ in range(2)]
    return budgets[0], budgets[1] if rng.random() < 0.6 else None


def random_kernel(rng, size):
    counts = rng.integers(0, 4, (size, 3))
    counts[:, 0] += counts.sum(axis=1) == 0
    return [[Fraction(int(x), int(row.sum())) for x in row] for row in counts]


def by_highs(problem, kernel, feature_budget, action_budget):
    g = np.array([float(x) for x in problem.base.weights])
    columns = np.array([[float(x) for x in row] for row in kernel]).T
    caps = [None if action_budget is None else float(action_budget) * x for x in g]
    gains = [-float(x) for x in problem.utility]
    bounds = float(feature_budget) * (columns @ g)
    found = linprog(gains, A_ub=columns, b_ub=bounds, A_eq=[[1.0] * len(g)], b_eq=[1], bounds=[(0, x) for x in caps])
    assert found.status == 0
    return -found.fun


def labels_as_kernel(problem):
    labels = sorted(set(problem.feature))
    return [[int(z == label) for label in labels] for z in problem.feature]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_greedy_filling_is_optimal_and_within_the_budgets(seed):
    rng = np.random.default_rng(seed)
    problem, budgets = random_problem(rng), random_budgets(rng)
    optimizer = FeatureConstrained(*budgets)
    solution = optimizer.solve(problem)
    assert solution.how == "closed form" and type(solution.value) is Fraction
    assert float(solution.value) == pytest.approx(by_highs(problem, labels_as_kernel(problem), *budgets), abs=1e-9)
    program = optimizer.program(problem)
    assert check_certificate(program, solve_exactly(program)) == solution.value
    assert FeatureMeasurable(1).worst_case(solution.policy).value <= budgets[0]
    if budgets[1] is not None:
        assert solution.policy.sup_ratio() <= budgets[1]
    floats = optimizer(as_floats(problem))
    assert floats.value() == pytest.approx(float(solution.value), abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_noisy_feature_takes_a_certified_programme(seed):
    rng = np.random.default_rng(seed)
    problem, budgets = random_problem(rng), random_budgets(rng)
    kernel = random_kernel(rng, problem.base.size)
    solution = FeatureConstrained(*budgets, kernel=kernel).solve(problem)
    assert (
        solution.how == "linear programme"
        and check_certificate(solution.program, solution.certificate) == solution.value
    )
    assert float(solution.value) == pytest.approx(by_highs(problem, kernel, *budgets), abs=1e-9)
    assert solution.policy.value() == solution.value
    laws = zip(zip(problem.base.weights, solution.policy.probabilities, strict=True), kernel, strict=True)
    totals = [
        [sum(masses[i] * row[z] for masses, row in laws_) for z in range(3)] for laws_ in [list(laws)] for i in (0, 1)
    ]
    assert all(played <= budgets[0] * base for base, played in zip(*totals, strict=True))


@pytest.mark.parametrize("seed", range(20))
def test_labels_given_as_a_kernel_change_nothing(seed):
    rng = np.random.default_rng(seed)
    problem, budgets = random_problem(rng), random_budgets(rng)
    kernel = labels_as_kernel(problem)
    assert (
        FeatureConstrained(*budgets, kernel=kernel).solve(problem).value
        == FeatureConstrained(*budgets).solve(problem).value
    )


def test_it_keeps_no_promise_for_costs_of_single_actions():
    """With the feature's law unmoved, a cost on one action grows sevenfold."""
    policy = FeatureConstrained(1)(SIX)
    assert FeatureMeasurable(1).worst_case(policy).value == 1 and policy.sup_ratio() == 7
    assert policy.value() == 2 > Quantilizer(1)(SIX).value()
    assert FeatureConstrained(1, action_budget=2)(SIX).sup_ratio() == 2


def test_without_an_action_budget_it_beats_the_quantilizer_at_the_same_level():
    for budget in (1, "7/6", "5/4", "5/3", 4):
        level = 1 / Fraction(budget)
        assert FeatureConstrained(budget)(SIX).value() >= Quantilizer(level)(SIX).value()


def test_it_is_the_best_policy_against_costs_of_the_feature_at_the_right_budget():
    solution = Maximin(FeatureMeasurable("1/10")).solve(SIX)
    budget = FeatureMeasurable(1).worst_case(solution.policy).value
    assert FeatureConstrained(budget)(SIX).value() - budget / 10 == solution.value


def test_protecting_outcomes_is_not_protecting_actions():
    problem = Problem(Finite(["1/2", "1/2"]), [1, 0])
    blurred = FeatureConstrained("3/2", kernel=[["2/3", "1/3"], ["1/3", "2/3"]])(problem).value()
    sharp = FeatureConstrained("3/2", kernel=[["1/2", "1/2", 0], ["1/2", 0, "1/2"]])(problem).value()
    assert (blurred, sharp) == (1, Fraction(3, 4))


@pytest.mark.parametrize("seed", range(10))
def test_its_axioms_hold(seed):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng)
    for optimizer in (FeatureConstrained(T, action_budget=T), FeatureConstrained(T)):
        policy = optimizer.bind({T: Fraction(3, 2)})(problem)
        if policy.sup_ratio() == float("inf"):
            continue
        instance = Instance(problem.base.weights, {w: policy.ratio, u: problem.utility}, {T: Fraction(3, 2)})
        assert not [a for a in optimizer.axioms(w, u, tau) if instance.truth(a) is not True]


def test_it_survives_json():
    for optimizer in (
        FeatureConstrained(T),
        FeatureConstrained(2, 3),
        FeatureConstrained(2, kernel=[["1/2", "1/2"], [1, 0]]),
    ):
        assert optimizer_from_json(optimizer.to_json(), {**table(), "T": T}) == optimizer


@pytest.mark.parametrize(
    "make",
    [
        lambda: FeatureConstrained("1/2"),
        lambda: FeatureConstrained(1, action_budget="1/2"),
        lambda: FeatureConstrained(1, kernel="x"),
        lambda: FeatureConstrained(1, kernel=[["1/2", "1/3"]]),
        lambda: FeatureConstrained(1, kernel=[[1, 0], [1]]),
        lambda: FeatureConstrained(1, kernel=[[1]])(SIX),
        lambda: FeatureConstrained(1)(Problem(Finite(["1/2", "1/2"]), [0, 1])),
        lambda: FeatureConstrained(T)(SIX),
    ],
)
def test_what_makes_no_sense_is_refused(make):
    with pytest.raises(InvalidInput):
        make()


def test_it_is_for_finite_bases_and_noisy_features_for_exact_ones():
    with pytest.raises(NotAvailable):
        FeatureConstrained(1)(Problem(Continuous("normal(0, 1)")))
    with pytest.raises(NotAvailable):
        FeatureConstrained(1, kernel=[[1]] * 6)(as_floats(SIX))
