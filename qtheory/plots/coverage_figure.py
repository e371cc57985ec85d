"""Coverage: how often intervals held, beside what was promised."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from qtheory.plots.labels import caption, several
from qtheory.plots.looks import BLUE, VERMILION, new_axes, styled, thin
from qtheory.studies.coverage import Coverage

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_coverage(runs: Iterable[Coverage], ax: Axes | None = None) -> Axes:
    """Draws the share of covering intervals with its exact interval, one line a procedure, and the promise as a bar.

    A procedure whose promise is refuted has a hollow square instead of a dot.

    Args:
        runs: as `coverage` gives them; drawn from the top down.
        ax: where to draw; a new figure if None.

    Raises:
        InvalidInput: no runs.
        MissingExtra: matplotlib is not installed.
    """
    listed = several(runs, Coverage, "coverage")
    with styled():
        axes = new_axes() if ax is None else ax
        for row, run in enumerate(listed):
            color, marker, inside = (VERMILION, "s", "white") if run.falls_short else (BLUE, "o", BLUE)
            axes.plot([run.interval.low, run.interval.high], [row, row], "|-", color=color, zorder=2)
            axes.plot(run.share, row, marker, color=color, mfc=inside, zorder=3)
            axes.plot([run.nominal] * 2, [row - 0.35, row + 0.35], color="black", lw=1.5 * thin(), zorder=1)
        axes.set_yticks(range(len(listed)), [run.label for run in listed])
        axes.set_ylim(len(listed) - 0.5, -0.5)
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel("share of intervals that contain the truth")
        axes.margins(x=0.08)
        trials = sorted({run.trials for run in listed})
        text = f"{trials[0]} runs each" if len(trials) == 1 else f"{trials[0]} to {trials[-1]} runs"
        caption(axes, f"{text}; bar: promised")
    return axes
