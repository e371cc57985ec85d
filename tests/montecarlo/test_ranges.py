"""Declared ranges that float32 cannot keep, and ledgers of samples beyond the precision of a running sum."""

from __future__ import annotations

from fractions import Fraction

import jax.numpy as jnp
import numpy as np
import pytest

from qtheory.base.continuous import Continuous
from qtheory.errors import InvalidInput
from qtheory.montecarlo.columns import Columns
from qtheory.montecarlo.engine import Engine, tally_problem
from qtheory.montecarlo.intervals import base_cost_interval
from qtheory.montecarlo.ranges import Range, cost_ranges_of, utility_range_of
from qtheory.montecarlo.tally import Tally
from qtheory.problem import Problem

NORMAL = Continuous("normal(0,1)")


@pytest.mark.parametrize("cap", ["1e-400", "1e-31", "2e36", "1e38", "1e300", "1e400"])
def test_caps_that_float32_cannot_divide_by_are_refused(cap: str) -> None:
    with pytest.raises(InvalidInput, match="beyond float32"):
        cost_ranges_of(Problem(NORMAL, cost="0"), cap)


@pytest.mark.parametrize("ends", [(0, "1e-38"), ("-1e400", 0)])
def test_utility_ranges_that_float32_cannot_hold_are_refused(ends: tuple) -> None:
    with pytest.raises(InvalidInput, match="beyond float32"):
        utility_range_of(ends)


@pytest.mark.parametrize("counted", [True, False])
@pytest.mark.parametrize("cap", [1e-30, 1e36])
def test_the_mean_of_a_cost_is_found_at_both_ends_of_what_is_allowed(cap: float, counted: bool) -> None:
    problem = Problem(NORMAL, cost=lambda x: 0 * x + jnp.float32(cap / 2))
    tally = tally_problem(problem, (Fraction(1, 2),), cap, 1000, 0, engine=Engine(counted=counted)).main
    assert base_cost_interval(tally, 0, 1e-6).contains(cap / 2)
    assert not base_cost_interval(tally, 0, 1e-6).contains(cap / 5)


@pytest.mark.parametrize("q", [0.5, 1 - 1e-9, 1.0])
def test_a_ledger_of_summed_costs_adds_up_where_running_sums_are_rounded(q: float) -> None:
    rng, bins = np.random.default_rng(0), 20_000
    counts = rng.poisson(5e7, bins).astype(np.int64)  # a trillion draws
    counts[-100:] = 1  # and a lower tail of single ones
    masses = Columns(1, counted=False).masses(rng.binomial(1023 * counts, 0.3)[:, None], counts)
    edges = np.linspace(1, 0, bins + 1)
    ranges = Range("utility", -np.inf, np.inf), Range("cost", 0.0, 1.0)
    tally = Tally(counts, edges[1:], edges[:-1], counts * edges[1:], (masses,), ranges)
    assert np.abs(np.diff(tally.running_levels[0][-100:], axis=0).sum(axis=1) - 1).max() > 1e-6
    ledger = tally.cost_ledger(0, q)  # refuses masses that do not add up to the counts
    assert ledger.n == counts.sum()
    assert (np.abs(ledger.taken.sum(axis=1) - ledger.counts) < 1e-9 * ledger.counts).all()
