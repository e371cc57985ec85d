"""What a report calls a part: a theorem only what was proved in the run, and never what was refuted."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from test_report_documents import compiled

from qtheory.checking.user_claims import load_claims
from qtheory.checking.verify import ClaimReport, verify
from qtheory.claims.registry import get
from qtheory.cli.main import run as command
from qtheory.report.claim_latex import claim_latex
from qtheory.report.claim_markdown import claim_markdown
from qtheory.report.claim_text import claim_text
from qtheory.report.latex_document import report_latex
from qtheory.report.markdown_document import report_markdown
from qtheory.report.page.document import report_page
from qtheory.report.run import make_run
from qtheory.report.standing import Standing, standing
from qtheory.report.told import Derived
from qtheory.statements.verdict import Verdict

CLAIMS = """
import qtheory as qt
from qtheory.symbols import E, c, q, w

def add(d):
    d.conclude(d.integrate(d.pointwise(c + 1 >= 0, "a sum")))

def cite(d):
    d.conclude(d.cite(E(c * c) >= E(c) ** 2, "a textbook"))

@qt.claim("A cost and one", given=[c >= 0], derivation=add)
def proved():
    return E(c + 1) >= 0

@qt.claim("Squares", given=[c >= 0], derivation=cite)
def cited():
    return E(c * c) >= E(c) ** 2

@qt.claim("Costs with room", policy=qt.Quantilizer(q), given=[c >= 0])
def unproved():
    return E(w * c) <= E(c) / q + E(c) ** 2

@qt.claim("Costs grow no more", policy=qt.Quantilizer(q), given=[c >= 0])
def refuted():
    return E(w * c) <= E(c)

@qt.claim("Nothing", given=[c >= 1, c <= 0])
def empty():
    return E(c) >= 5

@qt.claim("One of each", policy=qt.Quantilizer(q), given=[c >= 0], derivation={"sum": add})
def mixed():
    return {"sum": E(c + 1) >= 0, "bound": E(w * c) <= E(c)}
"""
HEADINGS = {
    ("proved", "statement"): "Theorem",
    ("cited", "statement"): "Proposition (cited)",
    ("unproved", "statement"): "Conjecture",
    ("refuted", "statement"): "Claim (refuted)",
    ("empty", "statement"): "Claim (vacuous)",
    ("mixed", "sum"): "Theorem",
    ("mixed", "bound"): "Claim (refuted)",
}
OPTIONS = {"samples": 1, "alpha": 1e-6, "examples": 40}


@pytest.fixture(scope="module")
def claims(tmp_path_factory):
    path = tmp_path_factory.mktemp("claims") / "own.py"
    path.write_text(CLAIMS, encoding="utf-8")
    return load_claims(str(path))


@pytest.fixture(scope="module")
def own(claims):
    return make_run(verify(claims, ("prove", "falsify"), examples=40), OPTIONS, 0)


def test_each_part_is_called_what_became_of_it(own):
    found = {
        (e.claim.slug, part.name): str(standing(e.report, part, e.told)) for e in own.entries for part in e.claim.parts
    }
    assert found == HEADINGS


def test_every_form_calls_them_so(own):
    page, markdown, latex = report_page(own), report_markdown(own), report_latex(own)
    expected = [(heading, part) for (_, part), heading in HEADINGS.items()]
    assert re.findall(r"<h4>([A-Z][a-z]+(?: \(\w+\))?): (\w+)</h4>", page) == expected
    assert re.findall(r"^### ([A-Z][a-z]+(?: \(\w+\))?): (\w+)$", markdown, re.MULTILINE) == expected
    heads = re.findall(r"\\begin\{(theorem|proposition|conjecture|claim)\}\[\{(?:\((\w+)\))?", latex)
    assert [str(Standing(*head)) for head in heads] == [heading for heading, _ in expected]
    assert all(rf"\newtheorem{{{noun}}}" in latex for noun, _ in heads)


def test_every_environment_is_declared(own, tmp_path):
    done = compiled(tmp_path, report_latex(own))
    assert done.returncode == 0, done.stdout[-2000:]
    bare = report_latex(own).replace(r"\newtheorem{proposition}[theorem]{Proposition}", "")
    assert compiled(tmp_path, bare).returncode != 0


def test_without_a_proof_reading_nothing_is_said_of_truth(claims):
    run = make_run(verify(claims[:1], ("falsify",), examples=40), OPTIONS, 0)
    [entry] = run.entries
    assert str(standing(entry.report, entry.claim.parts[0], entry.told)) == "Claim"
    assert r"\begin{theorem}" not in report_latex(run)


def test_a_proof_that_meets_a_counterexample_is_no_theorem(own):
    entry = own.entries[0]
    broken = Verdict("simulate", "violated", "seen twice", details=({"part": "statement", "outcome": "violated"},))
    report = replace(entry.report, verdicts=(*entry.report.verdicts, broken))
    assert report.status == "contradiction"
    assert str(standing(report, entry.claim.parts[0], entry.told)) == "Claim (contradiction)"
    # a violation that does not say of what may be of any part
    unnamed = replace(entry.report, verdicts=(*entry.report.verdicts, replace(broken, details=())))
    assert str(standing(unnamed, entry.claim.parts[0], entry.told)) == "Claim (contradiction)"


def test_a_status_nobody_has_heard_of_is_said_in_its_own_words(own, monkeypatch):
    entry = own.entries[0]
    part = entry.claim.parts[0]
    assert isinstance(entry.told[part.name], Derived)
    monkeypatch.setattr(ClaimReport, "status", property(lambda report: "under review"))
    assert standing(entry.report, part, entry.told) == Standing("claim", "under review")
    run = replace(own, entries=(entry,))
    assert r"\begin{claim}[{(under review) " in report_latex(run)
    assert "### Claim (under review): statement" in report_markdown(run)
    assert "Claim (under review): statement" in report_page(run)


def test_the_kind_of_a_claim_whose_author_gave_none_is_not_shown_beside_a_proof(own):
    proved, unproved = (replace(own, entries=(own.entries[i],)) for i in (0, 2))
    for form in (report_page, report_markdown, report_latex):
        assert "conjecture" not in form(proved).partition("How to read it")[0].partition("A cost and one")[2]
        assert re.search("conjecture", form(unproved).partition("Costs with room")[2])
    for form in (claim_text, claim_markdown):
        assert "conjecture" not in form(proved.entries[0].claim)
        assert "conjecture" in form(unproved.entries[0].claim)
        assert "upper bound" in form(get("cost-bound"))


def test_a_claim_that_is_only_shown_is_a_claim(own, capsys):
    for entry in own.entries:
        latex = claim_latex(entry.claim)
        assert latex.count(r"\begin{claim}") == len(entry.claim.parts)
        assert not re.search(r"\\begin\{(theorem|proposition|conjecture)\}", latex)
    assert command(["show", "cost-bound", "--latex"]) == 0
    shown = capsys.readouterr().out
    assert r"\newtheorem{claim}{Claim}" in shown.splitlines()[1]
    assert shown.splitlines()[1].startswith("%")
