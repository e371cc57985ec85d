"""Ledgers hold what the sample said, and refuse what does not fit."""

import numpy as np
import pytest

from qtheory.errors import InvalidInput
from qtheory.inference.binomial import binomial_window
from qtheory.inference.ledger import RankLedger, cost_ledger, ratio_ledger
from qtheory.inference.levels import split_to_levels


def test_bins_partition_the_ranks_in_order():
    costs = np.random.default_rng(1).random(5000)
    ledger = cost_ledger(costs, 1.0, ["1/100", "1/10", 1], levels=9)
    assert ledger.n == 5000 and ledger.offsets[0] == 0 and ledger.offsets[-1] == 5000
    for j in (0, 5, ledger.counts.size - 1):
        part = costs[ledger.offsets[j] : ledger.offsets[j + 1]]
        np.testing.assert_allclose(ledger.taken[j], split_to_levels(part, 0.0, 1.0, 9), atol=1e-12)


def test_bins_hold_one_item_near_a_threshold():
    ledger = cost_ledger(np.zeros(2000), 1.0, ["1/10"], levels=2)
    lo, hi = binomial_window(2000, "1/10", 1e-9)
    assert set(range(lo, hi + 1)) <= set(ledger.offsets.tolist())


def test_large_samples_keep_a_few_hundred_bins_per_level():
    ledger = cost_ledger(np.zeros(1_000_000), 1.0, ["1/1000", "1/10", "1/2"], levels=2)
    assert ledger.counts.size < 3 * 800


def test_ratio_ledger_has_the_mean_of_the_contrast():
    costs = np.random.default_rng(2).random(50)
    ledger = ratio_ledger(cost_ledger(costs, 1.0, ["1/5"], levels=257), "1/5", 1.5)
    k, table = 10, ledger.offsets
    j = int(np.flatnonzero(table == k)[0])
    split = (ledger.taken[:j] @ ledger.taken_levels).sum() + (ledger.left[j:] @ ledger.left_levels).sum()
    direct = sum(c * ((i < k) * 5 - 1.5) for i, c in enumerate(costs))
    assert split == pytest.approx(direct, rel=1e-10)


def test_costs_outside_the_cap_are_refused_with_their_index():
    for bad in (1.5, -0.1, np.nan):
        with pytest.raises(InvalidInput, match=r"\[2\]"):
            cost_ledger(np.array([0.0, 1.0, bad]), 1.0, ["1/2"])


def test_ill_formed_ledgers_are_refused():
    ok, grid = np.array([[1.0, 1.0]]), np.array([0.0, 1.0])
    bad = [
        (np.array([3]), ok, ok, grid, grid, False),
        (np.array([2.0]), ok, ok, grid, grid, False),
        (np.array([2]), ok, ok, grid[:1], grid, False),
        (np.array([2]), ok, -ok, grid, grid, False),
        (np.array([2]), ok, ok[:, ::-1] * [2.0, 0.0], grid, grid, True),
        (np.array([0]), 0 * ok, 0 * ok, grid, grid, False),
        (np.array([2]), ok, ok, grid, np.array([0.0, np.inf]), False),
    ]
    for fields in bad:
        with pytest.raises(InvalidInput):
            RankLedger(*fields)
    with pytest.raises(InvalidInput):
        ratio_ledger(RankLedger(np.array([2]), ok, ok, grid, grid), "1/2", 1.0)
