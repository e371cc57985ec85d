"""Pages that lie elsewhere in the repository, and links from the pages here to them."""

from __future__ import annotations

import re
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

# The file in the repository, the page made from it, and what makes its links those of this folder.
CONTRIBUTING, DERIVATIONS = "contributing.md", "derivations.md"
_FROM_DOCS = {
    r"\.\./README\.md": "index.md",
    r"\.\./CONTRIBUTING\.md": CONTRIBUTING,
    r"\.\./proofs/README\.md": DERIVATIONS,
    r"\.\./notebooks/(?=[)\d])": "notebooks/",
    r"\.\./qtheory/claims/(?=[)])": "claims/",
}
_FROM_ROOT = {r"docs/": "", r"README\.md": "index.md", r"proofs/README\.md": DERIVATIONS, r"notebooks/": "notebooks/"}
_FROM_PROOFS = {r"([a-z_0-9]+)\.py": lambda match: f"claims/{match[1].replace('_', '-')}.md"}


def relinked(text: str, table: dict) -> str:
    """A text whose links begin elsewhere; a link to a folder is one to its index.

    >>> relinked("see [here](../README.md#x)", _FROM_DOCS)
    'see [here](index.md#x)'
    """
    for old, new in table.items():
        text = re.sub(rf"(?<=\]\(){old}", new if isinstance(new, str) else lambda match, new=new: new(match), text)
    return re.sub(r"(?<=\]\()(claims/|notebooks/)(?=\))", r"\1index.md", text)


def write_changed(path: Path, text: str) -> None:
    """Writes a generated file unless it is as it should be, so that an unchanged page is not built again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def _make(app: Sphinx, config: Config) -> None:
    docs = Path(app.srcdir)
    root = docs.parent
    write_changed(docs / CONTRIBUTING, relinked((root / "CONTRIBUTING.md").read_text(encoding="utf-8"), _FROM_ROOT))
    write_changed(
        docs / DERIVATIONS, relinked((root / "proofs" / "README.md").read_text(encoding="utf-8"), _FROM_PROOFS)
    )


def _on_source(app: Sphinx, docname: str, source: list[str]) -> None:
    source[0] = relinked(source[0], _FROM_DOCS)


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("config-inited", _make)
    app.connect("source-read", _on_source)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
