"""Reports: the JSON follows its schema, LaTeX and Markdown are complete, generated tables are fresh."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from qtheory.claims.registry import get, slugs
from qtheory.cli.main import run
from qtheory.prover.locate import proofs_folder
from qtheory.report.claim_latex import claim_latex
from qtheory.report.claim_markdown import claim_markdown
from qtheory.report.claim_text import claim_text
from qtheory.report.status_table import updated

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs" / "report.schema.json").read_text())


def test_verify_prints_a_document_of_the_schema(tmp_path, capsys):
    path = tmp_path / "claims.py"
    path.write_text(
        "import qtheory as qt\nfrom qtheory.symbols import E, c, q, w\n"
        "@qt.claim('t', policy=qt.Quantilizer(q), given=[c >= 0])\ndef harmless():\n    return E(w * c) <= E(c)\n"
    )
    assert run(["verify", "feature-cost", str(path), "--json", "--samples", "2000", "--examples", "40"]) == 1
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, SCHEMA)
    assert [claim["status"] for claim in document["claims"]] == ["proved", "violated"]


def test_the_schema_refuses_what_it_should(capsys):
    assert run(["prove", "cost-bound", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, SCHEMA)
    document["claims"][0]["readings"][0]["outcome"] = "true"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, SCHEMA)


@pytest.mark.parametrize("slug", slugs())
def test_every_claim_can_be_shown_in_every_form(slug):
    claim = get(slug)
    text, latex, markdown = claim_text(claim), claim_latex(claim), claim_markdown(claim)
    for part in claim.parts:
        assert f"Part {part.name}" in text
        assert f"### {part.name}" in markdown
    assert latex.count(r"\begin{theorem}") == latex.count(r"\end{theorem}") == len(claim.parts)
    assert latex.count(r"\begin{proof}") == latex.count(r"\end{proof}") == len(claim.parts)
    assert latex.count("$") % 2 == 0
    assert claim.source in text


def test_the_status_table_is_fresh():
    path = proofs_folder() / "README.md"
    text = path.read_text(encoding="utf-8")
    assert updated(text) == text, "run `python -m qtheory.report.status_table`"
