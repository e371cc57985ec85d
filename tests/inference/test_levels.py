"""The chord split keeps mass and mean, and never raises a concave sum."""

import numpy as np
import pytest

from qtheory.errors import InvalidInput
from qtheory.inference.levels import level_grid, split_to_levels, split_to_levels_by_bin


def test_split_keeps_mass_and_mean():
    x = np.random.default_rng(1).uniform(-2.0, 3.0, 1000)
    mass, grid = split_to_levels(x, -2.0, 3.0, 17), level_grid(-2.0, 3.0, 17)
    assert mass.sum() == pytest.approx(1000, rel=1e-13)
    assert mass @ grid == pytest.approx(x.sum(), rel=1e-12)
    assert mass.min() >= 0.0


@pytest.mark.parametrize("levels", [2, 5, 257])
def test_log_wealth_of_the_histogram_is_a_lower_bound(levels):
    x = np.random.default_rng(2).beta(0.5, 2.0, 400)
    grid, mass = level_grid(0.0, 1.0, levels), split_to_levels(x, 0.0, 1.0, levels)
    for bet in (-0.99, -0.3, 0.5, 9.0):
        exact = np.log1p(bet * x).sum()
        split = mass @ np.log1p(bet * grid)
        assert split <= exact + 1e-10
        if levels == 257:
            assert split == pytest.approx(exact, abs=0.03 * (1 + abs(exact)) * abs(bet))


def test_values_on_levels_stay_whole():
    assert split_to_levels([0.0, 0.5, 0.5, 1.0], 0.0, 1.0, 3).tolist() == [1.0, 2.0, 1.0]


def test_bins_are_the_histograms_of_their_own_values():
    rng = np.random.default_rng(3)
    x, bins = rng.random(700), rng.integers(0, 5, 700)
    table = split_to_levels_by_bin(x, bins, 6, 0.0, 1.0, 9)
    for j in range(5):
        np.testing.assert_allclose(table[j], split_to_levels(x[bins == j], 0.0, 1.0, 9), atol=1e-12)
    assert not table[5].any()


def test_chunks_do_not_show():
    x = np.random.default_rng(4).random((1 << 19) + 5)
    halves = split_to_levels(x[: 1 << 18], 0.0, 1.0, 3) + split_to_levels(x[1 << 18 :], 0.0, 1.0, 3)
    np.testing.assert_allclose(split_to_levels(x, 0.0, 1.0, 3), halves, rtol=1e-12)


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1.0000001, -1e-300])
def test_bad_values_are_refused_with_their_index(bad):
    x = np.full((1 << 19) + 9, 0.5)
    x[-2] = bad
    with pytest.raises(InvalidInput, match=rf"values\[{x.size - 2}\]"):
        split_to_levels(x, 0.0, 1.0)


def test_bad_bins_are_refused():
    for bins in ([0, 2], [-1, 0], [0], [0.0, 1.0]):
        with pytest.raises(InvalidInput):
            split_to_levels_by_bin([0.1, 0.2], np.array(bins), 2, 0.0, 1.0)
