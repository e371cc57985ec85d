"""Instances of a statement: policies applied, hypotheses repaired and checked, and made smaller."""

from fractions import Fraction

import pytest
import sympy as sp
from hypothesis import HealthCheck, Phase, given, seed, settings
from small_problems import FloorOfQ, fractions

from qtheory.claims.registry import get, slugs
from qtheory.costs.feature_measurable import FeatureMeasurable
from qtheory.costs.mean_bounded import MeanBounded
from qtheory.errors import AxiomViolated
from qtheory.instances.complete import Choices, choices_of, complete, free_functions, free_scalars, functions_of_feature
from qtheory.instances.shrink import shrink, size
from qtheory.instances.strategies import instances
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Part, PolicyOf
from qtheory.symbols import (
    C,
    E,
    OfAction,
    Scalar,
    alpha,
    c,
    epsilon,
    eq,
    h,
    kappa,
    lam,
    n,
    q,
    r,
    rho,
    t,
    tau,
    u,
    v,
    w,
    worst,
)

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
PARTS = [(slug, part) for slug in slugs() for part in (*get(slug).parts, *get(slug).twin.parts)]
PART_IDS = [f"{slug}/{part.name}" for slug, part in PARTS]
THIRDS = fractions("1/3", "1/3", "1/3")


def drawn(part, examples=60):
    """Instances of a part, the same ones every time; None where the draw could not be made to fit."""
    found = []

    @seed(0)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(instances(part))
    def collect(instance):
        found.append(instance)

    collect()
    return found


@pytest.mark.parametrize("slug, part", PARTS, ids=PART_IDS)
def test_every_instance_satisfies_every_hypothesis_and_the_axioms(slug, part):
    fitting = []
    for examples in (30, 60, 300, 1500):  # more where the hypotheses are hard to meet
        fitting = [instance for instance in drawn(part, examples) if instance is not None]
        if len(fitting) >= 3:
            break
    assert len(fitting) >= 3
    for instance in fitting:
        assert all(instance.truth(hypothesis) is True for hypothesis in part.given)
        assert all(instance.truth(hypothesis) is not False for hypothesis in part.hypotheses)
        assert sum(instance.weights) == 1 and min(instance.weights) >= 0
        assert part.symbols <= {*instance.functions, *instance.scalars}


@pytest.mark.parametrize("slug, part", PARTS, ids=PART_IDS)
def test_an_instance_follows_from_its_free_choices(slug, part):
    for instance in drawn(part, 15):
        if instance is not None:
            again = complete(part, choices_of(part, instance))
            assert again is not None and again.functions.keys() == instance.functions.keys()
            assert all(again.truth(hypothesis) is not False for hypothesis in part.hypotheses)


def choices(part, weights, utility, feature=None, **values):
    named = {x.name: x for x in (*free_scalars(part), *free_functions(part))}
    scalars = {x: Fraction(values[x.name]) for x in free_scalars(part)}
    functions = {x: fractions(*values[x.name]) for x in free_functions(part)}
    assert set(values) == set(named)
    return Choices(fractions(*weights), fractions(*utility), feature or (0,) * len(weights), scalars, functions)


def test_a_policy_gives_its_ratio_threshold_and_largest_ratio():
    part = Part("p", E(w * u) + rho >= tau, policies=QUANTILIZER)
    instance = complete(part, choices(part, ["1/4", "1/2", "1/4"], [3, 2, 1], q="3/8"))
    assert instance.functions[w] == fractions("8/3", "2/3", 0)
    assert (instance.scalars[tau], instance.scalars[rho]) == (2, Fraction(8, 3))


def test_only_what_the_statement_mentions_is_bound():
    part = Part("p", E(w * c) <= Scalar("alpha", "positive"), policies=(PolicyOf(Quantilizer(q, draws=3)),))
    instance = complete(part, choices(part, ["1/2", "1/2"], [0, 1], q="1/2", c=[1, 0], alpha="5"))
    assert {x.name for x in instance.scalars} == {"q", "alpha"} and instance.scalars[Scalar("alpha", "positive")] == 5


def test_a_cost_is_clipped_and_scaled_into_its_class():
    part = Part("p", E(w * c) <= worst, policies=QUANTILIZER, cost=MeanBounded(epsilon))
    instance = complete(part, choices(part, ["1/2", "1/2"], [0, 1], q="1/2", epsilon="1/4", c=[-3, 2]))
    # The cost is clipped at zero; its bound, being free, is raised to its mean.
    assert instance.functions[c] == fractions(0, 2) and instance.scalars[epsilon] == 1 and instance.scalars[worst] == 2
    fixed = Part("p", E(w * c) <= worst, policies=QUANTILIZER, cost=MeanBounded("1/4"))
    scaled = complete(fixed, choices(fixed, ["1/2", "1/2"], [0, 1], q="1/2", c=[-3, 2]))
    assert scaled.functions[c] == fractions(0, "1/2") and scaled.scalars[worst] == Fraction(1, 2)


def test_what_cannot_be_repaired_is_no_instance():
    part = Part("p", E(c) <= t, given=(E(c) > 5, c <= 1))
    assert complete(part, choices(part, [1], [0], t=0, c=[9])) is None


def test_a_level_outside_its_range_is_no_instance():
    part = Part("p", E(w * c) <= t, policies=(PolicyOf(Quantilizer(q + r)),))
    assert complete(part, choices(part, [1], [0], q="3/4", r="3/4", t=0, c=[1])) is None


