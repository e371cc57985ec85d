"""The kit is tried on right and wrong implementations, and the exit code says how that went."""

from __future__ import annotations

import json

import pytest

from qtheory.cli.main import run
from qtheory.errors import InvalidInput
from qtheory.testing import selfcheck
from qtheory.testing.mutant import Mutant
from qtheory.testing.own import OWN, Own
from qtheory.testing.roles import ROLES

FAST = ["count", "comparison", "threshold"]


def test_samplers_pass_and_their_mutants_do_not():
    found = selfcheck.self_check(["sampler", "multiplicity"])
    assert found.passed, found.alive
    assert len(found.mutants) >= 15 and 0 < found.error_rate < 1e-6


def test_the_command_prints_a_table_and_json(capsys):
    assert run(["selfcheck", *FAST, "--mutants"]) == 0
    printed = capsys.readouterr().out
    assert "16 of 16 mutants killed; qtheory passes" in printed and "rounded-up-in-floats" in printed
    assert run(["selfcheck", *FAST, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["passed"] and {m["role"] for m in document["mutants"]} == set(FAST)
    assert all(m["killed_by"] for m in document["mutants"])


def test_a_mutant_that_lives_is_named_and_fails_the_run(monkeypatch, capsys):
    right = next(own for own in OWN if own.role == "count")
    monkeypatch.setattr(selfcheck, "all_mutants", lambda: (Mutant("harmless", "count", "nothing is wrong", right.run),))
    assert run(["selfcheck", "count"]) == 1
    assert "the mutant harmless is alive" in capsys.readouterr().out


def test_an_implementation_of_qtheorys_that_is_wrong_fails_the_run(monkeypatch, capsys):
    monkeypatch.setattr(selfcheck, "OWN", (Own("count", lambda n, q: int(n * q)),))
    assert run(["selfcheck", "count"]) == 1
    printed = capsys.readouterr().out
    assert "qtheory FAILS" in printed and "the count is another" in printed


def test_two_runs_say_the_same():
    first, second = (selfcheck.self_check(["multiplicity", "count"]).to_json() for _ in range(2))
    names = [[(m["name"], m["killed_by"]) for m in run["mutants"]] for run in (first, second)]
    assert names[0] == names[1]


def test_an_unknown_interface_is_refused(capsys):
    with pytest.raises(InvalidInput):
        selfcheck.self_check(["no such thing"])
    assert run(["selfcheck", "no such thing"]) == 3
    assert "allowed" in capsys.readouterr().err and ROLES
