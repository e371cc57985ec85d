"""A claim that says nothing is called vacuous in every reading and report, and one that says something never is."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import sympy as sp

import qtheory as qt
from qtheory.checking.falsify import falsify
from qtheory.checking.prove import prove, proved_and_told
from qtheory.checking.vacuous import contradicts_itself, supposes_itself, vacuity
from qtheory.checking.verify import ClaimReport, verify
from qtheory.claims.registry import all_claims
from qtheory.cli.main import run
from qtheory.report.latex_document import report_latex
from qtheory.report.markdown_document import report_markdown
from qtheory.report.page.document import report_page
from qtheory.report.run import make_run
from qtheory.report.table import report_text
from qtheory.report.told import tell
from qtheory.report.words import MEANINGS, MISSED
from qtheory.statements.claim import Part, PolicyOf
from qtheory.statements.verdict import Verdict
from qtheory.symbols import E, c, eq, ge, le, q, t, u, w

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "report.schema.json").read_text())
HALF = {"policies": (PolicyOf(qt.Quantilizer("1/2")),)}


def derive(d):
    d.conclude(d.integrate(d.pointwise(w * c <= c / q, "x")))


def stated(*given, derivation=derive):
    bound = qt.claim("bound", policy=qt.Quantilizer(q), given=[c >= 0, *given], derivation=derivation)
    return bound(lambda: E(w * c) <= E(c) / q)


IMPOSSIBLE = {
    "mean of a nonnegative function": (E(c) <= -1,),
    "density above one": (w >= 2,),
    "mean under the policy": (E(w * c) <= -1,),
    "strict on average": (c > 1, E(c) <= 1),
    "joined by and": (sp.And(c >= 1, E(c) <= 0),),
}
SUPPOSED = {"as it is": (E(w * c) <= E(c) / q,), "turned round": (E(c) / q >= E(w * c),)}


@pytest.mark.parametrize("given", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_a_derivation_from_hypotheses_that_cannot_hold_is_no_proof(given):
    claim = stated(*given)
    assert all(proof.facts for proof in proved_and_told(claim, lambda _, found: found)[1].values())  # formally fine
    verdict = prove(claim)
    assert verdict.outcome == "vacuous" and verdict.trust is None and "contradict each other" in verdict.evidence
    assert falsify(claim, 20).outcome == "vacuous"


@pytest.mark.parametrize("given", SUPPOSED.values(), ids=SUPPOSED)
def test_a_claim_that_supposes_its_conclusion_is_vacuous_in_both_readings(given):
    claim = stated(*given)
    assert supposes_itself(claim.parts[0])
    for verdict in (prove(claim), falsify(claim, 40)):
        assert verdict.outcome == "vacuous" and "one of its own hypotheses" in verdict.evidence
    assert prove(stated(E(w * c) <= E(c) / q + 1)).outcome == "holds"


@pytest.mark.parametrize("given", [(), (E(c) <= 1,), (w <= 2,), (c > 1, E(c) <= 2), (E(w * c) <= 0,), (eq(t, 2),)])
def test_a_claim_whose_hypotheses_can_be_met_is_proved_as_before(given):
    assert prove(stated(*given)).outcome == "holds"


UNTAKEN = {
    "a root in a branch": (eq(c, sp.Piecewise((sp.sqrt(u), u >= 0), (0, True))), le(u, -1)),
    "a root behind or": (sp.Or(c <= 0, ge(sp.sqrt(u), 1)), le(u, -1)),
    "a root behind an implication": (sp.Implies(u >= 0, ge(sp.sqrt(u), c)), le(u, -1)),
    "nothing to the power nothing": (eq(u**t, 1), eq(u, 0), eq(t, 0)),
}


@pytest.mark.parametrize("given", UNTAKEN.values(), ids=UNTAKEN)
def test_what_has_no_value_in_a_branch_that_is_not_taken_contradicts_nothing(given):
    part = Part("p", E(c) <= 1, given=given)
    instances = falsify(qt.Claim("s", "t", (part,)), 40)
    assert instances.samples and not contradicts_itself(part)


def test_no_built_in_claim_is_vacuous():
    parts = [part for claim in all_claims() for part in claim.parts]
    assert len(parts) > 400 and [vacuity(part) for part in parts if vacuity(part)] == []


def test_hypotheses_that_an_instance_meets_are_never_said_to_contradict_each_other():
    for claim in all_claims()[::6]:
        for part in claim.parts[:2]:
            verdict = falsify(qt.Claim("s", "t", (part,)), 2)
            assert not (verdict.samples and contradicts_itself(part))


def reports_of(*outcomes):
    readings = ("prove", "falsify", "simulate")
    verdicts = [Verdict(r, o, "", trust="SMT" if o == "holds" and r == "prove" else None)
                for r, o in zip(readings, outcomes, strict=True) if o is not None]  # fmt: skip
    return ClaimReport(stated(), tuple(verdicts))


@pytest.mark.parametrize(
    ("outcomes", "status", "fails"),
    [
        (("vacuous", None, None), "vacuous", True),
        (("holds", "vacuous", None), "vacuous", True),
        (("vacuous", "violated", None), "violated", True),
        ((None, "vacuous", "holds"), "vacuous", True),
        (("not_applicable", None, None), "not proved", False),
        ((None, "not_applicable", "not_applicable"), "not applicable", False),
        (("inconclusive", None, None), "not proved", True),
        (("holds", "survived", "holds"), "proved", False),
    ],
)
def test_what_readings_add_up_to(outcomes, status, fails):
    report = reports_of(*outcomes)
    assert (report.status, report.fails) == (status, fails)


def test_every_report_says_that_a_claim_is_vacuous():
    reports = list(verify([stated(E(c) <= -1), stated()], ["prove"], teller=tell))
    assert [report.status for report in reports] == ["vacuous", "proved"]
    documents = make_run(reports, {"alpha": 1e-6}, 0)
    written = [report_page(documents), report_markdown(documents), report_latex(documents)]
    meaning = dict(MEANINGS)["vacuous"]
    assert all("vacuous" in text and "contradict each other" in text for text in written)
    assert all(meaning in text for text in written[:2])
    table = report_text(reports, None)
    assert "statement is vacuous" in table and "2 claims: 1 vacuous, 1 proved" in table


def test_a_counterexample_that_sampling_missed_is_remarked_on():
    missed, seen = reports_of(None, "violated", "holds"), reports_of(None, "violated", "inconclusive")
    assert "the sampled worlds did not show it" in report_text([missed], None)
    assert "sampled worlds" not in report_text([seen], None)
    for write in (report_page, report_markdown, report_latex):
        texts = [write(make_run([report], {"alpha": 1e-6}, 0)) for report in (missed, seen)]
        assert [MISSED in text for text in texts] == [True, False]


FILE = """
import qtheory as qt
from qtheory.symbols import E, c, q, w

