"""A heat map of one number over two settings."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from qtheory.plots.labels import nothing_to_draw, require
from qtheory.plots.looks import matplotlib, new_axes, styled
from qtheory.studies.sweep import Sweep

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_WRITTEN = 80
_DARK = 0.5


def plot_sweep(data: Sweep, ax: Axes | None = None, *, logarithmic: bool = False) -> Axes:
    """Draws one cell a pair of settings; few cells have their number written in them.

    Args:
        data: as `sweep` gives it.
        ax: where to draw; a new figure if None.
        logarithmic: shades by the logarithm, for positive numbers.

    Raises:
        InvalidInput: nothing that can be shaded.
        MissingExtra: matplotlib is not installed.
    """
    require(data, Sweep, "sweep")
    fit = [x for row in data.values for x in row if math.isfinite(x) and (x > 0 or not logarithmic)]
    if not fit:
        raise nothing_to_draw("finite numbers, positive ones for a logarithmic scale")
    with styled():
        axes = new_axes() if ax is None else ax
        from matplotlib.colors import LogNorm, Normalize

        scale = (LogNorm if logarithmic else Normalize)(min(fit), max(fit))
        colours = matplotlib().colormaps["cividis_r"].with_extremes(bad="white")
        image = axes.imshow(data.values, cmap=colours, norm=scale, aspect="auto", origin="upper")
        figure: Any = axes.get_figure(root=True)
        figure.colorbar(image, ax=axes, label=data.what, pad=0.02)
        axes.set_xticks(range(len(data.columns)), data.columns)
        axes.set_yticks(range(len(data.rows)), data.rows)
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
        axes.set_xlabel(data.column_name)
        axes.set_ylabel(data.row_name)
        if len(data.rows) * len(data.columns) <= _MOST_WRITTEN:
            _write(data, scale, axes)
    return axes


def _write(data: Sweep, scale: Any, axes: Axes) -> None:
    for i, row in enumerate(data.values):
        for j, value in enumerate(row):
            shade = scale(value) if math.isfinite(value) else 0.0
            ink = "white" if float(shade) > _DARK else "black"
            axes.text(j, i, f"{value:.3g}", ha="center", va="center", fontsize="x-small", color=ink)
