"""`qtheory simulate`: options, text, JSON, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import qtheory.montecarlo.engine as engine
from qtheory.cli.simulate import command
from qtheory.errors import FormulaError, InvalidInput, InvalidLevel, QTheoryError
from qtheory.montecarlo.pilot import draw_pilot
from qtheory.problem import Problem

WORLD = ["--base", "normal(0,1)", "--cost", "1/(1+exp(-x))", "--cost-max", "1", "--samples", "1e5"]


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    # the command line keeps compiled programs in the user's folder; tests must not
    monkeypatch.setattr("qtheory.cli.compilation_cache.use_compilation_cache", lambda: None)


def _run(*arguments: object) -> Result:
    result = CliRunner().invoke(command, [str(argument) for argument in arguments])
    if isinstance(result.exception, QTheoryError):
        raise result.exception
    return result


def test_text_fits_in_100_columns_and_says_what_it_rests_on() -> None:
    result = _run(*WORLD, "--q", "1/100,1/10")
    assert result.exit_code == 0, result.output
    assert max(map(len, result.output.splitlines())) <= 100
    for words in ("100000 draws", "Bonferroni", "ideal(q)", "holds: E_Q[c] <= E_base[c]/q at q = 1/10", "asymptotic"):
        assert words in result.output


def test_json_is_one_reproducible_document() -> None:
    first, second = (_run(*WORLD, "--q", "0.1,1", "--key", "7", "--json") for _ in range(2))
    assert first.output == second.output
    document = json.loads(first.output)
    assert list(document) == ["schema", "simulation", "record"]
    assert [level["q"] for level in document["simulation"]["levels"]] == ["1/10", "1"]
    assert document["simulation"]["levels"][1]["threshold"]["truth"] == "-inf"
    assert document["record"]["command"] == "simulate"
    assert document["record"]["key"] == 7
    assert document["record"]["configuration"]["q"] == ["1/10", "1"]


def test_a_contradicted_bound_exits_with_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def cheap(problem: Problem, *rest: object) -> object:
        return draw_pilot(Problem(problem.base, cost="0*x"), *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(engine, "draw_pilot", cheap)
    result = _run(*WORLD, "--q", "1/2")
    assert result.exit_code == 1
    assert "violated: E_Q[c] <= E_base[c]/q at q = 1/2" in result.output


def test_errors_reach_the_group() -> None:
    with pytest.raises(FormulaError):
        _run("--base", "normal(0,1)", "--utility", "__import__('os')")
    with pytest.raises(InvalidInput, match="declared cap"):
        _run("--base", "normal(0,1)", "--cost", "x**2")
    with pytest.raises(InvalidInput, match="needs a --cost"):
        _run("--base", "normal(0,1)", "--cost-max", "1")
    with pytest.raises(InvalidInput, match="two ends"):
        _run("--base", "normal(0,1)", "--utility-range", "1")
    with pytest.raises(InvalidInput, match="outside its declared range"):
        _run("--base", "normal(0,1)", "--cost", "x**2", "--cost-max", "1")
    with pytest.raises(InvalidInput, match="known ending"):
        _run(*WORLD, "--plot", "a.txt")
    with pytest.raises(InvalidLevel, match="keeps less than one of 20000 draws"):
        _run("--base", "normal(0,1)", "--samples", "2e4", "--q", "1/100000")


def test_the_figure_is_written(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    assert _run(*WORLD, "--plot", tmp_path / "a.png").exit_code == 0
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_until_decided_stops_early_and_says_so() -> None:
    result = _run(*WORLD[:-2], "--q", "1/2", "--until", "decided", "--json")
    document = json.loads(result.output)
    assert result.exit_code == 0
    assert document["decided"]["stopped"] == "decided"
    assert document["decided"]["samples"] < document["decided"]["most"] == 10**9
    text = _run(*WORLD, "--q", "1/2", "--until", "decided", "--samples", "1e5").output
    assert "100000 draws of at most 100000" in text


@pytest.mark.parametrize("option", [["--exact"], ["--utility-range", "-9,9"], ["--plot", "a.png"]])
def test_until_decided_refuses_what_it_cannot_say(option: list[str]) -> None:
    with pytest.raises(InvalidInput, match="nothing but verdicts"):
        _run(*WORLD, "--q", "1/2", "--until", "decided", *option)
