"""Every notebook runs as a plain script in a process of its own, ends in assertions, and writes figures with records."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("matplotlib")

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("[0-9][0-9]_*.py"))
# Not a measure of speed: a notebook that hangs must not hang the tests.
HANGS = 600


def run(script: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs it in an empty folder; any warning is an error, as in the tests."""
    environment = os.environ | {"MPLBACKEND": "Agg", "JAX_PLATFORMS": "cpu", "XDG_CACHE_HOME": str(folder / "cache")}
    command = [sys.executable, "-W", "error", str(script)]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=HANGS)


def cells(script: Path) -> list[tuple[bool, str]]:
    """(is it code, its text) for each cell."""
    parts = re.split(r"^# %%(.*)$", script.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [("[markdown]" not in head, body) for head, body in zip(parts[1::2], parts[2::2], strict=True)]


def test_there_are_notebooks():
    assert [path.name[:2] for path in NOTEBOOKS] == [f"{n:02}" for n in range(1, len(NOTEBOOKS) + 1)]
    assert len(NOTEBOOKS) >= 9


@pytest.mark.parametrize("script", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_its_figures_have_records(script, tmp_path):
    done = run(script, tmp_path)
    assert done.returncode == 0, done.stderr[-3000:]
    figures = [path for path in tmp_path.rglob("*") if path.suffix in {".svg", ".png", ".pdf"}]
    assert figures
    for figure in figures:
        assert figure.stat().st_size > 1000, figure.name
        record = json.loads(Path(f"{figure}.json").read_text(encoding="utf-8"))["record"]
        assert len(record["configuration_hash"]) == 64


@pytest.mark.parametrize("script", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_begins_with_a_title_and_ends_in_assertions(script):
    pieces = cells(script)
    assert not pieces[0][0]
    assert re.match(r"\s*# # \w", pieces[0][1])
    last = ast.parse([body for is_code, body in pieces if is_code][-1])
    assert sum(isinstance(node, ast.Assert) for node in ast.walk(last)) >= 3


def test_a_notebook_whose_number_has_drifted_fails(tmp_path):
    """The control: an assertion in a notebook is not swallowed on the way."""
    text = NOTEBOOKS[0].read_text(encoding="utf-8")
    (tmp_path / "drifted.py").write_text(text + "\nassert policy.sup_ratio() == 1, 'drifted'\n", encoding="utf-8")
    done = run(tmp_path / "drifted.py", tmp_path)
    assert done.returncode == 1
    assert "AssertionError: drifted" in done.stderr
