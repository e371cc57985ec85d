"""Whatever is cited has an entry, and every entry is cited."""

from __future__ import annotations

import pytest
from site_folder import DOCS

pytest.importorskip("sphinx")

from _ext.bibliography import cited, entries

from qtheory.claims.registry import all_claims

ROOT = DOCS.parent
# Invented in a page that shows how one cites.
INVENTED = {"author2020"}


def used() -> set[str]:
    files = [*(ROOT / "qtheory").rglob("*.py"), *(ROOT / "proofs").glob("*.py"), *(ROOT / "notebooks").glob("*.py")]
    files += [path for path in DOCS.glob("*.md") if path.name != "bibliography.md"]
    return set().union(*(cited(path.read_text(encoding="utf-8")) for path in files)) - INVENTED


def test_every_key_of_a_claim_has_an_entry() -> None:
    keys = set().union(*(cited(claim.source) for claim in all_claims()))
    assert len(keys) >= 20
    assert keys <= set(entries(DOCS))


def test_entries_and_citations_are_the_same() -> None:
    found = entries(DOCS)
    assert sorted(found) == found and len(found) == len(set(found))
    assert used() == set(found)


def test_keys_are_told_from_words() -> None:
    assert cited("taylor2016quantilizers, Lemma 1; an48; see Taylor (2016), sha256, x2062, run2") == {
        "taylor2016quantilizers",
        "an48",
    }
