"""Cost classes: the worst case against a linear programme that knows nothing of it, and the cost that attains it."""

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import linprog
from small_problems import A48, D5, SIX, T3, as_floats, random_policy, random_problem

from qtheory.base.continuous import Continuous
from qtheory.base.finite import Finite
from qtheory.costs.feature_measurable import FeatureMeasurable, amplification
from qtheory.costs.mean_bounded import MeanBounded
from qtheory.costs.range_and_mean import RangeAndMean
from qtheory.costs.registry import cost_class_from_json, cost_classes
from qtheory.costs.signed import Signed
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.enclosure import Enclosure
from qtheory.optimizers.best_of_n import BestOfN
from qtheory.optimizers.kl_regularized import KLRegularized
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.optimizers.top_k_of_n import TopKOfN
from qtheory.policies.atom import AtomPolicy
from qtheory.policies.weight import WeightPolicy
from qtheory.problem import Problem
from qtheory.statements.instance import Instance
from qtheory.symbols import C, b, c, epsilon, table

SEEDS = range(40)
PROGRAMME_TOLERANCE = 1e-9
# Tried in test_capped_classes.py and test_moment_classes.py.
ELSEWHERE = {"MomentBounded", "VarianceBounded", "ExponentialMoment", "Oscillation", "Capped", "ConditionallyBounded"}
ELSEWHERE |= {"Unbounded", "CorrelatedProxy", "LinearlyConstrained"}
CLASSES = {
    "mean": lambda rng: MeanBounded(small(rng, 0)),
    "range": lambda rng: RangeAndMean(small(rng, 0), small(rng, 1)),
    "signed": lambda rng: signed(small(rng, 0), small(rng, 0)),
    "feature": lambda rng: FeatureMeasurable(small(rng, 0)),
}


def small(rng, low):
    return Fraction(int(rng.integers(low, 9)), int(rng.integers(1, 5)))


def signed(above, depth):
    return Signed(above - depth, depth)


def by_linear_programme(cost_class, policy):
    """sup of E_pi[c] over the class, as scipy finds it; infinite where it finds no bound."""
    g = np.array([float(x) for x in policy.base.weights])
    p = np.array([float(x) for x in policy.probabilities])
    parameters = {name: float(value) for name, value in cost_class.parameters().items()}
    bounds = (-parameters.get("b", 0.0), parameters.get("cap"))
    equal = {}
    if isinstance(cost_class, FeatureMeasurable):
        z = policy.problem.feature
        rows = [(i, z.index(z[i])) for i in range(len(z)) if z.index(z[i]) != i]
        if rows:
            matrix = np.zeros((len(rows), len(z)))
            for row, (i, j) in enumerate(rows):
                matrix[row, i], matrix[row, j] = 1, -1
            equal = {"A_eq": matrix, "b_eq": np.zeros(len(rows))}
    found = linprog(-p, A_ub=[g], b_ub=[parameters["epsilon"]], bounds=[bounds] * len(g), method="highs", **equal)
    assert found.status in (0, 2, 3, 4)
    return -found.fun if found.status == 0 else math.inf


def in_class(cost_class, problem, cost):
    symbols = {"epsilon": epsilon, "cap": C, "b": b}
    parameters = cost_class.parameters()
    symbolic = type(cost_class)(*(symbols[name] for name in parameters))
    instance = Instance(problem.base.weights, {c: cost}, {symbols[name]: x for name, x in parameters.items()})
    of_feature = len(set(zip(problem.feature, cost, strict=True))) == len(set(problem.feature))
    return all(instance.truth(a) for a in symbolic.axioms(c)) and (of_feature or not cost_class.depends_on_feature())


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_worst_case_is_that_of_a_linear_programme_and_its_cost_attains_it(name, seed):
    rng = np.random.default_rng(seed)
    problem, cost_class = random_problem(rng), CLASSES[name](rng)
    policy = random_policy(rng, problem, on_empty=seed % 4 == 0)
    worst = cost_class.worst_case(policy)
    if by_linear_programme(cost_class, policy) == math.inf:
        assert worst.value == math.inf and worst.cost is None and not worst.attained
        return
    assert float(worst.value) == pytest.approx(by_linear_programme(cost_class, policy), abs=PROGRAMME_TOLERANCE)
    assert worst.attained and type(worst.value) is Fraction and policy.expect(worst.cost) == worst.value
    assert in_class(cost_class, problem, worst.cost)


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize("seed", SEEDS)
def test_float_problems_agree_with_exact_ones(name, seed):
    rng = np.random.default_rng(seed)
    problem, cost_class = random_problem(rng), CLASSES[name](rng)
    policy = random_policy(rng, problem, on_empty=seed % 4 == 0)
    rounded = AtomPolicy(as_floats(problem), np.array([float(x) for x in policy.probabilities]))
    worst, exact = cost_class.worst_case(rounded), cost_class.worst_case(policy)
    assert worst.value == pytest.approx(float(exact.value), rel=1e-9, abs=1e-12)
    if worst.cost is not None:
        assert rounded.expect(worst.cost) == pytest.approx(worst.value, rel=1e-9, abs=1e-12)
        mean = rounded.problem.mean(worst.cost)
        assert mean <= float(cost_class.epsilon) + 1e-9


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize("seed", range(20))
def test_irrational_policies_get_an_enclosure_around_the_value_in_floats(name, seed):
    rng = np.random.default_rng(seed)
    problem, cost_class = random_problem(rng), CLASSES[name](rng)
    policy = KLRegularized(2)(problem)
    rounded = AtomPolicy(as_floats(problem), np.array([float(p) for p in policy.probabilities]))
    box = Enclosure.of(cost_class.worst_case(policy).value)
    assert box.width < Fraction(1, 10**30)
    assert float(box) == pytest.approx(cost_class.worst_case(rounded).value, rel=1e-9, abs=1e-12)


