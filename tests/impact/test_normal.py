"""The normal closed forms, against other formulas, high precision, and simulation-free identities."""

import math

import mpmath
import pytest

import qtheory as qt
from qtheory.errors import InvalidInput
from qtheory.impact.normal import (
    both_above,
    exponential_amplification,
    smooth_step_cost,
    tail_amplification,
    tilted_step_cost,
    upper_quantile,
)

mpmath.mp.dps = 30


def precise(h, k, rho):
    """By Plackett's formula: an integral over the correlation, nothing like the one in the library."""
    above = lambda x: mpmath.erfc(mpmath.mpf(x) / mpmath.sqrt(2)) / 2
    density = lambda r: mpmath.exp(-(h * h - 2 * r * h * k + k * k) / (2 * (1 - r * r))) / mpmath.sqrt(1 - r * r)
    return above(h) * above(k) + mpmath.quad(density, [0, rho / 2, rho]) / (2 * mpmath.pi)


@pytest.mark.parametrize("rho", ["-0.9", "-0.3", "0.5", "0.97"])
@pytest.mark.parametrize("h, k", [(0.0, 0.0), (1.2, 2.0), (-1.5, 0.7), (2.3, -3.0), (4.0, 4.5)])
def test_the_two_formulas_for_both_above_agree(h, k, rho):
    known = precise(mpmath.mpf(h), mpmath.mpf(k), mpmath.mpf(rho))
    found = both_above(h, k, rho)
    assert abs(found - known) <= max(1e-11 * known, 1e-29)


def test_the_ends_of_the_correlation_are_closed_forms():
    above = lambda x: math.erfc(x / math.sqrt(2)) / 2
    assert both_above(1.0, 2.0, 1) == pytest.approx(above(2.0), rel=1e-14)
    assert both_above(1.0, 2.0, -1) == 0.0
    assert both_above(-1.0, 0.5, -1) == pytest.approx(above(-1.0) - above(-0.5), rel=1e-13)
    assert both_above(1.0, 2.0, 0) == pytest.approx(above(1.0) * above(2.0), rel=1e-12)
    assert both_above(0.3, 0.4, "0.999999") == pytest.approx(both_above(0.3, 0.4, 1), rel=3e-3)


@pytest.mark.parametrize("rho", ["-1/2", "0", "1/2", "1"])
def test_the_exponential_cost_agrees_with_the_quantilizer_of_a_normal_base(rho):
    policy = qt.Quantilizer("1/10")(qt.Problem(qt.Continuous("normal(0, 1)")))
    expected = policy.expect(f"exp(({rho})*x - ({rho})**2/2)")
    assert exponential_amplification("1/10", rho) == pytest.approx(expected, rel=1e-9)


def test_the_tail_cost_is_amplified_by_no_more_than_one_over_q():
    for q in ("1/2", "1/10", "1/100"):
        factors = [tail_amplification(q, rho, 2) for rho in ("-1/2", "0", "1/2", "9/10")]
        assert factors == sorted(factors) and factors[1] == 1.0 and factors[-1] < float(1 / qt.Quantilizer(q).q)
    assert tail_amplification("1/100", 1, 3) == pytest.approx(100, rel=1e-12)
    assert tail_amplification("1/100", 1, 2) < 100


def test_the_smooth_step_is_the_mean_of_its_regression():
    policy = qt.Quantilizer("1/10")(qt.Problem(qt.Continuous("normal(0, 1)")))
    spread = math.sqrt(2 * (1 + 0.25 - 0.09))
    expected = policy.expect(f"erfc((2 - 0.3*x)/{spread!r})/2")
    assert smooth_step_cost(2, "1/2", "3/10", "1/10") == pytest.approx(expected, rel=1e-9)
    assert smooth_step_cost(2, "1/2", "3/10", 1) == smooth_step_cost(2, "1/2") == tilted_step_cost(2, "1/2", "3/10", 0)
    assert smooth_step_cost(2, "1/2", "3/10", "1/100") < 4 * smooth_step_cost(2, "1/2")


def test_what_is_no_correlation_or_no_level_is_refused():
    for call in (
        lambda: both_above(0, 0, 2),
        lambda: both_above(math.inf, 0, 0),
        lambda: exponential_amplification(0, 0),
        lambda: smooth_step_cost(2, 0),
    ):
        with pytest.raises(InvalidInput):
            call()
    assert upper_quantile(1.0) == -math.inf
