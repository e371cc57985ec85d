"""Figures draw what the objects say, and are written the same each time."""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path

import pytest

from qtheory.base.continuous import Continuous
from qtheory.base.finite import Finite
from qtheory.errors import InvalidInput, MissingExtra
from qtheory.frontiers.frontier import frontier
from qtheory.frontiers.result import Frontier
from qtheory.optimizers.best_of_n import BestOfN
from qtheory.plots.frontier_figure import plot_frontier
from qtheory.plots.looks import COLUMN_WIDTH, new_axes
from qtheory.plots.rank_density_figure import plot_rank_densities
from qtheory.plots.saving import save_figure
from qtheory.policies.rank_density import TopSlice
from qtheory.problem import Problem

pytest.importorskip("matplotlib")


def _curve() -> Frontier:
    problem = Problem(Continuous("normal(0,1)"), cost="1/(1+exp(-x))")
    return frontier(problem, ["1", "1/2", "1/10"], 1, samples=20_000)


def test_the_frontier_shows_bound_values_and_simulated_costs() -> None:
    curve, axes = _curve(), new_axes()
    assert plot_frontier(curve, axes) is axes
    lines = {line.get_label(): line.get_xydata().tolist() for line in axes.lines}
    bound = next(data for label, data in lines.items() if label.startswith("worst-case"))
    assert bound == [[float(p.worst_cost), float(p.value.value)] for p in curve.points]
    assert lines["simulated cost"] == [[curve.points[0].cost.sampled, curve.points[0].value.sampled]]
    spans = [data for label, data in lines.items() if label.startswith("_")]
    assert [[p[0] for p in data] for data in spans].count(
        [curve.points[2].cost.interval.low, curve.points[2].cost.interval.high]
    ) == 1


def test_an_exact_frontier_without_a_bound_is_drawn_over_the_factor() -> None:
    axes = plot_frontier(frontier(Problem(Finite(["1/2", "1/2"]), utility=[0, 1]), ["1", "1/2"]))
    assert axes.get_xlabel() == "cost factor $1/q$"
    assert axes.lines[0].get_xydata().tolist() == [[1.0, 0.5], [2.0, 1.0]]


def test_rank_densities_are_drawn_for_densities_and_policies() -> None:
    policy = BestOfN(10)(Problem(Continuous("normal(0,1)")))
    axes = plot_rank_densities([TopSlice(Fraction(1, 10)), policy])
    slice_, best, _ = (line.get_xydata() for line in axes.lines)
    assert slice_[:, 1].max() == 10.0
    assert best[0, 1] == pytest.approx(10 * (1 - best[0, 0]) ** 9)
    with pytest.raises(InvalidInput, match="not a policy given by its ranks"):
        plot_rank_densities([BestOfN(2)(Problem(Finite(["1/2", "1/2"]), utility=[0, 1]))])
    with pytest.raises(InvalidInput, match="nothing to draw"):
        plot_rank_densities([])


def test_files_are_the_same_bytes_each_time(tmp_path: Path) -> None:
    for ending in ("png", "svg", "pdf"):
        files = [tmp_path / f"{name}.{ending}" for name in "ab"]
        for file in files:
            save_figure(plot_rank_densities([TopSlice(Fraction(1, 2))]), file)
        assert files[0].read_bytes() == files[1].read_bytes() != b""
    with pytest.raises(InvalidInput, match="known ending"):
        save_figure(new_axes(), tmp_path / "a.bmp")
    with pytest.raises(InvalidInput, match="cannot be written"):
        save_figure(new_axes().get_figure(), tmp_path / "nowhere" / "a.png")


def test_new_figures_fit_a_column_and_need_matplotlib(monkeypatch: pytest.MonkeyPatch) -> None:
    assert new_axes().get_figure().get_size_inches()[0] == COLUMN_WIDTH
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(MissingExtra, match=r'pip install "qtheory\[plot\]"'):
        new_axes()
