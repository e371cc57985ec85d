"""Classes given by moments: against a convex solver, against their own dual bounds, and the costs that attain them."""

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import minimize
from small_problems import D5, as_floats, random_policy, random_problem

from qtheory.base.continuous import Continuous
from qtheory.base.finite import Finite
from qtheory.costs.correlated_proxy import CorrelatedProxy
from qtheory.costs.exponential_moment import ExponentialMoment
from qtheory.costs.mean_bounded import MeanBounded
from qtheory.costs.moment_bounded import MomentBounded
from qtheory.costs.registry import cost_class_from_json
from qtheory.costs.variance_bounded import VarianceBounded
from qtheory.costs.worst_case import WorstCase
from qtheory.errors import InvalidInput
from qtheory.exact.enclosure import Enclosure
from qtheory.optimizers.best_of_n import BestOfN
from qtheory.optimizers.imitation import Imitation
from qtheory.optimizers.kl_regularized import KLRegularized
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.policies.atom import AtomPolicy
from qtheory.policies.weight import WeightPolicy
from qtheory.problem import Problem
from qtheory.symbols import C, Scalar, epsilon, table

SEEDS = range(25)
SOLVER_TOLERANCE = 2e-5
HAIR = Fraction(1, 10**30)
B, S = Scalar("B", "nonnegative"), Scalar("S", "real")


def small(rng, low=0):
    return Fraction(int(rng.integers(low, 9)), int(rng.integers(1, 5)))


CLASSES = {
    "mean": lambda rng: MomentBounded(1, small(rng)),
    "second moment": lambda rng: MomentBounded(2, small(rng)),
    "moment 3/2": lambda rng: MomentBounded("3/2", small(rng)),
    "third moment": lambda rng: MomentBounded(3, small(rng)),
    "variance": lambda rng: VarianceBounded(small(rng) - 1, small(rng)),
    "variance of costs": lambda rng: VarianceBounded(small(rng), small(rng), nonnegative=True),
    "exponential": lambda rng: ExponentialMoment(small(rng, 1), small(rng) - 1),
    "exponential of costs": lambda rng: ExponentialMoment(small(rng, 1), small(rng), nonnegative=True),
}
ONE_SIDED = {"mean", "second moment", "moment 3/2", "third moment", "variance of costs", "exponential of costs"}


def slacks(cost_class, problem, cost):
    """What each constraint on the moments of a cost leaves, at least 0 inside the class; written down anew."""
    g, c = np.array([float(x) for x in problem.base.weights]), np.asarray(cost, dtype=float)
    c, g = c[g > 0], g[g > 0]
    if isinstance(cost_class, MomentBounded):
        return [float(cost_class.bound) ** float(cost_class.p) - float(g @ np.abs(c) ** float(cost_class.p))]
    if isinstance(cost_class, VarianceBounded):
        mean = float(g @ c)
        return [float(cost_class.epsilon) - mean, float(cost_class.deviation) ** 2 - float(g @ (c - mean) ** 2)]
    beta, kappa = float(cost_class.beta), float(cost_class.kappa)
    return [1.0 - float(g @ np.exp((c - kappa) / beta))]


def is_in_class(cost_class, name, problem, cost):
    floats = np.array([float(x) for x in cost])
    scale = 1 + np.abs(floats).max() ** 3
    signed = name not in ONE_SIDED or floats.min() >= -1e-12
    return signed and min(slacks(cost_class, problem, floats)) >= -1e-9 * scale


