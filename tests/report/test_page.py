"""The page: everything of the run is on it, its links lead somewhere, and nothing of a claim's is acted upon."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from hostile import SLUGS

from qtheory.report.page.document import report_page
from qtheory.report.page.markup import anchor

VOID = {"meta", "link", "input", "br", "img"}


class Page(HTMLParser):
    """The elements of a page, which must be nested properly."""

    def __init__(self, text: str):
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def test_every_link_leads_to_a_place_on_the_page(written):
    page = Page((written / "index.html").read_text(encoding="utf-8"))
    assert page.open == []
    places = [a["id"] for _, a in page.elements if "id" in a]
    links = [a["href"] for a in page.of("a")]
    assert len(set(places)) == len(places)
    assert len(links) > 8
    assert {link.removeprefix("#") for link in links} <= set(places)


def test_everything_of_the_run_is_on_the_page(run):
    text = report_page(run)
    for slug in SLUGS:
        assert f'id="{anchor(slug)}"' in text
        for part in run.entries[SLUGS.index(slug)].claim.parts:
            assert f'id="{anchor(slug, part.name)}"' in text
    assert run.record.configuration_hash in text
    assert run.record.versions["sympy"] in text
    steps = sum(len(told.steps) for entry in run.entries[:2] for told in entry.told.values())
    assert len(re.findall('<ol class="steps">.*?</ol>', text)) == sum(len(e.claim.parts) for e in run.entries[:2])
    assert sum(block.count("<li>") for block in re.findall('<ol class="steps">.*?</ol>', text)) == steps
    assert "Counterexample to" in text
    assert "2 actions" in text


def test_the_only_script_is_the_pages_own(written):
    text = (written / "index.html").read_text(encoding="utf-8")
    page = Page(text)
    assert len(page.of("script")) == 1
    assert not page.of("img")
    assert "&lt;script&gt;document.title" in text
    events = [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    assert events == []


def test_the_page_asks_nobody_for_anything(written):
    text = (written / "index.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in text
    assert not re.search(r"(?:src|href)=\"(?!#|data:,)", text)
    assert not re.search(r"url\(|@import|fetch\(|XMLHttp", text)


def test_names_of_places_tell_claims_apart():
    assert anchor("a b") != anchor("a-b")
    assert anchor("a", "b") != anchor("a-b")
    assert re.fullmatch(r"[A-Za-z0-9_-]+", anchor('"><b>', "ü"))


def test_a_run_of_nothing_is_a_page(run):
    from dataclasses import replace

    assert "0 claims" in report_page(replace(run, entries=()))
