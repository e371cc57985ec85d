"""Simulated numbers against quadrature and closed forms, and verdicts that say no more than they know.

Each test looks at fixed seeds. Intervals are asked for at alpha = 1e-6, so that a correct one fails here with
probability below 1e-5 over the whole file; estimates are compared at five standard errors.
"""

from __future__ import annotations

import json
import math
from fractions import Fraction

import jax
import numpy as np
import pytest
from scipy.stats import norm

import qtheory.montecarlo.engine as module
from qtheory.base.continuous import Continuous
from qtheory.base.finite import Finite
from qtheory.base.generative import Generative
from qtheory.errors import InvalidInput, InvalidLevel, NotAvailable
from qtheory.inference.interval import Interval
from qtheory.montecarlo.bound import bound_verdict
from qtheory.montecarlo.document import run_record, simulation_document
from qtheory.montecarlo.engine import Engine
from qtheory.montecarlo.pilot import Pilot, draw_pilot
from qtheory.montecarlo.result import Estimate, WorldSimulation
from qtheory.montecarlo.simulate import read_samples, simulate_problem, tally_problem
from qtheory.montecarlo.table import simulation_text
from qtheory.montecarlo.truth import true_mean, true_value
from qtheory.problem import Problem

SIGMOID = "1/(1+exp(-x))"


def _estimates(run: WorldSimulation) -> list[Estimate]:
    every = [run.base_value, *(cost.mean for cost in run.base_costs)]
    for level in run.levels:
        every += [level.value, *(e for cost in level.costs for e in (cost.mean, cost.amplification))]
    return every


@pytest.mark.parametrize(
    ("base", "utility", "cost"),
    [
        ("normal(0,1)", "x", SIGMOID),
        ("normal(-3,1/2)", "exp(x)", "exp(-x**2)"),
        ("pareto(3)", "x", "1/x"),
        ("student_t(3)", "x", SIGMOID),
        ("uniform(0,1)", "2*x-1", "x*(1-x)"),
    ],
)
def test_every_estimate_agrees_with_quadrature(base: str, utility: str, cost: str) -> None:
    problem = Problem(Continuous(base), utility=utility, cost=cost)
    run = simulate_problem(problem, ["1", "1/100"], cost_max=1, samples=400_000)
    for estimate in _estimates(run):
        assert estimate.truth is not None
        assert estimate.value is not None
        assert estimate.interval.contains(estimate.truth)
    for level in run.levels:
        spread = level.value.interval.width / (2 * norm.isf(run.alpha_each / 2))
        assert abs(level.value.value - level.value.truth) < 5 * spread  # type: ignore[operator]
        if level.q < 1:
            assert level.threshold == pytest.approx(level.threshold_truth, rel=0.05, abs=0.01)
    assert not run.violated


def test_rare_levels_are_resolved_beyond_the_pilot() -> None:
    run = simulate_problem(Problem(Continuous("normal(0,1)"), cost=SIGMOID), [1e-5, 1e-6], 1, samples=10_000_000)
    for level in run.levels:
        # of the excess over a normal threshold u both mean and deviation are about 1/u
        spread = math.sqrt(2 / (run.samples * float(level.q))) / level.threshold
        assert abs(level.value.value - level.value.truth) < 4 * spread  # type: ignore[operator]
        assert level.costs[0].mean.interval.contains(level.costs[0].mean.truth)  # type: ignore[arg-type]
    assert run.levels[0].threshold == pytest.approx(norm.isf(1e-5), abs=0.1)


def test_estimates_are_unbiased_over_seeds() -> None:
    problem, q = Problem(Continuous("normal(0,1)"), cost=SIGMOID), Fraction(1, 20)
    tallies = [tally_problem(problem, [q], 1, 200_000, key).main for key in range(25)]
    cases = {
        true_value(problem, q): [tally.mean_utility(0.05) for tally in tallies],
        true_mean(problem, problem.cost, q): [tally.mean_cost(0, 0.05) for tally in tallies],
    }
    for truth, found in cases.items():
        errors = np.array(found) - truth
        assert abs(errors.mean()) < 4 * errors.std(ddof=1) / math.sqrt(errors.size)


