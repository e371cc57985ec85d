"""The power-safety frontier of several optimizers: value against worst-case cost."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from qtheory.frontiers.tradeoff import OptimizerCurve, Tradeoff, cost_class_text
from qtheory.plots.labels import caption, nothing_to_draw, require
from qtheory.plots.looks import look, new_axes, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_tradeoff(data: Tradeoff, ax: Axes | None = None) -> Axes:
    r"""Draws $E_\pi[U]$ against the worst-case cost; up and to the left is better.

    A family whose worst case is infinite at some settings says so in the legend. Where the worst case is only known by
    an upper bound, marks are hollow.

    Args:
        data: as `tradeoff` gives it, with at most six families.
        ax: where to draw; a new figure if None.

    Raises:
        InvalidInput: no point has a finite cost and value, or too many families.
        MissingExtra: matplotlib is not installed.
    """
    require(data, Tradeoff, "tradeoff")
    drawn = {curve.name: _places(curve) for curve in data.curves}
    if not any(drawn.values()):
        raise nothing_to_draw("a finite worst case under some policy")
    with styled():
        axes = new_axes() if ax is None else ax
        axes.set_xscale("log")
        for place, curve in enumerate(data.curves):
            points = sorted(drawn[curve.name])
            axes.plot(
                [x for x, _ in points], [y for _, y in points], label=series_name(curve, len(points)),
                **look(place)._asdict(), mfc=face(curve),
            )  # fmt: skip
        axes.set_xlabel(r"worst-case cost $\sup\,E_\pi[c]$")
        axes.set_ylabel(r"expected proxy utility $E_\pi[U]$")
        caption(axes, about(data))
        axes.legend(loc="best", handlelength=3.2)
    return axes


def about(data: Tradeoff) -> str:
    """The base and the class of costs, for a caption."""
    return f"base {data.base}, costs {cost_class_text(data.cost_class)}"


def series_name(curve: OptimizerCurve, drawn: int) -> str:
    """The family, and what of it cannot be drawn."""
    missing = len(curve.points) - drawn
    if missing == 0:
        return curve.name
    return f"{curve.name}: infinite" if drawn == 0 else f"{curve.name} ({missing} infinite)"


def face(curve: OptimizerCurve) -> str | None:
    """Hollow marks for upper bounds."""
    return "white" if any(point.kind == "upper" for point in curve.points) else None


def _places(curve: OptimizerCurve) -> list[tuple[float, float]]:
    read = [(float(point.worst), float(point.value)) for point in curve.points]
    return [(x, y) for x, y in read if math.isfinite(x) and math.isfinite(y) and x > 0]
