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

import qtheory.montecarlo.simulate as module
from qtheory.base.continuous import Continuous
from qtheory.base.finite import Finite
from qtheory.base.generative import Generative
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.inference.interval import Interval
from qtheory.montecarlo.bound import bound_verdict
from qtheory.montecarlo.document import run_record, simulation_document
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
        spread = level.value.interval.width / (2 * norm.isf(run.alpha_each / 2))
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
    assert document["simulation"]["statements"] == 1 + 2 * 2 + 2 * (1 + 2 * 2)
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
