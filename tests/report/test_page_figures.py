"""The figures of the page: made of the verdicts' own numbers, every cell on its side of zero."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from dataclasses import replace
from importlib.resources import files

import pytest

from qtheory.checking.verify import ClaimReport
from qtheory.claims.registry import get
from qtheory.report.details import details_notes, details_table
from qtheory.report.latex_document import report_latex
from qtheory.report.markdown_document import report_markdown
from qtheory.report.page.document import report_page
from qtheory.report.page.intervals import MOST_ROWS, interval_figure, intervals_of, nearest
from qtheory.report.page.overview import overview
from qtheory.report.page.scale import Scale, scale_for, tick_text
from qtheory.statements import verdict as verdicts
from qtheory.statements.verdict import Verdict


def cell(low, high, outcome="inconclusive", part="bound", scene="normal"):
    return {"part": part, "scene": scene, "outcome": outcome, "slack": [low, high], "samples": 10}


def simulated(*cells):
    return Verdict("simulate", "inconclusive", "some", alpha=1e-6, details=(*cells, {"detectable_gap": 1.0}))


@pytest.mark.parametrize("ends", [[(-1.0, 2.0)], [(-1e-12, 1e-12), (3.0, 1e5)], [(1.0, 2.0)], [(0.0, 0.0)], []])
def test_a_scale_keeps_order_and_shows_everything(ends):
    scale = scale_for(ends)
    numbers = sorted({0.0, *(x for pair in ends for x in pair)})
    places = [scale.place(x) for x in numbers]
    assert places == sorted(places)
    assert all(0 < place < 100 for place in places)
    assert 0.0 in scale.ticks()
    gaps = [b - a for a, b in zip(map(scale.place, scale.ticks()), map(scale.place, scale.ticks()[1:]), strict=False)]
    assert all(gap > 5 for gap in gaps)


def test_infinite_ends_stand_at_the_edge():
    scale = scale_for([(-math.inf, 1.0), (2.0, math.inf)])
    assert (scale.place(-math.inf), scale.place(math.inf)) == (0.0, 100.0)
    figure = interval_figure(simulated(cell("-inf", 1.0), cell(2.0, "inf", "holds")))
    assert 'x1="0.0%"' in figure
    assert 'x2="100.0%"' in figure
    assert "nan" not in figure


def test_each_interval_is_drawn_where_its_numbers_say():
    cells = [cell(-0.5, 0.5), cell(1.0, 2.0, "holds"), cell(-3.0, -1.0, "violated")]
    figure = interval_figure(simulated(*cells))
    zero = float(re.search(r"--zero: ([\d.]+)%", figure).group(1))
    rows = re.findall(r'<svg role="img" class="(\w+)">.*?x1="([\d.]+)%" x2="([\d.]+)%"', figure)
    assert [outcome for outcome, *_ in rows] == ["inconclusive", "holds", "violated"]
    sides = [(float(left) < zero, float(right) > zero) for _, left, right in rows]
    assert sides == [(True, True), (False, True), (True, False)]
    assert [float(left) for _, left, _ in rows] == [
        scale_for([tuple(c["slack"]) for c in cells]).place(c["slack"][0]) for c in cells
    ]
    assert all(words in figure for words in ("-0.5 to 0.5", "1 to 2", "violated, seen twice"))


def test_the_cells_nearest_to_a_violation_are_shown_of_every_part():
    easy = [cell(5.0 + i, 6.0 + i, "holds", "easy") for i in range(40)]
    hard = [cell(-1.0, 1.0, part="hard"), cell(-2.0, -1.0, "violated", "hard")]
    shown = nearest(intervals_of(simulated(*easy, *hard)))
    assert len(shown) == MOST_ROWS
    assert {x.outcome for x in shown if x.part == "hard"} == {"inconclusive", "violated"}
    assert max(x.low for x in shown if x.part == "easy") < 5.0 + MOST_ROWS
    assert "18 more are in the details" in interval_figure(simulated(*easy, *hard))
    assert "more are in the details" not in interval_figure(simulated(*hard))


def test_nothing_sampled_is_no_figure():
    assert interval_figure(Verdict("simulate", "not_applicable", "no world")) == ""
    assert interval_figure(simulated(cell(0.0, 1.0, "not sampled"))) == ""


def test_names_in_a_figure_are_escaped():
    assert "<script" not in interval_figure(simulated(cell(0.0, 1.0, scene="<script>", part="<script>")))


def test_ticks_read_as_numbers():
    assert [tick_text(x) for x in (0.001, -1000.0, 1e-7)] == ["0.001", "−1000", "10⁻⁷"]
    assert Scale(1.0, -1.0, 1.0).place(0.5) > 50


def test_the_overview_has_a_square_a_claim_and_its_counts(run):
    figure = overview(run)
    assert figure.count("<a ") == 4 + 4 + sum(report.twin is not None for report in run.reports)
    assert "1 violated" in figure
    assert 'class="cross"' in figure
    assert overview(replace(run, entries=())) == ""


def test_a_square_is_filled_as_far_as_cells_hold(run):
    filled = []
    for holds in (0, 1, 3):
        cells = [cell(1.0, 2.0, "holds")] * holds + [cell(-1.0, 1.0)] * (4 - holds)
        report = ClaimReport(get("cost-bound"), (simulated(*cells),))
        figure = overview(replace(run, entries=(replace(run.entries[0], report=report, told={}),)))
        filled.append(re.findall(r'class="share".*?height="([\d.]+)"', figure))
    assert filled == [[], ["2.00"], ["6.00"]]


def test_what_survived_does_not_look_like_what_was_proved(run):
    figure = overview(run)
    squares = dict(re.findall(r"<title>[^<]*: ([\w ]+)</title><rect class=\"(\w+)\"", figure))
    assert squares["survived"] == "tried"
    assert "tried" not in {look for word, look in squares.items() if word != "survived"}
    assert "which proves nothing" in figure
    [style] = re.findall(
        r"\.tried \{([^}]*)\}", (files("qtheory.report.page") / "style.css").read_text(encoding="utf-8")
    )
    assert "--good" not in style


def test_an_outcome_without_a_look_of_its_own_is_shown_in_its_own_words(run, monkeypatch):
    monkeypatch.setattr(verdicts, "OUTCOMES", (*verdicts.OUTCOMES, "under_review"))
    report = ClaimReport(get("cost-bound"), (Verdict("falsify", "under_review", "wait"),))
    figure = overview(replace(run, entries=(replace(run.entries[0], report=report, told={}),)))
    assert "1 under review" in figure
    assert 'class="none"' in figure


def test_the_figure_says_what_its_scale_is():
    assert "The scale is asinh" in interval_figure(simulated(cell(-0.5, 0.5)))
    assert "lengths compare only near zero" in interval_figure(simulated(cell(-0.5, 0.5)))


def test_what_concerns_all_cells_is_no_row_of_their_table():
    verdict = simulated(cell(-0.5, 0.5), cell(1.0, 2.0, "holds"))
    heads, rows = details_table(verdict)
    assert [row[heads.index("outcome")] for row in rows] == ["inconclusive", "holds"]
    assert all(cell for row in rows for cell in row)
    [note] = details_notes(verdict)
    assert "a violation by 1 would be seen" in note
    [endless] = details_notes(replace(verdict, details=({"detectable_gap": "inf"},)))
    assert "no violation" in endless
    assert details_notes(replace(verdict, details=verdict.details[:2])) == []


def test_no_form_of_a_report_has_a_row_that_is_all_but_empty(run):
    report = ClaimReport(get("cost-bound"), (simulated(cell(-0.5, 0.5), cell(1.0, 2.0, "holds")),))
    one = replace(run, entries=(replace(run.entries[0], report=report, told={}),))
    assert not re.search(r"^\| +\| +\| +\|", report_markdown(one), re.MULTILINE)
    assert not re.search(r"^ *& *& *&", report_latex(one), re.MULTILINE)
    assert "<tr><td></td><td></td>" not in report_page(one)
    assert all("a violation by 1 would be seen" in form(one) for form in (report_markdown, report_latex, report_page))


def test_the_page_needs_no_matplotlib():
    program = "import sys; sys.modules['matplotlib'] = None; import qtheory.report.write"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=120)
