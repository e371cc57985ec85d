"""Exact binomial inference against SciPy and against the definition in Fractions."""

from fractions import Fraction
from math import comb

import pytest
from scipy.stats import binomtest

from qtheory.errors import InvalidInput, InvalidLevel
from qtheory.inference.binomial import binomial_window, clopper_pearson
from qtheory.inference.interval import Interval


def test_clopper_pearson_agrees_with_scipy():
    for n in (1, 2, 7, 50, 400):
        for x in sorted({0, 1, n // 3, n - 1, n}):
            theirs = binomtest(x, n).proportion_ci(0.95, method="exact")
            ours = clopper_pearson(x, n, 0.05)
            assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_clopper_pearson_ends_solve_their_tail_equations():
    interval = clopper_pearson(3, 9, 0.1)
    below = sum(comb(9, j) * interval.high**j * (1 - interval.high) ** (9 - j) for j in range(4))
    above = sum(comb(9, j) * interval.low**j * (1 - interval.low) ** (9 - j) for j in range(3, 10))
    assert (below, above) == pytest.approx((0.05, 0.05), rel=1e-10)


@pytest.mark.parametrize("alpha", [0.3, 0.05, 1e-6])
def test_window_is_exact_and_cannot_be_shortened(alpha):
    for n in (1, 2, 5, 13, 40):
        for q in (Fraction(1, 10), Fraction(1, 2), Fraction(29, 30)):
            pmf = [comb(n, j) * q**j * (1 - q) ** (n - j) for j in range(n + 1)]
            lo, hi = binomial_window(n, q, alpha)
            assert sum(pmf[:lo]) <= alpha / 2 < sum(pmf[: lo + 1])
            assert sum(pmf[hi + 1 :]) <= alpha / 2 < sum(pmf[hi:])


def test_window_of_certainty_is_one_point():
    assert binomial_window(12, 1, 0.05) == (12, 12)


def test_refusals_are_typed():
    for call in (
        lambda: clopper_pearson(3, 2, 0.05),
        lambda: clopper_pearson(1, 2, 0.0),
        lambda: clopper_pearson(1.5, 2, 0.05),
    ):
        with pytest.raises(InvalidInput):
            call()
    with pytest.raises(InvalidLevel):
        binomial_window(10, 0, 0.05)
    with pytest.raises(InvalidInput):
        Interval(1.0, 0.0)
    with pytest.raises(InvalidInput):
        Interval(float("nan"), 0.0)
