"""A page for each claim and an index of them, written from the registry and from derivations carried out here."""

from __future__ import annotations

import multiprocessing
import os
import runpy
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

from _ext.claim_page import badge, claim_page, escaped, trust_of
from _ext.repository_pages import write_changed
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging

_LOG = logging.getLogger(__name__)
FOLDER = "claims"
_NOTE = "<!-- generated when the site is built: do not edit -->\n\n"


@cache
def chapters(root: Path) -> dict[str, list[str]]:
    """The claims of each chapter, from the test that says every claim has one."""
    table = runpy.run_path(str(root / "tests" / "claims" / "test_chapters.py"))["CHAPTERS"]
    return {chapter: stated.split() for chapter, stated in table.items()}


def carried_out(slug: str) -> tuple[str, str, int, int]:
    """The page of a claim, its trust, and how many parts and checked steps it has."""
    from qtheory.checking.prove import attempts
    from qtheory.claims.registry import get
    from qtheory.prover.proof import Proof

    claim = get(slug)
    proofs = attempts(claim)
    steps = sum(len(proof.facts) for proof in proofs.values() if isinstance(proof, Proof))
    return claim_page(claim, proofs), trust_of(claim, proofs), len(claim.parts), steps


def _alone() -> None:
    """One solver: the second doubles the time, and `qtheory prove` asks it."""
    sys.modules["cvc5"] = None  # type: ignore[assignment]


def index(table: dict[str, list[str]], trusts: dict[str, str]) -> str:
    """All claims by chapter, then by kind."""
    from qtheory.claims.registry import get

    blocks = [
        "# The claims",
        f"{len(trusts)} statements about soft optimisation, each with hypotheses, a derivation whose steps were checked"
        " while this site was built, and a false twin that is refuted. What the marks mean is said in"
        " [What is proved and what is not](../proved-and-not.md).",
    ]
    for chapter, slugs in table.items():
        rows = [f"| [{escaped(get(s).title)}]({s}.md) `{s}` | {get(s).kind} | {badge(trusts[s])} |" for s in slugs]
        blocks += [f"## {chapter[0].upper()}{chapter[1:]}", "\n".join(["| claim | kind | |", "|---|---|---|", *rows])]
    blocks.append("## By kind")
    for kind in sorted({get(s).kind for s in trusts}):
        listed = ", ".join(f"[{s}]({s}.md)" for s in trusts if get(s).kind == kind)
        blocks.append(f"**{kind}**: {listed}")
    toc = "\n".join(f"{slug} <{slug}>" for slugs in table.values() for slug in slugs)
    return "\n\n".join(blocks) + f"\n\n```{{toctree}}\n:hidden:\n\n{toc}\n```\n"


def counts(found: dict[str, tuple[str, str, int, int]]) -> str:
    """How much is proved, and by what."""
    from qtheory.prover.coq.sources import available_theorems

    trusts = [trust for _, trust, _, _ in found.values()]
    claims = {slug.replace("-", "_") for slug in found}
    coq = [name for name in available_theorems() if name.partition("__")[0] in claims and "__" in name]
    rows = [f"| {badge(trust)} | {trusts.count(trust)} |" for trust in sorted(set(trusts))]
    parts, steps = sum(one[2] for one in found.values()), sum(one[3] for one in found.values())
    head = f"{len(found)} claims in {parts} parts, {steps} checked steps; {len(coq)} parts are Coq theorems as well."
    return "\n".join([head, "", "| status of a claim's weakest part | claims |", "|---|---|", *rows, ""])


def make(docs: Path) -> None:
    """Writes all pages, unless nothing they are made from has changed."""
    from qtheory.claims.registry import slugs

    folder, root = docs / FOLDER, docs.parent
    if not _stale(folder, root):
        return
    _LOG.info("carrying out the derivations of %s claims", len(slugs()))
    with ProcessPoolExecutor(min(8, os.cpu_count() or 1), multiprocessing.get_context("spawn"), _alone) as pool:
        found = dict(zip(slugs(), pool.map(carried_out, slugs()), strict=True))
    for slug, (page, *_) in found.items():
        write_changed(folder / f"{slug}.md", _NOTE + page)
    for path in folder.glob("*.md"):
        if path.stem not in {*found, "index", "_counts"}:
            path.unlink()
    write_changed(folder / "_counts.md", counts(found))
    write_changed(folder / "index.md", _NOTE + index(chapters(root), {slug: one[1] for slug, one in found.items()}))
    (folder / "index.md").touch()


def _stale(folder: Path, root: Path) -> bool:
    made = folder / "index.md"
    sources = [
        *(root / "qtheory").rglob("*.py"),
        *(root / "proofs").rglob("*.[pv]*"),
        *(root / "docs/_ext").glob("*.py"),
    ]
    return not made.exists() or max(path.stat().st_mtime for path in sources) >= made.stat().st_mtime


def _on_start(app: Sphinx, config: Config) -> None:
    make(Path(app.srcdir))


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("config-inited", _on_start)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
