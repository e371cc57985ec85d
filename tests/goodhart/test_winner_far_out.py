"""The best of many draws under power tails: answered at once, and right where a limit is known."""

from __future__ import annotations

import math

import pytest

import qtheory as qt
from qtheory.errors import NotAvailable
from qtheory.goodhart import winner


@pytest.mark.parametrize("df", [None, 5])
def test_under_a_cauchy_error_the_truth_fades_like_two_pi_over_n(df):
    """m(u) is near 2 Var(V)/u, and the largest of n errors n/(pi E) with E exponential."""
    truth, variance = ("normal(0, 1)", 1.0) if df is None else (f"student_t({df})", df / (df - 2))
    for n in (10**4, 10**5, 10**6):
        found = qt.ProxyModel(truth, "cauchy(0, 1)").best_of_n(n)
        assert found.value == pytest.approx(2 * math.pi * variance / n, rel=5e-4)
        assert found.error < 1e-4 * found.value


def test_rounding_is_not_refined_in_vain(monkeypatch):
    """Panels are halved where the rules differ, not where the kernel itself is only known to some digits."""
    panels = []
    rule = winner._panel
    monkeypatch.setattr(winner, "_panel", lambda *given: panels.append(given) or rule(*given))
    qt.ProxyModel("student_t(5)", "cauchy(0, 1)").best_of_n(100)
    assert 20 < len(panels) < 500


def test_where_rounding_drowns_the_truth_nothing_is_said():
    with pytest.raises(NotAvailable, match="does not settle"):
        qt.ProxyModel("normal(0, 1)", "cauchy(0, 1)").best_of_n(10**9)
