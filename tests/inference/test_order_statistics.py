"""Intervals and bands from order statistics: exact coverage on small worlds, and knots that are extended to every level."""

import math
from fractions import Fraction as F

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import beta

from qtheory.errors import InvalidInput
from qtheory.inference.binomial import clopper_pearson
from qtheory.inference.cost_band import CostBand, _averaged_radius, _radius, band_from_intervals, dkw_band
from qtheory.inference.interval import Interval
from qtheory.inference.ledger import cost_ledger, ratio_ledger
from qtheory.inference.rank_conditional import rank_conditional_interval
from qtheory.inference.threshold_profile import quantilizer_mean_interval

from .exact_twin import WORLDS, law_of_costs, level, top_mean
from .worlds import WORLDS as STREAMS
from .worlds import Q, draw

ALPHA, N = 0.4, 5
GRID = [F(k, 24) for k in range(1, 25)]


def total(world, q):
    """q E_Q[c] at any level: the cells are in the order of rank."""
    reached, sum_ = F(0), F(0)
    for cell in world:
        taken = max(F(0), min(cell.mass, q - reached))
        sum_, reached = sum_ + taken * cell.mean, reached + cell.mass
    return sum_


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
def test_the_rank_conditional_interval_misses_at_most_at_its_rate(world):
    q, mean, chance = level(world), float(top_mean(world)), F(0)
    assert total(world, q) == q * top_mean(world)
    for costs, p in law_of_costs(world, N).items():
        ends = rank_conditional_interval(np.array(costs, float), 1.0, q, ALPHA)
        chance += p * (not ends.low - 1e-9 <= mean <= ends.high + 1e-9)
    assert chance <= F(2, 5)


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
def test_the_band_is_wrong_anywhere_at_most_at_its_rate(world):
    chance, coins = F(0), all(cost in (0, 1) for cell in world for cost, _ in cell.law)
    for costs, p in law_of_costs(world, N).items():
        band = dkw_band(cost_ledger(np.array(costs, float), 1.0, ["1/2"], 3), ALPHA, rounded=coins)
        ends = [(band.interval(s), float(total(world, s) / s)) for s in GRID]
        chance += p * any(not i.low - 1e-9 <= m <= i.high + 1e-9 for i, m in ends)
    assert chance <= F(2, 5)


@pytest.mark.parametrize("name", ["tight", "coin", "smooth", "half_taken"])
def test_three_ways_agree_and_the_profile_is_the_narrowest_where_the_threshold_matters(name):
    costs, mean = draw(name, 20_000, 7), STREAMS[name][1]
    ledger = cost_ledger(costs, 1.0, [Q], 33)
    ways = (
        quantilizer_mean_interval(ledger, Q, 0.01),
        rank_conditional_interval(costs, 1.0, Q, 0.01),
        dkw_band(ledger, 0.01).interval(Q),
    )
    assert all(i.low - 1e-9 <= mean <= i.high + 1e-9 for i in ways)
    assert ways[0].width < ways[1].width < ways[2].width < 0.6


def test_both_keep_what_the_naive_interval_on_the_top_items_loses():
    lost = np.zeros(3, int)
    for seed in range(100):
        costs = draw("tight", 400, [9, seed])
        naive = clopper_pearson(int(costs[:40].sum()), 40, 0.05)
        band = dkw_band(cost_ledger(costs, 1.0, [Q], 2), 0.05).interval(Q)
        lost += [not i.contains(1.0) for i in (naive, band, rank_conditional_interval(costs, 1.0, Q, 0.05))]
    assert lost[0] > 30 and lost[1:].max() <= 5


def test_ranks_above_an_order_statistic_have_the_law_that_is_used():
    rng = np.random.default_rng(11)
    ranks = np.sort(rng.random((4000, 20)), axis=1)[:, 4]
    for tail in (0.01, 0.2):
        inside = (ranks < beta.ppf(tail, 5, 16)).mean()
        assert inside == pytest.approx(tail, abs=4 * np.sqrt(tail / 4000))