def by_solver(cost_class, name, policy):
    """The supremum as a convex solver finds it from below, over actions that the base takes."""
    g = np.array([float(x) for x in policy.base.weights])
    p, taken = np.array([float(x) for x in policy.probabilities]), g > 0
    start = np.full(
        len(g), min(float(getattr(cost_class, "epsilon", 0.01)), float(getattr(cost_class, "kappa", 0.01)), 0.01)
    )
    limits = [(0 if name in ONE_SIDED else None, None) if t else (0, 0) for t in taken]
    inside = {"type": "ineq", "fun": lambda c: slacks(cost_class, policy.problem, c)}
    with np.errstate(all="ignore"):
        found = minimize(
            lambda c: -p @ c, start, constraints=[inside], bounds=limits, options={"maxiter": 500, "ftol": 1e-12}
        )
    feasible = min(inside["fun"](found.x)) >= -1e-7
    return -found.fun if found.success and feasible else None


def mean_of(policy, cost):
    """E_pi[c] in enclosures."""
    terms = (Enclosure.of(x) * p for p, x in zip(policy.probabilities, cost, strict=True) if p != 0)
    return sum(terms, Enclosure.of(0))


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_cost_is_in_the_class_and_attains_the_value(name, seed):
    rng = np.random.default_rng(seed)
    problem, cost_class = random_problem(rng), CLASSES[name](rng)
    policy = random_policy(rng, problem)
    worst = cost_class.worst_case(policy)
    assert worst.is_exact
    cost, reached = worst.cost, None
    if not worst.attained:
        played = [p for p, g in zip(policy.probabilities, problem.base.weights, strict=True) if g > 0]
        assert isinstance(cost_class, ExponentialMoment) and 0 in played
        cost = worst.sequence.cost(10**6)
        assert 0 < worst.gap(10**6).high < worst.gap(100).low
        reached = Enclosure.of(worst.sequence.reached(10**6))
    assert is_in_class(cost_class, name, problem, cost)
    got, said = mean_of(policy, cost), reached or Enclosure.of(worst.value)
    assert got.low <= said.high + HAIR and said.low <= got.high + HAIR


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize("seed", range(12))
def test_no_cost_that_a_convex_solver_finds_is_worse_and_it_comes_close(name, seed):
    rng = np.random.default_rng(seed)
    problem, cost_class = random_problem(rng, max_size=4), CLASSES[name](rng)
    policy = random_policy(rng, problem)
    found, value = by_solver(cost_class, name, policy), float(cost_class.worst_case(policy).value)
    if found is not None:
        assert found <= value + SOLVER_TOLERANCE * (1 + abs(value))
        # A class of constants alone leaves the solver no room to move in.
        assert found >= value - 0.02 * (1 + abs(value)) or getattr(cost_class, "deviation", 1) == 0


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize("seed", SEEDS)
def test_float_problems_agree_with_exact_ones(name, seed):
    rng = np.random.default_rng(seed)
    problem, cost_class = random_problem(rng), CLASSES[name](rng)
    policy = random_policy(rng, problem)
    rounded = AtomPolicy(as_floats(problem), np.array([float(x) for x in policy.probabilities]))
    worst, exact = cost_class.worst_case(rounded), cost_class.worst_case(policy)
    assert type(worst.value) is float or isinstance(worst.value, np.float64)
    assert worst.value == pytest.approx(float(exact.value), rel=1e-7, abs=1e-7)
    if worst.cost is not None:
        assert rounded.expect(worst.cost) == pytest.approx(worst.value, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("name", CLASSES)
def test_mass_on_an_action_the_base_never_takes_makes_every_class_infinite(name):
    policy = AtomPolicy(Problem(Finite(["1/2", "1/2", 0]), [0, 1, 2]), [0, "1/2", "1/2"])
    for seed in range(5):
        cost_class = CLASSES[name](np.random.default_rng(seed))
        worst = cost_class.worst_case(policy)
        assert worst.value == math.inf and worst.cost is None and not worst.attained
        cost = worst.sequence.cost(1000)
        assert is_in_class(cost_class, name, policy.problem, cost)
        assert policy.expect(cost) == worst.sequence.reached(1000) >= 499


def test_a_variance_bound_on_costs_that_cannot_be_negative_is_smaller_where_the_sign_matters():
    policy = AtomPolicy(Problem(Finite(["1/2", "1/2"]), [0, 1]), [0, 1])
    assert VarianceBounded("1/10", 1).worst_case(policy).value == Fraction(11, 10)
    worst = VarianceBounded("1/10", 1, nonnegative=True).worst_case(policy)
    assert worst.value == Fraction(1, 5) and worst.cost == (0, Fraction(1, 5)) and worst.is_exact
    free, signed = (
        ExponentialMoment(1, "1/10").worst_case(policy),
        ExponentialMoment(1, "1/10", True).worst_case(policy),
    )
    assert float(free.value) == pytest.approx(math.log(2) + 0.1)
    assert float(signed.value) == pytest.approx(math.log(2 * math.exp(0.1) - 1))


def test_where_only_a_bound_is_known_it_is_called_one():
    tilted = KLRegularized(3)(D5)
    line = BestOfN(3)(Problem(Continuous("normal(0, 1)")))
    for policy in (tilted, line):
        for cost_class in (VarianceBounded("1/10", 1, nonnegative=True), ExponentialMoment(1, 1, nonnegative=True)):
            worst = cost_class.worst_case(policy)
            assert worst.kind == "upper" and not worst.attained and worst.cost is None and "upper" in repr(worst)
    bound = float(VarianceBounded("1/10", "37/100", nonnegative=True).worst_case(tilted).value)
    floats = AtomPolicy(as_floats(D5), np.array([float(p) for p in tilted.probabilities]))
    exact = VarianceBounded("1/10", "37/100", nonnegative=True).worst_case(floats)
    assert exact.is_exact and 0 < exact.value < bound - 1e-4
    with pytest.raises(InvalidInput, match="attained is exact"):
        WorstCase(Fraction(1), None, True, kind="upper")


def test_without_atoms_the_values_are_the_divergences_of_ranks():
    best = BestOfN(2)(Problem(Continuous("normal(0, 1)")))
    assert MomentBounded(2, "1/2").worst_case(best).value.contains(Fraction(0)) is False
    assert float(MomentBounded(2, "1/2").worst_case(best).value) == pytest.approx(0.5 * math.sqrt(4 / 3))
    assert float(VarianceBounded(1, 2).worst_case(best).value) == pytest.approx(1 + 2 * math.sqrt(1 / 3))
    assert float(ExponentialMoment(2, 1).worst_case(best).value) == pytest.approx(1 + 2 * (math.log(2) - 0.5))
    top = Quantilizer("1/4")(best.problem)
    spread = VarianceBounded(1, "1/2", nonnegative=True).worst_case(top)
    assert float(spread.value) == pytest.approx(1 + 0.5 * math.sqrt(3)) and spread.is_exact
    assert spread.cost.at(np.array([4.0, 0.0])) == pytest.approx([1 + math.sqrt(3) / 2, 1 - math.sqrt(3) / 6])
    ranks = np.linspace(0.0005, 0.9995, 1000)
    for cost_class in (MomentBounded(3, 1), VarianceBounded(1, 2), ExponentialMoment(2, 1)):
        worst = cost_class.worst_case(best)
        costs = worst.cost.at(2 * (1 - ranks))
        assert float(np.mean(2 * (1 - ranks) * costs)) == pytest.approx(float(worst.value), rel=1e-4)


def test_a_ratio_in_the_action_has_its_moments_by_quadrature():
    tilt = WeightPolicy(Problem(Continuous("normal(0, 1)")), "exp(x - 1/2)")
    assert VarianceBounded(1, 1).worst_case(tilt).value == pytest.approx(1 + math.sqrt(math.e - 1))
    assert ExponentialMoment(1, 0).worst_case(tilt).value == pytest.approx(0.5)
    assert MomentBounded(2, 1).worst_case(tilt).value == pytest.approx(math.sqrt(math.e))
    assert MeanBounded(0).worst_case(tilt).value == 0


@pytest.mark.parametrize("seed", range(40))
def test_the_worst_true_reward_has_the_correlation_and_the_gain_stated(seed):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng, max_size=6)
    proxy = CorrelatedProxy(Fraction(int(rng.integers(1, 5)), 4))
    policy = random_policy(rng, problem)
    g, u = (np.array([float(x) for x in values]) for values in (problem.base.weights, problem.utility))
    if ((g > 0).sum() < 3 and proxy.r < 1) or len(set(u[g > 0])) == 1:
        with pytest.raises(InvalidInput):
            proxy.worst_case(policy)
        return
    worst = proxy.worst_case(policy)
    reward, centred = -np.array([float(x) for x in worst.cost]), u - g @ u
    assert g @ reward == pytest.approx(0, abs=1e-9) and g @ reward**2 == pytest.approx(1)
    assert g @ (reward * centred) / math.sqrt(g @ centred**2) == pytest.approx(float(proxy.r))
    gain = float(np.array([float(p) for p in policy.probabilities]) @ reward)
    assert gain == pytest.approx(-float(worst.value), abs=1e-9) == float(proxy.worst_gain(policy))
    assert float(proxy.published_gain(policy)) <= gain + 1e-9
    for _ in range(20):
        other = rng.standard_normal(len(g))
        other -= g @ other + (g @ (other * centred)) / (g @ centred**2) * centred
        size = math.sqrt(g @ other**2)
        if size > 1e-6:
            r = float(proxy.r)
            rival = r * centred / math.sqrt(g @ centred**2) + math.sqrt(1 - r * r) * other / size
            assert float(np.array([float(p) for p in policy.probabilities]) @ rival) >= gain - 1e-9
    floats = AtomPolicy(as_floats(problem), np.array([float(p) for p in policy.probabilities]))
    assert proxy.worst_case(floats).value == pytest.approx(float(worst.value), abs=1e-6)


