"""The page in a real browser: no error, mathematics has a size, links and filters work, and it fits on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from browser import browser, requested, require_browser, resize
from hostile import SLUGS

from qtheory.report.page.document import report_page
from qtheory.report.page.markup import anchor
from qtheory.statements.verdict import Verdict

PHONE = 390


@pytest.fixture(scope="module")
def page(written, tmp_path_factory) -> Iterator[Any]:
    require_browser()
    with browser(tmp_path_factory.mktemp("profile")) as driver:
        resize(driver, 1200)
        driver.get("about:blank")
        requested(driver)  # what the browser's own first page asked for
        driver.get((written / "index.html").as_uri())
        yield driver


@pytest.fixture(scope="module")
def opened(page) -> Any:
    page.execute_script("document.querySelectorAll('details').forEach(d => { d.open = true })")
    return page


def rows(page) -> list[str]:
    script = (
        "return [...document.querySelectorAll('#table tbody tr')].filter(r => r.offsetHeight).map(r => r.innerText)"
    )
    return page.execute_script(script)


def choose(page, name: str, value: str) -> None:
    script = "const x = document.getElementById(arguments[0]); x.value = arguments[1];"
    page.execute_script(script + "x.dispatchEvent(new Event(x.tagName === 'INPUT' ? 'input' : 'change'))", name, value)


def test_the_page_loads_without_an_error_and_without_a_network(page):
    assert [entry for entry in page.get_log("browser") if entry["level"] != "INFO"] == []
    asked = {address for address in requested(page) if not address.startswith(("file:", "data:"))}
    assert asked == set()
    assert page.title == "Verification report"  # the hostile claim would have changed it


def test_a_script_in_a_title_is_shown_and_not_run(page):
    assert any("<script>" in row for row in rows(page))
    assert page.execute_script("return document.scripts.length") == 1


def test_every_formula_has_a_size(opened):
    script = """return [...document.querySelectorAll('math')].map(m => {
      const box = m.getBoundingClientRect(); return [box.width, box.height] })"""
    boxes = opened.execute_script(script)
    assert len(boxes) > 80
    assert all(width > 4 and height > 6 for width, height in boxes)


def test_fractions_are_set_as_fractions(opened):
    script = """return [...document.querySelectorAll('mfrac')].map(f => [...f.children].map(
      x => x.getBoundingClientRect().top))"""
    tops = opened.execute_script(script)
    assert tops
    assert all(above < below for above, below in tops)


def test_links_lead_to_their_claims(page):
    for slug in SLUGS:
        page.execute_script("document.querySelector(`#table a[href='#${arguments[0]}']`).click()", anchor(slug))
        assert page.execute_script("return document.querySelector(':target').id") == anchor(slug)
    broken = """return [...document.querySelectorAll('a')].filter(
      a => !document.getElementById(a.getAttribute('href').slice(1))).length"""
    assert page.execute_script(broken) == 0


def test_the_table_is_filtered_by_words_status_and_trust(page):
    everything = len(rows(page))
    choose(page, "find", "windowed")
    assert len(rows(page)) == 1
    choose(page, "find", "no such words")
    assert rows(page) == []
    choose(page, "find", "")
    choose(page, "status", "violated")
    assert len(rows(page)) == 1
    assert "<script>" in rows(page)[0]
    choose(page, "status", "")
    choose(page, "trust", "SMT2")
    assert 0 < len(rows(page)) < everything
    choose(page, "trust", "")
    assert len(rows(page)) == everything


def test_the_table_is_sorted_by_a_click_on_its_head(page):
    click = "document.querySelectorAll('#table th button')[arguments[0]].click()"
    page.execute_script(click, 0)
    up = rows(page)
    page.execute_script(click, 0)
    assert rows(page) == up[::-1]
    sort = "return document.querySelectorAll('#table th')[0].getAttribute('aria-sort')"
    assert page.execute_script(sort) == "descending"


def test_the_page_fits_on_a_phone_with_everything_open(opened):
    resize(opened, PHONE)
    width = "return Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)"
    assert opened.execute_script(width) <= PHONE
    assert opened.execute_script("return innerWidth") == PHONE
    beyond = """return [...document.querySelectorAll('h1, h2, h3, p, input, select, .display, pre, .scroll')].filter(
      x => x.getBoundingClientRect().right > innerWidth + 0.5).map(x => x.outerHTML.slice(0, 80))"""
    assert opened.execute_script(beyond) == []
    opened.execute_script(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<div id=wide style=\"width:900px;height:9px\">')"
    )
    assert opened.execute_script(width) > PHONE  # the measure sees what does not fit
    opened.execute_script("document.getElementById('wide').remove()")
    resize(opened, 1200)


def test_figures_have_a_size_and_fit_on_a_phone(run, page, tmp_path):
    slacks = [("inconclusive", -1.0, 2.0), ("holds", 3.0, 4.0), ("violated", "-inf", -1.0)]
    cells = [
        {"part": "bound", "scene": "a long name of a scene " * 5, "outcome": word, "slack": [low, high]}
        for word, low, high in slacks
    ]
    verdict = Verdict("simulate", "violated", "made up", alpha=1e-6, details=tuple(cells))
    entry = replace(run.entries[0], report=replace(run.entries[0].report, verdicts=(verdict,)))
    path = tmp_path / "figures.html"
    path.write_text(report_page(replace(run, entries=(entry,))), encoding="utf-8")
    before = page.current_url
    page.get(path.as_uri())
    try:
        for width in (1200, PHONE):
            resize(page, width)
            sizes = page.execute_script(
                "return [...document.querySelectorAll('figure circle, figure .strip rect, figure .row line')].map("
                "x => { const b = x.getBoundingClientRect(); return [b.width, b.height, b.left, b.right] })"
            )
            assert len(sizes) > 8
            assert all(w + h > 1 and -1 <= left <= right <= width + 1 for w, h, left, right in sizes)
            fits = "return document.documentElement.scrollWidth <= innerWidth"
            assert page.execute_script(fits)
        fills = "return [...document.querySelectorAll('.row circle')].map(x => getComputedStyle(x).fill)"
        assert len(set(page.execute_script(fills))) == 3  # an outcome is told by its look
    finally:
        resize(page, 1200)
        page.get(before)


def test_dark_readers_get_a_dark_page(written, tmp_path):
    require_browser()
    shades = {}
    for dark in (False, True):
        with browser(tmp_path / str(dark), dark=dark) as driver:
            driver.get((written / "index.html").as_uri())
            script = "const s = getComputedStyle(document.body); return [s.backgroundColor, s.color]"
            shades[dark] = [brightness(colour) for colour in driver.execute_script(script)]
    assert shades[False][0] > 240 > 60 > shades[False][1]
    assert shades[True][0] < 40 < 200 < shades[True][1]


def brightness(colour: str) -> float:
    channels = [float(x) for x in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    return sum(channels) / 3
