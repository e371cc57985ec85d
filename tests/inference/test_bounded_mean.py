"""Betting tests of a bounded mean: validity by enumeration, coverage, and power."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from scipy.stats import binom

from qtheory.errors import InvalidInput
from qtheory.inference.bounded_mean import (
    asymptotic_mean_interval,
    bounded_mean_interval,
    empirical_bernstein_interval,
    mean_interval,
    mean_log_e,
)
from qtheory.inference.levels import level_grid, split_to_levels

POINTS = np.array([0.0, 1.0])


@pytest.mark.parametrize("n", [1, 2, 5])
@pytest.mark.parametrize("direction", [1, -1])
@pytest.mark.parametrize("mean", [Fraction(1, 10), Fraction(1, 2), Fraction(9, 10)])
def test_e_value_has_mean_one_at_the_edge_of_the_null(n, direction, mean):
    total = Fraction(0)
    for x in itertools.product((0, 1), repeat=n):
        p = math.prod((mean if v else 1 - mean) for v in x)
        mass = np.array([n - sum(x), sum(x)], float)
        total += p * Fraction(math.exp(mean_log_e(POINTS, mass, float(mean), direction)))
    assert float(total) == pytest.approx(1.0, abs=1e-12)


def test_mean_below_one_inside_the_null():
    n, p = 5, Fraction(1, 4)
    e = [math.exp(mean_log_e(POINTS, np.array([n - x, x], float), 0.5, 1)) for x in range(n + 1)]
    assert sum(binom.pmf(x, n, float(p)) * e[x] for x in range(n + 1)) < 0.7


def test_wealth_matches_a_direct_product():
    # an independent reading: bets 1 + lambda (x - m) with lambda = rho / (m - low)
    x, m = np.array([0.25, 0.5, 1.0, 0.0]), 0.5
    shares = [0.999, 0.97, 0.75, 0.5, 0.25]
    direct = np.mean([np.prod(1 + rho / m * (x - m)) for rho in shares])
    assert mean_log_e(level_grid(0, 1, 5), split_to_levels(x, 0, 1, 5), m, 1) == pytest.approx(
        math.log(direct), rel=1e-12
    )


def test_directions_mirror_each_other():
    x = np.random.default_rng(5).random(200)
    grid = level_grid(0.0, 1.0, 33)
    greater = mean_log_e(grid, split_to_levels(x, 0, 1, 33), 0.4, 1)
    smaller = mean_log_e(grid, split_to_levels(1 - x, 0, 1, 33), 0.6, -1)
    assert greater == pytest.approx(smaller, rel=1e-9)


def test_nulls_beyond_the_range_are_settled_without_a_bet():
    mass = np.array([3.0, 1.0])
    assert mean_log_e(POINTS, mass, -0.1, 1) == math.inf
    assert mean_log_e(POINTS, mass, 0.0, 1) == math.inf
    assert mean_log_e(POINTS, np.array([4.0, 0.0]), 0.0, 1) == 0.0
    assert mean_log_e(POINTS, mass, 1.1, -1) == math.inf
    assert mean_log_e(POINTS, mass, 1.5, 1) < 0.0


WORLDS = {
    "coin": (lambda rng: (rng.random(300) < 0.5).astype(float), 0.5),
    "rare": (lambda rng: (rng.random(300) < 0.01).astype(float), 0.01),
    "common": (lambda rng: (rng.random(300) < 0.99).astype(float), 0.99),
    "skewed": (lambda rng: rng.beta(0.05, 0.45, 300), 0.1),
    "constant": (lambda rng: np.full(300, 0.3), 0.3),
}


@pytest.mark.parametrize("name", WORLDS)
def test_coverage(name):
    draw, truth = WORLDS[name]
    rng = np.random.default_rng(6)
    misses = sum(not bounded_mean_interval(draw(rng), 0.0, 1.0, 0.05).contains(truth) for _ in range(200))
    assert misses <= binom.isf(1e-4, 200, 0.05)
    misses = sum(not empirical_bernstein_interval(draw(rng), 0.0, 1.0, 0.05).contains(truth) for _ in range(200))
    assert misses <= binom.isf(1e-4, 200, 0.05)


def test_the_normal_interval_fails_on_rare_values_and_says_so():
    rng = np.random.default_rng(7)
    draw, truth = WORLDS["rare"]
    misses = sum(not asymptotic_mean_interval(draw(rng), 0.05).contains(truth) for _ in range(500))
    assert misses > binom.isf(1e-4, 500, 0.05)
    assert "asymptotic" in asymptotic_mean_interval.__doc__


def test_interval_is_the_set_of_nulls_not_rejected():
    x = np.random.default_rng(8).beta(2, 6, 400)
    grid, mass = level_grid(0.0, 1.0, 257), split_to_levels(x, 0, 1, 257)
    interval = mean_interval(grid, mass, 0.02)
    rejected = [
        max(mean_log_e(grid, mass, m, s) for s in (1, -1)) >= math.log(100) for m in np.linspace(0.001, 0.999, 400)
    ]
    inside = [interval.contains(m) for m in np.linspace(0.001, 0.999, 400)]
    # the end lies on the rejected side, within its declared resolution
    assert sum(r == i for r, i in zip(rejected, inside, strict=True)) <= 1


def test_large_bets_see_tiny_variances_and_ends():
    x = np.random.default_rng(9).normal(0.5, 1e-3, 2000)
    assert bounded_mean_interval(x, 0.0, 1.0, 1e-6).width < 0.02
    zeros = np.zeros(10_000)
    assert bounded_mean_interval(zeros, 0.0, 1.0, 1e-6).high < 2 * math.log(2e6) / 10_000
    ones = bounded_mean_interval(1 - zeros, 0.0, 1.0, 1e-6)
    assert ones.high == 1.0 and ones.low > 1 - 2 * math.log(2e6) / 10_000


def test_betting_beats_empirical_bernstein():
    x = np.random.default_rng(10).random(1000)
    assert bounded_mean_interval(x, 0, 1, 1e-6).width < 0.8 * empirical_bernstein_interval(x, 0, 1, 1e-6).width


def test_a_bound_ten_percent_too_small_is_called_by_the_plain_contrast():
    q, n, called = 0.1, 100_000, 0
    for seed in range(50):
        rng = np.random.default_rng([11, seed])
        x = q * np.ones(n) - 0.9 * (rng.random(n) <= q)  # the tight cost: 1 under Q, 1{S <= q} under the base
        grid = level_grid(-0.9, q, 257)
        called += mean_log_e(grid, split_to_levels(x, -0.9, q, 257), 0.0, 1) >= math.log(1e9)
    assert called == 50


def test_a_true_bound_is_not_called():
    q, n = 0.1, 100_000
    for seed in range(20):
        rng = np.random.default_rng([12, seed])
        x = q * np.ones(n) - 1.0 * (rng.random(n) <= q)
        assert mean_log_e(level_grid(-1.0, q), split_to_levels(x, -1.0, q), 0.0, 1) < math.log(1e4)


def test_bad_histograms_are_refused():
    for levels, mass in (
        ([0.0, 1.0], [1.0]),
        ([1.0, 0.0], [1.0, 1.0]),
        ([0.0, 1.0], [-1.0, 2.0]),
        ([0.0, 1.0], [0.0, 0.0]),
    ):
        with pytest.raises(InvalidInput):
            mean_log_e(np.array(levels), np.array(mass))
    with pytest.raises(InvalidInput):
        mean_log_e(POINTS, np.ones(2), 0.5, direction=0)
    with pytest.raises(InvalidInput, match=r"values\[1\]"):
        bounded_mean_interval([0.5, 1.5], 0.0, 1.0, 0.05)
    with pytest.raises(InvalidInput, match=r"values\[1\]"):
        empirical_bernstein_interval([0.5, 1.5], 0.0, 1.0, 0.05)
