"""Frontiers against closed forms and exact arithmetic."""

from __future__ import annotations

import json
import math
from fractions import Fraction

import pytest

from qtheory.base.continuous import Continuous
from qtheory.base.empirical import Empirical
from qtheory.base.finite import Finite
from qtheory.errors import InvalidInput
from qtheory.frontiers.frontier import frontier
from qtheory.frontiers.table import frontier_text
from qtheory.problem import Problem

FINITE = Problem(
    Finite(["1/10", "1/5", "1/20", "3/20", "1/10", "2/5"]),
    utility=["1", "1/2", "1", "1/2", "1/4", "0"],
    cost=[1, 0, 0, 1, 0, 0],
)


def test_a_finite_frontier_is_exact() -> None:
    curve = frontier(FINITE, ["1/10", "1/2", "1"])
    assert [point.q for point in curve.points] == [Fraction(1), Fraction(1, 2), Fraction(1, 10)]
    assert curve.epsilon.value == Fraction(1, 4)
    half = curve.points[1]
    # the top half: 3/20 of utility 1 and 7/20 of utility 1/2, of which 3/7 cost 1
    assert half.value.value == 2 * (Fraction(3, 20) + Fraction(7, 40))
    assert half.cost.value == 2 * (Fraction(1, 10) + Fraction(3, 20))
    assert half.worst_cost == Fraction(1, 2)
    assert half.guarantee == Fraction(3, 20)
    assert all(point.cost.value <= point.worst_cost for point in curve.points)


def test_the_reservation_of_a_finite_base_is_the_root_of_the_excess() -> None:
    value, q = frontier(FINITE, "1/2", epsilon="1/20").reservation
    weights, utility = FINITE.base.weights, FINITE.utility
    excess = sum(g * max(u - value, Fraction(0)) for g, u in zip(weights, utility, strict=True))
    assert excess == Fraction(1, 20)
    assert q == sum(g for g, u in zip(weights, utility, strict=True) if u >= value)
    grid = [Fraction(i, 400) for i in range(1, 401)]
    curve = frontier(FINITE, grid, epsilon="1/20")
    assert curve.best.guarantee == value
    assert curve.best.q == q


def test_a_float_base_gives_floats_close_to_the_exact_ones() -> None:
    problem = Problem(Empirical([3.0, 1.0, 2.0, 2.0]))
    curve = frontier(problem, ["1/4", "3/4"], epsilon="1/2")
    assert curve.points[0].value.value == pytest.approx(7 / 3)
    assert curve.best.guarantee == pytest.approx(7 / 3 - 2 / 3)
    assert curve.reservation == (pytest.approx(7 / 3 - 2 / 3), 0.75)


def test_a_continuous_frontier_agrees_with_the_guarantee_in_closed_form() -> None:
    base = Continuous("exponential(1)")
    curve = frontier(Problem(base), ["1", "1/10", "1/100"], epsilon="1/10", samples=100_000)
    for point in curve.points:
        assert point.value.source == "quadrature"
        assert point.value.interval.contains(point.value.value)
        assert point.guarantee == pytest.approx(float(base.guarantee(point.q, "1/10")), rel=1e-12)
    assert curve.best.q == Fraction(1, 10)
    assert curve.reservation == (pytest.approx(math.log(10)), pytest.approx(0.1))
    assert curve.best.guarantee == pytest.approx(curve.reservation[0])


def test_its_own_cost_stays_under_the_worst_case() -> None:
    problem = Problem(Continuous("normal(0,1)"), cost="1/(1+exp(-x))")
    curve = frontier(problem, ["1/2", "1/10"], 1, samples=200_000)
    assert curve.epsilon.source == "quadrature"
    assert curve.epsilon.value == pytest.approx(0.5)
    for point in curve.points:
        assert point.cost.interval.contains(point.cost.value)
        assert point.cost.value < point.worst_cost


def test_where_nothing_is_known_the_numbers_say_that_they_are_sampled() -> None:
    problem = Problem(Continuous("normal(0,1)"), utility="-Abs(x)", cost="x**2/(1+x**2)")
    curve = frontier(problem, "1/4", 1, samples=50_000)
    point = curve.points[0]
    assert point.value.source == point.cost.source == "simulated"
    assert curve.reservation is None


def test_documents_and_text() -> None:
    heavy = frontier(Problem(Continuous("pareto(1)")), ["1", "1/10"], epsilon=1, samples=10_000)
    document = json.loads(json.dumps(heavy.to_json(), allow_nan=False))
    assert document["points"][0]["utility"]["value"] == "inf"
    plain = frontier(Problem(Continuous("normal(0,1)")), "1/10", samples=10_000)
    assert plain.best is None
    assert "give --epsilon or --cost" in frontier_text(plain)
    exact = frontier(FINITE, "1/2")
    assert exact.to_json()["points"][0]["guarantee"] == "3/20"
    assert all(len(line) <= 100 for line in frontier_text(exact).splitlines())


def test_what_a_frontier_refuses() -> None:
    with pytest.raises(InvalidInput, match="for one cost"):
        frontier(Problem(Continuous("normal(0,1)"), cost={"a": "0*x", "b": "0*x"}), "1/2", 1)
    with pytest.raises(InvalidInput, match="epsilon is negative"):
        frontier(FINITE, "1/2", epsilon=-1)
