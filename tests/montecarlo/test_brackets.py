"""Brackets: what the bins say for certain about the sample's own top q."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from qtheory.base.continuous import Continuous
from qtheory.inference.interval import Interval
from qtheory.montecarlo.brackets import mean_cost_bracket, threshold_bracket
from qtheory.montecarlo.engine import Engine
from qtheory.montecarlo.ranges import Range
from qtheory.montecarlo.simulate import simulate_problem
from qtheory.montecarlo.table import simulation_text
from qtheory.montecarlo.tally import Tally
from qtheory.problem import Problem

RANGES = Range("utility", -99, 99), Range("cost", 0, 2)


def _tally(levels: np.ndarray, single: int | None = None) -> Tally:
    """Bins from 10 down, each with these many draws on each level of a cost from 0 to 2."""
    counts = levels.sum(axis=1)
    high = 10.0 - np.arange(counts.size)
    low = high - 0.5
    if single is not None:
        low[single] = high[single]
    return Tally(counts, low, high, counts * high, (levels,), RANGES)


@pytest.mark.parametrize("seed", range(20))
def test_brackets_are_the_extremes_over_all_orders(seed: int) -> None:
    rng = np.random.default_rng(seed)
    levels = rng.integers(0, 3, (4, 5))
    levels[:, 0] += 1
    tally, grid = _tally(levels), np.linspace(0, 2, 5)
    costs = [np.repeat(grid, row) for row in levels]
    n, sizes = tally.n, np.cumsum([0, *map(len, costs)])
    for m in range(1, n + 1):
        at = int(np.searchsorted(sizes, m, side="left")) - 1
        above, kept = sum(c.sum() for c in costs[:at]), m - sizes[at]
        means = [(above + sum(chosen)) / m for chosen in combinations(costs[at], kept)]
        bracket = mean_cost_bracket(tally, 0, m / n)
        assert (bracket.low, bracket.high) == pytest.approx((min(means), max(means)), abs=1e-12)
        assert bracket.low - 1e-12 <= tally.mean_cost(0, m / n) <= bracket.high + 1e-12


def test_with_sums_alone_the_bracket_is_the_closed_one() -> None:
    total, n, cap = 3.5, 6, 2.0
    tally = _tally(np.array([[3.0, 1.0], [n - total / cap, total / cap]]))
    for kept in (1, 2, 4, 5):
        bracket = mean_cost_bracket(tally, 0, (4 + kept) / 10)
        least, most = max(0.0, total - (n - kept) * cap), min(total, kept * cap)
        assert (bracket.low, bracket.high) == pytest.approx(((2 + least) / (4 + kept), (2 + most) / (4 + kept)))


def test_ties_share_in_proportion_so_that_there_is_nothing_to_bracket() -> None:
    levels = np.array([[1, 1], [4, 4]])
    wide, tied = mean_cost_bracket(_tally(levels), 0, 0.5), mean_cost_bracket(_tally(levels, single=1), 0, 0.5)
    assert wide.width > 0.5
    assert (tied.low, tied.high) == pytest.approx((1.0, 1.0))
    assert tied.width == 0
    assert threshold_bracket(_tally(levels, single=1), 0.5) == Interval(9.0, 9.0)
    assert threshold_bracket(_tally(levels), 0.5) == Interval(8.5, 9.0)


@pytest.mark.parametrize(
    ("utility", "counted"),
    [("x", True), ("x", False), ("x+3/2*exp(-2*(x-1)**2)", True), ("Piecewise((1,x>1),(x,True))", True)],
)
def test_the_exact_answer_lies_in_the_bracket(utility: str, counted: bool) -> None:
    problem = Problem(Continuous("normal(0,1)"), utility=utility, cost="1/(1+exp(-9*x))")
    levels = ["1/1000", "1/50", "1/3", "9/10"]
    binned, exact = (simulate_problem(problem, levels, 1, "3e6", engine=Engine(way, counted)) for way in (False, True))
    for rough, sharp in zip(binned.levels, exact.levels, strict=True):
        mean, bracket = sharp.costs[0].mean.value, rough.costs[0].bracket
        assert mean is not None
        assert sharp.costs[0].bracket.width < 1e-12
        assert bracket.low - 1e-12 <= mean <= bracket.high + 1e-12
        assert rough.threshold_bracket.low <= sharp.threshold_bracket.low
        assert sharp.threshold_bracket.high <= rough.threshold_bracket.high
    assert any(level.costs[0].bracket.width > 1e-9 for level in binned.levels)


def test_a_wide_bracket_is_said() -> None:
    problem = Problem(Continuous("normal(0,1)"), cost="1/(1+exp(-x))")
    run = simulate_problem(problem, "1/10", 1, "1e5")
    assert "--exact finds it" not in simulation_text(run)
    (level,) = run.levels
    (cost,) = level.costs
    wide = replace(cost, bracket=Interval(0.1, 0.9))
    said = simulation_text(replace(run, levels=(replace(level, costs=(wide,)),)))
    assert "[0.1, 0.9]; --exact finds it" in " ".join(said.split())
