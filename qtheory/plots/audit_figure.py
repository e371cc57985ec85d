"""The figure of an audit: utility against cost factor."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qtheory.auditing.result import Audit
from qtheory.plots.labels import require
from qtheory.plots.looks import BLUE, GREEN, VERMILION, new_axes, star, styled, thin
from qtheory.plots.saving import check_figure_path, save_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDTH, _HEIGHT = 5.2, 3.4


def plot_audit(audit: Audit, ax: Axes | None = None) -> Axes:
    """Draws mean utility with its interval, best-of-m and the floor against the cost factor.

    Args:
        audit: the audit; nothing is computed from it.
        ax: where to draw; a new figure if None.

    Returns:
        The axes.

    Raises:
        InvalidInput: not an audit.
        MissingExtra: matplotlib is not installed.
    """
    require(audit, Audit, "audit")
    with styled():
        axes = new_axes(_WIDTH, _HEIGHT) if ax is None else ax
        axes.set_xscale("log")
        _draw_quantilizer(audit, axes)
        best = sorted({(level.best_of.m, level.best_of.utility) for level in audit.levels})
        ms, values = zip(*best, strict=True)
        axes.plot(ms, values, "s", mfc="none", color=VERMILION, label="best-of-m")
        axes.axhline(audit.base_utility, color="0.6", lw=thin(), ls=":", label="base", zorder=0)
        _draw_floor(audit, axes)
        _label(audit, axes)
    return axes


def save_audit_figure(audit: Audit, path: Path) -> None:
    """Writes the figure; equal audits give equal bytes.

    Args:
        audit: the audit.
        path: ends in `.png`, `.pdf` or `.svg`.

    Raises:
        InvalidInput: another ending, or a place that cannot be written to.
        MissingExtra: matplotlib is not installed.
    """
    check_figure_path(path)
    save_figure(plot_audit(audit), path)


def _draw_quantilizer(audit: Audit, axes: Axes) -> None:
    levels = sorted(audit.levels, key=lambda level: level.cost_factor)
    points = [(float(level.cost_factor), level.utility.value) for level in levels if level.utility.value is not None]
    axes.plot(*zip(*points, strict=True), "o", color=BLUE, label="quantilizer, top k of n")
    for level in levels:
        if level.utility.interval is not None:
            ends = (level.utility.interval.low, level.utility.interval.high)
            axes.plot([float(level.cost_factor)] * 2, ends, "_-", color=BLUE, lw=thin())


def _draw_floor(audit: Audit, axes: Axes) -> None:
    if audit.floor is None:
        return
    # the floor falls without bound as the factor grows; its far end would flatten everything else
    widest, shown = axes.get_xlim(), axes.get_ylim()
    factors = [audit.samples / k for k in audit.floor.k]
    label = f"floor at mean cost {audit.floor.epsilon:g} (plug-in)"
    axes.plot(factors, audit.floor.floor, color=GREEN, label=label, zorder=1)
    peak = (audit.samples / audit.floor.best_k, audit.floor.reservation)
    axes.plot(*peak, "*", ms=star(), color=GREEN, label=f"largest floor {audit.floor.reservation:.4g}")
    axes.set_xlim(widest[0], max(widest[1], 1.3 * peak[0]))
    axes.set_ylim(min(shown[0], audit.floor.reservation), shown[1])


def _label(audit: Audit, axes: Axes) -> None:
    kinds = sorted({level.utility.evidence for level in audit.levels if level.utility.interval is not None})
    intervals = f", {' and '.join(kinds)} intervals" if kinds else ""
    axes.set_xlabel("cost factor n/k")
    axes.set_ylabel("mean utility")
    axes.set_title(f"{audit.samples} samples{intervals}, error rate {audit.alpha:g} for all", fontsize="medium")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize="small")
