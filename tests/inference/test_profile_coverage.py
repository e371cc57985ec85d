"""Coverage, power and the duality of intervals and tests on seeded worlds."""

import math

import numpy as np
import pytest
from scipy.stats import binom, norm

from qtheory.errors import InvalidInput
from qtheory.inference.binomial import clopper_pearson
from qtheory.inference.ledger import cost_ledger, ratio_ledger
from qtheory.inference.threshold_profile import (
    amplification_interval,
    profile_e_value,
    quantilizer_mean_interval,
    windowed_test,
)

from .worlds import WORLDS, Q, draw

RUNS, N = 150, 400
# one false alarm in 10**4 per test: twenty-odd statistical tests stay below 1 %
MOST_MISSES = binom.isf(1e-4, RUNS, 0.05)


def ledgers(name, runs=RUNS, n=N, seed=21):
    levels = 33 if name == "smooth" else 2
    return (cost_ledger(draw(name, n, [seed, i]), 1.0, [Q], levels) for i in range(runs))


@pytest.mark.parametrize("name", WORLDS)
def test_tests_at_the_truth_reject_no_more_than_alpha(name):
    _, mean, base = WORLDS[name]
    wrong = np.zeros((2, 2), int)
    for ledger in ledgers(name):
        for j, side in enumerate((1, -1)):
            wrong[0, j] += windowed_test(ledger, Q, 0.05, Q * mean, side).rejects
            wrong[1, j] += windowed_test(ratio_ledger(ledger, Q, mean / base), Q, 0.05, 0.0, side).rejects
    assert wrong.max() <= MOST_MISSES


@pytest.mark.parametrize("name", ["tight", "rare", "atoms"])
def test_intervals_cover(name):
    _, mean, base = WORLDS[name]
    misses = np.zeros(2, int)
    for ledger in ledgers(name, runs=60):
        misses[0] += not quantilizer_mean_interval(ledger, Q, 0.05).contains(mean)
        misses[1] += not amplification_interval(ledger, Q, 0.05).contains(mean / base)
    assert misses.max() <= binom.isf(1e-4, 60, 0.05)


def test_naive_clopper_pearson_on_the_top_k_fails_on_the_tight_world():
    k, misses = int(N * Q), 0
    for i in range(RUNS):
        costs = draw("tight", N, [21, i])
        misses += not clopper_pearson(int(costs[:k].sum()), k, 0.05).contains(1.0)
    assert misses > 0.3 * RUNS


def test_a_bound_ten_percent_too_small_is_called_by_the_windowed_ratio():
    called = false_alarms = 0
    for i in range(50):
        ledger = cost_ledger(draw("tight", 100_000, [31, i]), 1.0, [Q], 2)
        called += windowed_test(ratio_ledger(ledger, Q, 0.9 / Q), Q, 1e-9, 0.0, 1).rejects
        false_alarms += windowed_test(ratio_ledger(ledger, Q, 1.0 / Q), Q, 1e-4, 0.0, 1).rejects
    assert called >= 48 and false_alarms == 0


def test_the_e_value_sees_large_differences_over_all_counts():
    ledger = cost_ledger(draw("coin", 20_000, 41), 1.0, [Q], 2)
    assert profile_e_value(ledger, Q, Q * 0.35, 1).rejects(1e-6)
    assert profile_e_value(ledger, Q, Q * 0.65, -1).rejects(1e-6)
    assert not profile_e_value(ledger, Q, Q * 0.5, 1).rejects(0.05)


@pytest.mark.parametrize(("name", "edge"), [("coin", 0.5), ("half_taken", 0.0)])
def test_intervals_are_not_much_wider_than_efficient(name, edge):
    n, z = 20_000, norm.isf(0.5e-6)
    (ledger,) = ledgers(name, runs=1, n=n)
    # the variance of a 0/1 cost of mean 1/2 within the top q, and that of the unknown threshold
    efficient = 2 * z * math.sqrt((0.25 + (1 - Q) * (0.5 - edge) ** 2) / (n * Q))
    assert quantilizer_mean_interval(ledger, Q, 1e-6).width < 1.5 * efficient


def test_cap_only_sets_the_unit():
    costs = draw("smooth", 2000, 51)
    one = quantilizer_mean_interval(cost_ledger(costs, 1.0, [Q], 33), Q, 0.05)
    seven = quantilizer_mean_interval(cost_ledger(7 * costs, 7.0, [Q], 33), Q, 0.05)
    assert (seven.low / 7, seven.high / 7) == pytest.approx((one.low, one.high), rel=1e-2)
    a, b = (amplification_interval(cost_ledger(m * costs, m, [Q], 33), Q, 0.05) for m in (1.0, 7.0))
    assert (a.low, a.high) == pytest.approx((b.low, b.high), rel=1e-2)


def test_complement_mirrors_the_interval():
    costs = draw("coin", 2000, 52)
    one = quantilizer_mean_interval(cost_ledger(costs, 1.0, [Q], 2), Q, 0.05)
    other = quantilizer_mean_interval(cost_ledger(1 - costs, 1.0, [Q], 2), Q, 0.05)
    assert (1 - other.high, 1 - other.low) == pytest.approx((one.low, one.high), abs=1e-3)


def test_extremes_are_quiet():
    zeros, ones = (cost_ledger(np.full(500, v), 1.0, [Q, 1], 2) for v in (0.0, 1.0))
    assert quantilizer_mean_interval(zeros, Q, 0.05).low == 0.0
    assert quantilizer_mean_interval(ones, Q, 0.05).high == 1.0
    whole = amplification_interval(zeros, Q, 0.05)
    assert (whole.low, whole.high) == (0.0, 10.0)
    assert amplification_interval(ones, Q, 0.05).contains(1.0)
    assert quantilizer_mean_interval(ones, 1, 0.05).low > 0.97
    assert windowed_test(zeros, Q, 0.05, 0.0, 1).log_value == 0.0
    assert windowed_test(zeros, Q, 0.05, -0.1, 1).log_value == math.inf


def test_at_level_one_the_profile_is_a_plain_mean():
    costs = draw("coin", 1000, 53)
    ledger = cost_ledger(costs, 1.0, [1], 2)
    assert quantilizer_mean_interval(ledger, 1, 0.05).contains(costs.mean())
    assert quantilizer_mean_interval(ledger, 1, 0.05).width < 0.2


def test_other_ledgers_have_no_cost_interval():
    ledger = ratio_ledger(cost_ledger(np.ones(50), 1.0, [Q], 2), Q, 2.0)
    with pytest.raises(InvalidInput):
        quantilizer_mean_interval(ledger, Q, 0.05)
    with pytest.raises(InvalidInput):
        amplification_interval(ledger, Q, 0.05)
