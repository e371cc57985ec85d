"""Verdicts, reports and counterexamples print as text that a reader can check by hand."""

import qtheory as qt
from qtheory.symbols import E, c, q, w


@qt.claim("Quantilizing never raises an expected cost", policy=qt.Quantilizer(q=q), given=[c >= 0])
def harmless():
    return E(w * c) <= E(c)


def test_a_counterexample_prints_its_actions_and_both_sides():
    verdict = qt.falsify(harmless, examples=50)
    head, *rows = str(verdict).splitlines()
    assert head == f"falsify: violated; {verdict.evidence}"
    assert rows[0].split() == ["action", "base", "u", "c", "w"]
    assert "  claimed: E(c*w) <= E(c)" in rows
    assert f"  here: left side {verdict.witness.left}, right side {verdict.witness.right}" in rows
    assert str(verdict.witness) == "\n".join(rows)


def test_a_verdict_without_a_counterexample_is_one_line():
    assert str(qt.prove("fits-under")).startswith("prove: holds (SMT")
    assert "\n" not in str(qt.prove("fits-under"))


def test_a_report_prints_its_status_its_readings_and_its_twin():
    lines = str(qt.verify("cost-bound", readings=["prove", "falsify"], examples=20)).splitlines()
    assert lines[0] == "cost-bound: proved"
    assert [line.split(":")[0].strip() for line in lines[1:]] == ["prove", "falsify", "wrong twin"]
    assert lines[-1] == '  wrong twin: refuted; "Some nonzero cost always attains the factor 1/q"'


def test_a_report_of_a_false_claim_shows_the_counterexample_and_no_twin():
    text = str(qt.verify(harmless, readings=["falsify"], examples=50))
    assert text.startswith("harmless: violated\n  falsify: violated; counterexample")
    assert "claimed: E(c*w) <= E(c)" in text and "twin" not in text