ON_EMPTY = AtomPolicy(Problem(Finite(["1/2", "1/2", 0]), [0, 1, 2], feature=[0, 0, 1]), [0, "1/2", "1/2"])


def test_mass_on_an_action_the_base_never_takes_makes_every_uncapped_class_infinite():
    for cost_class in (MeanBounded(1), MeanBounded(0), Signed(0, 1), FeatureMeasurable(1)):
        worst = cost_class.worst_case(ON_EMPTY)
        assert worst.value == math.inf and not worst.attained and worst.cost is None
    capped = RangeAndMean("1/4", cap=3).worst_case(ON_EMPTY)
    assert capped.value == Fraction(3, 2) + Fraction(1, 4) and capped.cost == (0, Fraction(1, 2), 3)


def test_golden_values_of_the_standard_instances():
    assert MeanBounded(1).worst_case(Quantilizer("1/32")(D5)).value == 16
    assert RangeAndMean("3/32", 1).worst_case(Quantilizer("1/10")(D5)).value == Fraction(13, 16)
    assert Signed("1/10", "1/2").worst_case(Quantilizer("1/8")(D5)).value == Fraction(43, 10)
    assert amplification(Quantilizer("2/5")(SIX)) == {0: Fraction(25, 28), 1: Fraction(5, 4)}


@pytest.mark.parametrize("epsilon_", ["1/10", 1, 0])
def test_without_atoms_the_step_on_the_top_ranks_attains_it(epsilon_):
    base = Continuous("normal(0, 1)")
    for optimizer, rank in ((Quantilizer("1/4"), 0.25), (TopKOfN(3, 3), 1.0)):
        policy = optimizer(Problem(base))
        for cost_class in (MeanBounded(epsilon_), Signed(epsilon_, 2)):
            worst = cost_class.worst_case(policy)
            step = worst.cost
            assert worst.attained and step.rank == rank
            base_mean = step.rank * step.height + (1 - step.rank) * step.rest
            inside = float(policy.density.mass(Fraction(step.rank)))
            assert base_mean == pytest.approx(float(Fraction(epsilon_)), abs=1e-12)
            assert inside * step.height + (1 - inside) * step.rest == pytest.approx(float(worst.value))


def test_without_atoms_best_of_n_only_approaches_its_worst_case():
    policy = BestOfN(4)(Problem(Continuous("normal(0, 1)")))
    worst = MeanBounded("1/8").worst_case(policy)
    assert (worst.value, worst.cost, worst.attained) == (Fraction(1, 2), None, False)
    capped = RangeAndMean("1/4", cap=2).worst_case(policy)
    assert capped.value == 2 * (1 - Fraction(7, 8) ** 4) and capped.attained


def test_a_ratio_in_the_action_gets_the_bound_of_its_supremum():
    policy = WeightPolicy(Problem(Continuous("uniform(0, 1)")), "2*x", supremum=2)
    for cost_class, value in ((MeanBounded("1/4"), 0.5), (Signed("1/4", 1), 1.5)):
        worst = cost_class.worst_case(policy)
        assert worst.value == value and worst.kind == "upper" and not worst.attained
    with pytest.raises(NotAvailable):
        FeatureMeasurable(1).worst_case(policy)


def test_a_ratio_that_rises_with_the_action_fills_its_top_ranks():
    policy = WeightPolicy(Problem(Continuous("uniform(0, 1)")), "2*x", supremum=2)
    worst = RangeAndMean("1/4", cap=1).worst_case(policy)
    assert worst.value == pytest.approx(7 / 16) and worst.is_exact and worst.cost.rank == 0.25
    with pytest.raises(NotAvailable):
        RangeAndMean("1/4", cap=1).worst_case(WeightPolicy(policy.problem, "2 - 2*x", supremum=2))


def test_a_class_of_side_effects_needs_a_feature():
    with pytest.raises(InvalidInput, match="no feature"):
        FeatureMeasurable(1).worst_case(Quantilizer("1/2")(T3))


@pytest.mark.parametrize(
    "make",
    [lambda: MeanBounded(-1), lambda: MeanBounded("x"), lambda: MeanBounded(float("inf")), lambda: MeanBounded(True)]
    + [
        lambda: RangeAndMean(1, 0),
        lambda: RangeAndMean(-1, 1),
        lambda: Signed(-2, 1),
        lambda: Signed(0, -1),
        lambda: FeatureMeasurable(None),
    ],
)
def test_bounds_that_no_cost_can_meet_are_refused(make):
    with pytest.raises(InvalidInput):
        make()


@pytest.mark.parametrize(
    "cost_class", [MeanBounded(epsilon), RangeAndMean(epsilon, C), Signed(epsilon, b), FeatureMeasurable(epsilon)]
)
def test_symbols_are_bound_to_numbers(cost_class):
    bound = cost_class.bind({epsilon: Fraction(1, 2), C: Fraction(2), b: Fraction(3)})
    assert bound.epsilon == Fraction(1, 2) and bound.bind({}) == bound
    assert cost_class_from_json(cost_class.to_json(), table()) == cost_class
    assert cost_class_from_json(bound.to_json(), table()) == bound
    policy = Quantilizer("3/8")(A48)
    if not cost_class.depends_on_feature():
        assert bound.worst_case(policy).attained


def test_every_cost_class_of_the_library_is_tried_above_or_in_a_file_of_its_own():
    assert {type(make(np.random.default_rng(0))).__name__ for make in CLASSES.values()} | ELSEWHERE == set(
        cost_classes()
    )
