"""Means, products and multiplicity of e-values: against their definitions, with controls that break them."""

import itertools
import math

import numpy as np
import pytest

from qtheory.errors import InvalidInput
from qtheory.inference.anytime import anytime_mean_test
from qtheory.inference.e_values import closed_means, combine_mean, e_bh, sequential_product
from qtheory.inference.evidence import AnytimeEvidence, EValue, WindowedTest
from qtheory.inference.ledger import cost_ledger


def e(*values):
    return [EValue(math.log(v) if v else -math.inf) for v in values]


def test_weighted_means_are_means():
    values, weights = (6.0, 2.0, 0.0), (1.0, 2.0, 5.0)
    expected = np.dot(values, weights) / 8
    assert math.exp(combine_mean(e(*values), weights).log_value) == pytest.approx(expected)
    assert combine_mean(e(*values), [0, 1, 0]).log_value == pytest.approx(math.log(2))
    assert combine_mean([EValue(math.inf), EValue(0.0)], [0, 1]).log_value == 0.0


def test_products_of_rounds_keep_the_level_when_looked_at_every_round_and_means_do_not_replace_them():
    # two rounds of a fair bet, all outcomes: the chance that the product ever reaches 4 is at most 1/4
    reached = sum(
        any(p.rejects(0.25) for p in sequential_product([EValue(math.log(2 * a or 1e-300)) for a in rounds]))
        for rounds in itertools.product((0, 1), repeat=5)
    )
    assert reached / 32 <= 0.25 and reached > 0


def test_closed_means_are_closed_testing():
    rng = np.random.default_rng(1)
    for _ in range(30):
        values = np.exp(rng.normal(0.5, 2.0, 5))
        subsets = [s for r in range(1, 6) for s in itertools.combinations(range(5), r)]
        least = [min(values[list(s)].mean() for s in subsets if i in s) for i in range(5)]
        assert [math.exp(a.log_value) for a in closed_means(e(*values))] == pytest.approx(least)


def test_e_bh_is_its_definition():
    rng = np.random.default_rng(2)
    for _ in range(50):
        values, alpha = np.exp(rng.normal(1.0, 2.0, 6)), 0.3
        kept = [k for k in range(1, 7) if np.sort(values)[::-1][k - 1] >= 6 / (alpha * k)]
        expected = set(np.argsort(-values)[: max(kept)]) if kept else set()
        assert set(np.flatnonzero(e_bh(e(*values), alpha))) == expected
    assert e_bh([], 0.1).tolist() == []


def test_false_discoveries_stay_below_alpha_and_plain_thresholds_do_not():
    """Twenty true hypotheses whose e-values are as large as may be: a coin that pays 1/p. All exact but the runs."""
    rng, runs, m, alpha = np.random.default_rng(3), 2000, 20, 0.1
    ours = plain = 0
    for _ in range(runs):
        values = [EValue(math.log(1 / 0.01) if hit else -math.inf) for hit in rng.random(m) < 0.01]
        ours += e_bh(values, alpha).any()
        plain += any(v.rejects(alpha) for v in values)
    assert ours / runs <= alpha and plain / runs > alpha


def test_everything_but_e_values_is_refused():
    windowed = WindowedTest(5.0, 0.05, 0.0025)
    over_time = anytime_mean_test(cost_ledger(np.ones(20), 1.0, [0.5], 2), 0.5, 0.4)
    assert isinstance(over_time, AnytimeEvidence)
    for wrong in (windowed, over_time, 3.0):
        for use in (combine_mean, sequential_product, closed_means, lambda x: e_bh(x, 0.05)):
            with pytest.raises(InvalidInput):
                use([EValue(1.0), wrong])
    for weights in ([1.0], [0.0, 0.0], [-1.0, 2.0], [1.0, math.nan]):
        with pytest.raises(InvalidInput):
            combine_mean(e(1.0, 2.0), weights)
    assert combine_mean([EValue(1.0), over_time.e_value]).log_value <= max(1.0, over_time.log_value)
