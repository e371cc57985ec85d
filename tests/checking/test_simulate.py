"""The simulated reading: true bounds are never called violated, false ones are where the sample can show it."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy as sp

import qtheory as qt
from qtheory.checking.contrast import contrast_of, is_identity
from qtheory.checking.scenes import scenes
from qtheory.claims.registry import get, slugs
from qtheory.errors import NotAvailable
from qtheory.statements.claim import Part, PolicyOf
from qtheory.symbols import E, OfAction, c, eq, h, kappa, q, u, v, w
from qtheory.worlds.catalogue import worlds

SAMPLES = 20_000
TIGHT = [world for world in worlds() if world.slug in ("normal", "exponential", "pareto", "tied", "draws")]


def bound(factor: str, level: str) -> qt.Claim:
    """The cost bound with a factor in front of it: true at 1, false below where it is attained."""

    @qt.claim("t", policy=qt.Quantilizer(level), given=[c >= 0])
    def scaled():
        return E(w * c) <= sp.Rational(factor) * E(c) / sp.Rational(level)

    return scaled


@pytest.mark.parametrize("world", TIGHT, ids=lambda world: world.slug)
@pytest.mark.parametrize("level", ["1/10", "1/2"])
def test_a_tight_true_bound_is_inconclusive_and_never_violated(world, level):
    for key in range(3):
        assert qt.simulate(bound("1", level), samples=SAMPLES, key=key, only=(world,)).outcome == "inconclusive"


@pytest.mark.parametrize("world", TIGHT, ids=lambda world: world.slug)
def test_a_bound_two_percent_too_small_is_never_said_to_hold(world):
    for key in range(3):
        assert qt.simulate(bound("98/100", "1/10"), samples=SAMPLES, key=key, only=(world,)).outcome != "holds"


@pytest.mark.parametrize("world", TIGHT, ids=lambda world: world.slug)
@pytest.mark.parametrize("level", ["1/10", "1/2"])
def test_a_bound_ten_percent_too_small_is_called_violated(world, level):
    verdict = qt.simulate(bound("9/10", level), samples=100_000, key=7, only=(world,))
    assert verdict.outcome == "violated"
    assert verdict.slack[1] < 0


def test_at_a_small_level_the_verdict_says_what_it_could_have_seen():
    verdict = qt.simulate(bound("9/10", "1/100"), samples=SAMPLES, only=TIGHT[:1])
    (extremal,) = [d for d in verdict.details if "top slice" in d.get("scene", "")]
    assert extremal["outcome"] == "inconclusive"
    assert extremal["detectable_gap"] > Fraction(1, 10)


def test_a_loose_bound_holds():
    assert qt.simulate(bound("2", "1/2"), samples=SAMPLES, only=TIGHT[:1]).outcome == "holds"


def test_the_same_key_gives_the_same_verdict():
    first, second = (qt.simulate("feature-cost", samples=SAMPLES, key=5) for _ in range(2))
    assert (first.outcome, first.slack, first.details) == (second.outcome, second.slack, second.details)


@pytest.mark.parametrize("slug", slugs())
def test_no_true_claim_is_violated(slug):
    assert qt.simulate(get(slug), samples=4_000, key=11).outcome in ("holds", "inconclusive", "not_applicable")


@pytest.mark.parametrize("slug", ["signed-cost", "reservation-value", "quantilizer-divergences", "top-k-of-n"])
def test_wrong_twins_that_can_be_sampled_are_violated(slug):
    assert qt.simulate(get(slug).twin, samples=50_000).outcome == "violated"


def test_a_ratio_of_expectations_is_judged_by_intervals():
    @qt.claim("t", policy=qt.Quantilizer("1/2"), given=[c >= 0])
    def ratio():
        return E(w * c) / E(c) <= sp.Rational(1)

    assert qt.simulate(ratio, samples=50_000).outcome == "violated"


def test_an_unbounded_integrand_is_not_sampled_where_it_is_unbounded():
    @qt.claim("t", policy=qt.Quantilizer("1/2"))
    def gain():
        return E(u) <= E(w * u)

    names = {d["scene"].split(",")[0] for d in qt.simulate(gain, samples=SAMPLES).details if "scene" in d}
    assert names == {"uniform", "tied", "mixed", "draws"}


def test_what_cannot_be_sampled_says_why():
    verdict = qt.simulate("fits-under", samples=SAMPLES)
    assert verdict.outcome == "not_applicable"
    assert verdict.evidence


def test_terms_with_a_policys_ratio_are_means_under_that_policy():
    contrast = contrast_of(E(w * c) <= E(c) / q, frozenset({w}))
    found = {(term.ratio, term.integrand, term.coefficient) for term in contrast.terms}
    assert found == {(w, c, sp.Integer(1)), (None, c, -1 / q)}


def test_a_product_of_expectations_is_not_linear():
    with pytest.raises(NotAvailable):
        contrast_of(E(c) * E(u) <= 1, frozenset())


def test_an_identity_has_nothing_to_sample():
    assert is_identity(eq(E((1 / q - w) * c), E(c) / q - E(w * c)))
    assert not is_identity(eq(E(w * c), E(c)))


def test_scenes_whose_hypotheses_are_not_certain_are_left_out():
    strange = OfAction("strange", "cost")
    part = Part("p", E(w * c) <= 1, given=(E(c) <= E(u),), policies=(PolicyOf(qt.Quantilizer("1/2")),))
    assert not list(scenes(part, worlds()[0], 512, 0))
    unknown = Part("p", E(w * strange) <= 1, policies=(PolicyOf(qt.Quantilizer("1/2")),))
    assert not list(scenes(unknown, worlds()[0], 512, 0))
    stated = Part("p", E(v * kappa) <= E(h), given=(v >= 0,), policies=(PolicyOf(qt.Quantilizer("1/2")),))
    assert list(scenes(stated, worlds()[0], 512, 0))


def test_an_equality_is_violated_from_either_side():
    for factor in (sp.Rational(1, 5), sp.Integer(5)):

        @qt.claim("t", policy=qt.Quantilizer("1/2"), given=[c >= 0])
        def wrong_equality(factor=factor):
            return eq(E(w * c), factor * E(c))

        assert qt.simulate(wrong_equality, samples=SAMPLES, only=TIGHT[:1]).outcome == "violated"


def test_a_part_that_was_not_sampled_keeps_the_claim_from_holding():
    @qt.claim("t", policy=qt.Quantilizer("1/2"), given=[c >= 0])
    def two_parts():
        return {"loose": E(w * c) <= 4 * E(c) + 1, "pointwise": eq(w, 1)}

    verdict = qt.simulate(two_parts, samples=SAMPLES, only=TIGHT[:1])
    assert verdict.outcome == "inconclusive"
    assert "not sampled: pointwise" in verdict.evidence


def test_a_false_relation_between_numbers_is_violated():
    @qt.claim("t", policy=qt.Quantilizer(q), given=[c >= 0])
    def plus_q():
        return sp.Le(E(c) + q, E(c), evaluate=False)

    assert qt.simulate(plus_q, samples=SAMPLES, only=TIGHT[:1]).outcome == "violated"


def test_a_hypothesis_that_some_draw_breaks_keeps_the_world_out():
    rare = sp.Rational(7, 2)  # a standard normal exceeds it once in four thousand draws

    @qt.claim("t", given=[u <= rare])
    def empty_tail():
        return E(sp.Piecewise((1, u > rare), (0, True))) <= 0

    assert qt.simulate(empty_tail, samples=100_000, only=TIGHT[:1]).outcome == "not_applicable"


def test_an_irrational_identity_is_not_violated_by_rounding():

    ratio = sp.log(6) / (sp.log(2) + sp.log(3))
    tied = tuple(world for world in worlds() if world.slug == "tied")
    for relation in (sp.Le(E(v), ratio, evaluate=False), sp.Ge(E(v), ratio, evaluate=False)):

        @qt.claim("t", given=[v >= 0, eq(E(v), 1)])
        def one_is_one(relation=relation):
            return relation

        assert qt.simulate(one_is_one, samples=SAMPLES, only=tied).outcome == "inconclusive"


def test_only_what_is_true_of_the_feature_is_taken_as_given():
    @qt.claim("t", policy=qt.Quantilizer(q), given=[kappa >= 0, h >= 0, E(h) <= 0])
    def true_of_nothing():
        return E(h * kappa) <= 0

    assert qt.simulate(true_of_nothing, samples=SAMPLES, only=TIGHT[:1]).outcome == "not_applicable"


def test_an_entropy_of_a_signed_cost_is_not_sampled():
    from qtheory.symbols import xlogy

    @qt.claim("t")
    def entropy():
        return E(xlogy(c, c)) <= 5

    assert qt.simulate(entropy, samples=SAMPLES, only=TIGHT[:1]).outcome in ("holds", "not_applicable")
