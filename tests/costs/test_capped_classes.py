"""Classes that are polyhedra: against a linear programme that knows nothing of them, and the costs that attain them."""

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import linprog
from small_problems import as_floats, random_policy, random_problem

from qtheory.base.continuous import Continuous
from qtheory.base.finite import Finite
from qtheory.costs.capped import Capped
from qtheory.costs.conditionally_bounded import ConditionallyBounded
from qtheory.costs.filling import fill_floats
from qtheory.costs.linearly_constrained import LinearlyConstrained
from qtheory.costs.mean_bounded import MeanBounded
from qtheory.costs.oscillation import Oscillation
from qtheory.costs.range_and_mean import RangeAndMean
from qtheory.costs.registry import cost_class_from_json
from qtheory.costs.unbounded import Unbounded
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.certificate import CertificateRejected, check_certificate
from qtheory.exact.enclosure import Enclosure
from qtheory.optimizers.best_of_n import BestOfN
from qtheory.optimizers.kl_regularized import KLRegularized
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.optimizers.windowed_quantilizer import WindowedQuantilizer
from qtheory.policies.atom import AtomPolicy
from qtheory.problem import Problem
from qtheory.symbols import OfAction, Scalar, epsilon, table

SEEDS = range(25)
TOLERANCE = 1e-8
M, K, R = OfAction("m"), OfAction("budget"), Scalar("R", "nonnegative")


def small(rng, low=0):
    return Fraction(int(rng.integers(low, 9)), int(rng.integers(1, 5)))


def caps(rng, size):
    return ["inf" if rng.random() < 0.2 else small(rng) for _ in range(size)]


def rows(rng, size):
    return [([int(x) for x in rng.integers(-2, 3, size)], small(rng)) for _ in range(2)]


CLASSES = {
    "capped": lambda rng, n: Capped(small(rng), caps(rng, n)),
    "weighted": lambda rng, n: Capped(small(rng), caps(rng, n), [small(rng) for _ in range(n)]),
    "conditional": lambda rng, n: ConditionallyBounded(small(rng)),
    "oscillation": lambda rng, n: Oscillation(small(rng) - 1, small(rng)),
    "oscillation of costs": lambda rng, n: Oscillation(small(rng), small(rng), nonnegative=True),
    "linear": lambda rng, n: LinearlyConstrained(small(rng), small(rng), rows(rng, n)),
    "linear without cap": lambda rng, n: LinearlyConstrained(small(rng), "inf", rows(rng, n)),
    "unbounded": lambda rng, n: Unbounded(),
}


def constraints(cost_class, problem):
    """The class as (matrix, bounds of rows, bounds of costs), written down anew."""
    g = np.array([float(x) for x in problem.base.weights])
    n = len(g)
    parameters = cost_class.parameters()
    matrix, bounds = [g], [float(parameters.get("epsilon", 0))]
    limits = [(0, None)] * n
    if isinstance(cost_class, Capped):
        matrix = [g * np.array([float(k) for k in cost_class.weights or [1] * n])]
        limits = [(0, None if m == math.inf else float(m)) for m in cost_class.caps]
    elif isinstance(cost_class, ConditionallyBounded):
        levels = [np.array([float(v == u) for v in problem.utility]) for u in set(problem.utility)]
        matrix, bounds = [g * z for z in levels], [float(cost_class.kappa) * float(g @ z) for z in levels]
    elif isinstance(cost_class, Oscillation):
        pairs = [(i, j) for i in range(n) for j in range(n) if i != j]
        matrix += [np.eye(n)[i] - np.eye(n)[j] for i, j in pairs]
        bounds += [float(cost_class.spread)] * len(pairs)
        limits = limits if cost_class.nonnegative else [(None, None)] * n
    elif isinstance(cost_class, LinearlyConstrained):
        matrix += [np.array([float(x) for x in row]) for row, _ in cost_class.rows]
        bounds += [float(bound) for _, bound in cost_class.rows]
        limits = [(0, None if cost_class.cap == math.inf else float(cost_class.cap))] * n
    else:
        matrix, bounds = np.zeros((1, n)), [1.0]
    return matrix, bounds, limits


def by_linear_programme(cost_class, policy):
    p = np.array([float(x) for x in policy.probabilities])
    matrix, bounds, limits = constraints(cost_class, policy.problem)
    found = linprog(-p, A_ub=matrix, b_ub=bounds, bounds=limits, method="highs")
    return -found.fun if found.status == 0 else math.inf


