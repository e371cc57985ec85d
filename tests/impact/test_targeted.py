"""The four readings of targeted impact: the worked example to the last entry, brute force, and what is refused."""

import json
import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qtheory as qt
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.impact.everything import has_own_outcome, protect_everything
from qtheory.impact.feature import Feature
from qtheory.impact.plain import amplification_of, plain_reading

F = Fraction
SIX = qt.Problem(
    qt.Finite(["3/10", "1/10", "3/10", "1/10", "1/10", "1/10"]), [0, 0, 1, 1, 2, 2], feature=[0, 1, 0, 1, 0, 1]
)
TABLE = {
    "1": ("3/10 1/10 3/10 1/10 1/10 1/10", "4/5", "3/10", "1", "1"),
    "1/2": ("0 0 9/20 3/20 1/5 1/5", "7/5", "7/20", "7/6", "2"),
    "2/5": ("0 0 3/8 1/8 1/4 1/4", "3/2", "3/8", "5/4", "5/2"),
    "1/5": ("0 0 0 0 1/2 1/2", "2", "1/2", "5/3", "5"),
    "1/20": ("0 0 0 0 1/2 1/2", "2", "1/2", "5/3", "20"),
}


@pytest.mark.parametrize("q", TABLE)
def test_every_entry_of_the_worked_example(q):
    probabilities, value, side, alpha, factor = TABLE[q]
    plain = qt.targeted_impact(SIX, q).plain
    assert plain.probabilities == tuple(map(F, probabilities.split()))
    assert (plain.value, plain.alpha, plain.plain_factor) == (F(value), F(alpha), F(factor))
    assert sum(plain.probabilities[1::2]) == F(side)
    assert plain.saturates_at == F(1, 5) and plain.saturated_alpha == F(5, 3)
    assert plain.improves is (q != "1")


def test_a_side_cost_saturates_and_a_cost_of_the_target_does_not():
    side = [0 if z == 0 else F(10, 3) for z in SIX.feature]
    target = [5 if u == 2 else 0 for u in SIX.utility]
    policies = [qt.Quantilizer(q)(SIX) for q in ("1/5", "1/20")]
    assert SIX.mean(side) == SIX.mean(target) == 1
    assert [p.expect(side) for p in policies] == [F(5, 3), F(5, 3)]
    assert policies[0].expect(target) == 5


def test_the_constrained_optima_of_the_worked_example():
    found = qt.targeted_impact(SIX, "1/2")
    assert found.constrained.probabilities == (0, 0, 0, 0, F(7, 10), F(3, 10))
    assert (found.constrained.value, found.constrained.alpha, found.constrained.factor) == (2, 1, 7)
    assert (found.both.value, found.both.alpha) == (F(7, 5), 1) and found.plain.alpha == F(7, 6)
    assert qt.targeted_impact(SIX, "1/4").both.value == F(17, 10)
    assert qt.targeted_impact(SIX, "1/2", feature_budget="7/6").both.value == F(7, 5)


NONE = [["2/3", "1/3"], ["1/3", "2/3"]]
PRIVATE = [["1/2", "1/2", 0], ["1/2", 0, "1/2"]]
HALVES = qt.Problem(qt.Finite(["1/2", "1/2"]), [1, 0])


def test_private_outcomes_make_the_two_demands_one_and_shared_ones_do_not():
    apart = qt.targeted_impact(HALVES, "2/3", kernel=PRIVATE).everything
    assert apart.collapses and apart.separating is None and apart.gap == 0
    shared = qt.targeted_impact(HALVES, "2/3", kernel=NONE).everything
    assert not shared.collapses and shared.separating == (1, 0) and shared.gap == F(1, 4)
    assert Feature.of(None, NONE).law(shared.separating) == (F(2, 3), F(1, 3))


def test_one_feature_of_a_family_may_tell_apart_what_another_does_not():
    found = qt.targeted_impact(HALVES, "2/3", kernel=NONE, family=[NONE, PRIVATE]).everything
    assert found.collapses


@pytest.mark.parametrize("seed", range(25))
def test_the_criterion_agrees_with_a_programme_for_every_action(seed):
    """The programmes know nothing of private outcomes: run them for all actions and compare."""
    draw = random.Random(seed)
    problem, features = random_family(draw)
    t = F(draw.choice(["5/4", "3/2", "2", "3"]))
    reading = protect_everything(problem, t, features)
    gamma = problem.base.weights
    for a, mass in enumerate(gamma):
        protected = t * mass >= 1 or has_own_outcome(gamma, features, a)
        unit = qt.Problem(problem.base, [int(a == i) for i in range(len(gamma))])
        highest = protect_everything(unit, t, features).value
        assert (a in reading.exposed) is not protected
        assert (highest <= min(t * mass, 1)) is protected
    if reading.separating is not None:
        for feature in features:
            assert max(amplification_of(feature, gamma, reading.separating).values()) <= t
        assert any(p > t * g for p, g in zip(reading.separating, gamma, strict=True))


