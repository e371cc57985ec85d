"""Tsallis policies of a very large order: right values, or a refusal that says why."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest

import qtheory as qt
from qtheory.errors import NotAvailable
from qtheory.exact.enclosure import Enclosure, Indeterminate

LEVELS = qt.Problem(qt.Finite(["1/2", "1/4", "1/8", "1/16", "1/16"]), utility=[0, 1, 2, 3, 10])


@pytest.mark.parametrize("alpha", [999, 1002, 10**5, 10**7, 10**9, 10**12])
def test_the_policy_of_a_large_order_is_stationary_and_sums_to_one(alpha):
    policy = qt.TsallisRegularized(alpha, "1/2")(LEVELS)
    assert all(Enclosure.of(p).width < Fraction(1, 10**20) for p in policy.probabilities)
    assert sum(map(Enclosure.of, policy.probabilities), Enclosure.of(0)).contains(1)
    with mpmath.workdps(60):
        ratio = [mpmath.mpf(w.midpoint.numerator) / w.midpoint.denominator for w in map(Enclosure.of, policy.ratio)]
        powers = [w ** (alpha - 1) for w in ratio]
        for i in range(1, 5):
            # where actions are played, w^(alpha-1) rises with U at the rate (alpha-1)/beta
            step = (powers[i] - powers[0]) / (2 * (alpha - 1) * mpmath.mpf(int(LEVELS.utility[i])))
            assert abs(step - 1) < 1e-6


def test_a_large_order_tends_to_the_base_and_a_small_one_does_not():
    gaps = [float(qt.TsallisRegularized(a, "1/2")(LEVELS).value()) - 21 / 16 for a in (2, 10**3, 10**6, 10**9)]
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[0] > 1
    assert 0 < gaps[-1] < 1e-6


@pytest.mark.parametrize(("shares", "alpha"), [(["1/10", "9/10"], 10**4), (["1/2", "1/2"], 10**60)])
def test_what_cannot_be_enclosed_is_refused_by_name(shares, alpha):
    problem = qt.Problem(qt.Finite(shares), utility=[0, 1])
    with pytest.raises(NotAvailable, match="too close to a level of utility") as refused:
        qt.TsallisRegularized(alpha, "1/2")(problem)
    assert not isinstance(refused.value, Indeterminate)
    assert f"alpha = {alpha}" in str(refused.value)
