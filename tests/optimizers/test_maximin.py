"""The best guarantee: both sides of the minimax agree, by closed forms, by exact programmes and by HiGHS."""

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import linprog
from small_problems import D5, T3, as_floats, random_policy, random_problem

from qtheory.base.continuous import Continuous
from qtheory.base.finite import Finite
from qtheory.costs.capped import Capped
from qtheory.costs.conditionally_bounded import ConditionallyBounded
from qtheory.costs.correlated_proxy import CorrelatedProxy
from qtheory.costs.exponential_moment import ExponentialMoment
from qtheory.costs.feature_measurable import FeatureMeasurable
from qtheory.costs.linearly_constrained import LinearlyConstrained
from qtheory.costs.mean_bounded import MeanBounded
from qtheory.costs.moment_bounded import MomentBounded
from qtheory.costs.oscillation import Oscillation
from qtheory.costs.range_and_mean import RangeAndMean
from qtheory.costs.registry import cost_classes
from qtheory.costs.signed import Signed
from qtheory.costs.unbounded import Unbounded
from qtheory.costs.variance_bounded import VarianceBounded
from qtheory.errors import InvalidInput, NotAvailable, QTheoryError
from qtheory.exact.certificate import CertificateRejected, check_certificate
from qtheory.exact.enclosure import Enclosure
from qtheory.optimizers.maximin import Maximin
from qtheory.optimizers.maximin_program import by_programme, linear_rows, maximin_program
from qtheory.optimizers.registry import optimizer_from_json
from qtheory.policies.atom import AtomPolicy
from qtheory.problem import Problem
from qtheory.statements.instance import Instance
from qtheory.symbols import c, epsilon, table, u, w

SEEDS = range(16)
HAIR = Fraction(1, 10**30)
TOLERANCE = 1e-8


def small(rng, low=0):
    return Fraction(int(rng.integers(low, 9)), int(rng.integers(1, 5)))


def caps(rng, size):
    return ["inf" if rng.random() < 0.2 else small(rng) for _ in range(size)]


CLASSES = {
    "mean": lambda rng, n: MeanBounded(small(rng)),
    "range": lambda rng, n: RangeAndMean(small(rng), small(rng, 1)),
    "moment 2": lambda rng, n: MomentBounded(2, small(rng)),
    "moment 3/2": lambda rng, n: MomentBounded("3/2", small(rng)),
    "signed": lambda rng, n: Signed(small(rng) - 1, 1),
    "capped": lambda rng, n: Capped(small(rng), caps(rng, n)),
    "weighted": lambda rng, n: Capped(small(rng), caps(rng, n), [small(rng, 1), *(small(rng) for _ in range(n - 1))]),
    "feature": lambda rng, n: FeatureMeasurable(small(rng)),
    "conditional": lambda rng, n: ConditionallyBounded(small(rng)),
    "variance": lambda rng, n: VarianceBounded(small(rng) - 1, small(rng) / 3),
    "exponential": lambda rng, n: ExponentialMoment(small(rng, 1), small(rng) - 1),
    "exponential of costs": lambda rng, n: ExponentialMoment(small(rng, 1), small(rng), nonnegative=True),
    "oscillation": lambda rng, n: Oscillation(small(rng) - 1, small(rng)),
    "oscillation of costs": lambda rng, n: Oscillation(small(rng), small(rng), nonnegative=True),
    "linear": lambda rng, n: LinearlyConstrained(
        small(rng), small(rng), [([int(x) for x in rng.integers(-2, 3, n)], small(rng)) for _ in range(2)]
    ),
}
POLYHEDRA = ("mean", "range", "capped", "weighted", "feature", "oscillation of costs", "linear")


def case(name, seed):
    """A random exact problem with ties and empty actions, a class, and the solution; none where nothing is guaranteed."""
    rng = np.random.default_rng(seed)
    problem = random_problem(rng)
    cost_class = CLASSES[name](rng, problem.base.size)
    try:
        return problem, cost_class, Maximin(cost_class).solve(problem)
    except InvalidInput as error:
        assert name in ("capped", "weighted") and "no policy guarantees" in str(error)
        pytest.skip("no policy guarantees anything")


def overlap(x, y):
    x, y = Enclosure.of(x), Enclosure.of(y)
    return x.low <= y.high + HAIR and y.low <= x.high + HAIR


