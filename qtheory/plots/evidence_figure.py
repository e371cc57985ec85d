"""Evidence along a stream, with the line at which a hypothesis is rejected."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

from qtheory.plots.labels import rate, several
from qtheory.plots.looks import em, look, new_axes, star, styled, thin
from qtheory.studies.evidence_path import EvidencePath

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LN10 = math.log(10)
# Of the height of the line: how far up the page goes, and the room at the bottom.
_TIMES, _ROOM = 3, 0.15


def plot_evidence(paths: Iterable[EvidencePath], ax: Axes | None = None) -> Axes:
    r"""Draws $\log_{10}$ of the evidence against the number of draws, and where it first reaches $1/\alpha$.

    Args:
        paths: as `evidence_path` gives them, at most six.
        ax: where to draw; a new figure if None.

    Raises:
        InvalidInput: no paths.
        MissingExtra: matplotlib is not installed.
    """
    listed = several(paths, EvidencePath, "evidence_path")
    with styled():
        axes = new_axes() if ax is None else ax
        axes.set_xscale("log")
        for alpha in sorted({path.alpha for path in listed}):
            axes.axhline(-math.log10(alpha), color="0.4", lw=thin(), ls=":")
            axes.annotate(
                rf"$1/\alpha$, $\alpha$ = {rate(alpha)}", (0.01, -math.log10(alpha)), (0, em(0.3)), va="bottom",
                xycoords=axes.get_yaxis_transform(), textcoords="offset points", fontsize="small", color="0.3",
            )  # fmt: skip
        for place, path in enumerate(listed):
            _draw(path, place, axes)
        # beyond a few times the line nothing more is said
        line, high = max(-math.log10(path.alpha) for path in listed), axes.get_ylim()[1]
        low = min((value / _LN10 for path in listed for value in path.log_values if math.isfinite(value)), default=0.0)
        axes.set_ylim(max(low, -line) - _ROOM * line, max(1.2 * line, min(high, _TIMES * line)))
        axes.set_xlabel("draws")
        axes.set_ylabel(r"evidence, $\log_{10} E_n$")
        axes.legend(loc="upper left", handlelength=3.2)
    return axes


def _draw(path: EvidencePath, place: int, axes: Axes) -> None:
    style = look(place)
    looks = list(zip(path.draws, (value / _LN10 for value in path.log_values), strict=True))
    # certainty has no place on the page; what is before it has
    shown = [(n, value) for n, value in looks if math.isfinite(value)]
    if not shown:
        return
    axes.plot(*zip(*shown, strict=True), **style._asdict(), label=path.label)
    decided = [value for n, value in shown if n == path.decided_at]
    if decided and path.decided_at is not None:
        axes.plot(path.decided_at, decided[0], "*", ms=star(), color=style.color, mec="black", mew=0.6, zorder=5)
