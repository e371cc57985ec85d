"""An interactive page of a tradeoff: one HTML file that needs no network."""

from __future__ import annotations

import html
import math
from pathlib import Path
from typing import Any

from qtheory.errors import InvalidInput, MissingExtra
from qtheory.frontiers.tradeoff import Tradeoff, cost_class_text
from qtheory.plots.labels import nothing_to_draw, require
from qtheory.plots.looks import look
from qtheory.plots.saving import write_sidecar
from qtheory.statements.record import Record

_SHAPES = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross")
_DASHES = ((1, 0), (8, 3), (8, 3, 2, 3), (2, 2), (5, 2, 1, 2), (12, 4))
_WIDTH, _HEIGHT = 370, 330
_HEAD = """<head>
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Power and safety</title>
  <style>
    body { font-family: system-ui, sans-serif; margin: 2em auto; max-width: 66em; padding: 0 1em; color: #222; background: #fff; }
    body #vis.vega-embed { display: block; overflow-x: auto; }
    .vega-bind { margin: .5em 0; }
    .vega-bind input { width: 16em; }
  </style>"""
_TEXT = """<body>
<h1>Power and safety</h1>
<p>Base {base}; hidden costs {costs}. Each mark is one optimizer at one setting: point at it to read it, click a name in the
legend to see one family alone, and drag or scroll in the left panel. The right panel charges each unit of worst-case cost
the price set below, in units of utility: the highest mark is then the best guarantee.</p>"""


def save_explorer(data: Tradeoff, path: Path | str, *, record: Record | None = None) -> None:
    """Writes the page: value against worst-case cost, and value less a price on that cost against nats.

    Args:
        data: as `tradeoff` gives it, with at most six families.
        path: ends in `.html`.
        record: of what made the numbers, written beside the page.

    Raises:
        InvalidInput: another ending, nothing finite to draw, or a place that cannot be written to.
        MissingExtra: altair or vl-convert-python is not installed.
    """
    require(data, Tradeoff, "tradeoff")
    target = Path(path)
    if target.suffix.lower() != ".html":
        raise InvalidInput("the explorer is a page", got=target.name, allowed=".html")
    altair, rows = _altair(), _rows(data)
    if not rows:
        raise nothing_to_draw("a finite worst case under some policy")
    # the page has its own title, and the menu leads to a site
    plain = _chart(altair, rows, data).to_html(inline=True, embed_options={"actions": False, "renderer": "svg"})
    try:
        target.write_text(_framed(plain, data), encoding="utf-8")
        write_sidecar(target, record, altair=altair.__version__)
    except OSError as error:
        raise InvalidInput(f"the page cannot be written: {error.strerror or error}", got=str(target)) from error


def _rows(data: Tradeoff) -> list[dict[str, Any]]:
    rows = []
    for curve in data.curves:
        for point in curve.points:
            numbers = {"value": float(point.value), "worst": float(point.worst), "nats": float(point.kl)}
            if all(map(math.isfinite, numbers.values())) and numbers["worst"] > 0:
                rows.append({"optimizer": _plain(curve.name), "setting": point.setting, **numbers})
    return rows


def _chart(altair: Any, rows: list[dict[str, Any]], data: Tradeoff) -> Any:
    names = [_plain(curve.name) for curve in data.curves]
    chosen = altair.selection_point(fields=["optimizer"], bind="legend", name="chosen")
    dial = altair.binding_range(min=0, max=5, step=0.05, name="Price of a unit of worst-case cost ")
    price = altair.param("price", value=1, bind=dial)
    zoom = altair.selection_interval(bind="scales", name="zoom")
    shared = (
        altair.Chart(altair.Data(values=rows))
        .transform_calculate(guarantee="datum.value - price * datum.worst")
        .encode(
            color=altair.Color("optimizer:N", sort=names, title="optimizer")
            .scale(domain=names, range=[look(i).color for i in range(len(names))])
            .legend(symbolSize=90, labelLimit=260),
            opacity=altair.when(chosen).then(altair.value(1.0)).otherwise(altair.value(0.12)),
            tooltip=[
                altair.Tooltip("optimizer:N"),
                altair.Tooltip("setting:N"),
                altair.Tooltip("value:Q", format=".4g", title="utility"),
                altair.Tooltip("worst:Q", format=".4g", title="worst-case cost"),
                altair.Tooltip("nats:Q", format=".4g", title="KL, nats"),
                altair.Tooltip("guarantee:Q", format=".4g", title="utility less priced cost"),
            ],
        )
        .properties(width=_WIDTH, height=_HEIGHT)
    )
    worst = altair.X("worst:Q", title="worst-case cost").scale(type="log")
    left = _panel(altair, shared, names, worst, altair.Y("value:Q", title="expected proxy utility"), chosen, zoom)
    kl = altair.X("nats:Q", title="KL from the base (nats)")
    less = altair.Y("guarantee:Q", title="utility less price \u00d7 worst-case cost").scale(domain=_heights(rows))
    right = _panel(altair, shared, names, kl, less)
    both = altair.hconcat(left, right).add_params(price)
    return both.configure_axis(labelFontSize=12, titleFontSize=13).configure_legend(labelFontSize=13, titleFontSize=13)


def _panel(altair: Any, shared: Any, names: list[str], x: Any, y: Any, *params: Any) -> Any:
    dash = altair.StrokeDash("optimizer:N", sort=names, legend=None).scale(
        domain=names, range=[list(_DASHES[i]) for i in range(len(names))]
    )
    shape = altair.Shape("optimizer:N", sort=names).scale(domain=names, range=_SHAPES[: len(names)])
    lines = shared.mark_line(strokeWidth=1.8, clip=True).encode(x=x, y=y, strokeDash=dash)
    # a shape in what both share would draw every mark twice
    marks = shared.mark_point(filled=True, size=55, clip=True).encode(x=x, y=y, shape=shape)
    return altair.layer(lines, marks.add_params(*params))


def _heights(rows: list[dict[str, Any]]) -> list[float]:
    """What the right panel shows: utilities, and as far below the least of them again; it stays when the price moves."""
    low, high = min(row["value"] for row in rows), max(row["value"] for row in rows)
    room = max(high - low, 1e-9)
    return [low - room, high + room / 10]


def _plain(name: str) -> str:
    """A name without the marks of mathematics, which the page does not typeset, and without those of HTML."""
    name = name.replace("$", "").replace(r"\chi", "\u03c7").replace("^2", "\u00b2")
    return name.replace("<", "\u2039").replace(">", "\u203a")


def _framed(plain: str, data: Tradeoff) -> str:
    before, _, after = plain.rpartition("<body>")
    text = _TEXT.format(base=html.escape(data.base), costs=html.escape(cost_class_text(data.cost_class)))
    page = before.replace("<html>", '<html lang="en">', 1).replace("<head>", _HEAD, 1) + text + after
    return page


def _altair() -> Any:
    try:
        import altair
        import vl_convert
    except ImportError as error:
        remedy = 'pip install "qtheory[plot]"'
        what = "the explorer needs altair and vl-convert-python, which are in the extra `plot`"
        raise MissingExtra(what, remedy=remedy) from error
    del vl_convert  # altair imports it where it inlines the scripts, with an error that names no extra
    return altair
