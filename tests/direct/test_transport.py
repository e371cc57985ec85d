"""From uniform numbers to ranks: inverse of the mass, to the last digits, for every rank density."""

from fractions import Fraction as F

import mpmath
import numpy as np
import pytest
from scipy.stats import binom, kstest

from qtheory.base.continuous import Continuous
from qtheory.base.rank_quadrature import Rank
from qtheory.direct.laws import better, worse
from qtheory.direct.transport import _solve, law_error, rank_at
from qtheory.direct.uniforms import generator, uniforms
from qtheory.errors import InvalidLevel, NotAvailable
from qtheory.optimizers.kl_regularized import KLRegularized
from qtheory.optimizers.power_regularized import PowerRegularized
from qtheory.policies.rank_density import TopSlice, beyond_draws, mixed, poisson_best, top_of_draws, window
from qtheory.problem import Problem

KS_RATE = 1e-6
DENSITIES = (
    TopSlice(F(1)),
    TopSlice(F(1, 10**12)),
    window("1/4", "3/4"),
    top_of_draws(10**9, 1),
    top_of_draws(7, 7),
    top_of_draws(5, 3),
    top_of_draws(1600, 16),
    top_of_draws(10**9, 1000),
    poisson_best(0),
    poisson_best("1/7"),
    poisson_best(10**9),
    beyond_draws(10),
    mixed(TopSlice(F(1)), TopSlice(F(1, 1000)), F(1, 3)),
    mixed(window("1/4", "3/4"), top_of_draws(100, 3), F(1, 3)),
)


@pytest.mark.parametrize("density", DENSITIES, ids=lambda d: str(d.estimand))
def test_the_mass_of_the_rank_is_the_number(density):
    unit = uniforms(generator(0, 0), (500,))
    rank = rank_at(density, unit)
    np.testing.assert_allclose(better(density, rank), unit.top, rtol=1e-11, atol=1e-15)
    np.testing.assert_allclose(worse(density, rank), unit.bottom, rtol=1e-8, atol=1e-14)


@pytest.mark.parametrize(
    "density", [d for d in DENSITIES if d.density(np.array(1e-12)) > 0], ids=lambda d: str(d.estimand)
)
def test_the_best_ranks_keep_their_digits(density):
    v = np.array([1e-30, 1e-20, 1e-15])
    rank = rank_at(density, Rank(v, 1 - v))
    np.testing.assert_allclose(better(density, rank), v, rtol=1e-12)


@pytest.mark.parametrize("n", [2, 1000, 10**9])
def test_the_best_of_many_draws_is_exact_to_the_last_digits(n):
    v = np.array([1e-25, 1e-9, 0.3, 0.9])
    rank = rank_at(top_of_draws(n, 1), Rank(v, 1 - v))
    with mpmath.workdps(60):
        exact = [1 - (1 - mpmath.mpf(float(x))) ** (mpmath.mpf(1) / n) for x in v]
    for found, true in zip(rank.top, exact, strict=True):
        assert abs(mpmath.mpf(float(found)) / true - 1) < 1e-15
    # what a power in floats gives for the smallest of them
    naive = 1 - (1 - v[0]) ** (1 / n)
    assert naive == 0


def test_the_masses_agree_with_binomial_tails():
    n, k, s = 30, 4, np.array([0.01, 0.2, 0.9])
    rank = Rank(s, 1 - s)
    counts = np.arange(n + 1)
    mass = np.array([(np.minimum(counts, k) / k) @ binom.pmf(counts, n, x) for x in s])
    np.testing.assert_allclose(better(top_of_draws(n, k), rank), mass, rtol=1e-12)
    np.testing.assert_allclose(worse(top_of_draws(n, k), rank), 1 - mass, atol=1e-15)


@pytest.mark.parametrize("density", DENSITIES, ids=lambda d: str(d.estimand))
def test_masses_agree_with_the_density_by_quadrature(density):
    base = Continuous("uniform(0, 1)")
    low, high = density.span
    middle = low + (0.4 * (high - low) if density.supremum == np.inf else min(1 / float(density.supremum), 0.4) / 2)
    whole = base.expect_rank(np.ones_like, density.at, low, middle, breaks=density.breaks)
    assert float(better(density, Rank(np.array(middle), np.array(1 - middle)))) == pytest.approx(whole, rel=1e-8)


def test_drawn_blocks_have_the_law_of_the_rule():
    """An independent means: draw n uniform ranks, take a random one of the best k."""
    rng = np.random.default_rng(0)
    draws = np.sort(rng.random((20_000, 12)), axis=1)[np.arange(20_000), rng.integers(0, 3, 20_000)]
    ranks = rank_at(top_of_draws(12, 3), uniforms(generator(1, 0), (20_000,))).top
    assert kstest(draws, ranks).pvalue > KS_RATE
    wrong = rank_at(top_of_draws(12, 2), uniforms(generator(1, 0), (20_000,))).top
    assert kstest(draws, wrong).pvalue < KS_RATE


def test_scores_are_tilted_exactly_where_the_tilt_is_a_family_and_with_a_known_error_elsewhere():
    problem = Problem(Continuous("normal(0, 1)"))
    exact, tabulated = KLRegularized(1)(problem).density, PowerRegularized(2, budget="1/2")(problem).density
    assert law_error(exact) == 0 < law_error(tabulated) <= 1e-6
    unit = uniforms(generator(0, 0), (4000,))
    shifted = problem.base.upper_quantile(rank_at(exact, unit).top)
    assert kstest(shifted, "norm", args=(1, 1)).pvalue > KS_RATE
    rank = rank_at(tabulated, unit)
    assert abs(np.asarray(tabulated.mass(rank.top[:50])) - unit.top[:50]).max() <= 2 * law_error(tabulated)


def test_levels_that_cannot_be_resolved_are_refused():
    rank_at(TopSlice(F(1, 10**270)), uniforms(generator(0, 0), (10,)))
    with pytest.raises(InvalidLevel, match="resolved"):
        rank_at(TopSlice(F(1, 10**290)), uniforms(generator(0, 0), (10,)))


def test_a_mass_that_cannot_be_computed_is_refused():
    with pytest.raises(NotAvailable, match="inverted"):
        _solve(lambda x: np.full_like(x, np.nan), np.ones_like, np.array([0.25]))
