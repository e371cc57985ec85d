"""Every link from one page of the repository to another leads somewhere, headings included."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from page_blocks import name_of, pages, prose

_LINK = re.compile(r"\]\(([^)\s]+)\)")


def anchors(text: str) -> set[str]:
    """The names of a page's headings, as they are made where the repository is shown.

    >>> sorted(anchors("# How to `add` a claim\\n## Why, then?\\n"))
    ['how-to-add-a-claim', 'why-then']
    """
    heads = re.findall(r"^#+ (.+)$", prose(text), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", head).lower()).replace(" ", "-")
        for head in heads
    }


def broken(page: Path) -> list[str]:
    """The links of a page that lead nowhere."""
    found = []
    for target in _LINK.findall(prose(page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or (anchor and anchor not in anchors(file.read_text(encoding="utf-8"))):
            found.append(target)
    return found


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_every_link_leads_somewhere(page: Path) -> None:
    assert not broken(page)


def test_broken_links_are_seen(tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("# A heading\n", encoding="utf-8")
    page = tmp_path / "page.md"
    page.write_text("[a](other.md#a-heading) [b](other.md#none) [c](gone.md) [d](#mine)\n\n## Mine\n", encoding="utf-8")
    assert broken(page) == ["other.md#none", "gone.md"]


def test_no_page_names_another_host() -> None:
    """Pages are read without a network; sources are cited by key."""
    assert not [
        name_of(page) for page in pages() if re.search(r"https?://(?!first-host)", page.read_text(encoding="utf-8"))
    ]
