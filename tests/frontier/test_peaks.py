"""Peaks in closed form: against a maximiser that knows nothing of them."""

import math
from fractions import Fraction

import pytest
from scipy.optimize import minimize_scalar

from qtheory.base.continuous import Continuous
from qtheory.errors import InvalidInput
from qtheory.frontiers.peaks import (
    best_of_n_hedge,
    best_of_n_overoptimisation,
    best_of_poisson_hedge,
    reinforced_overoptimisation,
)
from qtheory.optimizers.best_of_n import BestOfN
from qtheory.optimizers.best_of_poisson import BestOfPoisson
from qtheory.problem import Problem

UNIFORM = Problem(Continuous("uniform(0, 1)"))


def maximum(f, low, high):
    found = minimize_scalar(lambda x: -f(x), bounds=(low, high), method="bounded", options={"xatol": 1e-10})
    return found.x, -found.fun


@pytest.mark.parametrize("alpha, beta", [(1, "1/10"), ("3/2", "1/2"), (2, 3)])
def test_the_peaks_of_the_fitted_laws_are_where_a_maximiser_finds_them(alpha, beta):
    a, b = float(Fraction(alpha)), float(Fraction(beta))
    peak = best_of_n_overoptimisation(alpha, beta)
    at, reward = maximum(lambda d: d * (a - b * d), 0, 10 * a / b)
    assert float(peak.at) == pytest.approx(at, rel=1e-5) and float(peak.reward) == pytest.approx(reward, rel=1e-9)
    peak = reinforced_overoptimisation(alpha, beta)
    at, reward = maximum(lambda d: d * (a - b * math.log(d)), 1e-9, 3 * math.exp(a / b))
    assert float(peak.at) == pytest.approx(at, rel=1e-5) and float(peak.reward) == pytest.approx(reward, rel=1e-9)


@pytest.mark.parametrize("m, b", [(10, "1/2"), (5, 1), ("7/2", "2/5"), (4, "9/4")])
def test_the_best_n_is_where_a_maximiser_finds_it(m, b):
    power, weight = float(Fraction(m)), float(Fraction(b))
    peak = best_of_n_hedge(m, b)
    at, reward = maximum(lambda n: n / (n + 1) - weight * n / (n + power), 0, 1000)
    assert float(peak.at) == pytest.approx(at, rel=1e-5) and float(peak.reward) == pytest.approx(reward, rel=1e-9)
    assert (float(peak.at) > 1) == (2 * math.sqrt(power * weight) < power + 1)


def test_the_best_whole_n_lies_next_to_the_best_real_one():
    rewards = {n: BestOfN(n)(UNIFORM).expect(lambda x: x - x**10 / 2) for n in range(3, 12)}
    best = max(rewards, key=rewards.get)
    assert best in (6, 7) and rewards[best] <= float(best_of_n_hedge(10, "1/2").reward)


def test_the_best_rate_beats_the_rates_beside_it_and_has_the_reward_of_the_policy():
    peak = best_of_poisson_hedge(10, "1/2")

    def reward(rate):
        return BestOfPoisson(rate)(UNIFORM).expect(lambda x: x - x**10 / 2)

    assert reward(peak.at) == pytest.approx(float(peak.reward), rel=1e-12)
    assert all(reward(peak.at * Fraction(factor)) < float(peak.reward) for factor in ("99/100", "101/100", "1/2", 2))


def test_rewards_without_an_interior_best_are_refused():
    # bm <= 1: every draw helps. b >= m: none does. A steep fall at the first rank.
    for call in (
        lambda: best_of_n_hedge(2, "1/2"),
        lambda: best_of_n_hedge(2, 2),
        lambda: best_of_n_hedge(1, "1/2"),
        lambda: best_of_poisson_hedge(2, "3/2"),
        lambda: best_of_n_overoptimisation(0, 1),
        lambda: reinforced_overoptimisation(1, -1),
    ):
        with pytest.raises(InvalidInput):
            call()
