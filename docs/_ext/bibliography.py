"""The bibliography: every entry can be linked to, and says which claims rest on it."""

from __future__ import annotations

import re
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

PAGE = "bibliography"
# A surname and a year, as bibliography keys are written here.
KEY = re.compile(r"(?<![\w/])(?:[a-z]{3,}(?:19|20)\d\d[a-z]*|an48)(?![\w/])")
_ENTRY = re.compile(r"^- \*\*([a-z0-9]+)\*\*", re.MULTILINE)


def entries(folder: Path) -> list[str]:
    """The keys of the entries of the page, in its order."""
    return _ENTRY.findall((folder / f"{PAGE}.md").read_text(encoding="utf-8"))


def cited(text: str) -> set[str]:
    """The keys that a text cites.

    >>> sorted(cited("taylor2016quantilizers, Lemma 1; derived in an48"))
    ['an48', 'taylor2016quantilizers']
    """
    return set(KEY.findall(text))


def label(key: str) -> str:
    """The name under which an entry is linked to."""
    return f"source-{key}"


def _on_read(app: Sphinx, doctree: nodes.document) -> None:
    if app.env.docname != PAGE:
        return
    users = _users()
    for item in doctree.findall(nodes.list_item):
        strong = next(iter(item.findall(nodes.strong)), None)
        if strong is None or not KEY.fullmatch(strong.astext()):
            continue
        key = strong.astext()
        item["ids"].append(label(key))
        app.env.domains.standard_domain.labels[label(key)] = (PAGE, label(key), key)
        app.env.domains.standard_domain.anonlabels[label(key)] = (PAGE, label(key))
        item += _used_by(users.get(key, []))


def _users() -> dict[str, list[str]]:
    from qtheory.claims.registry import all_claims

    users: dict[str, list[str]] = {}
    for claim in all_claims():
        for key in cited(claim.source):
            users.setdefault(key, []).append(claim.slug)
    return users


def _used_by(slugs: list[str]) -> list[nodes.Node]:
    if not slugs:
        return []
    line = nodes.paragraph("", "Claims: ", classes=["cited-by"])
    for i, slug in enumerate(slugs):
        line += [nodes.Text(", ")] * bool(i)
        line += addnodes.pending_xref(
            "",
            nodes.inline("", slug),
            refdomain="std",
            reftype="doc",
            reftarget=f"/claims/{slug}",
            refexplicit=True,
            refwarn=True,
            refdoc=PAGE,
        )
    return [line]


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("doctree-read", _on_read)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
