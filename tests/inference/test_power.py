"""The printed detectable gap is calibrated against the tests it speaks for."""

import math

import numpy as np
import pytest

from qtheory.errors import InvalidInput
from qtheory.inference.bounded_mean import mean_log_e
from qtheory.inference.ledger import cost_ledger
from qtheory.inference.levels import level_grid, split_to_levels
from qtheory.inference.power import detectable_gap
from qtheory.inference.threshold_profile import windowed_test

COIN, BETA = 0.5, math.sqrt(0.2 * 0.8 / 26)


def _draw(kind, rng, n):
    return (rng.random(n) < 0.5).astype(float) if kind == "coin" else rng.beta(5, 20, n)


@pytest.mark.parametrize("alpha", [0.05, 1e-6])
@pytest.mark.parametrize(("kind", "mean", "sd"), [("coin", 0.5, COIN), ("beta", 0.2, BETA)])
def test_the_gap_is_seen_and_half_of_it_is_not(alpha, kind, mean, sd):
    n, rng = 20_000, np.random.default_rng(61)
    gap, grid, seen = detectable_gap(n, sd, alpha), level_grid(0, 1), np.zeros(2)
    for _ in range(60):
        mass = split_to_levels(_draw(kind, rng, n), 0.0, 1.0)
        seen += [mean_log_e(grid, mass, mean - share * gap, 1) >= -math.log(alpha) for share in (1.0, 0.5)]
    assert seen[0] >= 56 and seen[1] <= 40


def test_the_gap_of_a_profile_test_is_seen():
    n, alpha, q, rng = 20_000, 1e-6, 0.1, np.random.default_rng(62)
    gap, seen = detectable_gap(n, BETA, alpha, q=q), np.zeros(2)
    for _ in range(25):
        ledger = cost_ledger(_draw("beta", rng, n), 1.0, [q], levels=65)
        seen += [windowed_test(ledger, q, alpha, q * (0.2 - share * gap), 1).rejects for share in (1.0, 0.5)]
    assert seen[0] >= 23 and seen[1] <= 17


def test_gap_scales_as_it_should():
    assert detectable_gap(400, 1.0, 0.01) == pytest.approx(detectable_gap(100, 1.0, 0.01) / 2)
    assert detectable_gap(100, 1.0, 1e-6) > detectable_gap(100, 1.0, 0.05)
    assert detectable_gap(100, 0.0, 0.05) == 0.0
    with pytest.raises(InvalidInput):
        detectable_gap(100, math.nan, 0.05)
