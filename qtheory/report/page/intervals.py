r"""What was sampled, as a figure: one interval a cell for right side minus left side, held against zero, the bound.

The figure is made of rows of HTML with a drawing in each, so that it is as wide as its place and its letters are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from qtheory.aliases import Json
from qtheory.report.page.markup import element, text
from qtheory.report.page.scale import Scale, scale_for, tick_text
from qtheory.statements.verdict import Verdict

# More rows than this are a table, which stands below the figure.
MOST_ROWS = 24
_ORDER = ("violated", "suspected", "inconclusive", "holds", "not sampled")
_LEGEND = {
    "holds": "holds with room to spare",
    "inconclusive": "covers zero: cannot be told from a bound that is attained",
    "suspected": "suspected, not seen again",
    "violated": "violated, seen twice",
}


@dataclass(frozen=True)
class Interval:
    """One sampled cell: an interval for right side minus left side, and what it came to."""

    part: str
    scene: str
    low: float
    high: float
    outcome: str


def intervals_of(verdict: Verdict) -> list[Interval]:
    """The cells of a simulated verdict that were sampled."""
    return [_interval(detail) for detail in verdict.details if detail.get("outcome") in _LEGEND and "slack" in detail]


def nearest(intervals: list[Interval], most: int = MOST_ROWS) -> list[Interval]:
    """At most so many cells, each part in its turn giving the one nearest to a violation; in the order they came in."""
    parts = list(dict.fromkeys(x.part for x in intervals))
    waiting = {part: sorted((x for x in intervals if x.part == part), key=_hostility) for part in parts}
    taken: list[Interval] = []
    while len(taken) < most and any(waiting.values()):
        taken += [queue.pop(0) for queue in waiting.values() if queue]
    return sorted(taken[:most], key=intervals.index)


def interval_figure(verdict: Verdict) -> str:
    """The figure; empty if nothing was sampled."""
    everything = intervals_of(verdict)
    rows = nearest(everything)
    if not rows:
        return ""
    scale = scale_for((x.low, x.high) for x in rows)
    body = "".join(_part(part, list(group), scale) for part, group in groupby(rows, key=lambda x: x.part))
    caption = element("figcaption", _caption(verdict, rows, len(everything) - len(rows)))
    zero = f"--zero: {scale.place(0.0)}%"  # the style draws the bound, and shades what lies beyond it
    return element("figure", body + _axis(scale) + caption, class_="intervals", style=zero)


def _interval(detail: Json) -> Interval:
    low, high = (float(end) for end in detail["slack"])
    return Interval(detail["part"], detail["scene"], low, high, detail["outcome"])


def _hostility(interval: Interval) -> tuple[int, float]:
    return _ORDER.index(interval.outcome), interval.low


def _part(part: str, rows: list[Interval], scale: Scale) -> str:
    return element("p", text(part), class_="of") + "".join(_row(row, scale) for row in rows)


def _row(row: Interval, scale: Scale) -> str:
    says = f"{row.scene}: {_number(row.low)} to {_number(row.high)}, {row.outcome}"
    name = element("span", text(row.scene), class_="scene")
    drawing = element("title", text(says)) + _mark(row, scale)
    return element("div", name + element("svg", drawing, role="img", class_=row.outcome), class_="row")


def _mark(row: Interval, scale: Scale) -> str:
    low, high = scale.place(row.low), scale.place(row.high)
    # an interval may be narrower than the dot, which then is all there is to see
    return f'<line x1="{low}%" x2="{high}%" y1="8" y2="8"/><circle cx="{(low + high) / 2:.2f}%" cy="8" r="3"/>'


def _axis(scale: Scale) -> str:
    labels = "".join(
        f'<line x1="{place}%" x2="{place}%" y1="0" y2="4"/><text x="{place}%" y="15">{tick_text(tick)}</text>'
        for tick, place in ((tick, scale.place(tick)) for tick in scale.ticks())
    )
    drawing = element("svg", labels, class_="axis", aria_hidden="true")
    return element("div", '<span class="scene">right side minus left side</span>' + drawing, class_="row")


def _caption(verdict: Verdict, rows: list[Interval], left_out: int) -> str:
    present = [outcome for outcome in _LEGEND if any(row.outcome == outcome for row in rows)]
    sample = '<svg class="{}" aria-hidden="true"><circle cx="50%" cy="50%" r="3"/></svg>'
    legend = "".join(element("span", sample.format(o) + text(_LEGEND[o]), class_="key") for o in present)
    says = (
        "Zero is the bound; on the shaded side it would be broken. The scale is asinh: straight near zero, logarithmic "
    )
    says += "further out, so that lengths compare only near zero."
    if verdict.alpha is not None:
        says += f" The chance that any verdict of this claim is wrong is at most {verdict.alpha:.2g}."
    if left_out:
        says += f" Shown are the cells nearest to a violation; {left_out} more are in the details."
    return legend + element("span", says)


def _number(x: float) -> str:
    return f"{x:.4g}"
