"""The check of a built site finds what is broken, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
import site_folder  # noqa: F401
from check_site import problems

WHOLE = '<html><body><h1 id="top">A</h1><a href="#top">up</a> <img src="a.png"><a href="https://example.org">x</a></body></html>'


def site(folder: Path, body: str = "") -> Path:
    (folder / "a.png").write_bytes(b"")
    (folder / "index.html").write_text(WHOLE.replace("</body>", f"{body}</body>"), encoding="utf-8")
    return folder


def test_a_whole_site_passes(tmp_path: Path) -> None:
    assert problems(site(tmp_path, "<code>$ qtheory verify</code><p>costs $5</p>")) == []


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ('<a href="gone.html">x</a>', "leads nowhere: gone.html"),
        ('<a href="index.html#gone">x</a>', "leads nowhere: index.html#gone"),
        ('<img src="gone.png">', "leads nowhere: gone.png"),
        ('<script src="https://example.org/x.js"></script>', "fetches https://example.org/x.js"),
        ('<link rel="stylesheet" href="//example.org/x.css">', "fetches //example.org/x.css"),
        ("<p>so $x \\le 1$</p>", "mathematics left as LaTeX"),
    ],
)
def test_what_is_broken_is_named(body: str, says: str, tmp_path: Path) -> None:
    (found,) = problems(site(tmp_path, body))
    assert says in found and found.startswith("index.html")


def test_a_style_that_fetches_a_font_is_named(tmp_path: Path) -> None:
    (site(tmp_path) / "x.css").write_text("@font-face { src: url(https://example.org/x.woff) }", encoding="utf-8")
    assert problems(tmp_path) == ["x.css: fetches a style or a font"]


def test_an_empty_folder_is_no_site(tmp_path: Path) -> None:
    assert problems(tmp_path)
