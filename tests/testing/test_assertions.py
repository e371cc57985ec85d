"""Statistical assertions fail as rarely as they say, and as often as they promise."""

from __future__ import annotations

import math

import numpy as np
import pytest

from qtheory.errors import InvalidInput
from qtheory.testing import Disagreement, assert_draws, assert_holds, detectable_gap, samples_needed


def fails(call, *arguments, **options):
    try:
        call(*arguments, **options)
    except Disagreement:
        return True
    return False


def test_what_is_true_and_tight_passes_at_any_size():
    rng = np.random.default_rng(1)
    for n in (2, 10, 1000):
        for _ in range(50):
            coins = (rng.random(n) < 0.5).astype(float)
            assert_holds(coins, at_most=0.5, at_least=0.5)


def test_the_false_fail_rate_is_kept_for_a_mean_and_for_the_top():
    rng = np.random.default_rng(2)
    runs, alpha, n = 300, 0.2, 100
    plain = sum(fails(assert_holds, (rng.random(n) < 0.5).astype(float), at_most=0.5, alpha=alpha) for _ in range(runs))
    top = 0
    for run in range(runs):
        rank = rng.random(n)
        # The cost is the rest: the quantilizer's is exactly zero, and any item too many shows a cost.
        costs = (rank > 0.25).astype(float)
        top += fails(assert_holds, costs, at_most=0.0, scores=1 - rank, q="1/4", alpha=alpha, key=run)
    # Of 300 runs with a chance of 1/5 each, more than 100 fail with a chance below one in a hundred million.
    assert plain <= 100 and top <= 100


def test_a_gap_that_is_detectable_is_detected():
    rng = np.random.default_rng(3)
    n, alpha = 5000, 1e-3
    gap = detectable_gap(n, alpha=alpha)
    seen = sum(
        fails(assert_holds, (rng.random(n) < 0.5 + gap).astype(float), at_most=0.5, alpha=alpha) for _ in range(60)
    )
    assert seen >= 54
    blind = sum(
        fails(assert_holds, (rng.random(n) < 0.5 + gap / 4).astype(float), at_most=0.5, alpha=alpha) for _ in range(60)
    )
    assert blind <= 20


def test_a_gap_of_the_top_that_is_detectable_is_detected():
    rng = np.random.default_rng(4)
    n, alpha = 4000, 1e-3
    gap = detectable_gap(n, alpha=alpha, q="1/4")

    def run(key):
        costs = (rng.random(n) < 0.4 + gap).astype(float)
        return fails(assert_holds, costs, at_most=0.4, scores=rng.random(n), q="1/4", alpha=alpha, key=key)

    assert sum(map(run, range(40))) >= 36


@pytest.mark.parametrize("q", [None, "1/10", 1])
@pytest.mark.parametrize("gap", [0.3, 0.05, 0.01])
def test_the_number_of_samples_is_the_smallest_with_that_gap(gap, q):
    n = samples_needed(gap, q=q)
    assert detectable_gap(n, q=q) <= gap
    few = 10 * math.log(1e6) / (1 if q is None else float(eval(str(q))))
    assert n - 1 <= few or detectable_gap(n - 1, q=q) > gap


def test_the_evidence_says_what_was_seen():
    rng = np.random.default_rng(5)
    evidence = assert_holds(rng.random(2000), at_most=0.6, at_least=0.4, alpha=0.01)
    assert evidence.n == 2000 and evidence.alpha == 0.01
    assert evidence.interval.contains(0.5) and 0 < evidence.could_see < 0.1


def test_ranges_are_declared_and_shifted():
    rng = np.random.default_rng(6)
    values = 5 + 3 * rng.random(4000)
    assert_holds(values, at_most=6.5, low=5, high=8)
    with pytest.raises(Disagreement, match="the mean is below 7"):
        assert_holds(values, at_least=7, low=5, high=8)
    with pytest.raises(Disagreement, match="the mean is above 6"):
        assert_holds(values, at_most=6, low=5, high=8, scores=rng.random(4000), q="1/2")
    with pytest.raises(InvalidInput, match="outside the declared range"):
        assert_holds(values, at_most=6.5)


def test_draws_of_the_right_law_pass_and_of_wrong_ones_do_not():
    rng = np.random.default_rng(7)
    law = [0.5, 0.3, 0.2, 0.0]
    runs = sum(fails(assert_draws, rng.choice(4, size=200, p=law), law, alpha=0.2) for _ in range(300))
    assert runs <= 100
    assert_draws(rng.choice(4, size=20_000, p=law), law)
    for wrong in ([0.52, 0.28, 0.2, 0.0], [0.5, 0.3, 0.199, 0.001], [0.2, 0.3, 0.5, 0.0]):
        assert fails(assert_draws, rng.choice(4, size=40_000, p=wrong), law)


@pytest.mark.parametrize(
    "call",
    [
        lambda: assert_holds([0.5, 0.5]),
        lambda: assert_holds([], at_most=1),
        lambda: assert_holds([0.5, float("nan")], at_most=1),
        lambda: assert_holds([0.5], at_most=1, q="1/2"),
        lambda: assert_holds([0.5, 0.5], at_most=1, scores=[1.0], q="1/2"),
        lambda: assert_holds([0.5], at_most=1, alpha=0),
        lambda: assert_draws([0.5], ["1/2", "1/2"]),
        lambda: assert_draws([2], ["1/2", "1/2"]),
        lambda: assert_draws([0], ["1/2", "1/3"]),
        lambda: samples_needed(0),
        lambda: samples_needed(math.nan),
        lambda: detectable_gap(0),
    ],
)
def test_bad_calls_are_typed(call):
    with pytest.raises(InvalidInput):
        call()
