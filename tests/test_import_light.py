"""Importing the package loads nothing heavy, and importing its small modules no more than they need."""

import json
import subprocess
import sys

import pytest

HEAVY = ("sympy", "jax", "numpyro", "scipy", "matplotlib", "z3", "hypothesis")
NEVER = ("matplotlib", "cvc5", "pyarrow", "pandas")


def loaded_by(statement):
    code = f"import sys, json; {statement}; print(json.dumps(sorted({{m.split('.')[0] for m in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("module", ["qtheory", "qtheory.errors", "qtheory.aliases"])
def test_the_package_itself_loads_nothing_heavy(module):
    assert not loaded_by(f"import {module}") & set(HEAVY)


def test_reading_numbers_and_making_problems_needs_no_sampler_and_no_prover():
    loaded = loaded_by("import qtheory.problem, qtheory.exact.rationals")
    assert not loaded & {"jax", "numpyro", "z3", "hypothesis", *NEVER}


def test_proving_needs_no_sampler():
    assert not loaded_by("import qtheory.checking.prove, qtheory.claims.registry as r; r.all_claims()") & {
        "jax",
        "numpyro",
        *NEVER,
    }


def test_the_probe_would_see_a_heavy_import():
    assert "sympy" in loaded_by("import qtheory.symbols")
