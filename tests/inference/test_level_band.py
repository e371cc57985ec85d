"""Guarantees for all levels at once: right at the stated rate though the level is chosen after the data."""

import math
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from qtheory.base.finite import Finite
from qtheory.errors import InvalidInput
from qtheory.inference.level_band import LevelBand, hoeffding_bound, level_band, unseen_event_bound
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.problem import Problem

DELTA = 0.2
# Few draws of a base whose rare best action carries all the cost: what an adversary would choose.
WEIGHTS, UTILITY, COST = (Fraction(1, 10), Fraction(2, 5), Fraction(1, 2)), (3, 1, 0), (1, 0, 0)
N = 12
GRID = [Fraction(k, 48) for k in range(1, 49)]
PROBLEM = Problem(Finite(WEIGHTS), UTILITY, cost=COST)
TRUE = {q: Quantilizer(q)(PROBLEM) for q in GRID}
TRUE_COST = {q: float(policy.expect(COST)) for q, policy in TRUE.items()}
TRUE_UTILITY = {q: float(policy.value()) for q, policy in TRUE.items()}
ROUNDING = 1e-12


def samples():
    """Every count of each action in N draws, with its exact probability."""
    for first, second in product(range(N + 1), repeat=2):
        if first + second <= N:
            counts = (first, second, N - first - second)
            ways = math.factorial(N) // math.prod(map(math.factorial, counts))
            yield counts, ways * math.prod(w**k for w, k in zip(WEIGHTS, counts, strict=True))


def drawn(counts):
    return (np.repeat(np.array(row, dtype=float), counts) for row in (UTILITY, COST))


def failure(says):
    """The exact chance that, at a level chosen after the data to hurt most, what is said is wrong."""
    return float(sum(chance for counts, chance in samples() if any(says(counts, q) for q in GRID)))


def banded(counts):
    return level_band(*drawn(counts), low=0, cap=1, delta=DELTA)


def test_no_level_however_chosen_breaks_the_guarantee_more_often_than_stated():
    bands = {counts: banded(counts) for counts, _ in samples()}
    wrong_cost = failure(lambda counts, q: TRUE_COST[q] > bands[counts].cost(q) + ROUNDING)
    wrong_utility = failure(lambda counts, q: TRUE_UTILITY[q] < bands[counts].utility(q) - ROUNDING)
    wrong = failure(lambda counts, q: TRUE_UTILITY[q] - TRUE_COST[q] < bands[counts].guarantee(q) - ROUNDING)
    assert wrong_cost <= DELTA / 2 and wrong_utility <= DELTA / 2 and wrong <= DELTA


def test_the_plug_in_level_breaks_its_guarantee_far_more_often():
    def plug_in(counts):
        _, cost = drawn(counts)
        band = banded(counts)
        return LevelBand(N, DELTA, float(cost.mean()), 0.0, band.levels, band.values, 0.0)

    naive = {counts: plug_in(counts) for counts, _ in samples()}
    assert failure(lambda counts, q: TRUE_COST[q] > naive[counts].cost(q) + ROUNDING) > 2 * DELTA
    wrong = failure(lambda counts, q: TRUE_UTILITY[q] - TRUE_COST[q] < naive[counts].guarantee(q) - ROUNDING)
    assert wrong > 2 * DELTA


def test_the_best_level_of_a_sample_keeps_its_promise_on_a_law_without_atoms():
    rng, delta, failures = np.random.default_rng(1), 0.2, 0
    for _ in range(300):
        utility = rng.random(400)
        cost = (rng.random(400) < 0.05).astype(float)
        q, guaranteed = level_band(utility, cost, low=0, cap=1, delta=delta).best()
        failures += 1 - q / 2 - 0.05 < guaranteed
    assert failures <= delta * 300


def test_the_best_level_is_the_best_of_a_fine_grid():
    rng = np.random.default_rng(2)
    band = level_band(rng.normal(size=5000).clip(-4, 4), np.zeros(5000), low=-4, cap=0.5, delta=0.05)
    q, guaranteed = band.best()
    assert guaranteed == pytest.approx(band.guarantee(q), rel=1e-9)
    assert guaranteed >= max(band.guarantee(s) for s in np.linspace(0.001, 1, 2000)) - 1e-9


def test_the_lower_law_moves_the_margin_from_the_top_to_the_bottom():
    band = LevelBand(4, 0.1, 0.0, 0.25, np.arange(5) / 4, np.array([0.0, 2.5, 4.0, 5.0, 5.5]), -1.0)
    # The sample is 10, 6, 4, 2; without its best quarter 6, 4, 2, -1.
    assert band.utility("1/4") == 6 and band.utility("1/2") == 5 and band.utility(1) == (6 + 4 + 2 - 1) / 4
    assert band.cost("1/2") == 0


def test_more_draws_and_larger_error_rates_give_more():
    def at(n, delta):
        return level_band(np.linspace(0, 1, n), np.zeros(n), low=0, cap=1, delta=delta).best()[1]

    assert at(10_000, 0.05) > at(1000, 0.05) and at(1000, 0.2) > at(1000, 0.05)


def test_an_event_is_unseen_at_most_as_often_as_stated():
    for n, delta in ((1, 0.3), (10, 0.05), (1000, 1e-6)):
        p = unseen_event_bound(n, delta)
        assert (1 - p) ** n == pytest.approx(delta, rel=1e-9)


def test_hoeffding_is_in_units_of_the_cap():
    assert hoeffding_bound(1.0, 50, 0.1, 4.0) - 1 == pytest.approx(4 * (hoeffding_bound(0.0, 50, 0.1)))


@pytest.mark.parametrize(
    "call",
    [
        lambda: level_band(np.ones(3), np.ones(2), low=0, cap=1, delta=0.1),
        lambda: level_band(np.ones(3), 2 * np.ones(3), low=0, cap=1, delta=0.1),
        lambda: level_band(-np.ones(3), np.ones(3), low=0, cap=1, delta=0.1),
        lambda: level_band(np.ones(3), np.ones(3), low=-math.inf, cap=1, delta=0.1),
        lambda: level_band(np.ones(3), np.ones(3), low=0, cap=1, delta=0),
        lambda: level_band([], [], low=0, cap=1, delta=0.1),
        lambda: hoeffding_bound(2.0, 10, 0.1),
        lambda: hoeffding_bound(0.0, 0, 0.1),
        lambda: unseen_event_bound(10, 1.0),
    ],
)
def test_what_cannot_be_bounded_is_refused(call):
    with pytest.raises(InvalidInput):
        call()
