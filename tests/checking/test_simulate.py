"""The simulated reading: true bounds are never called violated, false ones are where the sample can show it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
import sympy as sp

import qtheory as qt
import qtheory.checking.simulate as simulate_module
from qtheory.checking.contrast import contrast_of, is_identity
from qtheory.checking.scenes import scenes
from qtheory.checking.simulate import MOST_CONFIRMATIONS
from qtheory.claims.registry import get, slugs
from qtheory.errors import NotAvailable
from qtheory.statements.claim import Part, PolicyOf
from qtheory.symbols import E, OfAction, beats, c, eq, h, indicator, kappa, m, n, q, r, t, tau2, u, v, w, w2, x, xlogy
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
    (extremal,) = [d for d in verdict.details if d.get("scene", "").endswith("cost=top slice 1/100")]
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
    assert names == {"uniform", "tied", "ladder", "mixed", "draws"}


def test_what_cannot_be_sampled_says_why():
    @qt.claim("t", policy=qt.Quantilizer("1/2"))
    def pointwise():
        return eq(w, 2)

    verdict = qt.simulate(pointwise, samples=SAMPLES)
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
    assert list(scenes(unknown, worlds()[0], 512, 0))
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
    @qt.claim("t")
    def entropy():
        return E(xlogy(c, c)) <= 50

    verdict = qt.simulate(entropy, samples=SAMPLES, only=TIGHT[:1])
    assert verdict.outcome in ("holds", "inconclusive")
    assert not any("gain outside" in d.get("scene", "") for d in verdict.details)


def test_a_bound_that_only_small_costs_keep_is_not_said_to_hold():
    @qt.claim("t", policy=qt.Quantilizer("1/2"), given=[c >= 0])
    def at_most_two():
        return E(w * c) <= 2

    assert qt.simulate(at_most_two, samples=SAMPLES).outcome == "violated"


def test_every_cell_that_is_called_violated_was_seen_twice():
    verdict = qt.simulate(bound("1/2", "1/2"), samples=SAMPLES)
    words = [d["outcome"] for d in verdict.details if "scene" in d]
    assert 0 < words.count("violated") <= MOST_CONFIRMATIONS
    assert words.count("suspected") > 0
    assert "suspected" in verdict.evidence


def test_a_cell_that_the_second_generator_does_not_confirm_is_only_suspected(monkeypatch):
    real = simulate_module.test_by_streams

    def broken_first_generator(scene, contrast, n, alpha, key, impl):
        test = real(scene, contrast, n, alpha, key, impl)
        wrong = impl == simulate_module.FIRST and "cost=noise" in scene.name
        return replace(test, p_violated=1e-300) if wrong else test

    monkeypatch.setattr(simulate_module, "test_by_streams", broken_first_generator)
    verdict = qt.simulate(bound("9/10", "1/2"), samples=100_000, only=TIGHT[:1])
    outcomes = {d["scene"].split("cost=")[1]: d["outcome"] for d in verdict.details if "scene" in d}
    assert outcomes["noise"] == "suspected"
    assert outcomes["top slice 1/2"] == "violated"


def test_equal_sides_of_an_indicator_are_not_told_apart_by_rounding():
    equal = (PolicyOf(qt.Quantilizer(q)), PolicyOf(qt.Quantilizer(r), w2, tau2))
    uniform = tuple(world for world in worlds() if world.slug == "uniform")
    for left, right in ((3 * (q + r) * u, 9 * q * u), (9 * q * u, 3 * (q + r) * u)):

        @qt.claim("t", policy=equal, given=[eq(r, 2 * q)])
        def always(left=left, right=right):
            return E(indicator(left >= right)) >= 1

        assert qt.simulate(always, samples=SAMPLES, only=uniform).outcome != "violated"

        @qt.claim("t", policy=equal, given=[eq(r, 2 * q)])
        def never(left=left, right=right):
            return E(indicator(left > right)) <= 0

        assert qt.simulate(never, samples=SAMPLES, only=uniform).outcome != "violated"


def test_an_indicator_that_is_wrong_on_many_draws_is_still_violated():
    uniform = tuple(world for world in worlds() if world.slug == "uniform")

    @qt.claim("t")
    def mostly():
        return E(indicator(3 * u >= 2)) >= sp.Rational(1, 2)

    assert qt.simulate(mostly, samples=SAMPLES, only=uniform).outcome == "violated"


def test_several_costs_and_rivals_and_functions_are_bound_at_once():
    c2, v2, y = OfAction("c2", "cost"), OfAction("v2", "rival"), OfAction("y")
    densities = [eq(E(v), 1), eq(E(v2), 1), v >= 0, v2 >= 0, c >= 0, c2 >= 0, y >= 0, y <= 1]

    @qt.claim("t", given=[*densities, v <= t, v2 <= t])
    def true_of_all():
        return E(v * c * y) + E(v2 * c2 * y) <= t * (E(c) + E(c2))

    @qt.claim("t", given=[*densities, v <= t, v2 <= t])
    def false_of_some():
        return E(v * c) + E(v2 * c2) <= t * E(c)

    assert qt.simulate(true_of_all, samples=SAMPLES).outcome in ("holds", "inconclusive")
    assert qt.simulate(false_of_some, samples=SAMPLES).outcome == "violated"


@pytest.mark.parametrize("key", range(4))
def test_true_statements_of_many_kinds_are_never_violated(key):
    for claim in TRUE_ONES:
        assert qt.simulate(claim, samples=3_000, key=key).outcome in ("holds", "inconclusive"), claim.slug


@pytest.mark.parametrize("key", range(2))
def test_false_statements_of_many_kinds_are_violated(key):
    for claim in FALSE_ONES:
        assert qt.simulate(claim, samples=20_000, key=key).outcome == "violated", claim.slug


def _claim(name, conclusion, given=(), policy=None):
    def stated():
        return conclusion

    stated.__name__ = name
    return qt.claim("t", policy=policy, given=given)(stated)


Z = sp.Symbol("z", real=True)
POWER = sp.Integral(Z**n, (Z, 0, 1))
BEST = qt.BestOfN(3)
TRUE_ONES = [
    _claim("cauchy_schwarz", E(x * v) ** 2 <= E(x**2) * E(v**2)),
    _claim("best_of_n", E(w * c) <= 3 * E(c), [c >= 0], BEST),
    _claim("win_rate", E(w * beats) <= sp.Rational(3, 4), (), BEST),
    _claim("tower", eq(E(u * c), E(u * m))),
    _claim("integral", eq(POWER, 1 / (n + 1)), [n >= 1]),
    _claim("both", E(w * beats) <= sp.Rational(1, 2) + POWER, [eq(n, 3)], BEST),
    _claim("entropy", E(xlogy(v, v)) >= 0, [v >= 0, eq(E(v), 1)]),
]
FALSE_ONES = [
    _claim("reversed", E(x * v) ** 2 >= E(x**2) * E(v**2)),
    _claim("too_small", E(w * c) <= 2 * E(c), [c >= 0], BEST),
    _claim("win_rate", E(w * beats) <= sp.Rational(7, 10), (), BEST),
    _claim("not_the_tower", eq(E(w * c), E(c)), (), BEST),
    _claim("integral", eq(POWER, 1 / (n + 2)), [n >= 1]),
    _claim("entropy", E(xlogy(v, v)) <= 0, [v >= 0, eq(E(v), 1)]),
]


def test_an_integral_over_an_infinite_range_says_so():
    claim = _claim("tail", eq(sp.Integral(sp.exp(-Z), (Z, 0, sp.oo)), 1))
    verdict = qt.simulate(claim, samples=SAMPLES)
    assert verdict.outcome == "not_applicable"
    assert "infinite range" in verdict.evidence


def test_a_cap_on_the_cells_is_stated():
    parts = {f"part{i}": E(w * c) <= (2 + i) * E(c) for i in range(6)}

    @qt.claim("t", policy=qt.Quantilizer("1/2"), given=[c >= 0])
    def many():
        return parts

    verdict = qt.simulate(many, samples=2_000)
    assert "more were left out" in verdict.evidence
    assert {d["part"] for d in verdict.details if "part" in d} == set(parts)