def test_a_proxy_that_is_the_truth_loses_nothing_and_the_base_gains_nothing():
    assert float(CorrelatedProxy(1).worst_gain(Quantilizer("1/4")(D5))) > 0
    assert CorrelatedProxy("1/2").worst_gain(Imitation()(D5)) == 0
    with pytest.raises(InvalidInput, match="constant"):
        CorrelatedProxy(1).worst_case(Imitation()(Problem(Finite(["1/2", "1/2"]), [1, 1])))


@pytest.mark.parametrize(
    "cost_class",
    [MomentBounded(C, B), VarianceBounded(epsilon, B), ExponentialMoment(C, S), CorrelatedProxy(C)]
    + [VarianceBounded(1, 2, nonnegative=True), ExponentialMoment(1, 2, nonnegative=True)],
)
def test_classes_survive_json_and_binding(cost_class):
    symbols = {**table(), "B": B, "S": S}
    assert cost_class_from_json(cost_class.to_json(), symbols) == cost_class
    bound = cost_class.bind({epsilon: Fraction(1, 3), B: Fraction(2), C: Fraction(1), S: Fraction(-1)})
    assert cost_class_from_json(bound.to_json(), symbols) == bound and bound.worst_case(Quantilizer("1/2")(D5)).is_exact


@pytest.mark.parametrize(
    "make",
    [
        lambda: MomentBounded("1/2", 1),
        lambda: MomentBounded(2, -1),
        lambda: VarianceBounded(1, -1),
        lambda: VarianceBounded(-1, 1, nonnegative=True),
        lambda: VarianceBounded(1, 1, nonnegative="yes"),
        lambda: ExponentialMoment(0, 1),
        lambda: ExponentialMoment(1, -1, nonnegative=True),
        lambda: CorrelatedProxy(0),
        lambda: CorrelatedProxy("3/2"),
        lambda: MomentBounded(C, 1).worst_case(Quantilizer(1)(D5)),
    ],
)
def test_bounds_that_no_cost_can_meet_are_refused(make):
    with pytest.raises(InvalidInput):
        make()