def test_ties_share_the_level_in_proportion_to_mass() -> None:
    # U is 1 for x >= 1: inside that level the quantilizer is the base given x >= 1, whatever q
    problem = Problem(Continuous("normal(0,1)"), utility="Min(Max(x,0),1)", cost="Piecewise((1,x>2),(0,True))")
    run = simulate_problem(problem, ["1/20", "1/10", "3/4"], 1, samples=1_000_000, utility_range=(0, 1))
    inside = norm.sf(2) / norm.sf(1)
    for level in run.levels[:2]:
        assert level.threshold == 1.0
        assert level.value.value == 1.0
        cost = level.costs[0].mean
        assert cost.interval.contains(inside)
        # as sharp as a binomial proportion of nq draws, up to the price of the profile
        assert cost.interval.width < 16 * math.sqrt(inside * (1 - inside) / (1e6 * float(level.q)))
    below = run.levels[2]
    assert below.threshold == 0.0
    value = (norm.sf(1) + norm.pdf(0) - norm.pdf(1)) / 0.75
    assert below.value.interval.contains(value)
    assert below.value.evidence == "rigorous"
    assert below.costs[0].mean.interval.contains(norm.sf(2) / 0.75)


def test_a_utility_that_is_not_monotone_is_ranked_by_its_values() -> None:
    # U = -|x|: the top q are the actions with |x| below z
    problem = Problem(Continuous("normal(0,1)"), utility="-Abs(x)", cost="x**2/(1+x**2)")
    level = simulate_problem(problem, "1/4", 1, samples=1_000_000).levels[0]
    z = norm.isf(3 / 8)
    assert level.value.truth is None
    assert level.threshold == pytest.approx(-z, abs=0.005)
    assert level.value.interval.contains(-2 * (norm.pdf(0) - norm.pdf(z)) * 4)


def test_a_sampler_of_vectors_is_simulated_from_draws() -> None:
    def draw(key: jax.Array) -> jax.Array:
        return jax.random.normal(key, (3,))

    problem = Problem(Generative(draw), utility=lambda a: a.sum(), cost=lambda a: jax.nn.sigmoid(a[0]))
    run = simulate_problem(problem, "1/10", 1, samples=500_000)
    level = run.levels[0]
    assert level.value.interval.contains(math.sqrt(3) * norm.pdf(norm.isf(0.1)) * 10)
    assert run.base_costs[0].mean.interval.contains(0.5)
    assert level.costs[0].amplification.interval.low > 1.1


def test_rigorous_intervals_for_a_declared_utility_range() -> None:
    problem = Problem(Continuous("uniform(0,1)"))
    run = simulate_problem(problem, ["1/2", "1/100"], samples=100_000, utility_range=(0, 1))
    for level in run.levels:
        assert level.value.evidence == "rigorous"
        assert level.value.interval.contains(1 - float(level.q) / 2)
        assert level.value.interval.width < 0.03
    with pytest.raises(InvalidInput, match="outside its declared range"):
        simulate_problem(problem, "1/2", samples=1000, utility_range=(0, "1/2"))


def test_a_bound_that_is_attained_can_only_be_inconclusive_and_the_text_is_kind() -> None:
    cost = f"Piecewise((1,x>{float(norm.isf(0.1))!r}),(0,True))"
    run = simulate_problem(Problem(Continuous("normal(0,1)"), cost=cost), "1/10", 1, samples=200_000)
    verdict = run.levels[0].costs[0].verdict
    assert verdict.outcome == "inconclusive"
    assert "that is what the proof is for" in verdict.evidence
    assert verdict.slack is not None
    assert verdict.slack[0] <= 0 <= verdict.slack[1]
    assert run.levels[0].costs[0].amplification.interval.high == 10


