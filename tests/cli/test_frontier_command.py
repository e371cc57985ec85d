"""`qtheory frontier`: text, JSON and figure."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from qtheory.cli.frontier import command
from qtheory.errors import QTheoryError

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
