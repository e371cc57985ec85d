"""The finite-sample interval for stratified means: its inequalities, its roots, its coverage."""

import itertools
import math

import numpy as np
import pytest

from qtheory.direct.bennett import deviation, half_width, variance_bound


@pytest.mark.parametrize("log_odds", [0.5, 3.0, 20.0])
@pytest.mark.parametrize("total", [0.0, 1e-6, 0.3, 10.0, 1e5])
def test_the_roots_solve_their_equations_from_above(total, log_odds):
    v = float(variance_bound(np.array(total), log_odds))
    left = v - total - (total * math.log(v / total) if total else 0.0)
    assert v >= total and left == pytest.approx(log_odds, rel=1e-6) and left >= log_odds * (1 - 1e-9)
    t = float(deviation(np.array(v), log_odds))
    assert (v + t) * math.log1p(t / v) - t == pytest.approx(log_odds, rel=1e-6)


def test_the_bounds_hold_exactly_over_all_outcomes():
    """Three strata of two draws of coins: the chance to miss, in all outcomes, stays below alpha."""
    chances = (0.02, 0.4, 0.9)
    for alpha in (0.3, 0.1):
        missed = 0.0
        for outcome in itertools.product((0, 1), repeat=6):
            pairs = np.array(outcome).reshape(3, 2)
            weight = math.prod(p if x else 1 - p for row, p in zip(pairs, chances, strict=True) for x in row)
            half = float(half_width(((pairs[:, 0] - pairs[:, 1]) ** 2).sum(), alpha))
            missed += weight * (abs(pairs.sum() - 2 * sum(chances)) > half)
        assert missed <= alpha


def misses(width, runs=2000, strata=50):
    rng = np.random.default_rng(5)
    chances = np.linspace(0.0, 0.3, strata)
    x = rng.random((runs, strata, 2)) < chances[:, None]
    total = ((x[..., 0] ^ x[..., 1]).sum(axis=1)).astype(float)
    gap = np.abs(x.sum(axis=(1, 2)) - 2 * chances.sum())
    return (gap > width(total)).mean()


def test_coverage_and_a_width_that_is_too_small_is_caught():
    # at most 0.1 are missed; 2000 runs see more than 0.14 of them by chance with probability below 1e-7
    assert misses(lambda total: half_width(total, 0.1)) <= 0.1
    assert misses(lambda total: half_width(total, 0.1) / 4) > 0.14


def test_strata_without_variance_cost_a_logarithm_and_not_a_root():
    alpha = 1e-6
    assert float(half_width(np.array(0.0), alpha)) < 2 * math.log(3 / alpha)
