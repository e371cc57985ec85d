"""Validity of the profile tests by enumerating every outcome of tiny samples in Fractions."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest

from qtheory.inference.ledger import RankLedger, cost_ledger, ratio_ledger
from qtheory.inference.portfolio import financing_of_jumps, financing_of_mean, financing_of_ratio, portfolios
from qtheory.inference.threshold_profile import profile_e_value, windowed_test
from qtheory.inference.wealth import least_log_wealth, payoff, view

LEVELS = [Fraction(1, 10), Fraction(1, 2), Fraction(4, 5)]
TASTES = [(Fraction(a), Fraction(b)) for a, b in (("1", "0"), ("1/3", "3/4"), ("0", "1"), ("1/2", "1/2"))]


def outcomes(n, q, inside, outside):
    """Each (probability, N, costs best first) of Bernoulli costs, with their means on S <= q and beyond."""
    for k, costs in itertools.product(range(n + 1), itertools.product((0, 1), repeat=n)):
        p = math.comb(n, k) * q**k * (1 - q) ** (n - k)
        for i, c in enumerate(costs):
            mean = inside if i < k else outside
            p *= mean if c else 1 - mean
        if p:
            yield p, k, costs


def plain(costs, q):
    return cost_ledger(np.array(costs, float), 1.0, [q], levels=2)


@pytest.mark.parametrize("n", [1, 3, 5])
@pytest.mark.parametrize("q", LEVELS)
@pytest.mark.parametrize("tastes", TASTES)
def test_mean_of_the_e_value_is_at_most_one(n, q, tastes):
    theta = float(q * tastes[0])
    cache = {c: plain(c, q) for c in itertools.product((0, 1), repeat=n)}
    for side in (1, -1):
        e = {c: Fraction(math.exp(profile_e_value(ledger, q, theta, side).log_value)) for c, ledger in cache.items()}
        mean = sum(p * e[costs] for p, _, costs in outcomes(n, q, *tastes))
        assert mean <= 1 + Fraction(1, 10**12)


@pytest.mark.parametrize("q", LEVELS)
@pytest.mark.parametrize("tastes", [t for t in TASTES if any(t)])
def test_mean_of_the_e_value_of_a_ratio_is_at_most_one(q, tastes):
    n = 4
    ratio = float(tastes[0] / (q * tastes[0] + (1 - q) * tastes[1]))
    cache = {c: ratio_ledger(plain(c, q), q, ratio) for c in itertools.product((0, 1), repeat=n)}
    for side in (1, -1):
        e = {c: Fraction(math.exp(profile_e_value(ledger, q, 0.0, side).log_value)) for c, ledger in cache.items()}
        assert sum(p * e[costs] for p, _, costs in outcomes(n, q, *tastes)) <= 1 + Fraction(1, 10**12)


@pytest.mark.parametrize("q", LEVELS)
@pytest.mark.parametrize("tastes", TASTES)
def test_windowed_test_errs_at_most_at_its_level(q, tastes):
    n, theta = 6, float(q * tastes[0])
    for alpha, side in itertools.product((0.5, 0.2), (1, -1)):
        rejects = {
            c: windowed_test(plain(c, q), q, alpha, theta, side).rejects for c in itertools.product((0, 1), repeat=n)
        }
        assert float(sum(p for p, _, costs in outcomes(n, q, *tastes) if rejects[costs])) <= alpha


def test_wealth_at_a_guessed_count_is_not_an_e_value():
    """The negative control: taking the top nq items for those with S <= q bets on borrowed knowledge."""
    n, q, tastes = 4, Fraction(1, 2), (Fraction(3, 4), Fraction(0))
    bets = portfolios(n, 0.5, financing_of_mean(0.5), 0.1)
    naive = {}
    for costs in itertools.product((0, 1), repeat=n):
        ledger = plain(costs, q)
        pay = payoff(ledger.taken_levels, ledger.left_levels, 0.5, 0.375, -1)
        naive[costs] = Fraction(math.exp(least_log_wealth(view(ledger, 2, 2), pay, bets)))
    assert sum(p * naive[costs] for p, _, costs in outcomes(n, q, *tastes)) > 1.05


@pytest.mark.parametrize("side", [1, -1])
def test_exact_wealth_is_monotone_in_the_null(side):
    """What makes the inversion to intervals rigorous."""
    q, costs = Fraction(1, 4), tuple(np.random.default_rng(5).integers(0, 2, 40).tolist())
    ledger = plain(costs, q)
    seen = view(ledger, 0, 40)
    mean, ratio = (portfolios(40, 0.25, f, 0.05) for f in (financing_of_mean(0.25), financing_of_ratio(0.25, side)))
    for bets, top in ((mean, 1.0), (ratio, 4.0)):
        path = []
        for b in np.linspace(0.05, 0.95, 19) * top:
            source, null = (ledger, 0.25 * b) if bets is mean else (ratio_ledger(ledger, q, b), 0.0)
            path.append(least_log_wealth(seen, payoff(source.taken_levels, source.left_levels, 0.25, null, side), bets))
        assert (np.diff(path) * side <= 1e-12).all() and np.ptp(path) > 1.0


@pytest.mark.parametrize("q", LEVELS)
@pytest.mark.parametrize("family", ["jumps", "mean", "greater", "smaller"])
def test_every_bet_is_a_portfolio_of_three_assets(q, family):
    level = float(q)
    financing = {
        "jumps": financing_of_jumps(level, -3.0, 7.0),
        "mean": financing_of_mean(level),
        "greater": financing_of_ratio(level, 1),
        "smaller": financing_of_ratio(level, -1),
    }[family]
    bets = portfolios(1000, level, financing, 0.01)
    assert bets.taken.min() > 0.0 and bets.left.min() > 0.0 and bets.stakes.min() >= 0.0
    np.testing.assert_allclose(level * bets.taken + (1 - level) * bets.left + bets.stakes, 1.0, atol=1e-12)
    assert np.exp(bets.log_prior).sum() == pytest.approx(1.0)


@pytest.mark.parametrize("side", [1, -1])
def test_wealth_agrees_with_fractions_for_every_count(side):
    q, null, costs = Fraction(1, 4), Fraction(1, 16), (1, 0, 1, 1, 0)
    bets = portfolios(5, 0.25, financing_of_mean(0.25), 0.1)
    low = 0 if side > 0 else -1  # the least value of a taken item
    margin = side * null - q * low
    wealth = []
    for k in range(6):
        total = 0.0
        for w1, w0, stake, prior in zip(bets.taken, bets.left, bets.stakes, np.exp(bets.log_prior), strict=True):
            w1, w0, stake = Fraction(float(w1)), Fraction(float(w0)), Fraction(float(stake))
            factors = [w1 + stake * (side * c - low) / margin if i < k else w0 for i, c in enumerate(costs)]
            total += float(prior) * float(math.prod(factors))
        wealth.append(total)
    ledger = plain(costs, q)
    pay = payoff(ledger.taken_levels, ledger.left_levels, 0.25, float(null), side)
    for lo, hi in ((0, 5), (1, 3), (2, 2), (5, 5)):
        ours = least_log_wealth(view(ledger, lo, hi), pay, bets)
        assert ours == pytest.approx(math.log(min(wealth[lo : hi + 1])), rel=1e-10)


@pytest.mark.parametrize("paired", [True, False])
def test_bins_only_lower_the_wealth(paired):
    """In a coarse ledger the worst case covers every possible set of taken items."""
    rng = np.random.default_rng(3)
    u, q = rng.integers(0, 3, 12) / 2, 0.5
    taken_levels, left_levels = np.array([-1.0, 0.2, 1.4]), np.array([0.3, 0.0, -0.4])
    table = np.eye(3)[(2 * u).astype(int)]
    fine = RankLedger(np.ones(12, int), table, table, taken_levels, left_levels, paired)
    coarse_table = table.reshape(4, 3, 3).sum(axis=1)
    coarse = RankLedger(np.full(4, 3), coarse_table, coarse_table, taken_levels, left_levels, paired)
    for null, side in ((0.1, 1), (0.9, -1)):
        exact, bound = (profile_e_value(ledger, q, null, side).log_value for ledger in (fine, coarse))
        assert -50 < bound <= exact + 1e-12


def test_unpaired_bound_is_exact_where_items_left_pay_a_constant():
    costs = np.random.default_rng(4).integers(0, 2, 60).astype(float)
    table = np.stack([1 - costs, costs], axis=1).reshape(20, 3, 2).sum(axis=1)
    args = np.full(20, 3), table, table
    paired = RankLedger(*args, np.array([0.0, 1.0]), np.zeros(2), True)
    single = RankLedger(np.full(20, 3), table, table.sum(axis=1, keepdims=True), np.array([0.0, 1.0]), np.zeros(1))
    for null, side in ((0.1, 1), (0.3, -1)):
        one, two = (profile_e_value(ledger, 0.5, null, side).log_value for ledger in (paired, single))
        assert one == pytest.approx(two, rel=1e-10)
