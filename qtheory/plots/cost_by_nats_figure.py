"""Worst-case cost against the divergence from the base, in nats."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from qtheory.frontiers.tradeoff import OptimizerCurve, Tradeoff
from qtheory.plots.labels import caption, nothing_to_draw, require
from qtheory.plots.looks import look, new_axes, styled
from qtheory.plots.tradeoff_figure import about, face, series_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_cost_by_nats(data: Tradeoff, ax: Axes | None = None) -> Axes:
    r"""Draws $\sup_c E_\pi[c]$ against $\mathrm{KL}(\pi\|\gamma)$: equal divergence is not equal safety.

    Args:
        data: as `tradeoff` gives it, with at most six families.
        ax: where to draw; a new figure if None.

    Raises:
        InvalidInput: no point is finite, or too many families.
        MissingExtra: matplotlib is not installed.
    """
    require(data, Tradeoff, "tradeoff")
    drawn = {curve.name: _places(curve) for curve in data.curves}
    if not any(drawn.values()):
        raise nothing_to_draw("a finite worst case and divergence of some policy")
    with styled():
        axes = new_axes() if ax is None else ax
        axes.set_yscale("log")
        for place, curve in enumerate(data.curves):
            points = sorted(drawn[curve.name])
            axes.plot(
                [x for x, _ in points], [y for _, y in points], label=series_name(curve, len(points)),
                **look(place)._asdict(), mfc=face(curve),
            )  # fmt: skip
        axes.set_xlabel(r"divergence $\mathrm{KL}(\pi\,\|\,\gamma)$ (nats)")
        axes.set_ylabel(r"worst-case cost $\sup\,E_\pi[c]$")
        caption(axes, about(data))
        axes.legend(loc="best", handlelength=3.2)
    return axes


def _places(curve: OptimizerCurve) -> list[tuple[float, float]]:
    read = [(float(point.kl), float(point.worst)) for point in curve.points]
    return [(x, y) for x, y in read if math.isfinite(x) and math.isfinite(y) and y > 0]
