"""`qtheory frontier`: text, JSON and figure."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from qtheory.cli.frontier import command
from qtheory.errors import InvalidLevel, QTheoryError

WORLD = ["--base", "exponential(1)", "--q", "1,1/10,1/100", "--samples", "1e5"]


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    # the command line keeps compiled programs in the user's folder; tests must not
    monkeypatch.setattr("qtheory.cli.compilation_cache.use_compilation_cache", lambda: None)


def _run(*arguments: object) -> Result:
    result = CliRunner().invoke(command, [str(argument) for argument in arguments])
    if isinstance(result.exception, QTheoryError):
        raise result.exception
    return result


def test_text_gives_guarantees_reservation_and_rivals() -> None:
    result = _run(*WORLD, "--epsilon", "0.1")
    assert result.exit_code == 0, result.output
    assert max(map(len, result.output.splitlines())) <= 100
    assert "2.30259 at q = 1/10" in result.output
    assert "the reservation value: 2.30258509 at q = 0.1" in result.output
    assert "BestOfN(n=10)" in result.output
    assert "TopKOfN(n=1600, k=16)" in result.output


def test_json_and_figure(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    world = [*WORLD, "--cost", "exp(-x)", "--cost-max", "1"]
    result = _run(*world, "--match", "kl", "--json", "--plot", tmp_path / "a.svg")
    document = json.loads(result.output)
    assert list(document) == ["schema", "frontier", "comparison", "record"]
    assert document["comparison"]["match"] == "kl"
    assert document["frontier"]["epsilon"]["value"] == pytest.approx(0.5)
    assert document["record"]["configuration"]["match"] == "kl"
    assert (tmp_path / "a.svg").read_text().startswith("<?xml")


def test_levels_beyond_the_draws_are_quadratures_alone() -> None:
    world = ["--base", "normal(0,1)", "--q", "1/1000000000,1/10", "--samples", "1e5"]
    document = json.loads(_run(*world, "--epsilon", "1e-10", "--json").output)
    seen, beyond = document["frontier"]["points"]
    assert seen["utility"]["interval"] is not None
    assert beyond["utility"]["value"] == pytest.approx(6.15634, abs=1e-5)
    assert beyond["utility"]["interval"] is beyond["utility"]["sampled"] is None
    assert document["frontier"]["pilot"] == 131_072
    assert document["record"]["configuration"]["q"] == ["1/1000000000", "1/10"]
    assert all(row["kl"] != "nan" for row in document["comparison"]["rows"])
    text = _run(*world[:3], "1/1000000000", *world[4:]).output
    assert "| sampled in" not in text
    assert "less than one draw is kept" in text
    with pytest.raises(InvalidLevel, match="keeps less than one of 1000 draws"):
        _run("--base", "normal(0,1)", "--utility", "-Abs(x)", "--q", "1/10000", "--samples", "1000")


def test_infinite_values_rank_nothing_and_the_text_says_so() -> None:
    for base in ("cauchy(0,1)", "pareto(1)"):
        world = ["--base", base, "--q", "1,1/10", "--epsilon", "1/10", "--samples", "1000"]
        text = " ".join(_run(*world).output.split())
        assert "no finite guarantee ranks the levels" in text
        assert "Best guarantee" not in text
        assert "nan" not in text
        frontier = json.loads(_run(*world, "--json").output)["frontier"]
        assert frontier["best_q"] is None
        assert frontier["points"][1]["guarantee"] == "inf"
        assert frontier["points"][0]["utility"]["value"] == (None if base == "cauchy(0,1)" else "inf")


def test_the_sampling_is_described_as_it_was() -> None:
    text = " ".join(_run(*WORLD, "--epsilon", "0.1").output.split())
    assert "100000 draws, and 131072 pilot draws" in text
    assert "assume that its variance is finite" in text
    heavy = _run("--base", "lognormal(0,5)", "--q", "1/10", "--samples", "1000").output
    assert "WARNING: the interval of E_Q[U] at q = 1/10" in heavy
    ranged = _run("--base", "uniform(0,1)", "--utility-range", "0,1", "--q", "1/10", "--samples", "1000").output
    assert "rigorous on the declared ranges" in ranged
