"""Curves of the truth against optimisation."""

from __future__ import annotations

import math

import pytest

import qtheory as qt
from qtheory.errors import InvalidInput


def test_a_normal_error_keeps_half_of_every_gain():
    model = qt.ProxyModel("normal(0, 1)", "normal(0, 1)")
    curve = qt.goodhart_curve(model, ["1/2", "1", "1/10"])
    assert [p.setting for p in curve.points] == ["q=1", "q=1/2", "q=1/10"]
    assert [p.nats for p in curve.points] == pytest.approx([0, math.log(2), math.log(10)])
    upper = [0.0, math.sqrt(2 / math.pi), 1.7549833193248680]
    assert [p.truth.value for p in curve.points] == pytest.approx([u / math.sqrt(2) for u in upper])
    assert curve.best is None and curve.truth == "normal(0, 1)"


def test_best_of_n_is_measured_in_its_own_nats():
    model = qt.ProxyModel("normal(0, 1)", "normal(0, 1)")
    curve = qt.goodhart_curve(model, draws=[10, 1])
    assert [p.nats for p in curve.points] == pytest.approx(
        [0.0, float(qt.BestOfN(10)(qt.Problem(qt.Continuous("normal(0, 1)"))).kl())]
    )
    assert curve.points[1].truth.value == pytest.approx(1.538752730835173 / math.sqrt(2))


def test_a_heavy_tail_has_a_best_level_and_a_light_one_has_none():
    heavy = qt.goodhart_curve(qt.ProxyModel("normal(0, 1)", "student_t(3)"), ["1", "1/10", "1/1000"])
    assert heavy.best.truth.value >= max(p.truth.value for p in heavy.points)
    assert heavy.best.nats == pytest.approx(-math.log(0.0761746), abs=1e-4)
    # the truth under an exponential error rises to one and stays: no level is best
    light = qt.goodhart_curve(qt.ProxyModel("normal(0, 1)", "exponential(1)"), ["1", "1/10", "1/1000", "1/1000000"])
    assert light.best is None
    # and what lies beyond the levels drawn is not claimed
    assert qt.goodhart_curve(qt.ProxyModel("normal(0, 1)", "student_t(3)"), ["1", "1/2"]).best is None


def test_what_is_not_a_model_or_a_strength_is_refused():
    with pytest.raises(InvalidInput, match="not a model"):
        qt.goodhart_curve("normal(0, 1)")  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="no strength"):
        qt.goodhart_curve(qt.ProxyModel("normal(0, 1)", "normal(0, 1)"), [])