def best_left(problem, cost):
    """max_a (U - c)(a): what the best action keeps against a cost."""
    kept = [Enclosure.of(0 - Enclosure.of(x) + u_) for u_, x in zip(problem.utility, cost, strict=True)]
    return Enclosure(max(x.low for x in kept), max(x.high for x in kept))


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_policy_guarantees_the_value_and_the_saddle_cost_allows_no_more(name, seed):
    problem, cost_class, solution = case(name, seed)
    worst = cost_class.worst_case(solution.policy)
    assert overlap(best_left(problem, solution.saddle_cost), solution.value)
    if worst.is_exact:
        assert overlap(Enclosure.of(solution.policy.value()) - worst.value, solution.value)
    else:
        # For irrational policies the class of costs only states a bound; in floats it has the value itself.
        assert name == "exponential of costs"
        floats = AtomPolicy(as_floats(problem), np.array([float(p) for p in solution.policy.probabilities]))
        assert floats.value() - cost_class.worst_case(floats).value == pytest.approx(
            float(solution.value), abs=TOLERANCE
        )
    if name not in ("variance", "exponential", "exponential of costs", "moment 2", "moment 3/2"):
        assert type(solution.value) is Fraction


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_saddle_cost_belongs_to_the_class(name, seed):
    problem, cost_class, solution = case(name, seed)
    instance = Instance(problem.base.weights, {c: solution.saddle_cost, u: problem.utility}, {})
    # On the boundary of the class an enclosure can only be found to overlap it.
    assert not [a for a in cost_class.axioms(c) if instance.truth(a) is False]
    own = AtomPolicy(problem, [Fraction(int(i == 0)) for i in range(problem.base.size)])
    if name in ("capped", "weighted", "feature", "conditional", "oscillation", "linear", "oscillation of costs"):
        for i in range(problem.base.size):
            point = AtomPolicy(problem, [Fraction(int(i == j)) for j in range(problem.base.size)])
            assert own.expect(solution.saddle_cost) <= cost_class.worst_case(own).value
            assert point.expect(solution.saddle_cost) <= cost_class.worst_case(point).value


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize("seed", SEEDS)
def test_no_other_policy_guarantees_more(name, seed):
    problem, cost_class, solution = case(name, seed)
    rng = np.random.default_rng(1000 + seed)
    for _ in range(8):
        rival = random_policy(rng, problem, on_empty=True)
        worst = cost_class.worst_case(rival)
        if worst.value != math.inf:
            assert (Enclosure.of(rival.value()) - worst.value).low <= Enclosure.of(solution.value).high


@pytest.mark.parametrize("name", POLYHEDRA)
@pytest.mark.parametrize("seed", SEEDS)
def test_highs_finds_the_same_value_from_the_side_of_the_cost(name, seed):
    problem, cost_class, solution = case(name, seed)
    size = problem.base.size
    rows = linear_rows(cost_class, problem)
    matrix = [[float(dict(row.row).get(j, 0)) for j in range(size)] + [0.0, 0.0] for row in rows]
    matrix += [[-float(i == j) for j in range(size)] + [-1.0, 1.0] for i in range(size)]
    bounds = [float(row.bound) for row in rows] + [-float(x) for x in problem.utility]
    found = linprog([0.0] * size + [1.0, -1.0], A_ub=matrix, b_ub=bounds, bounds=(0, None), method="highs")
    assert found.status == 0 and found.fun == pytest.approx(float(solution.value), abs=TOLERANCE)


@pytest.mark.parametrize("name", POLYHEDRA)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_exact_programme_agrees_with_the_closed_form_and_is_certified(name, seed):
    problem, cost_class, solution = case(name, seed)
    other = by_programme(cost_class, problem)
    assert other.value == solution.value and other.how == "linear programme"
    program = maximin_program(problem, linear_rows(cost_class, problem))
    assert check_certificate(program, other.certificate) == other.value and program == other.program
    assert other.policy.value() - cost_class.worst_case(other.policy).value == other.value
    with pytest.raises(CertificateRejected):
        check_certificate(program, replace(other.certificate, value=other.value + HAIR))


@pytest.mark.parametrize("name", [name for name in CLASSES if name not in ("linear", "oscillation of costs")])
@pytest.mark.parametrize("seed", range(12))
def test_float_problems_agree_with_exact_ones(name, seed):
    problem, cost_class, solution = case(name, seed)
    floats = Maximin(cost_class).solve(as_floats(problem))
    assert float(floats.value) == pytest.approx(float(solution.value), rel=1e-7, abs=1e-7)
    left = np.array([float(x) for x in problem.utility]) - np.array([float(x) for x in floats.saddle_cost])
    assert left.max() == pytest.approx(float(solution.value), rel=1e-6, abs=1e-6)


def test_the_solution_says_how_it_was_found():
    assert Maximin(MeanBounded("1/4")).solve(D5).how == "closed form"
    linear = Maximin(LinearlyConstrained("1/4", 20)).solve(D5)
    assert linear.how == "linear programme" and linear.value == Maximin(MeanBounded("1/4")).solve(D5).value == 6
    assert Maximin(Unbounded()).solve(D5).value == -math.inf


def test_the_formula_for_solid_classes_fails_where_the_class_is_not_solid():
    problem = Problem(Finite(["1/2", "1/2"]), [0, 1], feature=[0, 0])
    assert Maximin(FeatureMeasurable("1/4")).solve(problem).value == Fraction(3, 4)
    assert Maximin(MeanBounded("1/4")).solve(problem).value == Fraction(1, 2)