@pytest.mark.parametrize("hypothesis", [E(c) <= q, eq(E(c), q), E(c) <= lam, E(c) <= n])
def test_a_level_a_share_and_a_count_are_never_moved_to_make_a_hypothesis_hold(hypothesis):
    part = Part("p", E(w * c) <= lam + n + q, given=(c >= 0, hypothesis), policies=QUANTILIZER)
    chosen = choices(part, ["1/2", "1/2"], [0, 1], q="1/3", lam="1/2", n=1, c=["1/7", 9])
    instance = complete(part, chosen)
    assert instance is None or all(instance.scalars[x] == chosen.scalars[x] for x in (q, lam, n))


def test_a_parameter_of_the_policy_stays_with_the_policy():
    x0 = Scalar("x0", "positive")
    part = Part("p", E(w * c) <= x0, given=(c >= 0, E(c) <= x0), policies=(PolicyOf(Quantilizer(x0)),))
    assert all(i is None or i.truth(w <= 1 / x0) for i in drawn(part))


def test_costs_of_a_feature_are_functions_of_the_feature():
    second = OfAction("kappa2", "feature_cost")
    part = Part(
        "p",
        E(w * (kappa + second)) <= alpha * E(kappa + second),
        given=(kappa >= 0, second >= 0, kappa <= c, c >= 0),
        policies=QUANTILIZER,
    )
    assert set(functions_of_feature(part)) == {kappa, second}
    classed = Part("p", E(w * c) <= worst, policies=QUANTILIZER, cost=FeatureMeasurable(epsilon))
    assert functions_of_feature(classed) == (c,)
    for one, symbols in ((part, (kappa, second)), (classed, (c,))):
        fitting = [i for i in drawn(one) if i is not None]
        assert len(fitting) > 10 and any(len(set(i.feature)) > 1 for i in fitting)
        for i in fitting:
            for symbol in symbols:
                seen = {(z, x) for g, z, x in zip(i.weights, i.feature, i.functions[symbol], strict=True) if g}
                assert len(seen) == len({z for z, _ in seen})


def test_the_ratio_of_the_feature_is_the_mean_of_the_ratio_on_its_value():
    part = Part("p", eq(E(w * kappa), E(h * kappa)), policies=QUANTILIZER)
    for instance in drawn(part):
        assert instance is None or (instance.truth(part.conclusion) and instance.value(E(h)) == 1)


def test_an_optimizer_that_breaks_its_own_axioms_is_found_out():
    part = Part("p", E(w * c) <= E(c) / q, given=(c >= 0,), policies=(PolicyOf(FloorOfQ(q)),))
    weights, utility = ["1/3", "1/3", "1/3"], [0, 1, 2]
    # 1/2 of three equal actions cuts the second of them; 2/3 does not.
    assert complete(part, choices(part, weights, utility, q="2/3", c=[1, 1, 1])) is not None
    with pytest.raises(AxiomViolated, match="FloorOfQ"):
        complete(part, choices(part, weights, utility, q="1/2", c=[1, 1, 1]))
    with pytest.raises(AxiomViolated):
        drawn(part, 300)


def test_shrinking_merges_actions_and_simplifies_numbers():
    part = Part("p", E(w * c) <= E(c), given=(c >= 0,), policies=QUANTILIZER)
    big = complete(part, choices(part, ["1/7", "2/7", "3/7", "1/7"], [5, 3, 2, -1], q="2/7", c=["9/4", 1, 0, "1/5"]))
    breaks = lambda i: i.truth(part.conclusion) is False
    assert breaks(big)
    small = shrink(part, big, breaks)
    assert breaks(small) and size(small) < size(big) and len(small.weights) == 2
    assert small.functions[c] == fractions(1, 0) or small.functions[c] == fractions(0, 1)


def test_merging_finds_two_actions_where_dropping_one_cannot():
    # Every action is needed for the mean, so none can be left out; two of them can become one.
    part = Part("p", sp.Ne(E(u), 1), given=())
    start = complete(part, choices(part, ["1/4", "1/4", "1/2"], [0, 0, 2]))
    assert len(shrink(part, start, lambda i: i.truth(part.conclusion) is False).weights) <= 2


def test_the_rest_of_a_statement_is_free():
    part = Part("p", E(v * c) <= worst * t, given=(c <= C,), policies=QUANTILIZER, cost=MeanBounded(epsilon))
    assert [x.name for x in free_scalars(part)] == ["C", "epsilon", "q", "t"]
    assert [x.name for x in free_functions(part)] == ["c", "v"]


def test_a_number_takes_the_value_of_the_first_action_that_demands_one():
    share = Scalar("share", "nonnegative")
    part = Part("share", share <= 1 / q, given=(sp.Implies(eq(u, tau), eq(share, w)),), policies=QUANTILIZER)
    choices = Choices(
        fractions("1/4", "1/2", "1/4"), fractions(3, 2, 1), (0, 0, 0), {q: Fraction(3, 8), share: Fraction(7)}
    )
    assert complete(part, choices).scalars[share] == Fraction(2, 3)
    elsewhere = Part("none", share <= 9, given=(sp.Implies(u > tau + 9, eq(share, w)),), policies=QUANTILIZER)
    assert complete(elsewhere, choices).scalars[share] == 7
    split = Part("two", share <= 9, given=(sp.Implies(u >= tau, eq(share, w)),), policies=QUANTILIZER)
    assert complete(split, choices) is None
