"""What is told of derivations: made by the process that proved them, the same in any, and nothing is proved twice."""

from __future__ import annotations

import pickle

import pytest

from qtheory.checking import prove as proving
from qtheory.checking.prove import attempts
from qtheory.checking.verify import verify
from qtheory.claims.registry import get
from qtheory.cli.main import run as command
from qtheory.parallel import in_processes
from qtheory.report import run as runs
from qtheory.report.run import make_run
from qtheory.report.told import Derived, Refused, tell

OPTIONS = {"samples": 1, "alpha": 1e-6, "examples": 1}
SLUGS = ("cost-bound", "windowed-quantilizer")


def test_what_is_told_is_what_was_proved():
    claim = get("cost-bound")
    found = attempts(claim)
    told = tell(claim, found)
    for name, proof in found.items():
        assert [step.note for step in told[name].steps] == [fact.note for fact in proof.facts]
        for step, fact in zip(told[name].steps, proof.facts, strict=True):
            assert [proof.facts[i - 1] for i in step.uses] == list(fact.uses)
            assert step.trust == fact.trust.name
    assert pickle.loads(pickle.dumps(told)) == told


def test_processes_tell_the_same_as_this_one():
    claims = tuple(map(get, SLUGS))
    here = list(verify(claims, ("prove",), teller=tell))
    there = list(verify(claims, ("prove",), teller=tell, reader=in_processes(1)))
    assert [report.told for report in here] == [report.told for report in there]
    assert all(isinstance(told, Derived) for report in here for told in report.told.values())


def test_a_run_that_was_told_is_not_proved_again(monkeypatch):
    reports = list(verify([get("cost-bound")], ("prove",), teller=tell))
    untold = list(verify([get("cost-bound")], ("prove",)))

    def refuse(claim):
        raise AssertionError("proved a second time")

    monkeypatch.setattr(runs, "attempts", refuse)
    [entry] = make_run(reports, OPTIONS, 0).entries
    assert entry.told == reports[0].told
    with pytest.raises(AssertionError, match="second time"):
        make_run(untold, OPTIONS, 0)


def test_the_command_proves_each_part_once(tmp_path, monkeypatch, capsys):
    counted = []
    prove_part = proving.prove_part
    monkeypatch.setattr(proving, "prove_part", lambda claim, part: counted.append(part.name) or prove_part(claim, part))
    assert command(["verify", "cost-bound", "--reading", "prove", "--report", str(tmp_path / "out")]) == 0
    assert sorted(counted) == sorted(part.name for part in get("cost-bound").parts)
    assert "Derivation" in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")


def test_a_refused_derivation_is_told_with_its_reason(tmp_path):
    path = tmp_path / "refused.py"
    path.write_text(
        "import qtheory as qt\nfrom qtheory.symbols import E, c\n\n"
        "def derive(d):\n    d.conclude(d.integrate(d.pointwise(c <= 0, 'a slip')))\n\n"
        "@qt.claim('Costs vanish', given=[c >= 0], derivation=derive)\ndef slip():\n    return E(c) <= 0\n"
    )
    from qtheory.checking.user_claims import load_claims

    [report] = verify(load_claims(str(path)), ("prove",), teller=tell)
    assert report.derivation_refused
    [told] = report.told.values()
    assert isinstance(told, Refused)
    assert told.says in report.verdicts[0].evidence
