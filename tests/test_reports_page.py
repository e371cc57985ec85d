"""What the page about reports says is what happens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qtheory.cli.main import run
from qtheory.report.writeup.quantities import QUANTITIES

PAGE = (Path(__file__).parents[1] / "docs" / "reports.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def blocks(language: str) -> list[str]:
    return [text for found, text in BLOCKS if found == language]


def test_the_program_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    [program] = blocks("python")
    exec(program, {})  # the page's own text
    assert capsys.readouterr().out.strip() == "['index.html', 'report.md', 'report.tex', 'report.json']"
    assert all(f"`{path.name}`" in PAGE for path in (tmp_path / "out").iterdir())


@pytest.mark.parametrize(("language", "name"), [("markdown", "post.md"), ("latex", "paper.tex")])
def test_the_numbers_shown_agree_and_a_planted_one_does_not(language, name, tmp_path, capsys):
    [text] = blocks(language)
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert run(["check-writeup", str(path)]) == 0
    path.write_text(text.replace("1.755", "1.765"), encoding="utf-8")
    assert run(["check-writeup", str(path)]) == 1
    assert "printed 1.765, computed 1.755" in capsys.readouterr().out


def test_every_quantity_is_listed_and_none_besides():
    heads = re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE)
    listed = {name for head in heads for name in re.findall(r"`([a-z0-9-]+)`", head)}
    assert listed == set(QUANTITIES)
