"""The small extensions that make the site: what each turns into what."""

from __future__ import annotations

import doctest
import importlib
import re
from pathlib import Path

import pytest
from site_folder import DOCS

for needed in ("sphinx", "myst_nb", "latex2mathml"):
    pytest.importorskip(needed)

from _ext.claim_page import claim_page, trust_of  # noqa: E402
from _ext.docstrings import as_rst  # noqa: E402
from _ext.mathml import UnknownMathematics, to_mathml  # noqa: E402
from _ext.notebook_gallery import page  # noqa: E402
from _ext.repository_pages import relinked  # noqa: E402

from qtheory.checking.prove import attempts  # noqa: E402
from qtheory.claims.registry import all_claims, get  # noqa: E402


@pytest.mark.parametrize("name", sorted(path.stem for path in (DOCS / "_ext").glob("*.py")))
def test_the_examples_of_an_extension_are_true(name: str) -> None:
    assert doctest.testmod(importlib.import_module(f"_ext.{name}")).failed == 0


def mathematics(path: Path) -> list[str]:
    text = re.sub(r"```.*?```|`[^`]*`", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.findall(r"\$\$(.+?)\$\$|\$([^$]+?)\$", text, re.DOTALL)  # type: ignore[return-value]


@pytest.mark.parametrize("path", sorted(DOCS.glob("*.md")), ids=lambda path: path.stem)
def test_all_mathematics_of_a_page_has_a_translation(path: Path) -> None:
    for pair in mathematics(path):
        assert "<math" in to_mathml("".join(pair), display=bool(pair[0]))


@pytest.mark.parametrize("latex", [r"\unheardof{x}", r"\frac{1}", r"x \undefinedrelation y"])
def test_mathematics_without_a_translation_is_refused(latex: str) -> None:
    with pytest.raises(UnknownMathematics):
        to_mathml(latex, display=False)


def test_letters_words_and_slashes_are_set_as_browsers_need_them() -> None:
    assert "𝔼" in to_mathml(r"\mathbb E", display=False) and "𝒞" in to_mathml(r"\mathcal C", display=False)
    assert 'lspace="0.17em" rspace="0.17em">log<' in to_mathml(r"w \log w", display=False)
    assert 'rspace="0">max<' in to_mathml(r"\max(a, b)", display=False)
    assert '<mo lspace="0" rspace="0">/</mo>' in to_mathml("1/q", display=False)


def test_docstrings_keep_their_examples_and_mark_their_mathematics() -> None:
    lines = [
        "At most $1/q$, for the $k$th of `n`, |x|.",
        "",
        "Args:",
        "    n: draws; k: kept.",
        "",
        ">>> f('$1/q$ `x`')",
        "'|'",
    ]
    assert as_rst(lines) == [
        r"At most :math:`1/q`, for the :math:`k`\ th of ``n``, \|x\|.",
        "",
        "Args:",
        "    n: draws",
        "    k: kept.",
        "",
        ">>> f('$1/q$ `x`')",
        "'|'",
    ]


def test_displayed_mathematics_keeps_its_indentation() -> None:
    assert as_rst(["    So $$a = b$$ holds."]) == ["    So ", "", "    .. math:: a = b", "", "     holds."]


def test_the_page_of_a_claim_says_everything_about_it() -> None:
    claim = get("cost-bound")
    text = claim_page(claim, attempts(claim))
    for part in claim.parts:
        assert f"### {part.name}" in text
    said = [
        "proved (SMT",
        "taylor2016quantilizers",
        "Known limits",
        "Wrong twin",
        "`cost_bound__bound`",
        "`qt.Quantilizer`",
    ]
    assert all(words in text for words in said)
    assert text.count("Derivation, ") == len(claim.parts)


def test_a_claim_without_derivations_is_not_proved() -> None:
    claim = get("cost-bound")
    assert trust_of(claim, {}) == "not proved"
    assert "Not proved: there is no derivation." in claim_page(claim, {})
    assert trust_of(claim, attempts(claim)).startswith("proved")


def test_every_claim_has_a_chapter() -> None:
    from _ext.claim_gallery import chapters

    stated = [slug for slugs in chapters(DOCS.parent).values() for slug in slugs]
    assert sorted(stated) == [claim.slug for claim in all_claims()]


def test_a_notebook_shows_its_figures_after_the_first_cell() -> None:
    script = "# ---\n# ---\n\n# %% [markdown]\n# # A title\n\n# %%\nx = 1\n"
    shown = page(script)
    assert shown.index("A title") < shown.index("remove-cell") < shown.index("x = 1")
    assert shown.replace(shown[shown.index("# %% tags") : shown.index("# %%\nx")], "") == script


def test_links_within_the_repository_become_links_within_the_site() -> None:
    from _ext.repository_pages import _FROM_DOCS, _FROM_PROOFS

    assert relinked("[a](../proofs/README.md#x)", _FROM_DOCS) == "[a](derivations.md#x)"
    assert (
        relinked("[b](../notebooks/) [c](../qtheory/claims/)", _FROM_DOCS)
        == "[b](notebooks/index.md) [c](claims/index.md)"
    )
    assert relinked("[cost-bound](cost_bound.py)", _FROM_PROOFS) == "[cost-bound](claims/cost-bound.md)"
    assert relinked("[c](engine.md)", _FROM_DOCS) == "[c](engine.md)"
