"""The audit notebook on a file of scores: on one written here, and on real ones where QTHEORY_SCORES names them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("matplotlib")

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "08_auditing_real_scores.py"
# Not a measure of speed: a notebook that hangs must not hang the tests.
HANGS = 600


def run(scores: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs it in its own folder on a file; any warning is an error."""
    settings = {"MPLBACKEND": "Agg", "JAX_PLATFORMS": "cpu", "XDG_CACHE_HOME": str(folder / "cache")}
    environment = os.environ | settings | {"QTHEORY_SCORES": str(scores)}
    command = [sys.executable, "-W", "error", str(NOTEBOOK)]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=HANGS)


def holds_on(scores: Path, folder: Path) -> str:
    done = run(scores, folder)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "scores from the file named by QTHEORY_SCORES" in done.stdout
    assert "stand-in" not in done.stdout
    written = done.stdout + "".join(path.read_text() for path in (folder / "out").glob("*.json"))
    assert str(scores) not in written, "where the scores lie is nobody's business"
    return done.stdout


def test_the_notebook_holds_on_a_file_and_says_that_it_read_it(tmp_path):
    values = np.random.default_rng(11).normal(-0.4, 1.4, 16_000)
    scores = tmp_path / "scores.csv"
    scores.write_text("reward\n" + "".join(f"{value!r}\n" for value in values.tolist()))
    assert f"16,000 scores, mean {values.mean():.4f}" in holds_on(scores, tmp_path)


def test_a_file_without_the_column_is_refused_and_not_replaced_by_a_stand_in(tmp_path):
    scores = tmp_path / "scores.csv"
    scores.write_text("value\n1.0\n")
    done = run(scores, tmp_path)
    assert done.returncode == 1
    assert "no column 'reward'" in done.stderr
    assert "stand-in" not in done.stdout


def test_the_notebook_holds_on_real_scores(tmp_path):
    named = os.environ.get("QTHEORY_SCORES")
    if not named:
        pytest.skip("NOT RUN: set QTHEORY_SCORES to a file with a column `reward` to audit real scores")
    holds_on(Path(named).resolve(), tmp_path)