def test_the_verdict_on_the_bound_follows_from_the_intervals() -> None:
    q, wide = Fraction(1, 10), Interval(0.0, 10.0)
    held = bound_verdict(q, Interval(0.5, 0.6), Interval(0.4, 0.5), wide, Interval(0.4, 0.5), 1e-6, 1, 0.1)
    assert held.outcome == "holds"
    broken = bound_verdict(q, Interval(0.9, 1.0), Interval(0.01, 0.02), wide, Interval(0.01, 0.02), 1e-6, 1, 0.1)
    assert broken.outcome == "violated"
    open_ = bound_verdict(q, Interval(0.5, 1.0), Interval(0.01, 0.1), wide, Interval(0.01, 0.1), 1e-6, 1, 0.1)
    assert open_.outcome == "inconclusive"


def test_a_base_that_differs_between_streams_is_called_violated(monkeypatch: pytest.MonkeyPatch) -> None:
    def cheap(problem: Problem, *rest: object) -> Pilot:
        return draw_pilot(Problem(problem.base, cost="x*0"), *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "draw_pilot", cheap)
    run = simulate_problem(Problem(Continuous("normal(0,1)"), cost=SIGMOID), "1/2", 1, samples=200_000)
    assert run.violated
    assert run.levels[0].costs[0].verdict.slack[1] < 0  # type: ignore[index]


def test_a_cost_that_is_never_seen_has_no_amplification() -> None:
    run = simulate_problem(Problem(Continuous("normal(0,1)"), cost="0*x"), "1/2", 1, samples=10_000)
    assert run.levels[0].costs[0].amplification.value is None
    assert run.levels[0].costs[0].amplification.interval == Interval(0.0, 2.0)
    assert "-" in simulation_text(run)


def test_documents_are_json_and_reproducible() -> None:
    problem = Problem(Continuous("pareto(1)"), cost={"a": "1/x", "b": "1/x**2"})
    first, second = (simulate_problem(problem, ["1", "1/10"], {"a": 1, "b": 1}, samples="1e4", key=3) for _ in range(2))
    record = run_record("simulate", {"samples": 10_000}, 3)
    texts = [json.dumps(simulation_document(run, record), allow_nan=False) for run in (first, second)]
    assert texts[0] == texts[1]
    document = json.loads(texts[0])
    assert document["schema"] == 1
    level = document["simulation"]["levels"][1]
    assert level["utility"]["truth"] == "inf"
    assert [cost["name"] for cost in level["costs"]] == ["a", "b"]
    assert set(level["costs"][0]["verdict"]) >= {"outcome", "evidence", "alpha", "samples", "slack"}
    # the mean of the utility is infinite, so only the costs have intervals
    assert document["simulation"]["statements"] == 2 * 2 + 2 * (2 * 2)
    assert document["simulation"]["pilot"] == level["costs"][0]["verdict"]["pilot"] == 131_072
    assert all(len(line) <= 100 for line in simulation_text(first).splitlines())


def test_arguments_are_checked() -> None:
    problem = Problem(Continuous("normal(0,1)"), cost=SIGMOID)
    assert read_samples("1e7") == 10_000_000
    for samples in ("1.5", 0, "many"):
        with pytest.raises(InvalidInput):
            simulate_problem(problem, "1/2", 1, samples=samples)
    with pytest.raises(InvalidInput, match="declared cap"):
        simulate_problem(problem, "1/2")
    with pytest.raises(InvalidInput, match="not positive"):
        simulate_problem(problem, "1/2", 0)
    with pytest.raises(InvalidInput, match="name the costs"):
        simulate_problem(problem, "1/2", {"harm": 1})
    with pytest.raises(InvalidInput, match="utility_range is empty"):
        simulate_problem(problem, "1/2", 1, utility_range=(1, 1))
    with pytest.raises(InvalidInput, match="not a seed"):
        simulate_problem(problem, "1/2", 1, key=-1)
    with pytest.raises(InvalidInput, match="no levels"):
        simulate_problem(problem, [], 1)
    with pytest.raises(NotAvailable, match="exact"):
        simulate_problem(Problem(Finite(["1/2", "1/2"]), utility=[0, 1]), "1/2")


