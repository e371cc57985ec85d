"""Densities on the top rank: one formula against the other, and against what the rule does."""

import itertools
import math
from fractions import Fraction

import jax
import mpmath as mp
import numpy as np
import pytest
from scipy import stats

from qtheory.errors import InvalidInput, QTheoryError
from qtheory.policies.rank_density import TopOfDraws, TopSlice, rank_density_from_json, top_of_draws

RULES = [(1, 1), (2, 1), (2, 2), (5, 2), (7, 7), (10, 5), (40, 3)]
DENSITIES = [TopSlice(Fraction(1, 7)), TopSlice(Fraction(1))] + [TopOfDraws(n, k) for n, k in RULES]
GRID = np.linspace(1e-6, 1 - 1e-6, 2001)


def close(x):
    return float(x.midpoint) if hasattr(x, "midpoint") else float(x)


@pytest.mark.parametrize("density", DENSITIES, ids=str)
def test_the_mass_is_the_integral_of_the_density(density):
    assert density.mass(Fraction(1)) == 1 and density.mass(Fraction(0)) == 0
    edges = np.linspace(0, 1, 50_001)
    middle = (edges[1:] + edges[:-1]) / 2
    summed = np.concatenate([[0], np.cumsum(density.density(middle) * np.diff(edges))])
    assert np.abs(summed - density.mass(edges)).max() < 2 * float(density.supremum) / 50_000


@pytest.mark.parametrize("density", DENSITIES, ids=str)
def test_float_and_exact_mass_agree(density):
    for s in (Fraction(1, 9), Fraction(1, 2), Fraction(99, 100)):
        assert float(density.mass(np.array([float(s)]))[0]) == pytest.approx(float(density.mass(s)), rel=1e-13)


@pytest.mark.parametrize("density", DENSITIES, ids=str)
def test_no_rank_is_denser_than_the_supremum_and_density_never_rises(density):
    values = density.density(GRID)
    assert values.max() <= float(density.supremum) * (1 + 1e-12) and (np.diff(values) <= 1e-12).all()
    assert values[0] == pytest.approx(float(density.supremum), rel=1e-3)


@pytest.mark.parametrize("n, k", [(n, k) for n in range(1, 5) for k in range(1, n + 1)])
@pytest.mark.parametrize("s", [Fraction(1, 3), Fraction(3, 4)])
def test_the_mass_of_a_rule_is_what_enumerating_its_draws_gives(n, k, s):
    total = Fraction(0)
    for above in itertools.product([True, False], repeat=n):  # which draws rank above s
        chance = math.prod((s if top else 1 - s for top in above), start=Fraction(1))
        total += chance * min(sum(above), k) / k
    assert TopOfDraws(n, k).mass(s) == total


@pytest.mark.parametrize("n, k", [(2, 1), (5, 2), (7, 7), (10, 5)])
def test_divergences_of_a_rule_are_integrals_of_its_density(n, k):
    density = TopOfDraws(n, k)
    g = lambda s: mp.mpf(n) / k * sum(math.comb(n - 1, i) * s**i * (1 - s) ** (n - 1 - i) for i in range(k))
    points = [0, 0.25, 0.5, 0.75, 1]
    assert float(density.power_integral(2)) == pytest.approx(float(mp.quad(lambda s: g(s) ** 2, points)), rel=1e-12)
    assert float(density.power_integral(3)) == pytest.approx(float(mp.quad(lambda s: g(s) ** 3, points)), rel=1e-12)
    entropy = mp.quad(lambda s: g(s) * mp.log(g(s)) if g(s) > 0 else mp.mpf(0), points)
    assert close(density.kl()) == pytest.approx(float(entropy), abs=1e-11)
    absolute = mp.quad(lambda s: abs(g(s) - 1), [i / 64 for i in range(65)])
    assert close(density.total_variation()) == pytest.approx(float(absolute) / 2, abs=1e-4)


def test_the_slice_has_the_divergences_of_a_quantilizer_without_partial_actions():
    density = TopSlice(Fraction(1, 8))
    assert (density.power_integral(2), density.total_variation(), density.supremum) == (8, Fraction(7, 8), 8)
    assert close(density.kl()) == pytest.approx(math.log(8), abs=1e-15)


def test_keeping_every_draw_is_the_base():
    density = TopOfDraws(6, 6)
    assert (
        density.power_integral(2) == 1
        and density.total_variation() == 0
        and close(density.kl()) == pytest.approx(0, abs=1e-12)
    )


@pytest.mark.parametrize("density", DENSITIES, ids=str)
def test_sampled_ranks_follow_the_density(density):
    ranks = np.asarray(density.sample_rank(jax.random.key(7), 4000), dtype=float)
    assert ranks.min() > 0 and ranks.max() <= 1
    assert stats.kstest(ranks, lambda s: np.asarray(density.mass(np.asarray(s)), dtype=float)).pvalue > 1e-6


@pytest.mark.parametrize("density", DENSITIES, ids=str)
def test_a_density_survives_a_round_trip(density):
    assert rank_density_from_json(density.to_json()) == density


@pytest.mark.parametrize("n, k", [(0, 1), (2, 3), (2, 0), (-1, -1), (2.0, 1), ("2", 1), (True, True), (None, 1)])
def test_a_rule_that_cannot_be_followed_is_refused(n, k):
    with pytest.raises(InvalidInput):
        top_of_draws(n, k)


@pytest.mark.parametrize(
    "document",
    [{}, None, [], {"density": "flat"}, {"density": "top slice"}, {"density": "top slice", "q": 2}]
    + [
        {"density": "top of draws", "n": 3},
        {"density": "top of draws", "n": 3, "k": 4},
        {"density": "top slice", "q": None},
    ],
)
def test_a_malformed_density_is_a_typed_error(document):
    with pytest.raises(QTheoryError):
        rank_density_from_json(document)
