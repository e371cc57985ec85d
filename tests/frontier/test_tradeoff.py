"""Several optimizers at once, and the tangent that finds the best level."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

import qtheory as qt
from qtheory.errors import InvalidInput, NotAvailable

SMALL = qt.Problem(qt.Finite(["1/4", "1/4", "1/2"]), utility=[8, 4, 0])
NORMAL = qt.Problem(qt.Continuous("normal(0, 1)"))


def test_every_point_is_what_its_policy_says():
    families = {"q": [qt.Quantilizer("1/4"), qt.Quantilizer("1/2")], "n": [qt.BestOfN(3)]}
    cost_class = qt.MeanBounded("1/2")
    table = qt.tradeoff(SMALL, families, cost_class)
    for curve, optimizers in zip(table.curves, families.values(), strict=True):
        for point, optimizer in zip(curve.points, optimizers, strict=True):
            policy = optimizer(SMALL)
            assert point.value == sum(p * u for p, u in zip(policy.probabilities, (8, 4, 0), strict=True))
            assert point.worst == Fraction(1, 2) * max(
                p / g for p, g in zip(policy.probabilities, SMALL.base.weights, strict=True)
            )
            assert float(point.kl) == pytest.approx(float(policy.kl()))
    assert table.base == "3 actions"
    assert table.to_json()["cost_class"] == "MeanBounded(epsilon=1/2)"
    assert table.to_json()["curves"][0]["points"][0] == {
        "setting": "q=1/4", "kind": "exact", "value": "8", "worst": "2", "kl": pytest.approx(math.log(4)),
    }  # fmt: skip


def test_on_a_normal_base_the_closed_forms_come_out():
    table = qt.tradeoff(NORMAL, {"KL": [qt.KLRegularized("1/2")], "q": [qt.Quantilizer("1/2")]}, qt.MomentBounded(2, 1))
    tilt, half = (curve.points[0] for curve in table.curves)
    assert [float(tilt.value), float(tilt.kl), float(tilt.worst)] == pytest.approx([2.0, 2.0, math.exp(2.0)])
    assert [float(half.value), float(half.kl), float(half.worst)] == pytest.approx(
        [math.sqrt(2 / math.pi), math.log(2), math.sqrt(2)]
    )


def test_the_chi_squared_shape_is_on_no_other_curve_s_safe_side_and_the_quantilizer_is_for_means():
    families = {
        "q": [qt.Quantilizer(Fraction(1, k)) for k in (2, 5, 20, 100)],
        "power": [qt.PowerRegularized(2, Fraction(1, k)) for k in range(1, 40)],
    }
    table = qt.tradeoff(NORMAL, families, qt.MomentBounded(2, 1))
    level, power = ([(float(p.worst), float(p.value)) for p in curve.points] for curve in table.curves)
    across, up = np.array(power).T
    inside = [(x, y) for x, y in level if across.min() <= x <= across.max()]
    # the curve is concave, so what is read off its chords is on the cautious side
    assert len(inside) >= 3
    assert all(y <= np.interp(x, across, up) + 1e-3 for x, y in inside)


def test_nothing_to_compare_is_refused():
    for families in ({}, {"empty": []}):
        with pytest.raises(InvalidInput, match="nothing to compare"):
            qt.tradeoff(SMALL, families, qt.MeanBounded(1))


def test_the_tangent_is_the_steepest_of_all_chords():
    exact = qt.reservation_picture(SMALL, "3/2", [Fraction(k, 64) for k in range(1, 65)])
    assert exact.value == max(point.guarantee for point in exact.points) == 3
    assert exact.touch == (Fraction(1, 2), 3)
    assert all(p.guarantee == (p.carried - exact.epsilon) / p.q for p in exact.points)
    smooth = qt.reservation_picture(NORMAL, "1/5")
    best = max(float(point.guarantee) for point in smooth.points)
    assert best <= float(smooth.value) <= best + 1e-3
    excess = float(NORMAL.base.excess_mean(float(smooth.value)))
    assert excess == pytest.approx(0.2), "E(U - tau)^+ = epsilon"
    q, height = map(float, smooth.touch)
    assert height == pytest.approx(q * float(qt.Quantilizer(Fraction(q))(NORMAL).value()))


def test_a_construction_needs_a_budget_and_a_known_law():
    with pytest.raises(InvalidInput, match="no construction"):
        qt.reservation_picture(SMALL, 0)
    with pytest.raises(InvalidInput, match="no construction"):
        qt.reservation_picture(SMALL, 1, [])
    with pytest.raises(NotAvailable, match="not known"):
        qt.reservation_picture(qt.Problem(qt.Continuous("normal(0, 1)"), utility="x**2"), 1)
