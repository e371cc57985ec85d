"""Drawing until decided: right verdicts, no more draws than needed, and no answer where there is none."""

from __future__ import annotations

import json

import pytest

import qtheory.montecarlo.engine as engine_module
from qtheory.base.continuous import Continuous
from qtheory.errors import InvalidInput
from qtheory.montecarlo.blocks import GENERATOR
from qtheory.montecarlo.columns import STINT
from qtheory.montecarlo.pilot import draw_pilot
from qtheory.montecarlo.until import decided_text, simulate_until_decided
from qtheory.problem import Problem

SIGMOID = Problem(Continuous("normal(0,1)"), cost="1/(1+exp(-x))")


def test_a_bound_with_room_is_decided_at_the_first_look() -> None:
    run = simulate_until_decided(SIGMOID, ["1/10", "1/2"], 1, most="1e8")
    assert run.decided and not run.violated
    assert run.samples == STINT
    assert {one.verdict.outcome for one in run.bounds} == {"holds"}
    assert json.loads(json.dumps(run.to_json(), allow_nan=False))["stopped"] == "decided"
    assert "stopped once all was decided" in decided_text(run)


def test_a_bound_that_is_attained_is_never_decided() -> None:
    attained = Problem(Continuous("normal(0,1)"), cost="Piecewise((1,x>3),(0,True))")
    run = simulate_until_decided(attained, "1/2", 1, most=2 * STINT)
    assert not run.decided and run.samples == 2 * STINT
    assert [one.verdict.outcome for one in run.bounds] == ["inconclusive"]
    assert run.bounds[0].decided_at is None
    assert "stopped at the limit" in decided_text(run)


def test_a_base_that_differs_between_streams_is_decided_as_violated(monkeypatch: pytest.MonkeyPatch) -> None:
    def cheap(problem: Problem, *rest: object) -> object:
        return draw_pilot(Problem(problem.base, cost="0*x"), *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(engine_module, "draw_pilot", cheap)
    run = simulate_until_decided(SIGMOID, "1/2", 1, most="1e7")
    assert run.violated and run.samples == STINT


def test_a_violation_that_one_generator_alone_shows_is_called_that(monkeypatch: pytest.MonkeyPatch) -> None:
    def cheap_once(problem: Problem, ranges: object, key: int, levels: object, generator: str, *rest: object) -> object:
        priced = Problem(problem.base, cost="0*x") if generator == GENERATOR else problem
        return draw_pilot(priced, ranges, key, levels, generator, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(engine_module, "draw_pilot", cheap_once)
    run = simulate_until_decided(SIGMOID, "1/2", 1, most="1e7")
    assert not run.violated and run.stopped == run.to_json()["stopped"] == "unconfirmed"
    assert [one.verdict.outcome for one in run.bounds] == ["inconclusive"]
    assert "WARNING" in decided_text(run) and "that is what the proof is for" not in decided_text(run)


def test_bad_input_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no bound to decide"):
        simulate_until_decided(Problem(Continuous("normal(0,1)")), "1/2")
    with pytest.raises(InvalidInput, match="number of draws"):
        simulate_until_decided(SIGMOID, "1/2", 1, most=0)
