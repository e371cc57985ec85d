"""The dictionary from cost classes to optimizers: both sides of the minimax, each solved on its own by HiGHS or SLSQP.

One side is the least t for which some cost of the class has U - c <= t everywhere; the other is played out by cutting
planes, policies against the worst costs found so far. Neither side sees the package.
"""

import math

import numpy as np
import pytest
from calculus_oracles import constraints, is_in, linear_oracle, linear_rows, linear_worst, numbers
from scipy.optimize import linprog, minimize
from test_calculus_acceptance import CURVED, SEEDS, linear_classes, middle, optimizers, random_problem

import qtheory as qt
from qtheory.errors import NotAvailable

KINDS = range(len(linear_classes(random_problem(2))))
GAP = 1e-7


def least_over_costs(cost_class, problem):
    """min over costs of max over actions of U - c, as one linear programme in (t, cost, ...)."""
    rows, right, bounds = linear_rows(cost_class, problem)
    u = numbers(problem.utility)
    cover = np.zeros((len(u), rows.shape[1] + 1))
    cover[:, 0] = -1
    cover[:, 1 : len(u) + 1] = -np.eye(len(u))
    table = np.vstack([np.hstack([np.zeros((len(rows), 1)), rows]), cover])
    goal = np.eye(rows.shape[1] + 1)[0]
    found = linprog(goal, A_ub=table, b_ub=np.append(right, -u), bounds=[(None, None), *bounds])
    assert found.status == 0, found.message
    return found.fun


def most_over_policies(cost_class, problem):
    """max over policies of the worst U - c: the policy answers the costs met so far, and is met by its worst cost."""
    u = numbers(problem.utility)
    costs, cuts = [], []
    allowed = np.ones(len(u), dtype=bool)
    for _ in range(200):
        size = len(u)
        table = [np.append(c - u, 1) for c in costs]
        bounds = [(0, 1 if ok else 0) for ok in allowed] + [(None, 1e3)]
        found = linprog(
            -np.eye(size + 1)[-1],
            A_ub=np.array(table) if table else None,
            b_ub=np.zeros(len(table)) if table else None,
            A_eq=[[1] * size + [0]],
            b_eq=[1],
            bounds=bounds,
        )
        p = np.where(found.x[:size] < 1e-12, 0, found.x[:size])
        value, cost = linear_oracle(cost_class, problem, p)
        if math.isinf(value):
            # What the class lets cost anything is never played again.
            free = [i for i in np.flatnonzero(p) if math.isinf(linear_oracle(cost_class, problem, np.eye(size)[i])[0])]
            allowed[free] = False
            continue
        cuts.append(p @ u - value)
        if max(cuts) >= found.x[-1] - GAP:
            return max(cuts)
        costs.append(cost)
    raise AssertionError("the cutting planes do not meet")


@pytest.mark.parametrize("kind", KINDS)
def test_the_guarantee_is_the_value_of_both_sides(kind):
    for seed in SEEDS:
        problem = random_problem(seed)
        cost_class = linear_classes(problem)[kind]
        solution = qt.Maximin(cost_class).solve(problem)
        value = middle(solution.value)
        assert value == pytest.approx(least_over_costs(cost_class, problem), abs=GAP), (seed, cost_class)
        assert value == pytest.approx(most_over_policies(cost_class, problem), abs=1e-6), (seed, cost_class)
        guaranteed = middle(solution.policy.value()) - linear_worst(cost_class, solution.policy)
        assert guaranteed == pytest.approx(value, abs=GAP), (seed, cost_class)
        if solution.saddle_cost is not None:
            cost = numbers(solution.saddle_cost)
            assert is_in(cost_class, problem, cost), (seed, cost_class, cost)
            assert max(numbers(problem.utility) - cost) == pytest.approx(value, abs=GAP)


@pytest.mark.parametrize("seed", [6, 10])
@pytest.mark.parametrize("cost_class", [c for c in CURVED if not isinstance(c, qt.CorrelatedProxy)], ids=repr)
def test_the_guarantee_against_a_curved_class_is_the_least_over_its_costs(cost_class, seed):
    problem = random_problem(seed)
    try:
        solution = qt.Maximin(cost_class).solve(problem)
    except NotAvailable:
        assert getattr(cost_class, "nonnegative", False)  # no closed form is known, and no programme is linear
        return
    g, u = numbers(problem.base.weights), numbers(problem.utility)
    live, size = g > 0, len(g)
    full = lambda x: np.where(live, x[:size], 60.0)
    limits = [
        {"type": k["type"], "fun": lambda x, f=k["fun"]: np.atleast_1d(f(full(x)))}
        for k in constraints(cost_class, problem)
    ]
    cover = {"type": "ineq", "fun": lambda x: (x[size] - u + x[:size])[live]}
    best = math.inf
    for start in (0.1, 0.5, 1.0):
        x0 = np.append(np.maximum(u - u[live].max() + start, 0), u[live].max())
        found = minimize(
            lambda x: x[size], x0, constraints=[*limits, cover], method="SLSQP", options={"ftol": 1e-13, "maxiter": 500}
        )
        if found.success:
            best = min(best, found.fun)
    assert middle(solution.value) == pytest.approx(best, abs=2e-5)
    worst = cost_class.worst_case(solution.policy)
    guaranteed = middle(solution.policy.value()) - middle(worst.value)
    assert guaranteed <= best + 2e-5 if worst.kind == "upper" else guaranteed == pytest.approx(best, abs=2e-5)


@pytest.mark.parametrize("name", ["base", "maximiser", "window", "best of 3", "threshold", "mixture"])
def test_no_optimizer_beats_the_guarantee_and_some_fall_short(name):
    short = 0
    for seed in SEEDS:
        problem = random_problem(seed)
        policy = optimizers(problem)[name](problem)
        for cost_class in linear_classes(problem):
            best = middle(qt.Maximin(cost_class).solve(problem).value)
            own = middle(policy.value()) - linear_worst(cost_class, policy)
            assert own <= best + GAP, (seed, cost_class)
            short += own < best - GAP
    assert short > 0
