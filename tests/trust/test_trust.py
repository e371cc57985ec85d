"""Contamination, checks and students: against simulation-free second computations, the examples of both orders, refusals."""

import math
import random
from fractions import Fraction

import pytest

from qtheory.errors import InvalidInput, NotAvailable
from qtheory.trust.checks import check_then_select, obfuscation_floor, retries, select_then_check, share_after_looks
from qtheory.trust.contamination import safe_bits, share_in_top
from qtheory.trust.students import binary_inverse, break_even_queries, student_bound, worst_student_cost

NORMAL = "normal(0, 1)"


@pytest.mark.parametrize("law", ["normal(2, 1)", "normal(0, 2)", "normal(1, 1/2)", "student_t(3)"])
@pytest.mark.parametrize("q", ["1/2", "1/10", "1/100"])
def test_the_share_is_a_chance_below_the_bound_and_solves_its_equation(law, q):
    delta = Fraction(1, 100)
    share = share_in_top(delta, NORMAL, law, q)
    assert 0 <= share <= min(1, float(delta / Fraction(q))) * (1 + 1e-12)
    # The two kinds swapped are the rest of the slice.
    assert share + share_in_top(1 - delta, law, NORMAL, q) == pytest.approx(1, abs=1e-11)


def test_the_same_law_is_not_favoured_and_a_wider_one_is():
    assert share_in_top("1/100", NORMAL, NORMAL, "1/100") == pytest.approx(0.01, rel=1e-12)
    assert share_in_top("1/100", NORMAL, "normal(0, 2)", "1/100") == pytest.approx(0.1180677, rel=1e-6)


def test_checking_first_is_safer_under_a_monotone_ratio_and_not_always():
    rising = ("1/100", NORMAL, "normal(2, 1)", "1/100", "9/10", "1/20")
    assert check_then_select(*rising) < select_then_check(*rising)
    neither = ("1/5", NORMAL, "normal(1, 1/2)", "1/10", "9/10", "1/20")
    assert check_then_select(*neither) == pytest.approx(0.0691, abs=5e-5)
    assert select_then_check(*neither) == pytest.approx(0.0629, abs=5e-5)


def test_looks_multiply_the_odds_and_obfuscation_leaves_a_floor():
    odds = lambda p: p / (1 - p)
    ratio = Fraction(1, 10) / Fraction(19, 20)
    for looks in (1, 2, 5):
        share = share_after_looks("1/100", "9/10", "1/20", looks)
        assert odds(share) == Fraction(1, 99) * ratio**looks
        assert (
            share_after_looks("1/100", "9/10", "1/20", looks, "1/10")
            > obfuscation_floor("1/100", "1/10")
            == Fraction(1, 991)
        )
    assert retries("1/100", "9/10", "1/20") == 1 / (Fraction(1, 100) / 10 + Fraction(99, 100) * Fraction(19, 20))


def divergence_of(pairs):
    return sum(p * math.log(p / s) for p, s in pairs if p > 0)


def test_no_student_on_few_actions_is_worse_than_the_worst_and_two_levels_attain_it():
    draw = random.Random(3)
    policy, cost = (0.5, 0.3, 0.2), (0.0, 0.0, 1.0)
    for _ in range(300):
        raw = [draw.random() + 0.01 for _ in policy]
        student = [x / sum(raw) for x in raw]
        eta = divergence_of(zip(policy, student, strict=True))
        assert sum(s * c for s, c in zip(student, cost, strict=True)) <= binary_inverse(0.2, eta) + 1e-12
    worst = binary_inverse(0.2, 0.3)
    student = [0.5 / 0.8 * (1 - worst), 0.3 / 0.8 * (1 - worst), worst]
    assert divergence_of(zip(policy, student, strict=True)) == pytest.approx(0.3, rel=1e-10)


@pytest.mark.parametrize("eta", ["1/1000", "1/50", "1", "10"])
def test_the_exact_worst_student_lies_between_the_promise_and_the_bound(eta):
    worst = worst_student_cost("1/1000", "1/100", 1, eta)
    assert 0.1 < worst <= student_bound("1/1000", "1/100", 1, eta)


def test_what_has_no_meaning_is_refused():
    for call in (
        lambda: share_in_top(2, NORMAL, NORMAL, "1/2"),
        lambda: share_in_top("1/2", NORMAL, NORMAL, 0),
        lambda: safe_bits("1/2", "1/4"),
        lambda: share_after_looks("1/2", 1, 1),
        lambda: worst_student_cost("1/2", "1/2", 1, -1),
        lambda: break_even_queries(1, 1, 1),
    ):
        with pytest.raises(InvalidInput):
            call()
    with pytest.raises(NotAvailable):
        share_in_top("1/2", 3, NORMAL, "1/2")
