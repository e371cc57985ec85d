"""Frontiers of float problems: one selection for all levels, and a reservation value without a sort."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import qtheory as qt
from qtheory.frontiers.reservation import atomic_reservation

LEVELS = ["1", "2/3", "1/2", "1/5", "1/50"]


def pairs():
    """Problems in float64, each with the same one in rationals."""
    draw = np.random.default_rng(3)
    for size in (1, 2, 6, 25):
        utility, cost = draw.integers(-4, 5, size) / 4, draw.integers(0, 9, size) / 8
        masses = np.bincount(draw.integers(0, size, 32), minlength=size) / 32
        even = qt.Finite([Fraction(1, size)] * size)
        yield qt.Problem(qt.Empirical(utility), cost=cost), qt.Problem(even, utility.tolist(), cost.tolist())
        uneven = qt.Finite(masses.tolist())
        yield qt.Problem(qt.Finite(masses), utility, cost), qt.Problem(uneven, utility.tolist(), cost.tolist())


def test_the_frontier_in_float64_is_the_exact_one():
    for rounded, exact in pairs():
        for epsilon in (None, "1/4"):
            ours, theirs = (qt.frontier(problem, LEVELS, epsilon=epsilon) for problem in (rounded, exact))
            for one, other in zip(ours.points, theirs.points, strict=True):
                assert one.value.source == "float64" and other.value.source == "exact"
                assert one.value.value == pytest.approx(float(other.value.value), rel=1e-12, abs=1e-12)
                assert one.cost.value == pytest.approx(float(other.cost.value), rel=1e-12, abs=1e-12)
            assert ours.reservation[0] == pytest.approx(float(theirs.reservation[0]), rel=1e-12, abs=1e-12)


def test_the_reservation_value_is_the_greatest_guarantee_over_all_levels():
    for rounded, exact in pairs():
        for epsilon in (Fraction(0), Fraction(1, 8), Fraction(3)):
            value, q = atomic_reservation(exact, epsilon)
            size = exact.base.size
            grid = [Fraction(k, 32 * size) for k in range(1, 32 * size + 1)] if size <= 6 else [q]
            guarantees = [qt.Quantilizer(level)(exact).value() - epsilon / level for level in grid]
            assert max(guarantees) == value
            assert q == max(level for level, x in zip(grid, guarantees, strict=True) if x == value)
            # Dyadic numbers: the sums have no rounding, but a quotient may.
            found = atomic_reservation(rounded, epsilon)
            assert found[0] == pytest.approx(float(value), rel=1e-12, abs=1e-12)
            if Fraction(found[0]) == value:
                assert found[1] == pytest.approx(float(q), rel=1e-12)


def test_another_budget_has_another_reservation_value():
    problem = qt.Problem(qt.Empirical([4.0, 2.0, 0.0, 0.0]))
    assert atomic_reservation(problem, Fraction(1, 2)) == (2.0, 0.5)
    assert atomic_reservation(problem, Fraction(1, 4)) == (3.0, 0.25)


def test_equal_guarantees_go_to_the_greatest_level():
    assert atomic_reservation(qt.Problem(qt.Empirical([0.1] * 3)), Fraction(0)) == (0.1, 1.0)
    assert atomic_reservation(qt.Problem(qt.Empirical([1.7e308] * 4)), Fraction(0)) == (1.7e308, 1.0)


def test_a_hundred_thousand_actions_have_a_frontier_and_a_policy_in_no_time():
    draw = np.random.default_rng(4)
    utility, cost = np.round(draw.normal(size=100_000), 2), draw.random(100_000)
    problem = qt.Problem(qt.Empirical(utility), cost=cost)
    curve = qt.frontier(problem, [Fraction(1, k) for k in range(1, 101)])
    for point in (curve.points[0], curve.points[49], curve.points[99]):
        policy = qt.Quantilizer(point.q)(problem)
        assert point.value.value == pytest.approx(policy.value(), rel=1e-10)
        assert point.cost.value == pytest.approx(policy.expect(cost), rel=1e-10)
    value, q = curve.reservation
    at = qt.frontier(problem, [Fraction(round(q * 100_000), 100_000)]).points[0]
    assert at.guarantee == pytest.approx(value, rel=1e-9)
    assert value >= max(point.guarantee for point in curve.points) - 1e-12
