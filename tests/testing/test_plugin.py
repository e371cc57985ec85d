"""Claims of a file are tests; other files, and runs without claims, are left alone."""

from __future__ import annotations

import tomllib
from importlib import import_module
from pathlib import Path

from running_pytest import run_pytest

HEAD = "import qtheory as qt\nfrom qtheory.symbols import E, c, q, w\n\n"
TRUE = (
    '@qt.claim("At most doubled", policy=qt.Quantilizer(q="1/2"), given=[c >= 0])\n'
    "def doubling():\n    return {'first': E(w * c) <= 2 * E(c), 'second': E(w * c) >= 0}\n\n"
)
FALSE = (
    '@qt.claim("Never raised", policy=qt.Quantilizer(q=q), given=[c >= 0])\n'
    "def harmless():\n    return E(w * c) <= E(c)\n\n"
)
VACUOUS = (
    '@qt.claim("Nothing", policy=qt.Quantilizer(q=q), given=[c >= 1, E(c) <= 0])\n'
    "def nothing():\n    return E(w * c) <= E(c)\n\n"
)
REFUSED = (
    "def derive(d):\n    d.conclude(d.pointwise(w <= 1, 'wrong'))\n\n"
    '@qt.claim("Refused", policy=qt.Quantilizer(q="1/2"), given=[c >= 0], derivation=derive)\n'
    "def refused():\n    return E(w * c) <= 2 * E(c)\n\n"
)
ILL_POSED = '@qt.claim("Whose w?")\ndef whose():\n    return E(w * c) <= E(c)\n'
LIGHT = (
    "import sys\n\ndef test_nothing_heavy_is_loaded():\n"
    "    heavy = {'jax', 'sympy', 'numpy', 'scipy', 'z3', 'numpyro'}\n"
    "    assert 'qtheory.testing.plugin' in sys.modules\n    assert not heavy & set(sys.modules)\n"
)


def test_the_project_declares_the_plugin():
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    module = import_module(project["entry-points"]["pytest11"]["qtheory"])
    assert callable(module.pytest_pycollect_makeitem)


def test_parts_and_readings_are_items_and_what_is_false_refused_or_vacuous_fails(tmp_path):
    (tmp_path / "my_claims.py").write_text(HEAD + TRUE + FALSE + VACUOUS + REFUSED)
    code, printed = run_pytest(tmp_path, "-v", "-p", "no:randomly")
    assert code == 1
    outcomes = {
        line.split("::")[1].split(" ")[0]: line.split()[1]
        for line in printed.splitlines()
        if "::" in line and "%" in line
    }
    assert outcomes == {
        "doubling[first-falsify]": "PASSED",
        "doubling[second-falsify]": "PASSED",
        "harmless[statement-falsify]": "FAILED",
        "nothing[statement-falsify]": "FAILED",
        "refused[statement-prove]": "FAILED",
        "refused[statement-falsify]": "PASSED",
    }
    assert "counterexample to 'statement' with 2 actions" in printed
    assert "vacuous: its hypotheses contradict each other" in printed
    assert "countermodel" in printed
    assert "Traceback" not in printed and "checking/falsify.py" not in printed


def test_readings_are_chosen_and_a_proof_can_be_required(tmp_path):
    (tmp_path / "other_name.py").write_text(HEAD + TRUE)
    code, printed = run_pytest(tmp_path, "other_name.py", "-q", "--qtheory-readings=prove", "--qtheory-require-proof")
    assert code == 1
    assert "2 failed" in printed and "has no derivation" in printed
    code, printed = run_pytest(tmp_path, "other_name.py", "-q", "--qtheory-readings=guess")
    assert code == 4 and "no such reading ['guess']" in printed


def test_a_vacuous_claim_fails_whatever_derives_it_and_whichever_reading_is_asked_for(tmp_path):
    derive = "def derive(d):\n    d.conclude(d.integrate(d.pointwise(w * c <= 2 * c, 'x')))\n\n"
    stated = '@qt.claim("t", policy=qt.Quantilizer("1/2"), given=[c >= 0, E(c) <= {}]{})\n'
    says = "def {}():\n    return E(w * c) <= 2 * E(c)\n\n"
    text = HEAD + derive
    for name, bound, more in (
        ("empty", -1, ", derivation=derive"),
        ("full", 1, ", derivation=derive"),
        ("bare", -1, ""),
    ):
        text += stated.format(bound, more) + says.format(name)
    (tmp_path / "my_claims.py").write_text(text)
    code, printed = run_pytest(tmp_path, "-q", "--qtheory-readings=prove")
    assert code == 1 and "2 failed, 1 passed" in printed
    assert printed.count("statement is vacuous: its hypotheses contradict each other") >= 2


def test_an_ill_posed_claim_says_what_to_do(tmp_path):
    (tmp_path / "my_claims.py").write_text(HEAD + ILL_POSED)
    code, printed = run_pytest(tmp_path, "-q")
    assert code == 2
    assert "does not say which policy it is" in printed and "remedy" in printed


def test_ordinary_test_files_are_left_alone_and_a_run_without_claims_loads_nothing_heavy(tmp_path):
    (tmp_path / "test_light.py").write_text(LIGHT)
    code, printed = run_pytest(tmp_path, "-q", "-p", "no:hypothesispytest", "-p", "no:xdist")
    assert code == 0, printed
    (tmp_path / "test_mine.py").write_text(HEAD + FALSE + "def test_that_it_is_there():\n    assert harmless\n")
    code, printed = run_pytest(tmp_path, "-q", "test_mine.py")
    assert code == 0 and "1 passed" in printed