def derive(d):
    d.conclude(d.integrate(d.pointwise(w * c <= c / q, "x")))

@qt.claim("vacuous with a proof", policy=qt.Quantilizer(q=q), given=[c >= 0, E(c) <= -1], derivation=derive)
def vp():
    return E(w * c) <= E(c) / q
"""
SOUND = FILE.replace("E(c) <= -1", "E(c) <= 1")
WITHOUT = SOUND.replace(", derivation=derive", "")


@pytest.mark.parametrize("words", [("prove",), ("falsify", "--examples", "20"), ("verify", "--reading", "prove")])
def test_the_commands_say_vacuous_and_exit_with_1(words, tmp_path, capsys):
    path = tmp_path / "mine.py"
    for text, code, status in ((FILE, 1, "vacuous"), (SOUND, 0, "not proved" if words[0] == "falsify" else "proved")):
        path.write_text(text)
        assert run([*words, str(path)]) == code
        printed = capsys.readouterr().out
        assert f"1 claim: 1 {status}" in printed and ("contradict each other" in printed) is bool(code)
        assert run([*words, str(path), "--json"]) == code
        document = json.loads(capsys.readouterr().out)
        jsonschema.validate(document, SCHEMA)
        assert document["claims"][0]["status"] == status


def test_without_a_derivation_prove_says_so(tmp_path, capsys):
    path = tmp_path / "mine.py"
    path.write_text(WITHOUT)
    assert run(["prove", "--steps", str(path)]) == 0
    printed = capsys.readouterr().out
    assert "1 claim: 1 not proved" in printed and "not applicable" not in printed
    assert "statement: no derivation" in printed
    path.write_text(SOUND)
    assert run(["prove", "--steps", str(path)]) == 0
    assert "no derivation" not in capsys.readouterr().out
