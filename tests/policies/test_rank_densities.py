"""Densities on the top rank: closed forms against quadrature, masses against densities, draws against masses."""

import itertools
import math
from fractions import Fraction

import jax
import jax.numpy as jnp
import mpmath as mp
import numpy as np
import pytest
from scipy import stats

from qtheory.base.rank_quadrature import Rank, integrate_rank
from qtheory.errors import InvalidInput, NotAvailable, QTheoryError
from qtheory.exact.enclosure import Enclosure
from qtheory.policies.estimand import Estimand
from qtheory.policies.rank_densities import binomial_tail, functionals
from qtheory.policies.rank_densities.poisson_best import rank_at_mass
from qtheory.policies.rank_density import (
    BeyondDraws,
    Mixed,
    PoissonBest,
    TopOfDraws,
    TopSlice,
    Window,
    beyond_draws,
    mixed,
    poisson_best,
    rank_density_from_json,
    window,
)

F = Fraction
FALSE_ALARM = 1e-6
STEPS = [TopSlice(F(1, 7)), TopSlice(F(1)), Window(F(1, 10), F(1, 2)), Window(F(1, 3), F(1)), Window(F(0), F(1, 5))]
STEPS += [mixed(TopSlice(F(1)), TopSlice(F(1, 8)), "1/3"), mixed(Window(F(1, 4), F(1, 2)), TopSlice(F(1, 3)), "2/5")]
SMOOTH = [PoissonBest(F(mu)) for mu in ("1/1000", 1, 5, 1000)] + [BeyondDraws(n) for n in (1, 2, 10, 300)]
SMOOTH += [TopOfDraws(n, k) for n, k in ((2, 1), (10, 1), (10, 5), (160, 16))]
SMOOTH += [mixed(Window(F(1, 10), F(1, 2)), PoissonBest(F(3)), "1/3"), mixed(TopSlice(F(1)), TopOfDraws(9, 2), "1/4")]
DENSITIES = STEPS + SMOOTH
RANKS = [F(0), F(1, 1000), F(1, 9), F(1, 3), F(1, 2), F(99, 100), F(1)]


def close(x):
    return float(x.midpoint) if isinstance(x, Enclosure) else float(x)


@pytest.mark.parametrize("density", DENSITIES, ids=str)
def test_the_mass_is_the_integral_of_the_density(density):
    for s in RANKS[1:]:
        found = integrate_rank(density.at, 0.0, float(s), breaks=density.breaks).value
        assert close(density.mass(s)) == pytest.approx(found, rel=1e-11)
        assert float(density.mass(np.array([float(s)]))[0]) == pytest.approx(found, rel=1e-11)
    assert density.mass(F(0)) == 0 and density.mass(F(1)) == 1


@pytest.mark.parametrize("density", DENSITIES, ids=str)
def test_closed_forms_agree_with_quadrature(density):
    closed = (density.kl(), density.total_variation(), *(density.power_integral(a) for a in ("1/2", 2, "5/2")))
    numeric = [functionals.kl(density), functionals.total_variation(density)]
    numeric += [functionals.power_integral(density, F(a)) for a in ("1/2", 2, "5/2")]
    for exact, found in zip(closed, numeric, strict=True):
        assert close(exact) == pytest.approx(found, rel=1e-9, abs=1e-15)
    assert close(density.chi2()) == pytest.approx(close(density.power_integral(2)) - 1, abs=1e-9)
    assert density.power_integral(1) == 1


@pytest.mark.parametrize("density", DENSITIES, ids=str)
def test_the_divergence_the_other_way_round_is_infinite_only_where_something_is_never_played(density):
    played = 1 if density.steps is None else sum(step.length for step in density.steps if step.height > 0)
    reverse = density.reverse_kl()
    assert (reverse == math.inf) == (played < 1)
    assert close(density.renyi(0)) == pytest.approx(-math.log(played))
    if played == 1:
        assert close(reverse) == pytest.approx(functionals.reverse_kl(density), rel=1e-9, abs=1e-15)


