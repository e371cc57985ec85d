"""The figure of an audit: utility against cost factor."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qtheory.auditing.result import Audit, LevelAudit
from qtheory.plots.labels import caption, rate, require, short
from qtheory.plots.looks import BLUE, GREEN, VERMILION, em, new_axes, star, styled, thin
from qtheory.plots.saving import check_figure_path, save_figure
from qtheory.statements.record import Record

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_NAMES = 6
# As a factor: the room beside the base, whose cost factor is 1, and beside the last level.
_ROOM = 1.3
_HEADROOM = 0.16


def plot_audit(audit: Audit, ax: Axes | None = None) -> Axes:
    r"""Draws mean utility with its interval, best-of-m and the floor against the cost factor $n/k$.

    A level whose utility has no interval, because its top is too small for one, is a hollow circle.

    Args:
        audit: the audit; nothing is computed from it.
        ax: where to draw; a new figure if None.

    Returns:
        The axes.

    Raises:
        InvalidInput: not an audit.
        MissingExtra: matplotlib is not installed.

    >>> import pytest; _ = pytest.importorskip("matplotlib")
    >>> from qtheory.auditing.run import audit
    >>> axes = plot_audit(audit(list(range(1000)), q=["1/10", "1/100"]))
    >>> [line.get_label() for line in axes.lines if not line.get_label().startswith("_")]
    ['quantilizer, top k of n', 'too few for an interval', 'best-of-m']
    """
    require(audit, Audit, "audit")
    with styled():
        axes = new_axes() if ax is None else ax
        axes.set_xscale("log")
        _draw_quantilizer(audit, axes)
        best = sorted({(level.best_of.m, level.best_of.utility) for level in audit.levels})
        ms, values = zip(*best, strict=True)
        axes.plot(ms, values, "s", mfc="none", color=VERMILION, label="best-of-m")
        axes.margins(y=0.13)
        axes.set_xlim(1 / _ROOM, _ROOM * max(float(level.cost_factor) for level in audit.levels))
        _draw_base(audit, axes)
        _draw_floor(audit, axes)
        _name_levels(audit, axes)
        axes.set_xlabel("cost factor $n/k$, the most that a hidden cost grows by")
        axes.set_ylabel("mean proxy utility")
        caption(axes, _about(audit))
        # utility rises to the right, so that this corner is empty but for small figures
        low, high = axes.get_ylim()
        axes.set_ylim(low, high + _HEADROOM * (high - low))
        axes.legend(loc="upper left", fontsize="small")
    return axes


def save_audit_figure(audit: Audit, path: Path, record: Record | None = None) -> None:
    """Writes the figure; equal audits give equal bytes.

    Args:
        audit: the audit.
        path: ends in `.png`, `.pdf` or `.svg`.
        record: of what was audited, to be written beside the figure.

    Raises:
        InvalidInput: another ending, or a place that cannot be written to.
        MissingExtra: matplotlib is not installed.
    """
    check_figure_path(path)
    save_figure(plot_audit(audit), path, record=record)


def _draw_quantilizer(audit: Audit, axes: Axes) -> None:
    levels = sorted(audit.levels, key=lambda level: level.cost_factor)
    for level in levels:
        if level.utility.interval is not None:
            ends = (level.utility.interval.low, level.utility.interval.high)
            axes.plot([float(level.cost_factor)] * 2, ends, "_-", color=BLUE, lw=thin(), zorder=4)
    known = [level for level in levels if level.utility.interval is not None]
    _draw_points(known, axes, BLUE, "quantilizer, top k of n")
    _draw_points([level for level in levels if level not in known], axes, "white", "too few for an interval")


def _draw_points(levels: list[LevelAudit], axes: Axes, inside: str, label: str) -> None:
    points = [(float(level.cost_factor), level.utility.value) for level in levels if level.utility.value is not None]
    if points:
        axes.plot(*zip(*points, strict=True), "o", color=BLUE, mfc=inside, label=label, zorder=3)


def _name_levels(audit: Audit, axes: Axes) -> None:
    if len(audit.levels) > _MOST_NAMES:
        return
    for at, level in enumerate(sorted(audit.levels, key=lambda level: level.cost_factor)):
        interval, value = level.utility.interval, level.utility.value
        # short names, for levels may be close
        name = f"{level.cut.q}" if at else f"$q$ = {level.cut.q}"
        if value is not None:
            place = float(level.cost_factor), value if interval is None else interval.high
            axes.annotate(
                name, place, (0, em(0.5)), textcoords="offset points", ha="center", fontsize="x-small", color="0.3"
            )


def _draw_base(audit: Audit, axes: Axes) -> None:
    axes.axhline(audit.base_utility, color="0.6", lw=thin(), ls=":", zorder=0)
    place, across = (1.0, audit.base_utility), axes.get_yaxis_transform()
    axes.annotate("base", place, (-em(0.3), em(0.3)), across, "offset points", ha="right", fontsize="x-small")


def _draw_floor(audit: Audit, axes: Axes) -> None:
    if audit.floor is None:
        return
    # the floor falls without bound as the factor grows; its far end would flatten everything else
    widest, shown = axes.get_xlim(), axes.get_ylim()
    factors = [audit.samples / k for k in audit.floor.k]
    label = f"guarantee at mean cost {short(audit.floor.epsilon)}"
    axes.plot(factors, audit.floor.floor, color=GREEN, label=label, zorder=1)
    peak = (audit.samples / audit.floor.best_k, audit.floor.reservation)
    axes.plot(*peak, "*", ms=star(), color=GREEN, mec="black", mew=0.6, zorder=2)
    best = short(audit.floor.reservation)
    axes.annotate(best, peak, (0, -em(1.6)), textcoords="offset points", ha="center", fontsize="x-small")
    axes.set_xlim(widest[0], max(widest[1], _ROOM * peak[0]))
    axes.set_ylim(min(shown[0], audit.floor.reservation), shown[1])


def _about(audit: Audit) -> str:
    kinds = sorted({level.utility.evidence for level in audit.levels if level.utility.interval is not None})
    intervals = f"; {' and '.join(kinds)} intervals, error rate {rate(audit.alpha)} for all together" if kinds else ""
    guarantee = "; guarantee plug-in" if audit.floor is not None else ""
    return f"{audit.samples:,} scores{intervals}{guarantee}"
