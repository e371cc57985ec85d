"""Figures are written the same each time, in every process, with their record beside them."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from qtheory.errors import InvalidInput

pytest.importorskip("matplotlib")

import qtheory as qt
from qtheory.plots.saving import figure_record, save_figure, sidecar_path

SCRIPT = """
import sys
from pathlib import Path
import qtheory as qt

problem = qt.Problem(qt.Finite(["1/4", "1/4", "1/2"]), utility=[8, 4, 0], cost=[1, 0, 0])
families = {"quantilizer": [qt.Quantilizer(q) for q in ("1", "1/2", "1/4")], "best-of-$n$": [qt.BestOfN(2), qt.BestOfN(5)]}
table = qt.tradeoff(problem, families, qt.MeanBounded("1/2"))
played = qt.breakdown(problem, {"quantilizer": qt.Quantilizer("1/2")(problem)})
for name, axes in {"a": qt.plots.plot_tradeoff(table), "b": qt.plots.plot_breakdown(played)}.items():
    for ending in ("svg", "pdf", "png"):
        qt.plots.save_figure(axes, Path(sys.argv[1]) / f"{name}.{ending}")
"""


def written(folder, **environment):
    folder.mkdir()
    done = [sys.executable, "-W", "error", "-c", SCRIPT, str(folder)]
    subprocess.run(done, check=True, env={**os.environ, "OPENBLAS_NUM_THREADS": "1", **environment})
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_two_processes_write_the_same_bytes(tmp_path):
    rc = tmp_path / "matplotlibrc"
    rc.write_text("font.size: 30\nsvg.hashsalt: mine\npdf.compression: 1\naxes.grid: True\n")
    first = written(tmp_path / "a", PYTHONHASHSEED="1")
    second = written(
        tmp_path / "b", PYTHONHASHSEED="2", MATPLOTLIBRC=str(rc), SOURCE_DATE_EPOCH="1000000000", TZ="Asia/Tokyo"
    )
    assert len(first) == 6
    assert first == second
    assert all(b"2026" not in data[:400] for data in first.values())


def axes_of(value):
    axes = qt.plots.new_axes()
    axes.plot([0, value], [0, 1])
    return axes


def test_other_data_give_other_bytes(tmp_path):
    for name, value in (("a.svg", 1.0), ("b.svg", 1.5)):
        save_figure(axes_of(value), tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() != (tmp_path / "b.svg").read_bytes()


def test_a_figure_is_written_in_the_style_it_was_drawn_in(tmp_path):
    with qt.plots.style("post"):
        axes = axes_of(2)
        axes.set_title("$x^2$ and words")
        save_figure(axes, tmp_path / "inside.png")
    save_figure(axes, tmp_path / "outside.png")
    with qt.plots.style("slides"):
        save_figure(axes, tmp_path / "elsewhere.png")
    files = [(tmp_path / f"{name}.png").read_bytes() for name in ("inside", "outside", "elsewhere")]
    assert files[0] == files[1] == files[2]


def test_the_record_lies_beside_the_figure(tmp_path):
    record = figure_record("cost-bound", {"q": ["1/10"], "base": "normal(0, 1)"}, key=7)
    path = tmp_path / "a.svg"
    save_figure(axes_of(1), path, record=record)
    document = json.loads(sidecar_path(path).read_text())
    assert sidecar_path(path) == tmp_path / "a.svg.json"
    assert document["figure"] == "a.svg" and set(document["drawn_with"]) == {"matplotlib"}
    said = document["record"]
    assert said["command"] == "figure cost-bound" and said["key"] == 7
    assert said["configuration"] == {"q": ["1/10"], "base": "normal(0, 1)"}
    assert {"qtheory", "numpy", "python"} <= set(said["versions"])
    same = figure_record("cost-bound", {"base": "normal(0, 1)", "q": ["1/10"]}, key=7)
    other = figure_record("cost-bound", {"base": "normal(0, 1)", "q": ["1/9"]}, key=7)
    assert same.configuration_hash == said["configuration_hash"] != other.configuration_hash


def test_without_a_record_nothing_lies_beside(tmp_path):
    save_figure(axes_of(1), tmp_path / "a.svg")
    assert [file.name for file in tmp_path.iterdir()] == ["a.svg"]


def test_bad_calls_are_told_what_to_do(tmp_path):
    with pytest.raises(InvalidInput, match="not something drawn"):
        save_figure("a figure", tmp_path / "a.svg")  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="not JSON"):
        figure_record("x", {"q": {1, 2}})
    with pytest.raises(InvalidInput, match="cannot be written"):
        save_figure(axes_of(1), tmp_path / "nowhere" / "a.svg")


def test_nothing_is_shown_and_no_figure_stays_open():
    code = SCRIPT + "\nassert 'matplotlib.pyplot' not in sys.modules"
    folder = "/tmp" if os.path.isdir("/tmp") else "."
    import tempfile

    with tempfile.TemporaryDirectory(dir=folder) as place:
        subprocess.run([sys.executable, "-c", code, place], check=True)


def test_the_frontier_command_writes_the_record_of_its_run(tmp_path, capsys):
    from qtheory.cli.main import run

    world = ["frontier", "--base", "normal(0,1)", "--q", "1,1/2", "--samples", "20000", "--key", "5"]
    assert run([*world, "--json", "--plot", str(tmp_path / "a.png")]) == 0
    beside = json.loads((tmp_path / "a.png.json").read_text())["record"]
    assert beside == json.loads(capsys.readouterr().out)["record"]
    assert beside["key"] == 5 and beside["configuration"]["base"] == "normal(0,1)"
