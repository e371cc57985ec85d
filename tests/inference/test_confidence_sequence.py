"""Confidence sequences hold at all sample sizes together; intervals for one sample size do not."""

import itertools
import math
from fractions import Fraction as F
from functools import cache

import numpy as np
import pytest
from scipy.stats import binom

from qtheory.errors import InvalidInput
from qtheory.inference.binomial import clopper_pearson
from qtheory.inference.bounded_mean import ANYTIME_SHARES, mean_interval, mean_log_e
from qtheory.inference.confidence_sequence import (
    ConfidenceSequence,
    bernstein_sequence,
    bernstein_sequence_of,
    betting_sequence,
    betting_sequence_of,
)

POINTS = np.array([0.0, 1.0])
LENGTH, ALPHA = 9, 0.3


@cache
def betting_at(n, ones):
    """The interval depends on the counts alone, not on how many looks there were before."""
    return betting_sequence(POINTS, np.array([[n - ones, ones]], float), ALPHA).last


def betting(x):
    looks = [betting_at(n, int(x[:n].sum())) for n in range(1, x.size + 1)]
    return np.array([i.low for i in looks]), np.array([i.high for i in looks])


def bernstein(x):
    sequence = bernstein_sequence_of(x, 0.0, 1.0, ALPHA)
    return sequence.low, sequence.high


def ever_missed(mean, ends_of):
    """The exact chance that some interval misses the mean, over all coin sequences of one length."""
    chance = F(0)
    for flips in itertools.product((0, 1), repeat=LENGTH):
        low, high = ends_of(np.array(flips, float))
        if (low > float(mean) + 1e-12).any() or (high < float(mean) - 1e-12).any():
            chance += math.prod((mean if v else 1 - mean for v in flips), start=F(1))
    return chance


@pytest.mark.parametrize("mean", [F(1, 10), F(1, 2), F(19, 20)])
@pytest.mark.parametrize("ends", [betting, bernstein])
def test_the_chance_of_ever_missing_is_at_most_alpha(ends, mean):
    assert ever_missed(mean, ends) <= F(3, 10)


def test_intervals_for_one_size_miss_far_more_often_when_looked_at_again():
    def ends(x):
        looks = [clopper_pearson(int(x[:n].sum()), n, ALPHA) for n in range(1, LENGTH + 1)]
        return np.array([i.low for i in looks]), np.array([i.high for i in looks])

    assert ever_missed(F(1, 2), ends) > F(2, 5)


def test_a_hundred_looks_keep_their_level():
    rng, runs, n = np.random.default_rng(3), 50, 2000
    looks = list(range(20, n + 1, 20))
    most, wrong = binom.isf(1e-4, runs, 0.1), dict.fromkeys(("betting", "bernstein", "repeated"), 0)
    for _ in range(runs):
        x = (rng.random(n) < 0.3).astype(float)
        ones = np.add.reduceat(x, np.arange(0, n, 20))
        masses = np.stack([20 - ones, ones], axis=1)
        upto = ones.cumsum().astype(int)
        for name, ends in (
            ("betting", None),
            ("bernstein", bernstein_sequence(POINTS, masses, 0.1)),
            ("repeated", [clopper_pearson(int(k), m, 0.1) for k, m in zip(upto, looks, strict=True)]),
        ):
            if ends is None:  # whether the true mean is ever rejected: what the inversion would find
                limit = math.log(2 / 0.1)
                cumulated = masses.cumsum(axis=0)
                wrong[name] += any(
                    mean_log_e(POINTS, m, 0.3, side, ANYTIME_SHARES) >= limit for m in cumulated for side in (1, -1)
                )
            else:
                wrong[name] += any(not ends[i].contains(0.3) for i in range(len(looks)))
    assert wrong["betting"] <= most and wrong["bernstein"] <= most < wrong["repeated"]