def test_a_level_that_keeps_no_draw_is_refused_and_a_few_draws_give_no_normal_interval() -> None:
    problem = Problem(Continuous("normal(0,1)"), cost=SIGMOID)
    with pytest.raises(InvalidLevel, match="q = 1/100000 keeps less than one of 20000 draws") as caught:
        simulate_problem(problem, "1/100000", 1, samples="2e4")
    assert "at least 100000 draws" in str(caught.value)
    with pytest.raises(InvalidLevel, match="q = 1e-400 keeps"):
        simulate_problem(problem, "1e-400", 1, samples="2e4")
    run = simulate_problem(problem, ["29/1000", "30/1000"], 1, samples=1000)
    few, enough = (level.value for level in run.levels)
    assert (few.interval, few.evidence) == (None, "plug-in")
    assert few.withheld == "fewer than 30 draws are kept"
    assert enough.evidence == "asymptotic"
    assert enough.interval.contains(enough.truth)
    # the cost has rigorous intervals at any number of draws
    assert run.levels[0].costs[0].mean.evidence == "rigorous"
    assert run.base_value.evidence == "asymptotic"
    ranged = simulate_problem(Problem(Continuous("uniform(0,1)")), "1", samples=1, utility_range=(0, 1))
    assert ranged.levels[0].value.evidence == "rigorous"


def test_one_draw_gives_plug_in_values_without_intervals_and_the_text_says_so() -> None:
    run = simulate_problem(Problem(Continuous("normal(0,1)")), "1", samples=1)
    assert run.base_value.interval is run.levels[0].value.interval is None
    assert run.statements == 0
    text = simulation_text(run)
    assert "plug-in" in text
    assert "fewer than 30 draws" in text
    assert "Bonferroni" not in text
    document = simulation_document(run, run_record("simulate", {}, 0))["simulation"]
    assert document["levels"][0]["utility"]["interval"] is None
    assert document["levels"][0]["utility"]["evidence"] == "plug-in"


@pytest.mark.parametrize(
    ("base", "utility", "lacks"),
    [
        ("cauchy(0,1)", "x", "mean"),
        ("pareto(1)", "x", "mean"),
        ("pareto(3/2)", "x", "variance"),
        ("pareto(2)", "x", "variance"),
        ("student_t(2)", "3*x+1", "variance"),
        ("pareto(4)", "x**2", "variance"),
        ("mixture(0.9*normal(0,1) + 0.1*student_t(2))", "x", "variance"),
        ("pareto(21/10)", "x", None),
        ("student_t(3)", "x", None),
        ("lognormal(0,1)", "x", None),
        # not a polynomial, and not increasing: nothing is known
        ("pareto(2)", "log(x)", None),
        ("pareto(2)", "-x", None),
    ],
)
def test_no_interval_for_moments_that_do_not_exist(base: str, utility: str, lacks: str | None) -> None:
    run = simulate_problem(Problem(Continuous(base), utility=utility), "1/10", samples=1000)
    for estimate in (run.base_value, run.levels[0].value):
        if lacks is None:
            assert estimate.evidence == "asymptotic"
            assert estimate.withheld is None
        else:
            assert (estimate.interval, estimate.evidence) == (None, "plug-in")
            assert f"the {lacks} of the utility is not finite" in str(estimate.withheld)
    text = " ".join(simulation_text(run).split())
    assert ("assume that its variance is finite" in text) == (lacks is None)
    assert lacks is None or f"the {lacks} of the utility is not finite" in text