def is_in_class(cost_class, problem, cost):
    matrix, bounds, limits = constraints(cost_class, problem)
    c = np.array([float(x) for x in cost])
    above = all(low is None or x >= low - TOLERANCE for x, (low, _) in zip(c, limits, strict=True))
    below = all(high is None or x <= high + TOLERANCE for x, (_, high) in zip(c, limits, strict=True))
    return above and below and bool((np.array(matrix) @ c <= np.array(bounds) + TOLERANCE).all())


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_worst_case_is_that_of_a_linear_programme_and_its_cost_attains_it(name, seed):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng)
    cost_class = CLASSES[name](rng, problem.base.size)
    policy = random_policy(rng, problem, on_empty=seed % 4 == 0)
    worst, expected = cost_class.worst_case(policy), by_linear_programme(cost_class, policy)
    assert worst.is_exact
    if expected == math.inf:
        assert worst.value == math.inf and worst.cost is None and not worst.attained
        for n in (1, 1000):
            assert is_in_class(cost_class, problem, worst.sequence.cost(n))
            assert policy.expect(worst.sequence.cost(n)) == worst.sequence.reached(n) and worst.gap(n) == math.inf
        assert worst.sequence.reached(1000) > 100 * worst.sequence.reached(1) or worst.sequence.reached(1000) > 10
        return
    assert float(worst.value) == pytest.approx(expected, abs=TOLERANCE)
    assert worst.attained and type(worst.value) is Fraction and policy.expect(worst.cost) == worst.value
    assert is_in_class(cost_class, problem, worst.cost)


@pytest.mark.parametrize("name", ["capped", "weighted", "conditional", "oscillation", "oscillation of costs"])
@pytest.mark.parametrize("seed", SEEDS)
def test_float_problems_agree_with_exact_ones(name, seed):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng)
    cost_class = CLASSES[name](rng, problem.base.size)
    policy = random_policy(rng, problem, on_empty=seed % 4 == 0)
    rounded = AtomPolicy(as_floats(problem), np.array([float(x) for x in policy.probabilities]))
    worst, exact = cost_class.worst_case(rounded), cost_class.worst_case(policy)
    assert worst.value == pytest.approx(float(exact.value), rel=1e-9, abs=1e-9)
    if worst.cost is not None:
        assert rounded.expect(worst.cost) == pytest.approx(worst.value, rel=1e-9, abs=1e-9)
        assert is_in_class(cost_class, problem, worst.cost)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("name", ["capped", "weighted", "conditional", "oscillation", "oscillation of costs"])
def test_irrational_policies_get_an_enclosure_around_the_value_of_nearby_rational_ones(name, seed):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng)
    cost_class = CLASSES[name](rng, problem.base.size)
    policy = KLRegularized(2)(problem)
    near = [Enclosure.of(p).midpoint for p in policy.probabilities]
    rational = AtomPolicy(problem, [p / sum(near) for p in near])
    worst, close = cost_class.worst_case(policy), cost_class.worst_case(rational)
    if close.value == math.inf:
        assert worst.value == math.inf
        return
    box = Enclosure.of(worst.value)
    assert box.width < Fraction(1, 10**30) and abs(box.midpoint - close.value) < Fraction(1, 10**30)


@pytest.mark.parametrize("seed", range(30))
def test_the_worst_case_of_a_linear_class_carries_a_certificate_of_its_own_programme(seed):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng)
    cost_class = CLASSES["linear"](rng, problem.base.size)
    policy = random_policy(rng, problem)
    worst = cost_class.worst_case(policy)
    assert worst.program.objective == policy.probabilities
    assert check_certificate(worst.program, worst.certificate) == worst.value
    other = AtomPolicy(problem, policy.probabilities[::-1]) if problem.base.size > 1 else policy
    if cost_class.worst_case(other).value != worst.value:
        with pytest.raises(CertificateRejected):
            check_certificate(cost_class.worst_case(other).program, worst.certificate)


def test_rows_that_no_cost_satisfies_are_refused_and_so_are_problems_in_floats():
    problem = Problem(Finite(["1/2", "1/2"]), [0, 1])
    policy = Quantilizer("1/2")(problem)
    with pytest.raises(InvalidInput, match="no cost satisfies"):
        LinearlyConstrained(1, 1, [([1, 1], -1)]).worst_case(policy)
    with pytest.raises(InvalidInput, match="wrong length"):
        LinearlyConstrained(1, 1, [([1], 1)]).worst_case(policy)
    with pytest.raises(NotAvailable, match="exact problems only"):
        LinearlyConstrained(1, 1).worst_case(Quantilizer("1/2")(as_floats(problem)))
    with pytest.raises(NotAvailable, match="rational probabilities"):
        LinearlyConstrained(1, 1).worst_case(KLRegularized(1)(problem))


def sorted_fill(gains, sizes, caps, budget):
    """The knapsack by a full sort, one action after the other."""
    worth = np.divide(gains, sizes, out=np.full(len(gains), np.inf), where=sizes > 0)
    value, left = 0.0, budget
    for i in np.argsort(-worth, kind="stable"):
        amount = caps[i] if sizes[i] == 0 else min(caps[i], left / sizes[i])
        value, left = value + gains[i] * amount, left - amount * sizes[i]
    return value