def test_proxies_that_underestimate_are_maximised_and_those_of_any_sign_imitated():
    """Four kinds of implicit rewards, with demonstrations T3 and k = 1/10."""
    k = Fraction(1, 10)
    assert Maximin(MeanBounded(k)).solve(T3).value == Fraction(9, 20)
    quantilizer = Maximin(MeanBounded(k)).solve(T3).policy
    assert quantilizer.value() == Fraction(3, 5) < max(T3.utility) == Maximin(MeanBounded(0)).solve(T3).value
    mean = T3.mean(T3.utility)
    for depth in (2, 10, 1000):
        deep = Maximin(Signed(k, depth)).solve(T3)
        assert deep.value == mean - k and deep.policy.probabilities == T3.base.weights
    for depth in (Fraction(0), Fraction(1, 20), Fraction(3, 10)):
        assert Maximin(Signed(k, depth)).solve(T3).value == Maximin(MeanBounded(k + depth)).solve(T3).value + depth


LINE = Problem(Continuous("exponential(1)"))


@pytest.mark.parametrize(
    ("cost_class", "value"),
    [
        (MeanBounded("1/10"), math.log(10)),
        (Signed("1/10", "1/5"), -math.log(0.3) + 0.2),
        (MomentBounded(2, "1/10"), 5.298317366548),
        (ExponentialMoment(2, "1/3"), 2 * math.log(2) - 1 / 3),
        (VarianceBounded("1/10", 2), 0.9),
        (Unbounded(), -math.inf),
    ],
)
def test_on_a_line_the_values_are_those_of_the_closed_forms(cost_class, value):
    solution = Maximin(cost_class).solve(LINE)
    assert float(solution.value) == pytest.approx(value, rel=1e-9)
    if value > -math.inf:
        worst = cost_class.worst_case(solution.policy)
        assert solution.policy.value() - float(worst.value) == pytest.approx(value, rel=1e-6)


def test_on_a_line_a_cap_matters_only_if_the_best_action_less_the_cap_is_better():
    uniform = Problem(Continuous("uniform(0, 1)"))
    assert Maximin(RangeAndMean("1/10", 1)).solve(uniform).value == pytest.approx(1 - math.sqrt(0.2))
    with pytest.raises(NotAvailable, match="best action"):
        Maximin(RangeAndMean("1/10", "1/5")).solve(uniform)
    with pytest.raises(NotAvailable, match="best action"):
        Maximin(RangeAndMean("1/10", 5)).solve(LINE)


def test_on_a_line_the_variance_class_has_its_threshold():
    """Var (U - v)^+ = 2 e^-v - e^-2v for an exponential, and the guarantee is E max(U, v) - epsilon = v + e^-v - epsilon."""
    solution = Maximin(VarianceBounded("1/10", "1/2")).solve(LINE)
    level = -math.log(1 - math.sqrt(0.75))
    assert solution.value == pytest.approx(level + math.exp(-level) - 0.1, rel=1e-9)
    worst = VarianceBounded("1/10", "1/2").worst_case(solution.policy)
    assert solution.policy.value() - float(worst.value) == pytest.approx(solution.value, rel=1e-7)


@pytest.mark.parametrize(
    ("cost_class", "problem"),
    [
        (CorrelatedProxy("1/2"), D5),
        (VarianceBounded(1, 1, nonnegative=True), D5),
        (MeanBounded(0), LINE),
        (Oscillation(1, 1), LINE),
        (ConditionallyBounded(1), LINE),
        (RangeAndMean("1/10", "1/100"), Problem(Continuous("uniform(0, 1)"))),
        (LinearlyConstrained(1, 1), as_floats(D5)),
        (FeatureMeasurable(1), D5),
        (MeanBounded(epsilon), D5),
        (LinearlyConstrained(1, 1, [([1] * 5, -1)]), D5),
    ],
)
def test_what_has_no_answer_is_refused(cost_class, problem):
    with pytest.raises((NotAvailable, InvalidInput)):
        Maximin(cost_class).solve(problem)


def test_a_maximin_policy_is_for_a_cost_class():
    with pytest.raises(QTheoryError):
        Maximin("mean")


@pytest.mark.parametrize("name", CLASSES)
def test_the_optimizer_survives_json_and_its_axioms_hold(name):
    problem, cost_class, solution = case(name, 1)
    optimizer = Maximin(cost_class)
    assert optimizer_from_json(optimizer.to_json(), table()) == optimizer == optimizer.bind({})
    if Fraction(0) not in [
        g for g, p in zip(problem.base.weights, solution.policy.probabilities, strict=True) if p != 0
    ]:
        instance = Instance(problem.base.weights, {w: solution.policy.ratio, u: problem.utility}, {})
        assert not [a for a in optimizer.axioms(w, u, epsilon) if instance.truth(a) is False]


def test_every_cost_class_has_an_entry_or_is_said_to_have_none():
    tried = {type(make(np.random.default_rng(0), 3)).__name__ for make in CLASSES.values()}
    assert tried | {"Unbounded", "CorrelatedProxy"} == set(cost_classes())
