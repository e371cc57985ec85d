"""Goodhart's law: the truth against the pressure on its proxy."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from qtheory.goodhart.curve import GoodhartCurve
from qtheory.plots.labels import caption, finite, label_ends, nothing_to_draw, several
from qtheory.plots.looks import look, new_axes, star, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MARKS = 6


def plot_goodhart(curves: Iterable[GoodhartCurve], ax: Axes | None = None) -> Axes:
    r"""Draws $E[V]$ against nats of selection, a star where a curve is highest if it then falls.

    Args:
        curves: as `goodhart_curve` gives them, at most six.
        ax: where to draw; a new figure if None.

    Raises:
        InvalidInput: no curves, or one with values that are not finite.
        MissingExtra: matplotlib is not installed.
    """
    listed = several(curves, GoodhartCurve, "goodhart_curve")
    if not all(curve.points for curve in listed):
        raise nothing_to_draw("curves with points")
    with styled():
        axes = new_axes() if ax is None else ax
        ends = [_draw(curve, place, axes) for place, curve in enumerate(listed)]
        axes.set_xlabel("optimisation of the proxy, $\\mathrm{KL}$ (nats)")
        axes.set_ylabel("truth $E[V]$")
        axes.set_xlim(left=0.0)
        caption(axes, _about(listed))
        label_ends(axes, ends)
    return axes


def _about(curves: list[GoodhartCurve]) -> str:
    truths = sorted({curve.truth for curve in curves})
    star = "; star: the best level" if any(curve.best is not None for curve in curves) else ""
    return f"truth {' or '.join(truths)}, independent error{star}"


def _draw(curve: GoodhartCurve, place: int, axes: Axes) -> tuple[str, float, float]:
    across = finite([point.nats for point in curve.points], "a divergence")
    up = finite([point.truth.value for point in curve.points], "a truth")
    step, style = max(1, len(across) // _MARKS), look(place)
    axes.plot(across, up, **style._asdict(), markevery=(step // 2, step), label=curve.label)
    if curve.best is not None:
        best = curve.best.nats, curve.best.truth.value
        axes.plot(*best, "*", ms=star(), color=style.color, mec="black", mew=0.6, zorder=5)
    return curve.label, across[-1], up[-1]