@pytest.mark.parametrize("ties", [1, 3, 1000, 10**9])
@pytest.mark.parametrize("share", [0.0, 1e-4, 0.3, 0.999, 2.0])
def test_selection_among_many_actions_spends_as_a_sort_does(ties, share):
    rng = np.random.default_rng(ties % 1009)
    n = 50_000
    sizes, limits = rng.random(n) * (rng.random(n) > 0.01), rng.random(n)
    gains = sizes * (1 + rng.integers(0, ties, n)) / ties
    budget = share * float(sizes @ limits)
    one_cap = fill_floats(gains, sizes, 0.7, share * 0.7 * float(sizes.sum()))
    assert one_cap.value == pytest.approx(
        sorted_fill(gains, sizes, np.full(n, 0.7), share * 0.7 * sizes.sum()), rel=1e-9
    )
    many = fill_floats(gains, sizes, limits, budget)
    assert many.value == pytest.approx(sorted_fill(gains, sizes, limits, budget), rel=1e-9, abs=1e-12)
    assert (
        float(sizes @ many.cost) <= budget * (1 + 1e-9) + 1e-9
        and (many.cost <= limits).all()
        and (many.cost >= 0).all()
    )


LINE = Problem(Continuous("normal(0, 1)"))


def test_without_atoms_a_window_is_filled_where_it_is_dense():
    policy = WindowedQuantilizer("1/4", "3/4")(LINE)
    capped = RangeAndMean("1/4", cap=1).worst_case(policy)
    assert capped.value == Fraction(1, 2) and capped.attained and capped.cost is None
    mean = MeanBounded("1/4").worst_case(policy)
    assert (mean.value, mean.cost.low, mean.cost.rank) == (Fraction(1, 2), 0.25, 0.75) and mean.attained


def test_without_atoms_the_mean_class_is_approached_by_ever_smaller_top_slices():
    worst = MeanBounded("1/8").worst_case(BestOfN(4)(LINE))
    gaps = [worst.gap(n) for n in (1, 10, 100, 1000)]
    assert gaps == sorted(gaps, reverse=True) and 0 < gaps[-1] < Fraction(1, 1000)
    step = worst.sequence.cost(100)
    assert step.rank * step.height == pytest.approx(1 / 8)
    with pytest.raises(NotAvailable, match="no maximising sequence"):
        MeanBounded("1/8").worst_case(Quantilizer("1/2")(LINE)).gap(1)


def test_without_atoms_oscillation_and_conditional_bounds_are_those_of_ranks():
    best = BestOfN(2)(LINE)
    assert Oscillation(1, 4).worst_case(best).value == 2
    assert Oscillation("1/2", 2, nonnegative=True).worst_case(best).value == 2 * (1 - Fraction(3, 4) ** 2)
    assert Oscillation(2, 2, nonnegative=True).worst_case(best).value == Fraction(5, 2)
    assert ConditionallyBounded(3).worst_case(best).value == 3
    with pytest.raises(NotAvailable):
        Capped(1, [1]).worst_case(best)


@pytest.mark.parametrize(
    "cost_class",
    [
        Capped("1/2", [1, "inf", "1/3"]),
        Capped("1/2", [1, 2], weights=[0, "1/2"]),
        Capped(epsilon, M, K),
        ConditionallyBounded(epsilon),
        Oscillation(epsilon, R),
        Oscillation("1/2", 1, nonnegative=True),
        LinearlyConstrained(epsilon, "inf", [([1, -1], "1/2")]),
        Unbounded(),
    ],
)
def test_classes_survive_json_and_binding(cost_class):
    symbols = {**table(), "m": M, "budget": K, "R": R}
    assert cost_class_from_json(cost_class.to_json(), symbols) == cost_class
    bound = cost_class.bind({epsilon: Fraction(1, 3), R: Fraction(2)})
    assert cost_class_from_json(bound.to_json(), symbols) == bound


@pytest.mark.parametrize(
    "make",
    [
        lambda: Capped(1, 2),
        lambda: Capped(1, [-1]),
        lambda: Capped(1, [1], weights=["inf"]),
        lambda: Capped(1, [1], weights=[1, 1]),
        lambda: Capped(1, [float("nan")]),
        lambda: Oscillation(-1, 1, nonnegative=True),
        lambda: Oscillation(1, 1, nonnegative=1),
        lambda: Oscillation(1, -1),
        lambda: ConditionallyBounded(-1),
        lambda: LinearlyConstrained(1, 1, [([1], "x")]),
        lambda: LinearlyConstrained(1, 1, [[1, 2, 3]]),
        lambda: Capped(1, [1, 1]).worst_case(Quantilizer(1)(Problem(Finite([1]), [0]))),
        lambda: Capped(epsilon, [1]).worst_case(Quantilizer(1)(Problem(Finite([1]), [0]))),
    ],
)
def test_bounds_that_make_no_sense_are_refused(make):
    with pytest.raises(InvalidInput):
        make()
