"""In a built site keys and names of claims are links, and a key without an entry stops the build."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from site_folder import DOCS

pytest.importorskip("sphinx")
pytest.importorskip("myst_parser")

SETTINGS = f"""
import sys
sys.path.insert(0, {str(DOCS)!r})
extensions = ["myst_parser", "_ext.bibliography", "_ext.cross_references"]
suppress_warnings = ["ref.doc"]
html_theme = "basic"
"""


def build(folder: Path, words: str) -> subprocess.CompletedProcess[str]:
    source = folder / "docs"
    (source / "claims").mkdir(parents=True, exist_ok=True)
    (source / "conf.py").write_text(SETTINGS, encoding="utf-8")
    (source / "bibliography.md").write_text("# Sources\n\n- **gao2022** — L. Gao. Scaling.\n", encoding="utf-8")
    (source / "claims" / "cost-bound.md").write_text("# The bound\n", encoding="utf-8")
    toc = "```{toctree}\nbibliography\nclaims/cost-bound\n```\n"
    (source / "index.md").write_text(f"# Start\n\n{words}\n\n{toc}", encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-W", "-q", "-b", "html", str(source), str(folder / "out")]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


def test_keys_and_claims_become_links(tmp_path: Path) -> None:
    done = build(tmp_path, "See gao2022, and the claim `cost-bound`, and `1 + 1`.")
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert 'href="bibliography.html#source-gao2022"' in page
    assert page.count('href="claims/cost-bound.html"') >= 2
    sources = (tmp_path / "out" / "bibliography.html").read_text(encoding="utf-8")
    assert 'id="source-gao2022"' in sources and "overoptimisation-peak" in sources


def test_a_key_without_an_entry_stops_the_build(tmp_path: Path) -> None:
    done = build(tmp_path, "See nobody2020.")
    assert done.returncode == 1 and "no bibliography entry: nobody2020" in done.stderr
