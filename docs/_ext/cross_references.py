"""Words that become links by themselves: names of claims, public names of the library, and bibliography keys."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from _ext.bibliography import KEY, PAGE, entries, label
from _ext.public_names import public_names
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.nodes import make_refnode

_LOG = logging.getLogger(__name__)
_NOT_WITHIN = (
    nodes.title,
    nodes.reference,
    addnodes.pending_xref,
    nodes.literal_block,
    nodes.raw,
    addnodes.desc_signature,
)


@cache
def _claims() -> frozenset[str]:
    from qtheory.claims.registry import slugs

    return frozenset(slugs())


@cache
def _names() -> frozenset[str]:
    return frozenset(public_names())


def target_of(code: str) -> tuple[str, str, str] | None:
    """(domain, kind, target) of a link that inline code stands for; `None` if it is code and nothing more.

    >>> target_of("cost-bound")
    ('std', 'doc', '/claims/cost-bound')
    >>> target_of("qt.verify")
    ('py', 'obj', 'qtheory.verify')
    >>> target_of("x + 1")
    """
    if code in _claims():
        return "std", "doc", f"/claims/{code}"
    full = code.replace("qt.", "qtheory.", 1) if code.startswith("qt.") else code
    return ("py", "obj", full) if full in _names() else None


class LinkedCode(SphinxTransform):
    """Inline code that names a claim or a public name."""

    default_priority = 700

    def apply(self, **_: Any) -> None:
        for literal in list(self.document.findall(nodes.literal)):
            found = None if _inside(literal) else target_of(literal.astext())
            if found is not None and found[2] != f"/{self.env.docname}":
                literal.replace_self(_link(found, literal.deepcopy(), self.env.docname))


class LinkedKeys(SphinxTransform):
    """Bibliography keys in a text; one without an entry is reported."""

    default_priority = 701

    def apply(self, **_: Any) -> None:
        if self.env.docname == PAGE:
            return
        known = set(entries(Path(self.env.srcdir)))
        for text in list(self.document.findall(nodes.Text)):
            if KEY.search(text) and not _inside(text) and not isinstance(text.parent, nodes.literal):
                text.parent.replace(text, self._linked(text, known))

    def _linked(self, text: nodes.Text, known: set[str]) -> list[nodes.Node]:
        out: list[nodes.Node] = []
        end = 0
        for match in KEY.finditer(text):
            out.append(nodes.Text(text[end : match.start()]))
            end = match.end()
            if match.group() in known:
                link = ("std", "ref", label(match.group()))
                out.append(_link(link, nodes.inline("", match.group(), classes=["citation-key"]), self.env.docname))
            else:
                _LOG.warning("no bibliography entry: %s", match.group(), location=text.parent)
        return [*out, nodes.Text(text[end:])]


def _inside(node: nodes.Node) -> bool:
    while node.parent is not None:
        node = node.parent
        if isinstance(node, _NOT_WITHIN):
            return True
    return False


def _link(found: tuple[str, str, str], shown: nodes.Node, docname: str) -> addnodes.pending_xref:
    domain, kind, target = found
    return addnodes.pending_xref(
        "", shown, refdomain=domain, reftype=kind, reftarget=target, refexplicit=True, refwarn=True, refdoc=docname
    )


def _by_short_name(app: Sphinx, env: BuildEnvironment, node: addnodes.pending_xref, shown: nodes.TextElement) -> Any:
    """A type that an annotation names without its module."""
    name = node.get("reftarget", "")
    if node.get("refdomain") != "py" or "." in name:
        return None
    ends = {target for target, entry in env.domains.python_domain.objects.items() if target.endswith(f".{name}")}
    target = min(ends, key=len, default=None)
    if target is None or not name[:1].isupper():
        return None
    entry = env.domains.python_domain.objects[target]
    return make_refnode(app.builder, node["refdoc"], entry.docname, entry.node_id, shown, target)


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("missing-reference", _by_short_name)
    app.add_transform(LinkedCode)
    app.add_transform(LinkedKeys)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
