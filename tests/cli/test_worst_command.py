"""`qtheory worst-problem`: text, JSON, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import qtheory.cli.main as main
from qtheory.cli.worst import command

MINE = """
import qtheory as qt
from qtheory.symbols import E, c, q, w


@qt.claim("Quantilizing never raises an expected cost", policy=qt.Quantilizer(q=q), given=[c >= 0])
def harmless():
    return E(w * c) <= E(c)
"""


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    # the command line keeps compiled programs in the user's folder; tests must not
    monkeypatch.setattr("qtheory.cli.compilation_cache.use_compilation_cache", lambda: None)


def _run(*arguments: object) -> Result:
    return CliRunner().invoke(command, [*map(str, arguments), "--problems", "0"])


def test_a_tight_bound_is_shown_with_its_problem_and_exits_with_zero() -> None:
    result = _run("cost-bound/bound")
    assert result.exit_code == 0, result.output
    assert max(map(len, result.output.splitlines())) <= 100
    for words in ("cost-bound/bound: tight", "action  base", "slack 0", "no other c does more harm"):
        assert words in " ".join(result.output.split()) or words in result.output


def test_a_wrong_twin_is_violated_and_its_json_replays(tmp_path: Path) -> None:
    result = _run("signed-cost", "--twin", "--json")
    document = json.loads(result.output)
    (found,) = document["found"]
    assert result.exit_code == main.EXIT_VIOLATED and found["outcome"] == "violated"
    assert found["claim"] == "signed-cost-twin" and found["slack"].startswith("-")
    file = tmp_path / "found.json"
    file.write_text(json.dumps(found))
    assert main.run(["replay", str(file)]) == main.EXIT_VIOLATED


def test_claims_of_a_file_and_single_parts_of_them(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(MINE)
    for target in (file, f"{file}/statement"):
        result = _run(target)
        assert result.exit_code == main.EXIT_VIOLATED and "harmless/statement: violated" in result.output


def test_a_part_that_cannot_be_searched_is_named_and_the_others_go_on() -> None:
    result = _run("best-of-n-kl/atomless")
    assert result.exit_code == 0 and "not searched: the statement is about an integral" in result.output


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["no-such"], "no such claim"),
        (["cost-bound/no-such"], "no such part"),
        (["cost-bound", "--atoms", "0"], "atoms is out of range"),
        (["cost-bound", "--steps", "few"], "--steps is not a possible count"),
        (["cost-bound", "--key", "-1"], "--key"),
    ],
)
def test_bad_input_exits_with_its_own_code(arguments: list[str], words: str, capsys: pytest.CaptureFixture) -> None:
    assert main.run(["worst-problem", *arguments]) == main.EXIT_BAD_INPUT
    assert words in capsys.readouterr().err