def test_the_closed_form_is_the_loop_that_the_theorem_describes():
    rng = np.random.default_rng(5)
    x, low, high, alpha = 2 + 3 * rng.random(60), 2.0, 5.0, 0.05
    ours, unit = bernstein_sequence_of(x, low, high, alpha), (x - low) / (high - low)
    total = weight = price = 0.0
    for n, value in enumerate(unit):
        past = unit[:n]
        centre = (0.5 + past.sum()) / (1 + n)
        variance = (0.25 + ((past - past.mean()) ** 2).sum() if n else 0.25) / (1 + n)
        bet = min(0.5, math.sqrt(2 * math.log(2 / alpha) / (variance * (n + 1) * math.log(n + 2))))
        total, weight = total + bet * value, weight + bet
        price += (value - centre) ** 2 * (-math.log(1 - bet) - bet)
        half = (math.log(2 / alpha) + price) / weight
        assert ours[n].low == pytest.approx(low + 3 * max(0, total / weight - half), abs=1e-9)
        assert ours[n].high == pytest.approx(low + 3 * min(1, total / weight + half), abs=1e-9)


@pytest.mark.parametrize("bet", [0.01, 0.3, 0.5, 0.9])
def test_the_inequality_behind_the_bernstein_sequence(bet):
    """exp(l x - psi(l) x^2) <= 1 + l x for x >= -1, and fails below."""
    psi = -math.log1p(-bet) - bet
    x = np.linspace(-1.0, 1.0, 2001)
    assert (np.exp(bet * x - psi * x**2) <= (1 + bet * x) * (1 + 1e-12)).all()
    below = np.linspace(-1.05, -1.001, 50)
    assert (np.exp(bet * below - psi * below**2) > 1 + bet * below).any()


def test_values_and_levels_say_the_same_where_values_are_levels():
    x = np.random.default_rng(6).integers(0, 5, 400) / 4
    one = betting_sequence_of(x, 0.0, 1.0, 0.05, [100, 400])
    masses = np.array([np.bincount((4 * part).astype(int), minlength=5) for part in (x[:100], x[100:])], float)
    two = betting_sequence(np.linspace(0, 1, 5), masses, 0.05)
    assert one.counts.tolist() == two.counts.tolist() == [100, 400]
    np.testing.assert_allclose([one.low, one.high], [two.low, two.high], atol=1e-6)
    single = bernstein_sequence(np.linspace(0, 1, 5), np.eye(5)[(4 * x).astype(int)], 0.05)
    np.testing.assert_allclose(single.low, bernstein_sequence_of(x, 0.0, 1.0, 0.05).low, atol=1e-12)


def test_not_knowing_the_size_costs_little():
    x = (np.random.default_rng(7).random(10_000) < 0.3).astype(float)
    mass = np.array([[10_000 - x.sum(), x.sum()]])
    fixed = mean_interval(POINTS, mass[0], 0.05)
    assert fixed.width < betting_sequence(POINTS, mass, 0.05).last.width < 1.15 * fixed.width
    assert bernstein_sequence_of(x, 0.0, 1.0, 0.05).last.width < 1.5 * fixed.width


def test_running_intersections_only_shrink_and_contradictions_are_said():
    x = np.random.default_rng(8).random(500)
    running = bernstein_sequence_of(x, 0.0, 1.0, 0.05).running()
    assert (np.diff(running.low) >= 0).all() and (np.diff(running.high) <= 0).all() and running.last.contains(0.5)
    apart = ConfidenceSequence(np.array([1, 2]), np.array([0.0, 0.6]), np.array([0.5, 1.0]), 0.05)
    with pytest.raises(InvalidInput):
        apart.running()


@pytest.mark.parametrize(
    "call",
    [
        lambda: betting_sequence(POINTS, np.array([1.0, 2.0]), 0.05),
        lambda: betting_sequence(POINTS, np.array([[1.0, -2.0]]), 0.05),
        lambda: betting_sequence(POINTS, np.array([[0.0, 0.0]]), 0.05),
        lambda: bernstein_sequence(POINTS[::-1], np.array([[1.0, 2.0]]), 0.05),
        lambda: bernstein_sequence_of(np.array([0.5, 1.5]), 0.0, 1.0, 0.05),
        lambda: betting_sequence_of(np.array([0.5, 0.5]), 0.0, 1.0, 0.05, [3]),
        lambda: betting_sequence_of(np.array([0.5, 0.5]), 0.0, 1.0, 0.05, [2, 1]),
        lambda: betting_sequence_of(np.array([0.5, 0.5]), 0.0, 1.0, 1.5, [2]),
    ],
)
def test_what_is_no_bounded_stream_is_refused(call):
    with pytest.raises(InvalidInput):
        call()
