"""The figure of targeted impact: how far the quantilizer moves a side quantity that is correlated with the utility."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from qtheory.impact.curves import AmplificationCurve
from qtheory.plots.labels import caption, finite, label_ends, nothing_to_draw, several
from qtheory.plots.looks import look, new_axes, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MARKS = 5
_ANY = "any cost: $1/q$"


def plot_side_effects(curves: Iterable[AmplificationCurve], ax: Axes | None = None) -> Axes:
    r"""Draws amplification against the level $q$, with the bound $1/q$ for costs of any kind.

    Args:
        curves: as `amplification_curves` gives them, at most six.
        ax: where to draw; a new figure if None.

    Returns:
        The axes, logarithmic in both directions, strict levels on the right.

    Raises:
        InvalidInput: no curve, or one without points.
        MissingExtra: matplotlib is not installed.
    """
    listed = several(curves, AmplificationCurve, "amplification_curves")
    if not all(curve.points for curve in listed):
        raise nothing_to_draw("curves with points")
    levels = sorted({q for curve in listed for q, _ in curve.points}, reverse=True)
    with styled():
        axes = new_axes() if ax is None else ax
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.plot(levels, [1 / q for q in levels], color="0.4", ls=":", label=_ANY)
        ends = [(_ANY, levels[-1], 1 / levels[-1])]
        for place, curve in enumerate(listed):
            ends.append(_draw(curve, place, axes))
        axes.set_xlim(levels[0], levels[-1])
        axes.set_xlabel("level $q$ (stricter to the right)")
        axes.set_ylabel("factor on the mean cost")
        caption(axes, "; ".join(sorted({curve.model for curve in listed})))
        label_ends(axes, ends)
    return axes


def _draw(curve: AmplificationCurve, place: int, axes: Axes) -> tuple[str, float, float]:
    style = look(place)
    across, up = finite([q for q, _ in curve.points], "a level"), finite([y for _, y in curve.points], "a factor")
    step = max(1, len(across) // _MARKS)
    axes.plot(across, up, **style._asdict(), markevery=(step // 2, step), label=curve.label)
    strictest = min(range(len(across)), key=across.__getitem__)
    return curve.label, across[strictest], up[strictest]
