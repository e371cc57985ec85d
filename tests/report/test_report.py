"""Reports: the JSON follows its schema."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from qtheory.checking.falsify import falsify
from qtheory.checking.verify import ClaimReport
from qtheory.claims.registry import get
from qtheory.cli.main import run
from qtheory.exact.enclosure import Enclosure
from qtheory.report.document import report_document
from qtheory.symbols import w

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


def test_a_counterexample_of_irrational_numbers_follows_the_schema():
    claim = get("adversarial-goodhart")  # its wrong twin is refuted by a tilt, whose density ratio is an exponential
    twin = falsify(claim.twin, 200)
    ratio = twin.witness.instance.functions[w] if twin.witness is not None else ()
    assert any(isinstance(value, Enclosure) and not value.is_point for value in ratio)
    report = ClaimReport(claim, (), twin)
    document = json.loads(report_document([report], {}, 0))
    jsonschema.validate(document, SCHEMA)
    document["claims"][0]["twin"]["witness"]["functions"]["w"][0]["low"] = "about one"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, SCHEMA)
