"""A finite problem as stacked bars: what the base and each policy play, and what each action costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from qtheory.errors import InvalidInput
from qtheory.plots.labels import finite, require, short
from qtheory.plots.looks import matplotlib, new_axes, styled, thin
from qtheory.studies.breakdown import Breakdown, Shares

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST = 12
_WIDTH = 0.66
_LEAST_LABELLED = 0.045
# Light enough below this share of the scale for black letters.
_DARK = 0.7


def plot_breakdown(table: Breakdown, ax: Axes | None = None) -> Axes:
    """Draws one bar a distribution, best actions on top; the darker an action, the more it costs.

    Args:
        table: as `breakdown` gives it, with at most twelve actions.
        ax: where to draw; a new figure if None.

    Raises:
        InvalidInput: too many actions.
        MissingExtra: matplotlib is not installed.
    """
    require(table, Breakdown, "breakdown")
    if len(table.actions) > _MOST:
        remedy = "group the actions"
        raise InvalidInput(
            "too many actions for bars", got=len(table.actions), allowed=f"at most {_MOST}", remedy=remedy
        )
    utility = finite(table.utility, "a utility")
    order = sorted(range(len(utility)), key=lambda i: utility[i])
    with styled():
        axes = new_axes() if ax is None else ax
        shades = _shades(table, axes)
        for place, column in enumerate(table.columns):
            _draw(column, place, order, shades, table, axes)
        lines = max(column.name.count("\n") for column in table.columns)
        axes.set_xticks(range(len(table.columns)), [_below(column, lines) for column in table.columns])
        axes.set_xlim(-0.5, len(table.columns) - 0.5)
        axes.set_ylim(0.0, 1.0)
        axes.tick_params(axis="x", length=0)
        axes.set_ylabel("probability")
    return axes


def _draw(column: Shares, place: int, order: list[int], shades: list[Any], table: Breakdown, axes: Axes) -> None:
    from itertools import accumulate

    masses = [float(column.probabilities[i]) for i in order]
    for i, mass, top in zip(order, masses, accumulate(masses), strict=True):
        color, ink = shades[i]
        axes.bar(place, mass, _WIDTH, bottom=top - mass, color=color, edgecolor="black", lw=thin() / 1.5)
        if mass >= _LEAST_LABELLED:
            text = f"{table.actions[i]}: $U$ = {short(table.utility[i])}"
            axes.text(place, top - mass / 2, text, ha="center", va="center", fontsize="x-small", color=ink)


def _shades(table: Breakdown, axes: Axes) -> list[tuple[Any, str]]:
    """The fill of each action by its cost and the colour of its label; white without a cost."""
    if table.costs is None:
        return [("white", "black")] * len(table.actions)
    costs, library = finite(table.costs, "a cost"), matplotlib()
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    scale = Normalize(min(*costs, 0.0), max(*costs, 1e-12) if max(costs) <= 0 else max(costs))
    colours = ScalarMappable(scale, library.colormaps["Oranges"])
    figure: Any = axes.get_figure(root=True)
    figure.colorbar(colours, ax=axes, label="hidden cost $c$", pad=0.02, shrink=0.85)
    return [(colours.to_rgba(np.array([cost]))[0], "white" if scale(cost) > _DARK else "black") for cost in costs]


def _below(column: Shares, lines: int) -> str:
    """The name, over as many lines as the longest takes, and what the distribution gains and costs."""
    name = column.name + "\n" * (lines - column.name.count("\n"))
    cost = "" if column.cost is None else f"\n$E[c]$ = {short(column.cost)}"
    return f"{name}\n$E[U]$ = {short(column.value)}{cost}"
