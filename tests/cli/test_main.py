"""The command line as a new user meets it: good input, bad input, exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from qtheory import symbols
from qtheory.cli.main import COMMANDS, run

MY_CLAIMS = """
import qtheory as qt
from qtheory.symbols import E, c, q, w

@qt.claim("A 1/2-quantilizer at most doubles a cost", policy=qt.Quantilizer(q="1/2"), given=[c >= 0])
def doubling():
    return E(w * c) <= 2 * E(c)

@qt.claim("Quantilizing never raises an expected cost", policy=qt.Quantilizer(q=q), given=[c >= 0])
def harmless():
    return E(w * c) <= E(c)
"""

HEADER = "import qtheory as qt\nimport sympy as sp\nfrom qtheory.symbols import *\n"


@pytest.fixture
def claims_file(tmp_path: Path) -> Path:
    path = tmp_path / "my_claims.py"
    path.write_text(MY_CLAIMS)
    return path


def test_help_names_every_command_and_imports_none_of_them():
    code = (
        "import sys\nfrom qtheory.cli.main import run\nrun(['--help'])\n"
        "heavy = {'sympy', 'jax', 'numpy', 'z3', 'hypothesis'} & set(sys.modules)\nassert not heavy, heavy\n"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert all(name in shown for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name, capsys):
    assert run([name, "--help"]) == 0
    assert "Usage: qtheory " in capsys.readouterr().out


def test_a_true_and_a_false_claim_of_the_users_own(claims_file, capsys):
    assert run(["verify", str(claims_file), "--reading", "falsify"]) == 1
    shown = capsys.readouterr().out
    assert "doubling  survived" in shown
    assert "counterexample to 'statement' with 2 actions" in shown


def test_nothing_is_written_into_the_users_folder(claims_file, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run(["verify", str(claims_file), "--reading", "falsify", "--reading", "prove"])
    assert sorted(p.name for p in tmp_path.iterdir()) == ["my_claims.py"]


def test_a_witness_is_written_and_replays(claims_file, tmp_path, capsys):
    folder = tmp_path / "witnesses"
    assert run(["verify", str(claims_file), "--reading", "falsify", "--witness", str(folder)]) == 1
    assert [p.name for p in folder.iterdir()] == ["harmless.json"]
    assert run(["replay", str(folder / "harmless.json")]) == 1
    assert "the conclusion is false at this instance" in capsys.readouterr().out


def test_a_witness_that_was_tampered_with_is_refused(claims_file, tmp_path, capsys):
    run(["verify", str(claims_file), "--reading", "falsify", "--witness", str(tmp_path)])
    path = tmp_path / "harmless.json"
    good = json.loads(path.read_text())
    for change in (
        {"functions": {**good["functions"], "w": ["1", "1"]}},
        {"left": "7"},
        {"weights": ["1/2", "1/4"]},
        {"conclusion": "__import__('os').system('true')"},
        {"schema": 2},
        {"given": ["c >= 1"]},
    ):
        path.write_text(json.dumps({**good, **change}))
        assert run(["replay", str(path)]) == 3
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["verify", "cost-bond"], "did you mean cost-bound?"),
        (["verify", "no/such/file.py"], "not a Python file of claims"),
        (["verify", "cost-bound", "--alpha", "2"], "--alpha is not an error rate"),
        (["verify", "cost-bound", "--alpha", "nan"], "--alpha is not an error rate"),
        (["verify", "cost-bound", "--samples", "0"], "--samples is not a possible count"),
        (["verify", "cost-bound", "--samples", "many"], "--samples is not a possible count"),
        (["verify", "cost-bound", "--reading", "guess"], "guess"),
        (["show", "nothing-like-this"], "no such claim"),
        (["replay", "missing.json"], "the witness cannot be read"),
        (["frobnicate"], "no such command"),
        (["verify", "--frobnicate"], "no such option"),
    ],
)
def test_bad_input_is_said_on_stderr_and_exits_with_3(arguments, said, capsys):
    assert run(arguments) == 3
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.out == ""


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("x = 1", "states no claim"),
        ("def", "could not be run"),
        ("1 / 0", "could not be run"),
        ("@qt.claim('t', policy=qt.Quantilizer(q))\ndef f():\n    return E(w*c)", "not a relation"),
        ("@qt.claim('t')\ndef f():\n    return E(w*c) <= E(c)", "does not say which policy"),
        ("@qt.claim('t', given=[c >= 0])\ndef f():\n    return E(c*sp.Symbol('z')) <= 1", "undeclared symbol 'z'"),
        ("@qt.claim('t')\ndef f():\n    return sp.Ge(sp.Integer(1), 0)", "is simply True"),
        ("@qt.claim('t')\ndef f():\n    return E(E(c)) <= 1", "inside an expectation"),
        ("@qt.claim('t', policy=3)\ndef f():\n    return E(w*c) <= 1", "could not be run"),
        ("@qt.claim('t', policy=qt.Quantilizer(2))\ndef f():\n    return E(w*c) <= 1", "not a quantile level"),
    ],
)
def test_an_ill_posed_claim_is_refused_with_its_reason(body, said, tmp_path, capsys):
    path = tmp_path / "claims.py"
    path.write_text(HEADER + body)
    assert run(["verify", str(path)]) == 3
    assert said in capsys.readouterr().err


def test_a_false_statement_that_was_cited_is_violated(tmp_path, capsys):
    path = tmp_path / "claims.py"
    path.write_text(
        HEADER + "def believe(d):\n    d.conclude(d.cite(E(w * c) <= E(c), 'an anonymous post'))\n\n"
        "@qt.claim('t', policy=qt.Quantilizer(q), given=[c >= 0], derivation=believe)\n"
        "def believed():\n    return E(w * c) <= E(c)\n"
    )
    assert run(["verify", str(path), "--reading", "prove", "--reading", "falsify"]) == 1
    assert "1 violated" in capsys.readouterr().out


def test_a_proof_that_meets_a_violation_is_a_contradiction(tmp_path, capsys, monkeypatch):
    # Only a defect can bring the two together, so one is planted: a solver that agrees to anything.
    from qtheory.prover import derivation
    from qtheory.prover.trust import Trust

    monkeypatch.setattr(derivation, "valid", lambda hypotheses, goal: Trust.SMT)
    path = tmp_path / "claims.py"
    path.write_text(
        HEADER + "def derive(d):\n    d.conclude()\n\n"
        "@qt.claim('t', policy=qt.Quantilizer(q), given=[c >= 0], derivation=derive)\n"
        "def wrong():\n    return E(w * c) <= E(c)\n"
    )
    assert run(["verify", str(path), "--reading", "prove", "--reading", "falsify"]) == 4
    assert "CONTRADICTION" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        ("def derive(d):\n    1 / 0\n", 1, "raised ZeroDivisionError"),
        ("raise SystemExit(0)\n", 3, "could not be run"),
    ],
)
def test_a_script_that_raises_neither_ends_the_run_nor_passes(body, code, said, tmp_path, capsys):
    path = tmp_path / "claims.py"
    path.write_text(
        HEADER + body + "@qt.claim('t', policy=qt.Quantilizer('1/2'), given=[c >= 0], derivation=derive)\n"
        "def doubling():\n    return E(w * c) <= 2 * E(c)\n"
    )
    assert run(["prove", str(path)]) == code
    captured = capsys.readouterr()
    assert said in captured.out + captured.err


def test_a_witness_stripped_of_its_hypotheses_is_refused(claims_file, tmp_path, capsys):
    run(["verify", str(claims_file), "--reading", "falsify", "--witness", str(tmp_path)])
    path = tmp_path / "harmless.json"
    good = json.loads(path.read_text())
    for change in (
        {"policies": [], "given": []},
        {"given": []},
        {"cost": "x"},
        {"policies": [{"optimizer": "Quantilizer"}]},
    ):
        path.write_text(json.dumps({**good, **change}))
        assert run(["replay", str(path)]) == 3


def test_a_seed_out_of_range_is_bad_input(capsys):
    for key in ("-1", "99999999999999999999"):
        assert run(["falsify", "cost-bound", "--key", key]) == 3


def test_a_derivation_of_the_users_own_proves(tmp_path, capsys):
    path = tmp_path / "claims.py"
    path.write_text(
        HEADER + "def derive(d):\n    d.conclude(d.integrate(d.pointwise(w * c <= 2 * c, 'w is at most 2')))\n\n"
        "@qt.claim('t', policy=qt.Quantilizer('1/2'), given=[c >= 0], derivation=derive)\n"
        "def doubling():\n    return E(w * c) <= 2 * E(c)\n"
    )
    assert run(["verify", str(path), "--reading", "prove"]) == 0
    assert "1 proved" in capsys.readouterr().out


def test_a_derivation_with_a_wrong_step_is_refused_with_a_countermodel(tmp_path, capsys):
    path = tmp_path / "claims.py"
    path.write_text(
        HEADER + "def derive(d):\n    d.conclude(d.integrate(d.pointwise(w * c <= c, 'wrong')))\n\n"
        "@qt.claim('t', policy=qt.Quantilizer('1/2'), given=[c >= 0], derivation=derive)\n"
        "def doubling():\n    return E(w * c) <= 2 * E(c)\n"
    )
    assert run(["prove", str(path)]) == 1
    assert "countermodel" in capsys.readouterr().out


def test_every_symbol_is_listed_with_its_meaning(capsys):
    assert run(["list", "--symbols"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(symbols.table())
    assert all(line.endswith(symbols.meaning(symbols.table()[line.split()[0]])) for line in lines)
    assert run(["list", "--symbols", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["symbols"][0] == {
        "name": "u",
        "of": "each action",
        "meaning": "proxy utility",
    }


def test_doctor_and_list_speak_json(capsys):
    assert run(["doctor", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["schema"] == 1
    assert run(["list", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["claims"]) >= 12
