"""What each reading of each claim found, at a glance."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from qtheory.checking.verify import ClaimReport
from qtheory.plots.labels import several
from qtheory.plots.looks import BLUE, VERMILION, matplotlib, new_axes, styled
from qtheory.statements.verdict import READINGS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_REFUTED = "wrong twin refuted"
_MISSED = "wrong twin not refuted"
# Shape and filling say it; colour only repeats it.
_MARKS: MappingProxyType[str, dict[str, Any]] = MappingProxyType(
    {
        "holds": {"marker": "o", "color": BLUE},
        "survived": {"marker": "o", "color": BLUE, "mfc": "white"},
        "inconclusive": {"marker": "D", "color": "0.4", "mfc": "white"},
        "vacuous": {"marker": "v", "color": VERMILION, "mfc": "white"},
        "violated": {"marker": "X", "color": VERMILION, "mec": "black", "mew": 0.6},
        "not_applicable": {"marker": "_", "color": "0.6"},
        _REFUTED: {"marker": "P", "color": BLUE},
        _MISSED: {"marker": "s", "color": VERMILION, "mfc": "white"},
    }
)
_COLUMNS = {"prove": "prove", "falsify": "falsify", "simulate": "simulate", "twin": "wrong twin"}
_ROW = 2.1  # letter sizes
_ROOM = 6.5


def plot_verdicts(reports: Iterable[ClaimReport], ax: Axes | None = None) -> Axes:
    """Draws one row a claim and one column a reading, with a mark for the outcome.

    Args:
        reports: as `qt.verify` gives them, one a claim.
        ax: where to draw; a new figure, as high as the claims need, if None.

    Raises:
        InvalidInput: no reports.
        MissingExtra: matplotlib is not installed.
    """
    listed = several(reports, ClaimReport, "verify")
    columns = [name for name in (*READINGS, "twin") if any(name in _outcomes(report) for report in listed)]
    with styled():
        letter = float(matplotlib().rcParams["font.size"]) / 72
        size = 1.5 * float(matplotlib().rcParams["lines.markersize"])
        axes = new_axes(height=letter * (_ROW * len(listed) + _ROOM)) if ax is None else ax
        cells = [
            (columns.index(name), row, outcome)
            for row, report in enumerate(listed)
            for name, outcome in _outcomes(report).items()
        ]
        for outcome in (known for known in _MARKS if any(found == known for _, _, found in cells)):
            places = [(x, y) for x, y, found in cells if found == outcome]
            axes.plot(
                *zip(*places, strict=True), ls="none", ms=size, **_MARKS[outcome], label=outcome.replace("_", " ")
            )
        _frame(axes, columns, listed)
    return axes


def _outcomes(report: ClaimReport) -> dict[str, str]:
    found = {verdict.reading: verdict.outcome for verdict in report.verdicts}
    if report.twin is None:
        return found
    return {**found, "twin": _REFUTED if report.twin.outcome == "violated" else _MISSED}


def _frame(axes: Axes, columns: list[str], reports: list[ClaimReport]) -> None:
    axes.set_xticks(range(len(columns)), [_COLUMNS[name] for name in columns])
    axes.set_yticks(range(len(reports)), [report.claim.slug for report in reports])
    axes.set_xlim(-0.5, len(columns) - 0.5)
    axes.set_ylim(len(reports) - 0.5, -0.5)
    axes.tick_params(length=0)
    axes.xaxis.tick_top()
    axes.spines[:].set_visible(False)
    for row in range(1, len(reports)):
        axes.axhline(row - 0.5, color="0.85", lw=0.6, zorder=0)
    figure: Any = axes.get_figure(root=True)
    figure.legend(
        *axes.get_legend_handles_labels(), loc="outside lower center", ncols=3, columnspacing=1.2, handletextpad=0.3
    )
