"""Strata, uniform numbers and scrambled points: they cover the unit interval, evenly and finely."""

from fractions import Fraction as F

import numpy as np
import pytest
from scipy.stats import kstest

from qtheory.base.rank_quadrature import Rank
from qtheory.direct.strata import graded, of_levels
from qtheory.direct.uniforms import from_words, generator, uniforms
from qtheory.direct.van_der_corput import scrambled
from qtheory.errors import InvalidInput

# each Kolmogorov-Smirnov test of this file wrongly fails with this probability; the seeds are fixed
KS_RATE = 1e-6


def test_uniform_numbers_keep_their_digits_at_both_ends():
    words = np.array([0, 1, 2**63, 2**64 - 2, 2**64 - 1], dtype=np.uint64)
    unit = from_words(words)
    exact = [F(2 * int(word) + 1, 2**65) for word in words]
    for top, bottom, true in zip(unit.top, unit.bottom, exact, strict=True):
        assert abs(F(float(top)) / true - 1) < F(1, 2**52)
        assert abs(F(float(bottom)) / (1 - true) - 1) < F(1, 2**52)


def test_streams_are_reproducible_and_differ():
    same, other = (uniforms(generator(3, 1), (100,)).top for _ in range(2)), uniforms(generator(3, 2), (100,)).top
    first, second = same
    assert np.array_equal(first, second)
    assert not np.isclose(first, other).any()


def cover(strata, high=1.0):
    """The strata follow each other from 0 to `high`, from either side."""
    edges = np.append(strata.top, strata.top[-1] + strata.mass[-1])
    assert edges[0] == 0 and edges[-1] == pytest.approx(high, rel=1e-12)
    assert (strata.mass > 0).all()
    np.testing.assert_allclose(np.diff(edges), strata.mass, rtol=1e-9, atol=1e-14)
    np.testing.assert_allclose(strata.top + strata.mass + strata.bottom, 1, rtol=0, atol=1e-14)


@pytest.mark.parametrize("count", [1, 2, 3, 64, 1001])
def test_graded_strata_cover_the_interval_and_mirror_each_other(count):
    strata = graded(count)
    cover(strata)
    np.testing.assert_array_equal(strata.mass, strata.mass[::-1])
    np.testing.assert_allclose(strata.bottom, strata.top[::-1], rtol=1e-15)


@pytest.mark.parametrize(
    "levels", [(F(1),), (F(1, 10),), (F(9, 10), F(1)), (F(1, 10**12), F(1, 2), F(1)), (F(1, 3), F(2, 3))]
)
def test_strata_of_levels_cover_the_ranks_and_every_level_is_an_edge(levels):
    strata, ends = of_levels(levels, 500)
    cover(strata, float(levels[-1]))
    for q, end in zip(levels, ends, strict=True):
        assert strata.mass[:end].sum() == pytest.approx(float(q), rel=1e-12)
    assert ends[-1] == strata.mass.size == 500


def test_the_last_strata_keep_the_distance_from_rank_one():
    strata, _ = of_levels((F(1),), 2000)
    assert strata.bottom[-1] == 0 and 0 < strata.mass[-1] < 1e-9
    assert strata.mass[-1] == pytest.approx(strata.bottom[-2], rel=1e-12)


def test_too_few_strata_are_refused():
    with pytest.raises(InvalidInput, match="strata"):
        of_levels((F(1, 3), F(1, 2)), 1)


def test_points_lie_in_their_strata_and_are_uniform():
    strata = graded(1000)
    rank = strata.points(uniforms(generator(0, 0), (1000, 20)))
    assert (rank.top >= strata.top[:, None]).all() and (rank.top <= (strata.top + strata.mass)[:, None]).all()
    # a point taken with the stratum's mass is uniform
    rng = np.random.default_rng(0)
    chosen = rng.choice(1000, size=20_000, p=strata.mass / strata.mass.sum())
    drawn = strata.top[chosen] + strata.mass[chosen] * rng.random(20_000)
    assert kstest(drawn, "uniform").pvalue > KS_RATE
    assert kstest(rank.top.ravel(), "uniform").pvalue < KS_RATE  # taken alike they are not


@pytest.mark.parametrize("bits", [0, 1, 5])
def test_a_scrambled_point_is_uniform_in_every_interval(bits):
    rng = generator(1, bits)
    places = np.stack([scrambled(rng, bits).top for _ in range(3000)])
    assert places.shape == (3000, 2**bits)
    for column in range(min(4, 2**bits)):
        assert kstest(places[:, column], "uniform").pvalue > KS_RATE


def test_scrambled_points_integrate_a_smooth_function_far_better_than_random_ones():
    def error(places):
        points = graded(1024).points(Rank(places.top, places.bottom)).top
        return abs(float(graded(1024).mass @ np.exp(points)) - (np.e - 1))

    rng = generator(2, 0)
    assert np.median([error(scrambled(rng, 10)) for _ in range(20)]) < 1e-6
    assert np.median([error(uniforms(rng, (1024,))) for _ in range(20)]) > 3e-6
