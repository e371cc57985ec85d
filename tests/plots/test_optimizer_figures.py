"""Figures of policies on one problem draw the numbers they are given."""

from __future__ import annotations

import math

import pytest

import qtheory as qt
from qtheory.errors import InvalidInput

pytest.importorskip("matplotlib")
from matplotlib.axes import Axes

from qtheory.plots.labels import CAPTION

NORMAL = qt.Problem(qt.Continuous("normal(0, 1)"))
SMALL = qt.Problem(qt.Finite(["1/4", "1/4", "1/2"]), utility=[8, 4, 0], cost=[3, 1, 0])


def normal_table(cost_class):
    families = {
        "quantilizer": [qt.Quantilizer(q) for q in ("1", "1/10", "1/100")],
        "best-of-$n$": [qt.BestOfN(n) for n in (2, 20)],
        "KL penalty": [qt.KLRegularized(beta) for beta in (2, 1)],
    }
    return qt.tradeoff(NORMAL, families, cost_class)


def drawn(axes):
    return {line.get_label(): line.get_xydata().tolist() for line in axes.lines if not line.get_label().startswith("_")}


def caption(axes):
    (text,) = [text.get_text() for text in axes.texts if text.get_gid() == CAPTION]
    return text


def test_the_tradeoff_draws_value_against_worst_case():
    table = normal_table(qt.MomentBounded(2, "1/10"))
    axes = qt.plots.new_axes()
    assert qt.plots.plot_tradeoff(table, axes) is axes
    lines = drawn(axes)
    for curve in table.curves:
        assert lines[curve.name] == sorted([float(p.worst), float(p.value)] for p in curve.points)
    assert "normal(0, 1)" in caption(axes) and "bound=1/10" in caption(axes)
    looks = {(line.get_marker(), str(line._dash_pattern)) for line in axes.lines}
    assert len(looks) == len(table.curves), "told apart without colour"


def test_an_infinite_worst_case_is_said_and_not_drawn():
    lines = drawn(qt.plots.plot_tradeoff(normal_table(qt.MeanBounded("1/10"))))
    assert lines["KL penalty: infinite"] == []
    assert len(lines["quantilizer"]) == 3
    only = qt.tradeoff(NORMAL, {"KL": [qt.KLRegularized(1)]}, qt.MeanBounded("1/10"))
    for plot in (qt.plots.plot_tradeoff, qt.plots.plot_cost_by_nats):
        with pytest.raises(InvalidInput, match="nothing to draw"):
            plot(only)


def test_the_cost_is_drawn_against_nats():
    table = normal_table(qt.RangeAndMean("1/100", 1))
    axes = qt.plots.plot_cost_by_nats(table)
    assert isinstance(axes, Axes)
    assert drawn(axes)["quantilizer"] == sorted([float(p.kl), float(p.worst)] for p in table.curves[0].points)
    assert drawn(axes)["quantilizer"][1] == pytest.approx([math.log(10), 0.1])


def test_the_tangent_has_the_reservation_value_as_its_slope():
    picture = qt.reservation_picture(SMALL, "3/2", ["1/4", "1/2", "3/4", "1"])
    axes = qt.plots.plot_reservation(picture)
    lines = drawn(axes)
    assert lines["$T(q)=q\\,E_Q[U]$"] == [[0, 0], [0.25, 2], [0.5, 3], [0.75, 3], [1, 3]]
    (tangent,) = [line for line in axes.lines if str(line.get_label()).startswith("tangent")]
    (x, y), (x2, y2) = tangent.get_xy1(), tangent.get_xy2()
    assert (y2 - y) / (x2 - x) == float(picture.value) == 3.0
    chords = [data for label, data in lines.items() if label.startswith("chord")]
    guarantees = {float(p.q): float(p.guarantee) for p in picture.points}
    for (left, start), (q, top) in chords:
        assert left == 0 and (top - start) / q == pytest.approx(guarantees[q])


def test_bars_are_the_probabilities_best_on_top():
    policy = qt.Quantilizer("3/8")(SMALL)
    table = qt.breakdown(SMALL, {"quantilizer": policy})
    axes = qt.plots.plot_breakdown(table)
    heights = [bar.get_height() for bar in axes.patches]
    assert heights[:3] == [0.5, 0.25, 0.25]  # by rising utility: c, b, a
    assert heights[3:] == pytest.approx([float(p) for p in reversed(policy.probabilities)])
    tops = [bar.get_y() + bar.get_height() for bar in axes.patches]
    assert tops == pytest.approx([0.5, 0.75, 1.0, 0.0, 1 / 3, 1.0])
    labels = [label.get_text() for label in axes.get_xticklabels()]
    assert labels == ["base\n$E[U]$ = 3\n$E[c]$ = 1", "quantilizer\n$E[U]$ = 20/3\n$E[c]$ = 7/3"]
    free, cheap, dear = (sum(bar.get_facecolor()[:3]) for bar in axes.patches[:3])
    assert free > cheap > dear, "the darker, the more it costs"


def test_bars_without_a_cost_are_white_and_many_actions_are_refused():
    problem = qt.Problem(qt.Finite(["1/2", "1/2"]), utility=[1, 0])
    axes = qt.plots.plot_breakdown(qt.breakdown(problem, {}))
    assert {bar.get_facecolor() for bar in axes.patches} == {(1.0, 1.0, 1.0, 1.0)}
    many = qt.Problem(qt.Finite(["1/20"] * 20), utility=list(range(20)))
    with pytest.raises(InvalidInput, match="too many actions"):
        qt.plots.plot_breakdown(qt.breakdown(many, {}))


def test_the_frontier_says_its_base_and_its_epsilon():
    axes = qt.plots.plot_frontier(qt.frontier(SMALL, ["1/4", "1/2", 1], epsilon="1/2"))
    assert caption(axes) == r"base 3 actions, $\varepsilon$ = 1/2 (declared)"
    heavy = qt.Problem(qt.Continuous("cauchy(0, 1)"))
    endless = qt.frontier(heavy, ["1/2"], samples=20_000)
    with pytest.raises(InvalidInput, match="nothing to draw"):
        qt.plots.plot_frontier(endless)


def test_more_families_than_looks_are_refused():
    families = {f"family {i}": [qt.Quantilizer("1/2")] for i in range(7)}
    with pytest.raises(InvalidInput, match="too many series"):
        qt.plots.plot_tradeoff(qt.tradeoff(SMALL, families, qt.MeanBounded(1)))
