"""A witness that cannot be read or was edited is refused with what is allowed and what to do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qtheory.cli.main import run

CLAIM = """
import qtheory as qt
from qtheory.symbols import E, c, q, w

@qt.claim("t", policy=qt.Quantilizer(q=q), given=[c >= 0])
def between():
    return E(w * c) <= c
"""


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("witness")
    (folder / "mine.py").write_text(CLAIM)
    assert run(["verify", str(folder / "mine.py"), "--reading", "falsify", "--witness", str(folder)]) == 1
    return json.loads((folder / "between.json").read_text())


def replayed(path, document, capsys):
    capsys.readouterr()
    path.write_text(json.dumps(document))
    code = run(["replay", str(path)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_a_witness_is_replayed_with_the_action_at_which_it_fails(written, tmp_path, capsys):
    code, out, _ = replayed(tmp_path / "w.json", written, capsys)
    assert code == 1 and "here: at action" in out and "the conclusion is false" in out


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"weights": ["1/3", "1/3"]}, ["allowed: weights >= 0 whose sum is 1", "these sum to 2/3"]),
        ({"conclusion": "1/0"}, ["division by zero", "allowed: a divisor that is not 0", "of the witness"]),
        ({"conclusion": ""}, ["the formula is empty", "allowed: numbers, names and operators"]),
        ({"given": ["c >="]}, ["not a formula", "where:   a conclusion or hypothesis of the witness"]),
    ],
)
def test_an_edited_witness_is_told_what_is_allowed(written, tmp_path, capsys, change, told):
    code, out, err = replayed(tmp_path / "w.json", {**written, **change}, capsys)
    assert code == 3 and out == ""
    assert all(text in err for text in told)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "cannot be read: No such file or directory"),
        (b"\xff\xfe\x00", "is not text: byte 1 is not UTF-8"),
        (b"import this", "is not JSON: Expecting value"),
    ],
)
def test_what_went_wrong_is_in_the_problem_and_not_in_the_remedy(tmp_path: Path, capsys, content, told):
    path = tmp_path / "w.json"
    if content is not None:
        path.write_bytes(content)
    assert run(["replay", str(path)]) == 3
    first, *rest = capsys.readouterr().err.splitlines()
    assert first.startswith(f"qtheory: the witness {told}")
    assert rest[-1].startswith("  remedy:  give a file that")