def test_the_other_divergence_of_top_k_reaches_into_the_far_tail():
    n, k = 40, 3
    with mp.workdps(40):
        g = lambda x: mp.mpf(n) / k * mp.fsum(mp.binomial(n - 1, i) * (1 - x) ** i * x ** (n - 1 - i) for i in range(k))
        expected = float(mp.quad(lambda x: -mp.log(g(x)), [0, 1e-9, 1e-4, 0.01, 0.1, 0.5, 0.8, 0.95, 1]))
    assert TopOfDraws(n, k).reverse_kl() == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("m, k", [(9, 3), (500, 20), (5000, 700)])
def test_the_logarithm_of_a_binomial_tail_is_right_where_the_tail_is_no_float(m, k):
    top = np.array([1e-3, 0.4, 0.999, 1 - 1e-12])
    rank = Rank(top, np.array([1 - 1e-3, 0.6, 1e-3, 1e-12]))
    found = binomial_tail.log_tail(m, k, rank)
    with mp.workdps(60):
        for value, bottom in zip(found, rank.bottom, strict=True):
            x = mp.mpf(float(bottom))
            tail = mp.fsum(mp.binomial(m, i) * (1 - x) ** i * x ** (m - i) for i in range(k))
            assert value == pytest.approx(float(mp.log(tail)), rel=1e-11, abs=1e-13)
    assert found.min() < -1000 or m < 500


@pytest.mark.parametrize("density", DENSITIES, ids=str)
def test_the_renyi_divergences_rise_to_the_logarithm_of_the_supremum(density):
    orders = [0, F(1, 3), F(1, 2), 1, F(3, 2), 2, 5, 20]
    found = [close(density.renyi(order)) for order in orders]
    assert all(b >= a - 1e-12 for a, b in itertools.pairwise(found))
    largest = density.renyi(math.inf)
    assert (
        largest == math.inf
        if density.supremum == math.inf
        else close(largest) == pytest.approx(math.log(density.supremum))
    )
    assert found[-1] <= close(largest) + 1e-12 if largest != math.inf else found[-1] < math.inf


@pytest.mark.parametrize("density", DENSITIES, ids=str)
def test_no_set_of_ranks_of_a_length_has_more_mass_than_the_top_mass(density):
    cells = 20_000
    middle = (np.arange(cells) + 0.5) / cells
    best_first = np.sort(density.density(middle))[::-1]
    fine = best_first[0] * 20 < cells / 10  # else the density is steeper than the cells
    for t in (0.05, 0.3, 0.8):
        summed = best_first[: round(t * cells)].sum() / cells
        assert density.top_mass(np.array([t]))[0] >= summed - 1e-2
        if fine:
            assert density.top_mass(np.array([t]))[0] == pytest.approx(summed, abs=2e-3)
    assert density.is_nonincreasing == bool((np.diff(density.density(middle)) <= 1e-9).all())
    if density.is_nonincreasing:
        assert density.top_mass(F(1, 3)) == density.mass(F(1, 3))


def test_the_top_mass_of_a_window_is_not_the_mass_of_the_top():
    density = Window(F(1, 2), F(3, 4))
    assert density.top_mass(F(1, 4)) == 1 and density.mass(F(1, 4)) == 0
    blend = mixed(Window(F(1, 10), F(1, 2)), PoissonBest(F(3)), "1/3")
    exact = mixed(Window(F(1, 10), F(1, 2)), TopSlice(F(1, 4)), "1/3")
    assert functionals.top_mass(exact, 0.3) == pytest.approx(float(exact.top_mass(F(3, 10))), rel=1e-12)
    assert blend.top_mass(0.0) == 0 and blend.top_mass(1.0) == 1


@pytest.mark.parametrize("density", DENSITIES, ids=str)
def test_drawn_ranks_follow_the_mass(density):
    ranks = np.asarray(density.sample_rank(jax.random.key(11), 20_000), dtype=float)
    assert ranks.min() > 0 and ranks.max() <= 1
    assert stats.kstest(ranks, lambda s: np.asarray(density.mass(s), dtype=float)).pvalue > FALSE_ALARM