def test_equal_draws_give_no_interval_of_no_width() -> None:
    problem = Problem(Continuous("normal(0,1)"), utility="Piecewise((1,x>0),(0,True))")
    one, half = (level.value for level in simulate_problem(problem, ["1/10", "9/10"], samples=10_000).levels)
    assert one.interval is None
    assert "the same utility" in str(one.withheld)
    assert half.interval.contains(5 / 9)


def test_an_interval_that_excludes_the_quadrature_is_flagged() -> None:
    heavy = simulate_problem(Problem(Continuous("lognormal(0,5)")), "1/10", samples=1000)
    value = heavy.levels[0].value
    assert value.excludes_truth
    assert "WARNING: the interval of E_Q[U] at q = 1/10" in simulation_text(heavy)
    document = simulation_document(heavy, run_record("simulate", {}, 0))["simulation"]
    assert document["levels"][0]["utility"]["excludes_truth"] is True
    light = simulate_problem(Problem(Continuous("normal(0,1)"), cost=SIGMOID), "1/10", 1, samples=1000)
    assert not any(estimate.excludes_truth for estimate in _estimates(light))
    assert "WARNING" not in simulation_text(light)


def test_a_detectable_gap_needs_draws_that_carry_information() -> None:
    problem = Problem(Continuous("normal(0,1)"), cost={"smooth": SIGMOID, "rare": "Piecewise((1,x>4),(0,True))"})
    caps = {"smooth": 1, "rare": 1}
    few = simulate_problem(problem, "1/2", caps, samples=200).levels[0].costs
    assert [cost.detectable_gap for cost in few] == [None, None]
    smooth, rare = simulate_problem(problem, "1/2", caps, samples=10_000).levels[0].costs
    assert smooth.detectable_gap is not None
    assert 0 < smooth.detectable_gap < 0.2
    # about three of a hundred thousand draws have the rare cost
    assert rare.detectable_gap is None
    one = simulate_problem(problem, "1", caps, samples=1)
    text = simulation_text(one)
    assert "99 % power" not in text
    assert "too few draws carry information" in text
    assert "would have shown" not in one.levels[0].costs[0].verdict.evidence
    assert json.dumps(simulation_document(one, run_record("simulate", {}, 0)), allow_nan=False)


def test_verdicts_name_the_pilot_they_rest_on() -> None:
    run = simulate_problem(Problem(Continuous("normal(0,1)"), cost=SIGMOID), "1/10", 1, samples=100)
    text = " ".join(simulation_text(run).split())
    assert "100 draws and 131072 pilot draws" in text
    assert "E_Q[c] on the 100 draws with E_base[c] on the 131072 pilot draws" in text
    verdict = simulation_document(run, run_record("simulate", {}, 0))["simulation"]["levels"][0]["costs"][0]["verdict"]
    assert (verdict["samples"], verdict["pilot"]) == (100, 131_072)
    assert verdict["streams"] == {"E_Q[c]": "samples", "E_base[c]": "pilot"}


@pytest.mark.parametrize("bad", [{"exact": "yes"}, {"counted": None}, {"workers": 3}, {"keeper": "file"}])
def test_an_engine_of_the_wrong_kind_is_refused(bad: dict) -> None:
    with pytest.raises(InvalidInput, match="of the wrong kind"):
        Engine(**bad)
    with pytest.raises(InvalidInput, match="not an engine"):
        simulate_problem(Problem(Continuous("normal(0,1)")), "1/2", samples=10, engine=3)  # type: ignore[arg-type]


def test_a_level_that_is_asked_for_twice_is_answered_once() -> None:
    run = simulate_problem(Problem(Continuous("normal(0,1)")), ["1/10", "0.1", "1/2"], samples=1000)
    assert [level.q for level in run.levels] == [Fraction(1, 10), Fraction(1, 2)]
