"""The Hill estimate on exact Pareto tails, and where it must refuse."""

import numpy as np
import pytest
from scipy.stats import binom

from qtheory.errors import InvalidInput
from qtheory.inference.hill import hill_curve, hill_estimate


def test_pareto_index_is_covered():
    rng = np.random.default_rng(71)
    hits = 0
    for _ in range(200):
        estimate = hill_estimate(rng.random(2000) ** (-1 / 1.5), 200)
        hits += estimate.low <= 1.5 <= estimate.high
    assert 200 - hits <= binom.isf(1e-4, 200, 0.06)


def test_scale_does_not_matter_and_the_curve_agrees():
    x = np.random.default_rng(72).pareto(3.0, 500) + 1
    (first, second) = hill_curve(1e-200 * x, [20, 100])
    assert first.index == pytest.approx(hill_estimate(x, 20).index)
    assert second.k == 100 and second.low < second.index < second.high
    direct = 100 / np.log(np.sort(x)[::-1][:100] / np.sort(x)[::-1][100]).sum()
    assert second.index == pytest.approx(direct)


def test_normal_tails_drift():
    x = np.abs(np.random.default_rng(73).normal(size=20_000))
    indices = [e.index for e in hill_curve(x, [20, 200, 2000])]
    assert indices[0] > 1.5 * indices[2]


def test_refusals():
    for values, k in (
        ([1.0, 2.0, -1.0], 2),
        ([2.0, 2.0, 2.0], 2),
        ([1.0, 2.0], 2),
        ([1.0, np.inf, 3.0], 1),
        ([1.0, 2.0, 3.0], 0),
    ):
        with pytest.raises(InvalidInput):
            hill_estimate(np.array(values), k)
