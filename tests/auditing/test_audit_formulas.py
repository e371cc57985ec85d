"""The numbers of an audit, each against a second way of getting it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, pairwise, permutations

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import norm

from qtheory.auditing.best_of import _BLOCK, best_of_kl, expected_maximum
from qtheory.auditing.floor import floor_curve
from qtheory.auditing.intervals import FEWEST_FOR_ASYMPTOTICS, asymptotic_interval, tail_mean_deviation
from qtheory.auditing.ranking import Ranking, rank, shared_mean, top_k
from qtheory.auditing.tail import hill_places, tail
from qtheory.errors import InvalidInput, InvalidLevel

# the standard instances of the theory reference as samples: each atom as often as its mass says
D5 = np.array([10.0, 3.0] + [2.0] * 2 + [1.0] * 4 + [0.0] * 8)
T3 = np.array([0.7, 0.5, 0.2])
R6 = np.array([5.0] + [3.0] * 8 + [1.0] * 2 + [0.0])


def _ranked(utility: np.ndarray, cost: np.ndarray | None = None) -> Ranking:
    return rank(np.asarray(utility, dtype=float), cost, key=0)


def test_k_is_the_exact_ceiling() -> None:
    pairs = [(n, m, d) for n in (10, 30, 70, 100, 300, 1000) for m in (1, 2, 3, 7) for d in (10, 25, 100) if n * m >= d]
    wrong_in_floats = 0
    for n, m, d in pairs:
        cut = top_k(Ranking(np.zeros(n), None), f"{m}/{d}")
        assert cut.k == -(-n * m // d)
        assert cut.cost_factor == Fraction(n, cut.k) <= Fraction(d, m)
        assert top_k(Ranking(np.zeros(n), None), m / d).k == cut.k
        wrong_in_floats += math.ceil(n * (m / d)) != cut.k
    assert wrong_in_floats > 0  # the naive formula is the wrong twin


def test_a_level_below_one_sample_is_refused() -> None:
    ranking = Ranking(np.zeros(10), None)
    assert top_k(ranking, "1/10").k == 1
    for q in ("1/11", 0, "3/2", "x"):
        with pytest.raises(InvalidLevel):
            top_k(ranking, q)


def test_ties_share_the_threshold_in_proportion() -> None:
    cost = np.array([0.0] + [1.0] * 2 + [0.0] * 9)  # on the second action of R6
    ranking = _ranked(R6, cost)
    cut = top_k(ranking, "1/3")
    assert (cut.k, cut.threshold, cut.above, cut.tied) == (4, 3.0, 1, 8)
    assert shared_mean(ranking.utility, cut) == 3.5  # golden tie.M.r6.q1/3
    assert shared_mean(ranking.cost, cut) == 3 / 16  # golden tie.prop.r6.q1/3


def test_the_shared_mean_is_the_average_over_all_tie_orders() -> None:
    utility, cost = [2.0, 1.0, 1.0, 1.0, 0.0], [0.1, 0.9, 0.2, 0.4, 1.0]
    orders = [order for order in permutations(range(5)) if all(utility[a] >= utility[b] for a, b in pairwise(order))]
    average = np.mean([[cost[i] for i in order[:3]] for order in orders])
    ranking = _ranked(np.array(utility), np.array(cost))
    assert shared_mean(ranking.cost, top_k(ranking, "3/5")) == pytest.approx(average, abs=1e-15)


def test_the_tie_break_is_seeded_and_blind_to_costs() -> None:
    utility, cost = np.zeros(2000), np.arange(2000.0)
    first, again, other = (rank(utility, cost, key).cost for key in (0, 0, 1))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert abs(np.corrcoef(first, np.arange(2000.0))[0, 1]) < 5 / math.sqrt(2000)
    assert np.array_equal(rank(utility, cost[::-1].copy(), 0).cost, 1999 - first)


@pytest.mark.parametrize(("q", "mean"), [("1/16", 10.0), ("1/8", 6.5), ("1/4", 4.25), ("1", 1.3125)])
def test_top_means_of_the_standard_instance(q: str, mean: float) -> None:
    ranking = _ranked(D5)
    cut = top_k(ranking, q)
    assert shared_mean(ranking.utility, cut) == mean
    assert shared_mean(ranking.utility, cut) == pytest.approx(np.mean(np.sort(D5)[::-1][: cut.k]))


def _subset_maxima(values: np.ndarray, m: int) -> Iterator[float]:
    return (max(subset) for subset in combinations(values.tolist(), m))


@pytest.mark.parametrize("m", range(1, 9))
def test_best_of_m_is_the_mean_maximum_over_subsets(m: int) -> None:
    values = np.sort(np.random.default_rng(3).standard_normal(8))[::-1]
    assert expected_maximum(values, m) == pytest.approx(np.mean(list(_subset_maxima(values, m))), abs=1e-13)


@pytest.mark.parametrize("m", [1, 2, 7, 1000, 400_000, 600_000])
def test_best_of_m_weights_are_stable_over_blocks(m: int) -> None:
    n = 600_000
    assert n > 2 * _BLOCK
    ranks = np.arange(n, 0, -1, dtype=float)  # the i-th smallest value is i: E max = m (n + 1)/(m + 1)
    assert expected_maximum(ranks, m) == pytest.approx(m * (n + 1) / (m + 1), rel=1e-10)
    assert expected_maximum(np.ones(n), m) == pytest.approx(1, rel=1e-10)  # the weights sum to one


def test_best_of_m_weights_are_the_exact_binomial_ones() -> None:
    n, m = 60, 7
    exact = [Fraction(math.comb(i - 1, m - 1), math.comb(n, m)) for i in range(n, 0, -1)]
    for position in (0, 1, 30, n - m, n - m + 1):
        unit = np.zeros(n)
        unit[position] = 1.0
        assert expected_maximum(unit, m) == pytest.approx(float(exact[position]), rel=1e-13)


def test_best_of_m_is_unbiased_where_the_plug_in_is_not() -> None:
    draws = np.sort(np.random.default_rng(5).standard_normal((4000, 20)), axis=1)[:, ::-1]
    estimates = np.array([expected_maximum(row, 10) for row in draws])
    plug_in = draws @ (np.arange(20, 0, -1) ** 10 - np.arange(19, -1, -1) ** 10) / 20.0**10
    tolerance = 5 * estimates.std() / math.sqrt(len(draws))
    assert abs(estimates.mean() - 1.538753) < tolerance  # golden E max of ten normals
    assert abs(plug_in.mean() - 1.538753) > tolerance


def test_best_of_m_refuses_more_than_there_is_and_has_its_divergence() -> None:
    for m in (0, 9):
        with pytest.raises(InvalidInput):
            expected_maximum(np.zeros(8), m)
    s = (np.arange(200_000) + 0.5) / 200_000
    for m in (1, 2, 10):
        assert best_of_kl(m) == pytest.approx(np.mean(m * s ** (m - 1) * np.log(m * s ** (m - 1))), abs=1e-7)


_GOLDEN_FLOORS = [(D5, 1 / 4, 6, None), (D5, 3 / 8, 4, None), (D5, 1 / 2, 5 / 2, None)]
_GOLDEN_FLOORS += [(T3, 1 / 20, 11 / 20, 1), (T3, 1 / 10, 9 / 20, 2), (T3, 3 / 10, 1 / 6, 3)]


@pytest.mark.parametrize(("utility", "epsilon", "value", "best_k"), _GOLDEN_FLOORS)
def test_reservation_values_of_the_standard_instances(
    utility: np.ndarray, epsilon: float, value: float, best_k: int | None
) -> None:
    curve = floor_curve(utility, epsilon)
    assert curve.reservation == pytest.approx(value, abs=1e-12)
    assert best_k in (None, curve.best_k)


@pytest.mark.parametrize("epsilon", [1e-4, 0.01, 0.3, 2.0, 50.0])
def test_the_reservation_value_is_the_root_of_the_mean_excess(epsilon: float) -> None:
    utility = np.sort(np.round(np.random.default_rng(7).standard_t(3, 5000), 2))[::-1]
    curve = floor_curve(utility, epsilon)
    root = brentq(lambda t: np.mean(np.maximum(utility - t, 0)) - epsilon, -100, utility[0], xtol=1e-13)
    assert curve.reservation == pytest.approx(root, abs=1e-10)
    assert curve.best_k == np.count_nonzero(utility >= root - 1e-10)
    direct = [np.mean(utility[:k]) - epsilon * 5000 / k for k in curve.k]
    assert np.allclose(curve.floor, direct, rtol=1e-12, atol=1e-9)
    assert max(direct) <= curve.reservation + 1e-9
    assert curve.k[0] == 1
    assert curve.k[-1] == 5000


def test_the_optimal_level_reaches_down_to_the_reservation_value() -> None:
    tied = floor_curve(np.array([2.0, 1.0, 0.0, 0.0]), 0.25)  # k = 1 and k = 2 have the same floor
    assert (tied.reservation, tied.best_k) == (1.0, 2)
    costless = floor_curve(np.array([2.0, 2.0, 1.0]), 0.0)
    assert (costless.reservation, costless.best_k) == (2.0, 2)


def test_the_deviation_is_that_of_the_influence_function() -> None:
    ranking = _ranked(np.random.default_rng(1).standard_t(5, 4000))
    cut = top_k(ranking, "1/8")
    influence = cut.threshold + np.maximum(ranking.utility - cut.threshold, 0) * cut.n / cut.k
    assert tail_mean_deviation(ranking.utility, cut) == pytest.approx(influence.std() / math.sqrt(cut.n), rel=1e-12)


def test_the_asymptotic_interval_covers_and_the_naive_one_does_not() -> None:
    draws = np.sort(np.random.default_rng(2).standard_normal((1500, 2000)), axis=1)[:, ::-1]
    truth = norm.pdf(norm.isf(0.1)) / 0.1
    cut = [top_k(Ranking(row, None), "1/10") for row in draws]
    found = [asymptotic_interval(row, one, 0.1) for row, one in zip(draws, cut, strict=True)]
    missed = np.mean([not interval.contains(truth) for interval in found])
    top = draws[:, :200]
    naive = np.mean(np.abs(top.mean(1) - truth) > norm.isf(0.05) * top.std(1) / math.sqrt(200))
    assert abs(missed - 0.1) < 5 * math.sqrt(0.09 / 1500) < naive - 0.1


def test_the_asymptotic_interval_is_withheld_from_a_small_top() -> None:
    row = np.arange(1000.0)[::-1]
    few = top_k(Ranking(row, None), Fraction(FEWEST_FOR_ASYMPTOTICS - 1, 1000))
    assert asymptotic_interval(row, few, 0.05) is None


def test_hill_estimates_apply_to_positive_tails_only() -> None:
    pareto = np.sort((1 - np.random.default_rng(4).random(100_000)) ** (-1 / 3))[::-1]
    found = tail(pareto, 1e-4).estimates
    assert [estimate.k for estimate in found] == [5000, 1000, 100]
    assert all(estimate.low < 3 < estimate.high for estimate in found)
    for row in (-pareto[::-1], np.ones(1000), pareto[:20]):
        nothing = tail(row, 1e-4)
        assert nothing.estimates == ()
        assert "not applicable" in nothing.note
        assert hill_places(row) == ()
