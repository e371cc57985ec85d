"""Golden values of wrong bases, contaminated ones, checks, students and unbounded costs."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from qtheory.claims.base_misspecification import divergence, eta
from qtheory.claims.registry import get
from qtheory.exact.evaluate import evaluate
from qtheory.symbols import C, epsilon, q
from qtheory.trust.checks import check_then_select, obfuscation_floor, retries, select_then_check, share_after_looks
from qtheory.trust.contamination import safe_bits, share_in_top
from qtheory.trust.students import break_even_queries, student_bound, worst_student_cost

GOLDEN = json.loads((Path(__file__).parent / "trust_in_the_base.json").read_text(encoding="utf-8"))
NORMAL = "normal(0, 1)"


def bound(slug, part, values):
    """The right-hand side that the claim states, at these numbers."""
    return evaluate(get(slug).part(part).conclusion.rhs, values)


def base_error(given, part, symbol, value):
    numbers = {
        q: Fraction(given["q"]),
        epsilon: Fraction(given["eps"]),
        C: Fraction(given["cap"]),
        symbol: Fraction(value),
    }
    found = bound("base-misspecification", part, numbers)
    return min(Fraction(given["cap"]), found) if isinstance(found, Fraction) else min(float(given["cap"]), float(found))


def untrusted(given):
    return f"normal({given['dev_mean']}, {given['dev_sd']})"


def rates(given):
    return given["share"], given["tpr"], given["fpr"]


def scores(given):
    return given["share"], NORMAL, untrusted(given), given["q"], given["tpr"], given["fpr"]


COMPUTED = {
    "truncated_mean": lambda g: bound("unbounded-cost", "truncated-mean", {C: Fraction(g["cap"])}),
    "contamination_share": lambda g: share_in_top(g["share"], NORMAL, untrusted(g), g["q"]),
    "safe_selection_bits": lambda g: safe_bits(g["share"], g["max_share"]),
    "oversight_posterior": lambda g: share_after_looks(*rates(g), g["looks"], g.get("obfuscated", 0)),
    "oversight_retries": lambda g: retries(*rates(g), g["looks"]),
    "oversight_floor": lambda g: obfuscation_floor(g["share"], g["obfuscated"]),
    "check_then_select_dominating": lambda g: min(1, share_after_looks(*rates(g), g["looks"]) / Fraction(g["q"])),
    "check_then_select": lambda g: check_then_select(*scores(g), g["looks"]),
    "select_then_check": lambda g: select_then_check(*scores(g)),
    "student_bound": lambda g: student_bound(g["eps"], g["q"], g["cap"], g["kl"]),
    "student_exact": lambda g: worst_student_cost(g["eps"], g["q"], g["cap"], g["kl"]),
    "student_breakeven": lambda g: break_even_queries(g["dataset"], g["training"], g["q"]),
    "base_model_error_bound": lambda g: base_error(g, "divergence-of-the-truth", divergence, g["kl"]),
    "base_tv_error_bound": lambda g: base_error(g, "total-variation", eta, g["tv"]),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_the_library_reproduces_the_golden_value(name):
    entry = GOLDEN[name]
    found = COMPUTED[entry["inputs"]["quantity"]](entry["inputs"])
    assert abs(float(found) - entry["value"]) <= entry["tolerance"]
    if isinstance(found, Fraction) and entry["exact"] is not None:
        assert found == Fraction(entry["exact"])


def test_every_quantity_has_a_function_and_a_wrong_one_would_be_seen():
    assert {entry["inputs"]["quantity"] for entry in GOLDEN.values()} == COMPUTED.keys()
    entry = GOLDEN["cont.d0.01.mu2.s1.q0.1"]
    assert abs(share_in_top("0.01", NORMAL, "normal(2.0001, 1)", "0.1") - entry["value"]) > entry["tolerance"]
