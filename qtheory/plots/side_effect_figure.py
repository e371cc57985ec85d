"""The figure of targeted impact: how far the quantilizer moves a side quantity that is correlated with the utility."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from qtheory.errors import InvalidInput
from qtheory.plots.style import COLOURS, DASHES, new_axes, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Curve = Iterable[tuple[float, float]]


def plot_side_effects(curves: Mapping[str, Curve], ax: Axes | None = None) -> Axes:
    r"""Draws amplification against the level $q$, with the bound $1/q$ for costs of any kind.

    Args:
        curves: for each label the points (level, factor).
        ax: where to draw; a new figure of column width if None.

    Returns:
        The axes, logarithmic in both directions, strict levels on the right.

    Raises:
        InvalidInput: no curve, or one without points.
        MissingExtra: matplotlib is not installed.
    """
    listed = {label: sorted(points) for label, points in curves.items()}
    if not listed or not all(listed.values()):
        raise InvalidInput("there is nothing to draw", got=list(listed), allowed="curves with points")
    levels = sorted({level for points in listed.values() for level, _ in points})
    with styled():
        axes = new_axes() if ax is None else ax
        axes.plot(levels, [1 / q for q in levels], color="0.4", ls=":", label="any cost, $1/q$")
        for i, (label, points) in enumerate(listed.items()):
            colour, dash = COLOURS[i % len(COLOURS)], DASHES[i % len(DASHES)]
            axes.plot([q for q, _ in points], [y for _, y in points], label=label, color=colour, ls=dash)
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlim(levels[-1], levels[0])
        axes.set_xlabel("level $q$ (stricter to the right)")
        axes.set_ylabel("factor on the mean cost")
        axes.legend(loc="upper left", labelspacing=0.2, borderaxespad=0.0)
    return axes
