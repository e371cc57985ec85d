"""Bounds from the law of a cost: against closed forms, and against every other order and rate."""

import math

import pytest
from scipy.optimize import minimize_scalar

from qtheory.base.continuous import Continuous
from qtheory.costs.law_bounds import best_exponential_bound, best_moment_bound, moment_bound
from qtheory.errors import InvalidInput, NotAvailable

PARETO, EXPONENTIAL, UNIFORM = (Continuous(x) for x in ("pareto(3)", "exponential(1)", "uniform(0, 1)"))


def pareto_bound(p, q):
    return (3 / (3 - p) / q) ** (1 / p)


@pytest.mark.parametrize("q", ["1/2", "1/10", "1/100"])
def test_the_best_order_for_a_pareto_cost_is_that_of_the_closed_form(q):
    level = {"1/2": 0.5, "1/10": 0.1, "1/100": 0.01}[q]
    known = minimize_scalar(
        lambda p: pareto_bound(p, level), bounds=(1, 2.999), method="bounded", options={"xatol": 1e-12}
    )
    order, bound = best_moment_bound(PARETO, q)
    assert bound == pytest.approx(known.fun, rel=1e-10) and order == pytest.approx(known.x, rel=1e-6)
    assert all(moment_bound(PARETO, q, p) >= bound for p in ("1", "3/2", "2", "5/2", "14/5"))
    assert PARETO.upper_mean(q) < bound


def test_a_bounded_cost_has_a_best_order_too():
    assert moment_bound(UNIFORM, "1/4", 2) == pytest.approx(math.sqrt(4 / 3))
    known = minimize_scalar(lambda p: (4 / (p + 1)) ** (1 / p), bounds=(1, 50), method="bounded")
    assert best_moment_bound(UNIFORM, "1/4") == pytest.approx((known.x, known.fun), rel=1e-5)


def test_an_order_next_to_the_end_of_the_moments_is_not_guessed():
    # The best order is within 0.05 of 3, where quadrature no longer has the moments.
    with pytest.raises(NotAvailable, match="still falls"):
        best_moment_bound(PARETO, "1e-30")
    # At q = 1 the mean itself is the best bound.
    assert best_moment_bound(PARETO, 1) == pytest.approx((1.0, 1.5))


@pytest.mark.parametrize("nats", [0.5, 2.0, 4.0])
def test_the_best_rate_for_an_exponential_cost_is_that_of_the_closed_form(nats):
    def closed(s):
        return (nats - math.log1p(-s)) / s

    known = minimize_scalar(closed, bounds=(1e-3, 1 - 1e-9), method="bounded", options={"xatol": 1e-12})
    rate, bound = best_exponential_bound(EXPONENTIAL, math.exp(-nats))
    assert bound == pytest.approx(known.fun, rel=1e-10) and rate == pytest.approx(known.x, rel=1e-5)
    assert EXPONENTIAL.upper_mean(math.exp(-nats)) == pytest.approx(1 + nats) and 1 + nats < bound


def test_costs_without_the_moments_are_refused():
    with pytest.raises(NotAvailable):
        best_exponential_bound(PARETO, "1/10")
    with pytest.raises(NotAvailable):
        moment_bound(PARETO, "1/10", 4)
    for call in (
        lambda: moment_bound(Continuous("normal(0, 1)"), "1/10", 2),
        lambda: moment_bound(PARETO, "1/10", "1/2"),
        lambda: best_exponential_bound(EXPONENTIAL, 1),
    ):
        with pytest.raises(InvalidInput):
            call()