def test_bounds_between_knots_hold_for_every_cost_and_are_attained():
    rng, cap = np.random.default_rng(12), 2.0
    knots = np.array([0.25, 0.5, 0.75])
    for _ in range(50):
        h = cap * rng.random(8)  # the mean cost in eighths of the ranks
        totals = np.concatenate([[0.0], h.cumsum() / 8])
        exact = np.interp(knots, np.arange(9) / 8, totals)
        band = band_from_intervals(
            knots, [Interval(g / q, g / q) for g, q in zip(exact, knots, strict=True)], cap, 0.05
        )
        for s in np.linspace(0.01, 1, 40):
            mean, ends = np.interp(s, np.arange(9) / 8, totals) / s, band.interval(s)
            assert ends.low - 1e-12 <= mean <= ends.high + 1e-12
    # between knots the lowest admissible total is first flat and then as steep as can be, the highest the reverse
    band = band_from_intervals(knots[:2], [Interval(1.0, 1.0), Interval(1.0, 1.0)], cap, 0.05)
    assert band.interval(0.375).low * 0.375 == pytest.approx(0.25) and band.interval(
        0.375
    ).high * 0.375 == pytest.approx(0.5)


def test_uncertain_knots_are_extended_by_all_knots_not_by_neighbours_only():
    band = CostBand(np.array([0.5, 0.6]), np.array([0.4, 0.0]), np.array([0.5, 0.6]), np.array([1.0, 0.45]), 1.0, 0.05)
    assert band.interval(0.6).low == pytest.approx(0.4 / 0.6)  # of the knot before, since totals never fall
    assert band.interval(0.5).high == pytest.approx(0.45 / 0.5)  # of the knot behind


def test_contradicting_knots_are_refused():
    band = band_from_intervals([0.5, 0.6], [Interval(0.9, 0.9), Interval(0.1, 0.1)], 1.0, 0.05)
    with pytest.raises(InvalidInput):
        band.interval(0.55)


def test_the_averaged_inequality_is_the_best_of_its_kind_and_not_much_worse():
    for alpha in (0.3, 0.05, 1e-6):
        radius = _averaged_radius(50, alpha)
        assert _radius(50, alpha) < radius < 1.35 * _radius(50, alpha)

        def bound(eta, radius=radius):
            return quad(lambda x: 2 * math.exp(-100 * x * x), eta, 10)[0] / (radius - eta)

        best = min(bound(eta) for eta in np.linspace(0.0, 0.999 * radius, 400))
        assert best == pytest.approx(alpha, rel=2e-3)


def test_rounded_costs_are_covered_by_the_sharper_inequality():
    rng = np.random.default_rng(13)
    costs = draw("smooth", 5000, 14)
    rounded = (rng.random(5000) < costs).astype(float)
    sharp, averaged = (
        dkw_band(cost_ledger(c, 1.0, [Q], 5), 0.05, rounded=c is rounded).interval(Q) for c in (rounded, costs)
    )
    assert sharp.contains(0.95) and averaged.contains(0.95)
    for flag, radius in ((True, _radius), (False, _averaged_radius)):
        band = dkw_band(cost_ledger(rounded, 1.0, [Q], 2), 0.05, rounded=flag)
        assert band.high_totals[0] == pytest.approx(radius(5000, 0.025))
    for levels in (2, 5):  # not rounded, whether or not there are levels in between
        with pytest.raises(InvalidInput):
            dkw_band(cost_ledger(costs, 1.0, [Q], levels), 0.05, rounded=True)


@pytest.mark.parametrize(
    "call",
    [
        lambda: band_from_intervals([], [], 1.0, 0.05),
        lambda: band_from_intervals([0.5], [], 1.0, 0.05),
        lambda: dkw_band(ratio_ledger(cost_ledger(np.ones(9), 1.0, [Q], 2), Q, 2.0), 0.05),
        lambda: dkw_band(cost_ledger(np.ones(9), 1.0, [Q], 2), 0.0),
        lambda: rank_conditional_interval(np.array([2.0]), 1.0, Q, 0.05),
        lambda: rank_conditional_interval(np.array([1.0]), 1.0, 0, 0.05),
    ],
)
def test_what_has_no_band_is_refused(call):
    with pytest.raises(InvalidInput):
        call()
