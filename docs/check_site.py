"""Checks a built site as a reader without a network would meet it: python docs/check_site.py out/site

Every link to a page, a heading or a file leads somewhere; nothing is fetched from elsewhere; no mathematics was left as
LaTeX. Prints what is wrong, a line each, and exits with 1 if there is anything.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

# What a browser fetches by itself, as against links that a reader may follow.
_FETCHED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src", "object": "data"}
_STYLE = re.compile(r"(?:@import\s+|url\()\s*['\"]?(https?:)?//")
_LATEX = re.compile(r"\\(?:frac|mathbb|le|ge|text|operatorname)\b|\$[^$\n]{1,60}\$")
_CODE = ("pre", "code", "script", "style", "title", "annotation")


@dataclass
class Page(HTMLParser):
    """What a page offers and asks for."""

    names: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    within: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {key: value for key, value in attrs if value is not None}
        self.names |= {named[key] for key in ("id", "name") if key in named}
        if tag in _CODE:
            self.within.append(tag)
        if tag == "a" and "href" in named:
            self.links.append(named["href"])
        elif _FETCHED.get(tag) in named and named.get("rel") not in {"search", "next", "prev", "index", "genindex"}:
            self.fetched.append(named[_FETCHED[tag]])

    def handle_endtag(self, tag: str) -> None:
        if self.within and self.within[-1] == tag:
            self.within.pop()

    def handle_data(self, data: str) -> None:
        if not self.within:
            self.words.append(data)


def problems(site: Path) -> list[str]:
    """What is wrong with a built site."""
    pages = {path: _read(path) for path in sorted(site.rglob("*.html"))}
    if not pages:
        return [f"{site}: there is no page"]
    found = [line for path, page in pages.items() for line in _of_page(path, page, pages)]
    styles = [path for path in sorted(site.rglob("*.css")) if _STYLE.search(path.read_text(encoding="utf-8"))]
    return [line.replace(f"{site}/", "") for line in found] + [
        f"{path.name}: fetches a style or a font" for path in styles
    ]


def _read(path: Path) -> Page:
    page = Page()
    page.feed(path.read_text(encoding="utf-8"))
    return page


def _of_page(path: Path, page: Page, pages: dict[Path, Page]) -> list[str]:
    found = [f"{path}: fetches {source}" for source in page.fetched if re.match(r"(https?:)?//", source)]
    for target in [*page.links, *page.fetched]:
        if not re.match(r"[a-z]+:|//", target) and not _leads_somewhere(path, target, pages):
            found.append(f"{path}: leads nowhere: {target}")
    if left := _LATEX.search(" ".join(page.words)):
        found.append(f"{path}: mathematics left as LaTeX: {left.group()}")
    return found


def _leads_somewhere(path: Path, target: str, pages: dict[Path, Page]) -> bool:
    place, _, anchor = unquote(target).partition("#")
    place = place.partition("?")[0]
    file = (path.parent / place).resolve() if place else path
    if not file.is_file():
        return False
    return not anchor or file not in pages or anchor in pages[file].names


def main() -> int:
    found = problems(Path(sys.argv[1]).resolve())
    print("\n".join(found) or "the site is whole")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