def random_family(draw):
    size = draw.choice([2, 3, 4])
    counts = [draw.choice([0, 1, 1, 2, 5]) for _ in range(size)]
    counts[0] += not sum(counts)
    problem = qt.Problem(qt.Finite([F(n, sum(counts)) for n in counts]), [draw.randint(0, 3) for _ in counts])
    kernels = []
    for _ in range(draw.choice([1, 2])):
        rows = [[draw.choice([0, 0, 1, 2]) for _ in range(3)] for _ in range(size)]
        rows = [row if sum(row) else [1, 0, 0] for row in rows]
        kernels.append(Feature.of(None, [[F(x, sum(row)) for x in row] for row in rows]))
    return problem, kernels


@st.composite
def noisy_problems(draw):
    size = draw(st.integers(1, 4))
    masses = draw(st.lists(st.integers(1, 4), min_size=size, max_size=size))
    utility = draw(st.lists(st.integers(0, 2), min_size=size, max_size=size))
    rows = [draw(st.sampled_from([(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, 0, 2)])) for _ in range(size)]
    kernel = [[F(x, sum(row)) for x in row] for row in rows]
    return qt.Problem(qt.Finite([F(g, sum(masses)) for g in masses]), utility), Feature.of(None, kernel)


@settings(deadline=None, derandomize=True, max_examples=80, database=None)
@given(noisy_problems(), st.fractions(F(1, 12), 1, max_denominator=12))
def test_the_turning_points_are_where_the_factor_turns(made, q):
    problem, feature = made
    reading = plain_reading(problem, q, feature)
    assert 1 <= reading.alpha <= 1 / q
    assert (reading.alpha < 1 / q) is (q < reading.improves_below) is (not reading.wholly_top)
    # By itself: the worst cost on a single value of the feature.
    gamma, policy = problem.base.weights, qt.Quantilizer(q)(problem)
    costs = [
        [column[a] / mass for a in range(len(gamma))]
        for column, mass in zip(feature.columns, feature.law(gamma), strict=True)
        if mass
    ]
    assert max(policy.expect(cost) for cost in costs) == reading.alpha
    if q <= reading.saturates_at:
        assert reading.alpha == reading.saturated_alpha


@pytest.mark.parametrize("q", ["1", "1/2", "1/4", "1/8"])
def test_costs_that_are_typical_given_the_utility_are_not_amplified_by_proportional_ties(q):
    four = qt.Problem(qt.Finite(["1/4"] * 4), [1, 1, 0, 0], feature=[0, 1, 0, 1])
    found = qt.targeted_impact(four, q).conditional
    assert found.proportional == 1 and found.ordered == (2 if q in ("1/4", "1/8") else 1)


def test_the_report_and_the_document_say_the_same():
    found = qt.targeted_impact(SIX, "1/2")
    document = json.loads(json.dumps(found.to_json()))
    assert document["plain"]["alpha"] == "7/6" and document["plain"]["improves"] is True
    assert document["constrained"]["factor"] == "7" and document["everything"]["collapses"] is False
    assert {"7/6", "5/3", "7"} <= set(str(found).replace(",", "").replace(";", "").split())
    assert "is literally" in str(qt.targeted_impact(HALVES, "2/3", kernel=PRIVATE))


def test_what_has_no_meaning_is_refused():
    plain = qt.Problem(qt.Finite(["1/2", "1/2"]), [0, 1])
    for call in (
        lambda: qt.targeted_impact(plain, "1/2"),
        lambda: qt.targeted_impact(plain, "1/2", kernel=[["1/2", "1/3"], [1, 0]]),
        lambda: qt.targeted_impact(plain, "1/2", kernel=[[1]]),
        lambda: qt.targeted_impact(SIX, "3/2"),
        lambda: qt.targeted_impact(SIX, "1/2", feature_budget="1/2"),
        lambda: qt.targeted_impact(SIX, "1/2", family=[]),
        lambda: qt.targeted_impact("six", "1/2"),
    ):
        with pytest.raises(InvalidInput):
            call()
    with pytest.raises(NotAvailable):
        qt.targeted_impact(qt.Problem(qt.Continuous("normal(0, 1)")), "1/2", kernel=[[1]])
