"""Worst costs by general-purpose solvers, straight from the definition of each cost class.

Every class is written here once more, as rows for HiGHS or as constraints for SLSQP; nothing of the package's own formulas
is used.
"""

import math
from itertools import groupby

import numpy as np
from scipy.optimize import linprog, minimize

import qtheory as qt
from qtheory.exact.enclosure import Enclosure

TOLERANCE = 1e-8
SEARCH = {"ftol": 1e-13, "maxiter": 400}


def numbers(values):
    return np.array([float(v.midpoint) if isinstance(v, Enclosure) else float(v) for v in values])


def linear_rows(cost_class, problem):
    """`A x <= b` and bounds in x = (cost of each action, then a lowest cost for classes that bound the oscillation)."""
    g, u = numbers(problem.base.weights), numbers(problem.utility)
    size = len(g)
    mean, cap, low, extra = (g, float(getattr(cost_class, "epsilon", 0))), [None] * size, 0.0, []
    match cost_class:
        case qt.MeanBounded():
            rows = [mean]
        case qt.RangeAndMean():
            rows, cap = [mean], [float(cost_class.cap)] * size
        case qt.Signed():
            rows, low = [mean], -float(cost_class.b)
        case qt.Capped():
            weights = numbers(cost_class.weights or [1] * size)
            rows = [(g * weights, float(cost_class.epsilon))]
            cap = [None if math.isinf(m) else m for m in numbers(cost_class.caps)]
        case qt.Oscillation():
            low = 0.0 if cost_class.nonnegative else None
            rows, extra = [(np.append(g, 0), mean[1])], [(None, None)]
            for i in range(size):
                e = np.eye(size + 1)[i] - np.eye(size + 1)[-1]
                rows += [(e, float(cost_class.spread)), (-e, 0.0)]
        case qt.FeatureMeasurable():
            rows = [mean]
            for i in range(size):
                rows += [(np.eye(size)[i] - np.eye(size)[j], 0.0) for j in range(size) if same(problem, i, j)]
        case qt.ConditionallyBounded():
            rows = []
            for level, group in groupby(sorted(range(size), key=lambda i: u[i]), key=lambda i: u[i]):
                mass = sum(g[i] for i in group)
                rows += [(g * (u == level) / mass, float(cost_class.kappa))] if mass > 0 else []
        case qt.LinearlyConstrained():
            rows = [mean, *((numbers(row), float(bound)) for row, bound in cost_class.rows)]
            cap = [float(cost_class.cap)] * size
    bounds = [(low, m) for m in cap] + extra
    return np.array([r for r, _ in rows]), np.array([b for _, b in rows]), bounds


def same(problem, i, j):
    return i != j and problem.feature[i] == problem.feature[j]


def linear_worst(cost_class, policy):
    """The largest mean cost of a policy over a polyhedral class; infinite where HiGHS finds no bound."""
    p = policy if isinstance(policy, np.ndarray) else numbers(policy.probabilities)
    return linear_oracle(cost_class, policy.problem, p)[0]


def linear_oracle(cost_class, problem, p):
    rows, right, bounds = linear_rows(cost_class, problem)
    goal = -np.append(p, [0] * (rows.shape[1] - len(p)))
    found = linprog(goal, A_ub=rows, b_ub=right, bounds=bounds)
    if found.status == 3:
        return math.inf, None
    assert found.status == 0, found.message
    return -found.fun, found.x[: len(p)]


def constraints(cost_class, problem):
    """Functions of the cost that are at least zero (`ineq`) or zero (`eq`) in a class with curved edges."""
    g = numbers(problem.base.weights)
    u = numbers(problem.utility)
    eps, sigma = float(getattr(cost_class, "epsilon", 0)), float(getattr(cost_class, "deviation", 0))
    above = lambda f: {"type": "ineq", "fun": f}
    match cost_class:
        case qt.MomentBounded():
            p, bound = float(cost_class.p), float(cost_class.bound)
            return [above(lambda c: bound**p - g @ np.abs(c) ** p), above(lambda c: c)]
        case qt.VarianceBounded():
            sign = [above(lambda c: c)] if cost_class.nonnegative else []
            return [above(lambda c: eps - g @ c), above(lambda c: sigma**2 - g @ (c - g @ c) ** 2), *sign]
        case qt.ExponentialMoment():
            beta, kappa = float(cost_class.beta), float(cost_class.kappa)
            sign = [above(lambda c: c)] if cost_class.nonnegative else []
            return [above(lambda c: math.exp(kappa / beta) - g @ np.exp(np.minimum(c / beta, 300))), *sign]
        case qt.CorrelatedProxy():
            scaled = (u - g @ u) / math.sqrt(g @ (u - g @ u) ** 2)
            zero = lambda f: {"type": "eq", "fun": f}
            return [
                zero(lambda c: g @ c),
                zero(lambda c: g @ c**2 - 1),
                zero(lambda c: -(g @ (c * scaled)) - float(cost_class.r)),
            ]


def numeric_worst(cost_class, policy, starts=5):
    """The largest mean cost that SLSQP finds from several starts, over actions that the base takes."""
    p, g = numbers(policy.probabilities), numbers(policy.problem.base.weights)
    live = g > 0
    assert p[~live].sum() == 0

    def full(c):
        cost = np.zeros(len(p))
        cost[live] = c
        return cost

    if isinstance(cost_class, qt.CorrelatedProxy) and cost_class.r == 1:
        u = numbers(policy.problem.utility)
        return -float(p @ (u - g @ u)) / math.sqrt(g @ (u - g @ u) ** 2)  # one true reward, up to a scale
    limits = [
        {"type": k["type"], "fun": lambda c, f=k["fun"]: np.atleast_1d(f(full(c)))}
        for k in constraints(cost_class, policy.problem)
    ]
    rng, best = np.random.default_rng(5), -math.inf
    # A lower end keeps the search away from costs of minus infinity on actions that are not played.
    bounds = [(-60, 60)] * int(live.sum())
    for _ in range(starts):
        start = rng.normal(0.3, 0.4, int(live.sum()))
        found = minimize(
            lambda c: -(p[live] @ c),
            start,
            constraints=limits,
            bounds=bounds,
            method="SLSQP",
            options=SEARCH,
        )
        short = [np.abs(k["fun"](found.x)) if k["type"] == "eq" else -k["fun"](found.x) for k in limits]
        if max(float(np.max(s)) for s in short) < 1e-7:
            best = max(best, -found.fun)
    return best


def is_in(cost_class, problem, cost):
    """Whether a cost is of the class, by its definition."""
    curved = constraints(cost_class, problem)
    if curved is not None:
        gaps = [(k["type"], np.atleast_1d(k["fun"](cost))) for k in curved]
        return all((np.abs(x) < TOLERANCE).all() if kind == "eq" else (x > -TOLERANCE).all() for kind, x in gaps)
    rows, right, bounds = linear_rows(cost_class, problem)
    x = np.append(cost, [cost.min()] * (rows.shape[1] - len(cost)))
    low = np.array([-math.inf if a is None else a for a, _ in bounds])
    high = np.array([math.inf if b is None else b for _, b in bounds])
    inside = bool((x >= low - TOLERANCE).all() and (x <= high + TOLERANCE).all())
    return inside and bool((rows @ x <= right + TOLERANCE).all())
