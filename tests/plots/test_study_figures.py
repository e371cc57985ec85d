"""Figures of curves, runs and studies draw the numbers they are given."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

import qtheory as qt
from qtheory.errors import InvalidInput
from qtheory.inference.evidence import AnytimeEvidence
from qtheory.inference.interval import Interval

pytest.importorskip("matplotlib")
from matplotlib.axes import Axes

from qtheory.plots.labels import CAPTION


def drawn(axes):
    return {line.get_label(): line.get_xydata().tolist() for line in axes.lines if not line.get_label().startswith("_")}


def captions(axes):
    return [text.get_text() for text in axes.texts if text.get_gid() == CAPTION]


def names(axes):
    return [text for text in axes.texts if text.get_gid() != CAPTION]


def test_goodhart_curves_are_drawn_with_their_best_level():
    laws = ("normal(0, 1)", "student_t(3)")
    curves = [qt.goodhart_curve(qt.ProxyModel("normal(0, 1)", law), ["1", "1/10", "1/100"]) for law in laws]
    axes = qt.plots.plot_goodhart(curves)
    for curve in curves:
        assert drawn(axes)[curve.label] == [[p.nats, p.truth.value] for p in curve.points]
    stars = [line.get_xydata().tolist() for line in axes.lines if line.get_marker() == "*"]
    assert stars == [[[curves[1].best.nats, curves[1].best.truth.value]]]
    assert {name.get_text() for name in names(axes)} == {curve.label for curve in curves}
    assert len(captions(axes)) == 1 and captions(axes)[0].startswith("truth normal(0, 1)")
    with pytest.raises(InvalidInput, match="nothing to draw"):
        qt.plots.plot_goodhart([])


def test_amplification_is_told_apart_without_colour_and_named_at_the_curve():
    curves = qt.amplification_curves(["1", "1/10", "1/100"])
    axes = qt.plots.plot_side_effects(curves)
    for curve in curves:
        assert drawn(axes)[curve.label] == [list(point) for point in curve.points]
    written = [name.get_text() for name in names(axes)]
    assert written == ["any cost: $1/q$", *(curve.label for curve in curves)]
    marked = [line for line in axes.lines if line.get_label() in written[1:]]
    assert (
        len({line.get_marker() for line in marked}) == len({str(line._dash_pattern) for line in marked}) == len(curves)
    )
    with pytest.raises(InvalidInput, match="nothing to draw"):
        qt.plots.plot_side_effects([])


def test_names_at_the_ends_do_not_overlap():
    curves = qt.amplification_curves(["1", "1/10"], ["0.5", "0.501", "0.502", "0.503"], None)
    axes = qt.plots.plot_side_effects(curves)
    figure = axes.get_figure()
    figure.draw_without_rendering()
    boxes = sorted((name.get_window_extent() for name in names(axes)), key=lambda box: box.y0)
    assert len(boxes) == 5
    assert all(low.y1 <= high.y0 + 1 for low, high in pairwise(boxes))
    assert all(box.x1 <= figure.bbox.x1 for box in boxes), "nothing is cut off"


@pytest.mark.parametrize("place", ["left", "center"])
def test_a_title_of_ones_own_leaves_the_caption_below_the_label_of_the_axis(place):
    picture = qt.reservation_picture(qt.Problem(qt.Continuous("normal(0, 1)")), "1/5", ["1/10", "1/2", "1"])
    axes = qt.plots.plot_reservation(picture)
    title = axes.set_title("Where to stop", loc=place)
    figure = axes.get_figure()
    figure.draw_without_rendering()
    (below,) = [text for text in axes.texts if text.get_gid() == CAPTION]
    box = below.get_window_extent()
    assert 0 <= box.y0 and box.y1 < axes.xaxis.label.get_window_extent().y0 < title.get_window_extent().y0
    assert box.x1 <= figure.bbox.x1 and title.get_color() == "black"


def test_the_simulation_is_drawn_under_its_bound():
    problem = qt.Problem(qt.Continuous("normal(0, 1)"), cost="1/(1+exp(-x))")
    run = qt.simulate_problem(problem, ["1", "1/2", "1/10"], cost_max=1, samples=20_000)
    axes = qt.plots.plot_bound_and_simulation(run)
    lines = drawn(axes)
    assert lines["bound $1/q$ (proved)"] == [[1, 1], [2, 2], [10, 10]]
    found = [[float(level.factor), level.costs[0].amplification.value] for level in run.levels]
    assert lines["simulated"] == found
    ends = run.levels[2].costs[0].amplification.interval
    assert [[10.0, ends.low], [10.0, ends.high]] in [line.get_xydata().tolist() for line in axes.lines]
    bare = qt.simulate_problem(qt.Problem(qt.Continuous("normal(0, 1)")), "1/2", samples=20_000)
    with pytest.raises(InvalidInput, match="nothing to draw"):
        qt.plots.plot_bound_and_simulation(bare)


def test_evidence_is_drawn_to_base_ten_with_the_line_it_must_reach():
    looks = [(n, AnytimeEvidence(value)) for n, value in ((10, 0.0), (100, 3.0), (1000, 9.0), (5000, math.inf))]
    path = qt.evidence_path("$H$", looks, alpha=0.01)
    axes = qt.plots.plot_evidence([path])
    assert drawn(axes)["$H$"] == [
        [n, value / math.log(10)] for n, value in zip(path.draws[:3], path.log_values, strict=False)
    ]
    (star,) = [line for line in axes.lines if line.get_marker() == "*"]
    assert star.get_xydata()[0][0] == path.decided_at == 1000
    line = axes.lines[0].get_ydata()
    assert list(line) == pytest.approx([2.0, 2.0])
    assert isinstance(axes, Axes)
    with pytest.raises(InvalidInput, match="nothing to draw"):
        qt.plots.plot_evidence([])


def test_coverage_shows_a_refuted_promise_by_its_mark():
    good = qt.coverage("good", [Interval(0, 1)] * 500, 0.5, nominal=0.95)
    bad = qt.coverage("bad", [Interval(0, 1)] * 300 + [Interval(2, 3)] * 200, 0.5, nominal=0.95)
    axes = qt.plots.plot_coverage([good, bad])
    points = {line.get_marker(): line for line in axes.lines if line.get_marker() in ("o", "s")}
    assert points["o"].get_xydata().tolist() == [[1.0, 0.0]] and points["s"].get_xydata().tolist() == [[0.6, 1.0]]
    assert points["s"].get_markerfacecolor() == "white"
    assert [label.get_text() for label in axes.get_yticklabels()] == ["good", "bad"]
    assert captions(axes) == ["500 runs each; bar: promised"]
    with pytest.raises(InvalidInput, match="nothing to draw"):
        qt.plots.plot_coverage([])


def test_a_sweep_is_drawn_cell_by_cell():
    grid = qt.sweep(lambda a, b: a * b, "product", ("a", [1, 2]), ("b", [1, 10, 100]))
    axes = qt.plots.plot_sweep(grid, logarithmic=True)
    (image,) = axes.images
    assert image.get_array().tolist() == [[1, 10, 100], [2, 20, 200]]
    assert [text.get_text() for text in axes.texts] == ["1", "10", "100", "2", "20", "200"]
    assert axes.get_xlabel() == "b" and axes.get_ylabel() == "a"
    with pytest.raises(InvalidInput, match="nothing to draw"):
        qt.plots.plot_sweep(qt.sweep(lambda a, b: -1.0, "x", ("a", [1]), ("b", [1])), logarithmic=True)


def test_verdicts_are_marked_by_reading_and_outcome():
    from qtheory.symbols import E, c, w

    @qt.claim("Quantilizing never raises an expected cost", policy=qt.Quantilizer("1/2"), given=[c >= 0])
    def harmless():
        return E(w * c) <= E(c)

    reports = [qt.verify(claim, readings=["prove", "falsify"], examples=30) for claim in ("cost-bound", harmless)]
    axes = qt.plots.plot_verdicts(reports)
    assert [label.get_text() for label in axes.get_yticklabels()] == ["cost-bound", "harmless"]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["prove", "falsify", "wrong twin"]
    marks = drawn(axes)
    assert marks["holds"] == [[0, 0]] and marks["survived"] == [[1, 0]] and marks["wrong twin refuted"] == [[2, 0]]
    assert marks["violated"] == [[1, 1]]
    shapes = [
        (line.get_marker(), line.get_markerfacecolor() == "white") for line in axes.lines if line.get_label() in marks
    ]
    assert len(set(shapes)) == len(marks), "told apart without colour"
    with pytest.raises(InvalidInput, match="nothing to draw"):
        qt.plots.plot_verdicts([])
