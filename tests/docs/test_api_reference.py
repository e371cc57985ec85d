"""Every public name is documented, in the code and on a page of the API reference."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from site_folder import DOCS

pytest.importorskip("sphinx")

from _ext.public_names import imported_by, problems, public_names, readers_pages, referenced


def test_every_public_name_has_words_and_a_place() -> None:
    public = public_names() | imported_by(readers_pages(DOCS.parent))
    assert len(public) > 180
    assert not problems(public, referenced(DOCS / "api"))


def test_a_planted_name_is_missed() -> None:
    def planted() -> None: ...

    shown = referenced(DOCS / "api")
    public = public_names() | imported_by(readers_pages(DOCS.parent))
    assert problems(public | {"qtheory.planted": planted}, shown) == [
        "qtheory.planted is not in the API reference",
        "qtheory.planted has no docstring",
    ]
    assert problems(public_names(), shown - {"qtheory.Quantilizer"}) == [
        "qtheory.Quantilizer is not in the API reference"
    ]


def test_names_that_a_page_tells_to_import_are_public(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(">>> from qtheory.prover.smt import valid\n", encoding="utf-8")
    try:
        found = imported_by([page])
    except AttributeError:
        pytest.fail("the name that this test plants is gone: plant another")
    assert problems(found, referenced(DOCS / "api"))


def build(folder: Path, page: str) -> subprocess.CompletedProcess[str]:
    """Builds a site of one page with the check of names alone."""
    source = folder / "docs"
    source.mkdir(exist_ok=True)
    (folder / "notebooks").mkdir(exist_ok=True)
    (folder / "README.md").write_text("", encoding="utf-8")
    settings = (
        f"import sys\nsys.path.insert(0, {str(DOCS)!r})\nextensions = ['sphinx.ext.autodoc', '_ext.public_names']\n"
    )
    settings += (
        "import _ext.public_names as n, math\nn.public_names = lambda: {'math.gcd': math.gcd, 'math.lcm': math.lcm}\n"
    )
    (source / "conf.py").write_text(settings, encoding="utf-8")
    (source / "index.rst").write_text(page, encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-W", "-q", "-b", "dummy", str(source), str(folder / "out")]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


def test_the_build_fails_for_a_missing_name(tmp_path: Path) -> None:
    head = "Names\n=====\n\n.. autofunction:: math.gcd\n"
    done = build(tmp_path, head)
    assert done.returncode == 1 and "math.lcm is not in the API reference" in done.stderr
    assert build(tmp_path, f"{head}\n.. autofunction:: math.lcm\n").returncode == 0
