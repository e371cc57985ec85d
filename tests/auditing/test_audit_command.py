"""The command and its figure."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from qtheory.auditing.run import audit
from qtheory.auditing.table import audit_text
from qtheory.cli.audit import command
from qtheory.errors import DataError, InvalidInput, MissingExtra, QTheoryError
from qtheory.plots.audit_figure import plot_audit, save_audit_figure


@pytest.fixture
def scores(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    utility = rng.random(1500)
    harm = (utility > 0.95).astype(int)
    path = tmp_path / "scores.csv"
    path.write_text(
        "reward,harm\n" + "".join(f"{u!r},{c}\n" for u, c in zip(utility.tolist(), harm.tolist(), strict=True))
    )
    return path


def _run(*arguments: object) -> Result:
    result = CliRunner().invoke(command, [str(argument) for argument in arguments])
    if isinstance(result.exception, QTheoryError):
        raise result.exception
    return result


def test_text_by_default_and_exit_zero_without_a_violation(scores: Path) -> None:
    result = _run(scores, "--utility", "reward", "--cost-mean", "0.01")
    assert result.exit_code == 0, result.output
    assert "1500 samples" in result.output
    assert "Bonferroni" in result.output
    assert "reservation value" in result.output


def test_levels_given_again_add_up(scores: Path) -> None:
    asked = ["--q", "1/2", "--q", "1/5,1/10"], ["--q", "1/2,1/5,1/10"]
    once, twice = (_run(scores, "--utility", "reward", *levels, "--json").output for levels in asked)
    assert once == twice and len(json.loads(once)["audit"]["levels"]) == 3


def test_a_violated_limit_exits_with_one(scores: Path) -> None:
    options = ["--utility", "reward", "--cost", "harm", "--cost-max", "1", "--cost-limit", "0.1", "--q", "1/10"]
    result = _run(scores, *options, "--utility-range", "0,1")
    assert result.exit_code == 1
    assert "violated: E_Q[c] <= 0.1 at q = 1/10" in result.output
    assert _run(scores, *options[:-3], "0.9", "--q", "1/2").exit_code == 0


def test_json_is_one_reproducible_document(scores: Path) -> None:
    options = ["--utility", "reward", "--q", "0.1,1/4", "--key", "3", "--json"]
    first, second = _run(scores, *options), _run(scores, *options)
    assert first.output == second.output
    document = json.loads(first.output)
    assert list(document) == ["schema", "audit", "record"]
    assert [level["q"] for level in document["audit"]["levels"]] == ["1/10", "1/4"]
    record = document["record"]
    assert record["command"] == "audit"
    assert record["key"] == 3
    assert record["dtype"] == "float64"
    assert record["configuration"]["sha256"] == hashlib.sha256(scores.read_bytes()).hexdigest()
    assert record["configuration"]["q"] == ["1/10", "1/4"]


def test_errors_reach_the_group_with_row_line_and_column(scores: Path) -> None:
    with pytest.raises(DataError, match=r"row \d+ \(file line \d+\), column 'harm': outside"):
        _run(scores, "--utility", "reward", "--cost", "harm", "--cost-max", "0.5")
    with pytest.raises(DataError, match="no column 'harms'"):
        _run(scores, "--utility", "reward", "--cost", "harms", "--cost-max", "1")
    with pytest.raises(InvalidInput, match="a range has two ends"):
        _run(scores, "--utility", "reward", "--utility-range", "1")
    with pytest.raises(InvalidInput, match="known ending"):
        _run(scores, "--utility", "reward", "--plot", "a.txt")
    with pytest.raises(DataError, match="this is a directory"):
        _run(scores.parent, "--utility", "reward")


@pytest.mark.parametrize("key", ["-1", "4294967296"])
def test_a_key_is_a_seed(scores: Path, key: str) -> None:
    with pytest.raises(InvalidInput, match="key is not a seed"):
        _run(scores, "--utility", "reward", "--key", key)
    assert audit([1.0, 2.0], q=["1/2"], key=np.int64(3)).key == 3  # type: ignore[arg-type]


def test_a_tiny_level_is_refused_in_few_words(scores: Path) -> None:
    with pytest.raises(InvalidInput, match="q = 1e-400 keeps less than one of 1500 samples") as caught:
        _run(scores, "--utility", "reward", "--q", "1e-400")
    assert len(str(caught.value)) < 300


def test_nothing_is_said_of_statements_where_there_are_none() -> None:
    none, some = (audit_text(audit(np.linspace(-1, 0, n), q=["1/10"])) for n in (100, 1000))
    assert "0 statements" not in none
    assert "no utility interval" in none
    assert "where k is below 30" in none
    assert "split over 1 statement" in some
    assert "assume that the variance is finite" in " ".join(some.split())


def test_a_top_of_ties_has_no_interval_of_no_width() -> None:
    tied, mixed = audit(np.repeat([1.0, 0.0], 500), q=["1/10", "9/10"]).levels
    assert (tied.utility.interval, tied.utility.evidence) == (None, "plug-in")
    assert mixed.utility.interval is not None


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_another_separator_is_recognised(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "scores.csv"
    path.write_text(f"reward{mark}harm\n0.5{mark}0\n")
    with pytest.raises(DataError) as caught:
        _run(path, "--utility", "reward")
    assert f"the separator looks like {mark!r} (allowed: comma)" in str(caught.value)
    with pytest.raises(DataError) as other:
        _run(path, "--utility", "gain")
    assert "separator" not in str(other.value)


def test_the_figure_is_the_same_bytes_each_time(scores: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    for ending in ("png", "pdf", "svg"):
        files = [tmp_path / f"{name}.{ending}" for name in "ab"]
        for file in files:
            _run(scores, "--utility", "reward", "--cost-mean", "0.01", "--plot", file)
        assert files[0].read_bytes() == files[1].read_bytes() != b""


def test_the_figure_draws_what_the_audit_says() -> None:
    figure = pytest.importorskip("matplotlib.figure")
    report = audit(np.arange(1000.0), q=["1/10", "1/2"], utility_range=(0, 999), cost_mean=1)
    axes = figure.Figure().subplots()
    assert plot_audit(report, axes) is axes
    lines = {line.get_label(): line.get_xydata().tolist() for line in axes.lines}
    assert lines["quantilizer, top k of n"] == [[2.0, 749.5], [10.0, 949.5]]
    assert lines["best-of-m"] == [[level.best_of.m, level.best_of.utility] for level in reversed(report.levels)]
    ends = [line.get_xydata().tolist() for line in axes.lines if line.get_marker() == "_"]
    assert [[level.utility.interval.low, level.utility.interval.high] for level in reversed(report.levels)] == [
        [low[1], high[1]] for low, high in ends
    ]
    assert axes.get_ylim()[0] <= report.floor.reservation
    (star,) = [line.get_xydata().tolist() for line in axes.lines if line.get_marker() == "*"]
    assert star == [[1000 / report.floor.best_k, report.floor.reservation]]
    assert axes.get_legend_handles_labels()[1] == ["quantilizer, top k of n", "best-of-m", "guarantee at mean cost 1"]


def test_a_level_without_an_interval_is_hollow_and_levels_are_named() -> None:
    pytest.importorskip("matplotlib")
    report = audit(np.arange(1000.0), q=["1/100", "1/2", "1/10"])
    axes = plot_audit(report)
    lines = {line.get_label(): line for line in axes.lines}
    assert lines["too few for an interval"].get_xydata().tolist() == [[100.0, 994.5]]
    assert lines["too few for an interval"].get_markerfacecolor() == "white"
    assert [text.get_text() for text in axes.texts][:4] == ["base", "$q$ = 1/2", "1/10", "1/100"]
    assert axes.get_xlim()[0] < 1 < 100 < axes.get_xlim()[1], "the base, at factor 1, and the last level are inside"
    with pytest.raises(InvalidInput, match="not what this figure draws"):
        plot_audit(report.levels[0])  # type: ignore[arg-type]


@pytest.mark.parametrize("style", ["post", "paper", "slides"])
def test_the_figure_has_the_size_of_its_style_and_cuts_nothing_off(style: str) -> None:
    pytest.importorskip("matplotlib")
    from qtheory.plots.looks import new_axes as empty
    from qtheory.plots.looks import style as inside

    report = audit(np.random.default_rng(1).normal(size=4000), q=["1/2", "1/10", "1/100"], cost_mean="1/100")
    with inside(style):
        figure = plot_audit(report).get_figure()
        assert figure.get_size_inches().tolist() == empty().get_figure().get_size_inches().tolist()
        figure.draw_without_rendering()
        assert all(text.get_window_extent().x1 <= figure.bbox.x1 for text in figure.axes[0].texts)


def test_what_made_the_figure_lies_beside_it(scores: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    options = [scores, "--utility", "reward", "--cost-mean", "0.01", "--key", "3"]
    printed = json.loads(_run(*options, "--json", "--plot", tmp_path / "a.svg").output)
    beside = json.loads((tmp_path / "a.svg.json").read_text())
    assert beside["figure"] == "a.svg"
    assert beside["record"] == printed["record"]
    assert beside["record"]["configuration"]["sha256"] == hashlib.sha256(scores.read_bytes()).hexdigest()
    _run(*options, "--json")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.svg", "a.svg.json", "scores.csv"]


def test_a_figure_needs_matplotlib_and_a_known_ending(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = audit(np.arange(100.0), q=["1/2"])
    with pytest.raises(InvalidInput, match="known ending"):
        save_audit_figure(report, tmp_path / "a.bmp")
    with pytest.raises(InvalidInput, match=r"cannot be written: the folder .*nowhere does not exist"):
        save_audit_figure(report, tmp_path / "nowhere" / "a.png")
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(MissingExtra, match=r'pip install "qtheory\[plot\]"'):
        plot_audit(report)
