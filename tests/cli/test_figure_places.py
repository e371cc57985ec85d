"""A place that a figure cannot be written to is refused before any work, and costs nobody the result if it fails later."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from qtheory.cli.main import run
from qtheory.errors import InvalidInput
from qtheory.plots.saving import check_figure_path, sidecar_path

pytest.importorskip("matplotlib")

WORLD = ["--base", "normal(0,1)", "--q", "1/2", "--samples", "20000"]
COMMANDS = {
    "simulate": (["simulate", *WORLD], "qtheory.cli.simulate.simulate_world"),
    "frontier": (["frontier", *WORLD], "qtheory.cli.frontier.simulate_world"),
    "audit": (["audit", "scores.csv", "--utility", "x"], "qtheory.auditing.files.read_scores"),
}


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    monkeypatch.setattr("qtheory.cli.compilation_cache.use_compilation_cache", lambda: None)
    monkeypatch.chdir(tmp_path)
    Path("scores.csv").write_text("x\n" + "".join(f"{i}\n" for i in range(200)))
    Path("plain").write_text("")


@pytest.mark.parametrize(("command", "work"), COMMANDS.values(), ids=COMMANDS)
def test_a_missing_folder_is_refused_before_any_work(command, work, monkeypatch, capsys):
    done = []
    monkeypatch.setattr(work, lambda *rest, **named: done.append(rest))
    assert run([*command, "--plot", "my figures/x.png"]) == 3
    captured = capsys.readouterr()
    assert "the folder my figures does not exist" in captured.err and "mkdir -p 'my figures'" in captured.err
    assert done == [] and captured.out == ""


@pytest.mark.parametrize("option", ["--plot", "--witness", "--report"])
def test_verify_refuses_a_folder_that_cannot_be_made_before_any_work(option, monkeypatch, capsys):
    done = []
    monkeypatch.setattr("qtheory.checking.verify.verify", lambda *rest, **named: done.append(rest) or [])
    assert run(["verify", "cost-bound", option, "plain/figures"]) == 3
    assert f"the folder of {option} cannot be made" in capsys.readouterr().err
    assert done == []
    assert run(["verify", "cost-bound", "--reading", "prove", "--witness", "some/figures"]) == 0
    assert len(done) == 1


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("plain/x.png", "plain is not a folder"),
        ("here.png", "this is a folder"),
        ("x.gif", "a known ending"),
        ("nowhere/x.png", "the folder nowhere does not exist"),
    ],
)
def test_what_is_no_place_for_a_figure_is_refused(path, told):
    Path("here.png").mkdir()
    with pytest.raises(InvalidInput, match=told):
        check_figure_path(Path(path))
    check_figure_path(Path("x.png"))


@pytest.mark.parametrize("protected", [Path("."), Path("x.png"), sidecar_path("x.png")])
def test_a_place_that_may_not_be_written_to_is_refused(protected, monkeypatch):
    for file in (Path("x.png"), sidecar_path("x.png")):
        file.write_text("")
    check_figure_path(Path("x.png"))
    # whoever runs the tests may be allowed everything, so that no mode of a file would do
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != protected)
    with pytest.raises(InvalidInput, match=r"may not write to the folder|write-protected"):
        check_figure_path(Path("x.png"))


@pytest.mark.parametrize("name", COMMANDS)
def test_a_figure_that_fails_at_the_end_leaves_the_result_printed(name, monkeypatch, capsys):
    command, _ = COMMANDS[name]
    assert run(command) == 0
    alone = capsys.readouterr().out

    def full(*rest, **named):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("matplotlib.figure.Figure.savefig", full)
    assert run([*command, "--plot", "x.png"]) == 3
    captured = capsys.readouterr()
    assert captured.out == alone != ""
    assert "the figure cannot be written: No space left on device" in captured.err and "remedy:" in captured.err
