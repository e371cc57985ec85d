"""The figure of a frontier: value against worst-case cost."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from qtheory.frontiers.result import Frontier, FrontierPoint
from qtheory.plots.labels import caption, nothing_to_draw, require, short
from qtheory.plots.looks import BLUE, GREEN, VERMILION, em, new_axes, star, styled, thin

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_LABELS = 6


def plot_frontier(frontier: Frontier, ax: Axes | None = None) -> Axes:
    r"""Draws $E_Q[U]$ against the worst-case cost $\varepsilon/q$ and, where there was one, the simulated cost.

    Without a bound on the mean cost the abscissa is the cost factor $1/q$.

    Args:
        frontier: nothing is computed from it.
        ax: where to draw; a new figure of column width if None.

    Returns:
        The axes.

    Raises:
        InvalidInput: no point has a finite value.
        MissingExtra: matplotlib is not installed.
    """
    require(frontier, Frontier, "frontier")
    points = [point for point in frontier.points if math.isfinite(point.value.value)]
    if not points:
        raise nothing_to_draw("a frontier with a finite value")
    with styled():
        axes = new_axes() if ax is None else ax
        bounded = frontier.epsilon is not None
        across = [float(point.worst_cost if bounded else point.factor) for point in points]  # type: ignore[arg-type]
        heights = [float(point.value.value) for point in points]
        axes.set_xscale("log")
        label = r"worst-case cost $\varepsilon/q$" if bounded else r"cost factor $1/q$"
        axes.plot(across, heights, "-", color=BLUE, label=label, zorder=2)
        axes.plot(across, heights, "o", color=BLUE, zorder=3)
        _draw_sampled(points, across, axes)
        _draw_best(frontier, axes)
        _name_levels(points, across, heights, axes)
        axes.set_xlabel("expected hidden cost" if bounded else r"cost factor $1/q$")
        axes.set_ylabel(r"expected proxy utility $E_Q[U]$")
        axes.margins(x=0.13, y=0.12)
        caption(axes, _about(frontier))
        if bounded:
            axes.legend(loc="best")
    return axes


def _about(frontier: Frontier) -> str:
    base = f"base {frontier.base}" if frontier.base else ""
    if frontier.epsilon is None:
        return base
    how = {"declared": "declared", "exact": "mean cost", "quadrature": "mean cost", "float64": "mean cost"}
    source = how.get(frontier.epsilon.source, "mean cost, estimated")
    return f"{base}, " * bool(base) + rf"$\varepsilon$ = {short(frontier.epsilon.value)} ({source})"


def _draw_sampled(points: list[FrontierPoint], across: list[float], axes: Axes) -> None:
    shown = [(point, x) for point, x in zip(points, across, strict=True) if point.value.interval is not None]
    for point, x in shown:
        interval = point.value.interval
        assert interval is not None
        axes.plot([x, x], [interval.low, interval.high], "_-", color=BLUE, lw=thin(), zorder=2)
    costs = [point for point, _ in shown if point.cost is not None and point.cost.interval is not None]
    for place, point in enumerate(costs):
        cost, height = point.cost, float(point.value.sampled or 0.0)
        assert cost is not None
        assert cost.interval is not None
        ends = [cost.interval.low, cost.interval.high]
        axes.plot(ends, [height] * 2, "|-", color=VERMILION, lw=thin(), zorder=2)
        name = "simulated cost" if place == 0 else None
        place_of_cost = [float(cost.sampled or 0.0)], [height]
        axes.plot(*place_of_cost, "s", mfc="white", color=VERMILION, label=name, zorder=3)


def _draw_best(frontier: Frontier, axes: Axes) -> None:
    best = frontier.best
    if best is None or best.worst_cost is None or not math.isfinite(best.value.value):
        return
    label = f"best guarantee {float(best.guarantee or 0):.3g}"
    place = float(best.worst_cost), float(best.value.value)
    axes.plot(*place, "*", ms=star(), mfc="none", color=GREEN, label=label, zorder=4)


def _name_levels(points: list[FrontierPoint], across: list[float], heights: list[float], axes: Axes) -> None:
    if len(points) > _MOST_LABELS:
        return
    # below the curve, which rises to the right
    for point, x, y in zip(points, across, heights, strict=True):
        axes.annotate(
            f"$q={point.q}$", (x, y), (em(0.4), -em(1)), textcoords="offset points", fontsize="x-small", color="0.3"
        )