def test_the_check_on_draws_sees_a_wrong_density():
    ranks = np.asarray(PoissonBest(F(5)).sample_rank(jax.random.key(11), 20_000), dtype=float)
    assert stats.kstest(ranks, TopOfDraws(6, 1).mass).pvalue < FALSE_ALARM


@pytest.mark.parametrize("mu", [F(1, 1000), F(1), F(50), F(10**7)])
def test_drawing_the_best_of_poisson_inverts_its_mass_at_every_rank(mu):
    mass = np.geomspace(1e-12, 0.9999, 4001).astype(np.float32)
    ranks = np.asarray(rank_at_mass(jnp.asarray(mass), float(mu)), dtype=float)
    found, target = PoissonBest(mu).mass(ranks), mass.astype(float)
    assert np.abs(found / target - 1).max() < 2e-6


@pytest.mark.parametrize("rule", [TopOfDraws(1, 1), TopOfDraws(50, 1)])
def test_the_best_draws_are_resolved_far_below_the_rounding_of_one(rule):
    ranks = np.asarray(rule.sample_rank(jax.random.key(3), 200_000), dtype=float)
    assert len(np.unique(ranks[ranks < 1e-4])) == (ranks < 1e-4).sum()


@pytest.mark.parametrize("density", DENSITIES, ids=str)
def test_a_density_and_its_name_survive_a_round_trip(density):
    assert rank_density_from_json(density.to_json()) == density
    assert Estimand.parse(str(density.estimand)) == density.estimand


@pytest.mark.parametrize("mu", [1, 5])
def test_the_mass_of_the_best_of_poisson_is_the_mean_over_the_number_of_draws(mu):
    s, draws = 0.3, np.arange(200)
    mean = float(np.sum(stats.poisson.pmf(draws, mu) * (1 - (1 - s) ** (draws + 1))))
    enclosure = PoissonBest(F(mu)).mass(F(3, 10))
    assert close(enclosure) == pytest.approx(mean, rel=1e-13) and 0 < enclosure.width < F(1, 10**30)


def test_a_fresh_draw_beyond_the_best_has_the_mass_of_its_story():
    n, s = 4, 0.2
    level = stats.beta(1, n)
    mean = level.expect(lambda q: np.minimum(s / q, 1.0))
    assert float(BeyondDraws(n).mass(np.array(s))) == pytest.approx(mean, rel=1e-9)
    assert close(BeyondDraws(n).mass(F(1, 5))) == pytest.approx(mean, rel=1e-9)


@pytest.mark.parametrize("order", [0.5, "1/2", F(1, 2)])
def test_orders_are_read_exactly(order):
    assert TopSlice(F(1, 4)).power_integral(order) == F(1, 2)


@pytest.mark.parametrize("order", [0, -1, math.inf, math.nan, "many", None])
def test_orders_that_are_none_are_refused(order):
    with pytest.raises(InvalidInput):
        TopSlice(F(1, 4)).power_integral(order)


def test_a_power_too_large_for_a_float_is_refused():
    with pytest.raises(NotAvailable):
        BeyondDraws(10**6).power_integral(60)


@pytest.mark.parametrize(
    "make",
    [lambda: window(0, 0), lambda: window("1/2", "1/3"), lambda: window(-1, 1), lambda: window(0, 2)]
    + [lambda: poisson_best(-1), lambda: poisson_best("x"), lambda: beyond_draws(0), lambda: beyond_draws(1.5)]
    + [lambda: mixed(TopSlice(F(1)), TopSlice(F(1)), 2), lambda: mixed(TopSlice(F(1)), TopSlice(F(1)), None)],
)
def test_what_is_no_density_is_refused(make):
    with pytest.raises(QTheoryError):
        make()


def test_a_mixture_at_an_end_is_one_of_its_parts():
    first, second = TopSlice(F(1)), PoissonBest(F(1))
    assert mixed(first, second, 0) == first and mixed(first, second, 1) == second
    assert isinstance(mixed(first, second, "1/2"), Mixed)
