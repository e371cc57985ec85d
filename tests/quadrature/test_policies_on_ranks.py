"""Density ratios on the rank, as steep as a billion draws make them."""

import math

import numpy as np
import pytest
from scipy.special import gammaln

import qtheory as qt
from qtheory.quadrature.rank_means import rank_means

EXPONENTIAL = qt.Problem(qt.Continuous("exponential(1)"))
PARETO = qt.Problem(qt.Continuous("pareto(3/2)"))
UNIFORM = qt.Problem(qt.Continuous("uniform(0, 1)"))
NORMAL = qt.Problem(qt.Continuous("normal(0, 1)"), cost="1/(1+exp(-x))")


def close(found, expected, relative=1e-13):
    assert found.values[0, 0] == pytest.approx(expected, rel=relative)
    assert abs(found.values[0, 0] - expected) <= found.errors[0, 0] + 4e-16 * abs(expected)


@pytest.mark.parametrize("n", [1, 2, 10, 10**3, 10**6, 10**9])
def test_best_of_n(n):
    close(rank_means(qt.BestOfN(n)(UNIFORM)), n / (n + 1))
    harmonic = math.fsum(1 / k for k in range(1, min(n, 10**6) + 1))
    if n <= 10**6:
        close(rank_means(qt.BestOfN(n)(EXPONENTIAL)), harmonic)
    # E max = Gamma(1 - 1/a) n! / Gamma(n + 1 - 1/a); the logarithms of gamma keep ten digits at 10^9
    expected = math.exp(gammaln(1 / 3) + gammaln(n + 1) - gammaln(n + 1 / 3))
    close(rank_means(qt.BestOfN(n)(PARETO)), expected, 1e-13) if n <= 10 else pytest.approx(expected, rel=1e-5)


def test_best_of_a_billion_has_the_extreme_value_mean():
    n = 10**9
    expected = math.log(n) + np.euler_gamma + 1 / (2 * n)
    close(rank_means(qt.BestOfN(n)(EXPONENTIAL)), expected)


def test_top_k_of_n_poisson_window_and_mixtures():
    close(rank_means(qt.TopKOfN(100, 10)(UNIFORM)), 1 - 11 / 2 / 101)
    # the best of 1 + Poisson(mu): the largest of n uniforms is n/(n+1) = 1 - 1/(n+1) on average, with n = 1 + N
    mu = 7.0
    expected = 1 - (math.exp(-mu) * math.fsum(mu**k / math.factorial(k) / (k + 2) for k in range(120)))
    close(rank_means(qt.BestOfPoisson(7)(UNIFORM)), expected)
    close(rank_means(qt.WindowedQuantilizer("1/10", "1/5")(UNIFORM)), 0.85)
    mixed = qt.Mixture(qt.BestOfN(9), qt.Quantilizer("1/5"), "1/4")(UNIFORM)
    close(rank_means(mixed), 0.75 * 0.9 + 0.25 * 0.9)


def test_a_quantilizer_is_its_level():
    policy = qt.Quantilizer("1/7")(NORMAL)
    assert np.array_equal(rank_means(policy).values, rank_means(NORMAL, "1/7").values)


@pytest.mark.parametrize("optimizer", [qt.BestOfN(50), qt.TopKOfN(500, 20), qt.BestOfPoisson(30), qt.KLRegularized(1)])
def test_policies_agree_with_their_own_expectations(optimizer):
    policy = optimizer(NORMAL)
    found = rank_means(policy)
    assert found.levels is None
    assert found.of("cost")[0] == pytest.approx(policy.expect(NORMAL.cost), rel=1e-12)
    assert found.of("utility")[0] == pytest.approx(policy.value(), rel=1e-12)


def test_a_mixture_base_is_ranked_as_a_whole():
    problem = qt.Problem(qt.Continuous("mixture(0.5*uniform(0, 1) + 0.5*uniform(2, 3))"))
    # the best of two: both low 1/4, one high 1/2, both high 1/4
    close(rank_means(qt.BestOfN(2)(problem)), 0.25 * 2 / 3 + 0.5 * 2.5 + 0.25 * (2 + 2 / 3))
