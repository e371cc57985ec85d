"""A bound is called violated only where two generators of random bits agree that it is."""

from __future__ import annotations

from dataclasses import replace

import qtheory.montecarlo.simulate as simulate
from qtheory.base.continuous import Continuous
from qtheory.inference.interval import Interval
from qtheory.montecarlo.blocks import GENERATOR
from qtheory.problem import Problem
from qtheory.statements.verdict import Verdict

PROBLEM = Problem(Continuous("normal(0,1)"), cost="1/(1+exp(-x))")
SAID = Verdict("simulate", "violated", "made up", slack=(-1.0, -0.5))


def run():
    return simulate.simulate_problem(PROBLEM, "1/10", cost_max=1, samples=70_000)


def made_up(outcomes):
    """Verdicts that come out as told, one after the other."""
    told = iter(outcomes)
    return lambda *args, **kwargs: replace(SAID, outcome=next(told))


def test_a_violation_that_one_generator_alone_shows_is_inconclusive(monkeypatch):
    monkeypatch.setattr(simulate, "bound_verdict", made_up(["violated", "holds"]))
    (cost,) = run().levels[0].costs
    assert cost.verdict.outcome == "inconclusive"
    assert "not with the other" in cost.verdict.evidence


def test_a_violation_that_both_generators_show_is_said(monkeypatch):
    monkeypatch.setattr(simulate, "bound_verdict", made_up(["violated", "violated"]))
    assert run().violated


def test_the_second_run_is_of_another_generator_and_only_where_there_is_something_to_confirm(monkeypatch):
    used = []
    real = simulate.tally_problem

    def noted(*args, **kwargs):
        used.append(kwargs.get("generator", GENERATOR))
        return real(*args, **kwargs)

    monkeypatch.setattr(simulate, "tally_problem", noted)
    assert not run().violated
    assert used == ["threefry2x32"]
    monkeypatch.setattr(simulate, "bound_verdict", made_up(["violated", "violated"]))
    assert run().violated
    assert used[1:] == ["threefry2x32", "rbg"]


def test_the_two_generators_draw_different_streams_of_the_same_law():
    tallies = [
        simulate.tally_problem(PROBLEM, (simulate._ONE,), 1, 70_000, 0, generator=g) for g in ("threefry2x32", "rbg")
    ]
    means = [tally.main.mean_cost(0, 1.0) for tally in tallies]
    assert means[0] != means[1]
    assert Interval(0.49, 0.51).contains(means[0])
    assert Interval(0.49, 0.51).contains(means[1])
