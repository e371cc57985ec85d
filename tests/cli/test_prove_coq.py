"""`qtheory prove --coq`: what it prints, and its exit codes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import jsonschema
import pytest

from qtheory.claims import registry
from qtheory.claims.registry import get
from qtheory.cli.main import run
from qtheory.prover.coq import sources
from qtheory.prover.coq.stated import statements_text

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "report.schema.json").read_text(encoding="utf-8"))
needs_coqc = pytest.mark.skipif(
    shutil.which("coqc") is None, reason="COQ IS MISSING: `prove --coq` was not tried; apt-get install coq"
)


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A development with the cost bound alone, which the command takes for the whole."""
    claim = get("cost-bound")
    for name in ("base.v", "cost_bound.v"):
        shutil.copyfile(sources.coq_folder() / name, tmp_path / name)
    (tmp_path / "statements.v").write_text(statements_text(tmp_path, [claim]), encoding="utf-8")
    monkeypatch.setattr(sources, "coq_folder", lambda: tmp_path)
    monkeypatch.setattr(registry, "all_claims", lambda: (claim,))
    return tmp_path


@needs_coqc
def test_the_parts_with_a_theorem_are_shown_at_trust_coq(small, capsys):
    assert run(["prove", "cost-bound", "upper-cvar", "--coq"]) == 0
    shown = capsys.readouterr().out
    assert "holds (COQ)" in shown
    assert "holds (SMT" in shown  # the other claim has no theorem in this development
    assert "cost-bound: only-then   cost_bound__only_then (cost_bound.v)" in shown
    assert "5 theorems compiled by Coq" in shown


@needs_coqc
def test_the_document_names_theorems_and_assumptions(small, capsys):
    assert run(["prove", "cost-bound", "--coq", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, SCHEMA)
    assert document["claims"][0]["trust"] == "COQ"
    assert [t["part"] for t in document["coq"]["theorems"]] == [part.name for part in get("cost-bound").parts]
    assert "ClassicalDedekindReals.sig_forall_dec" in document["coq"]["assumptions"]


@needs_coqc
def test_a_file_that_coq_does_not_accept_exits_with_1(small, capsys):
    path = small / "cost_bound.v"
    path.write_text(path.read_text(encoding="utf-8").replace("[nra|lra]", "[lra|lra]", 1), encoding="utf-8")
    assert run(["prove", "cost-bound", "--coq"]) == 1
    captured = capsys.readouterr()
    assert "Coq does not accept cost_bound.v:" in captured.err
    assert "line 15" in captured.err
    assert captured.out == ""


def test_without_coqc_it_exits_with_3_and_says_how_to_get_it(monkeypatch, capsys):
    monkeypatch.setenv("PATH", "")
    assert run(["prove", "cost-bound", "--coq"]) == 3
    captured = capsys.readouterr()
    assert "there is no `coqc` on the PATH" in captured.err
    assert "apt-get install coq" in captured.err
    assert captured.out == ""


def test_without_the_option_no_part_is_at_trust_coq(capsys):
    assert run(["prove", "cost-bound", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["claims"][0]["trust"] in ("SMT", "SMT2")
    assert "coq" not in document


def test_a_shown_claim_names_the_theorems_that_can_be_compiled(capsys):
    assert run(["show", "cost-bound"]) == 0
    assert "Coq theorem available: cost_bound__bound in coq/cost_bound.v" in capsys.readouterr().out
