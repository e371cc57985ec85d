"""Adding up blocks: exact, the same however the blocks are grouped, and nothing out of range gets in."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import jax
import numpy as np
import pytest

from qtheory.base.continuous import Continuous
from qtheory.base.generative import Generative
from qtheory.errors import InvalidInput
from qtheory.montecarlo.accumulate import accumulate
from qtheory.montecarlo.blocks import MAIN_STREAM, PILOT_STREAM, jitted_block, stream_key
from qtheory.montecarlo.columns import COUNTED_LEVELS, STINT, Columns, Tables
from qtheory.montecarlo.pilot import draw_pilot
from qtheory.montecarlo.ranges import cost_ranges_of, utility_range_of
from qtheory.montecarlo.rows import rows_of
from qtheory.montecarlo.stream import Pass
from qtheory.montecarlo.tally import Tally, tally_of
from qtheory.montecarlo.words import BLOCK
from qtheory.montecarlo.workers import AbstractWorkers, Threads
from qtheory.problem import Problem

PROBLEM = Problem(Continuous("normal(0,1)"), cost={"smooth": "1/(1+exp(-x))", "rare": "Piecewise((3,x>2),(0,True))"})
RANGES = (utility_range_of(None), *cost_ranges_of(PROBLEM, {"smooth": 1, "rare": 3}))
SAMPLES = 3 * BLOCK + 12_345


def _pass(samples: int = SAMPLES, counted: bool = True, problem: Problem = PROBLEM, ranges=RANGES) -> Pass:
    table = draw_pilot(PROBLEM, RANGES, 5, [0.1]).table
    return Pass(problem, ranges, table, Columns(len(problem.costs), counted), samples, 5)


def _tally(work: Pass) -> Tally:
    return tally_of(rows_of(accumulate(work), work.bins), work.ranges, work.columns)


def _draws() -> tuple[np.ndarray, ...]:
    run, root = jitted_block(PROBLEM), stream_key(5, MAIN_STREAM)
    blocks = [run(root, np.uint32(b)) for b in range(4)]
    columns = [[block.utility, *block.costs] for block in blocks]
    return tuple(np.concatenate([np.asarray(x) for x in column])[:SAMPLES] for column in zip(*columns, strict=True))


@dataclass(frozen=True)
class Grouped(AbstractWorkers):
    """One thread that hands in several stints at a time."""

    size: int

    def run(self, work: Pass, start: int) -> Iterator[tuple[int, Tables]]:
        for first in range(start, work.stints, self.size):
            group = range(first, min(first + self.size, work.stints))
            tables = work.columns.zeros()
            for stint in reversed(group):
                tables.add(work.sums_of(stint))
            yield len(group), tables


def test_every_grouping_of_stints_gives_the_same_tables() -> None:
    work = _pass(2 * STINT + SAMPLES)
    first = accumulate(work)
    for workers in (Threads(1), Threads(5), Grouped(2), Grouped(3)):
        other = accumulate(work, workers)
        assert all(np.array_equal(a, b) for a, b in zip(first.arrays, other.arrays, strict=True))
    assert int(first.counts.sum()) == work.samples


@pytest.mark.parametrize("counted", [True, False])
def test_sums_are_those_of_the_draws_themselves(counted: bool) -> None:
    tally, (utility, smooth, rare) = _tally(_pass(counted=counted)), _draws()
    assert tally.n == SAMPLES
    assert tally.mean_utility(1.0) == pytest.approx(math.fsum(utility.tolist()) / SAMPLES, rel=1e-12)
    assert all(levels.sum() == pytest.approx(SAMPLES, rel=1e-12) for levels in tally.levels)
    # on a level nothing is rounded; between levels the mean is kept up to noise of at most half a step
    steps = COUNTED_LEVELS - 1 if counted else 1023
    assert tally.mean_cost(1, 1.0) == pytest.approx(float(rare.mean(dtype=float)), rel=1e-12)
    noise = 0.5 / steps / SAMPLES**0.5
    assert tally.mean_cost(0, 1.0) == pytest.approx(float(smooth.mean(dtype=float)), abs=5 * noise)
    assert tally.mean_cost(0, 1.0) != float(smooth.mean(dtype=float))


@pytest.mark.parametrize("costs", range(5))
def test_summed_costs_share_words_without_meeting(costs: int) -> None:
    formulas = {f"c{k}": f"{k + 1}/8*Piecewise((1,x>{k - 2}),(0,True))" for k in range(costs)}
    problem = Problem(Continuous("normal(0,1)"), cost=formulas or None)
    ranges = (utility_range_of(None), *(cost_ranges_of(problem, 1) if costs else ()))
    tally = _tally(_pass(STINT + 999, False, problem, ranges))
    counted = _tally(_pass(STINT + 999, True, problem, ranges))
    for k in range(costs):
        step = 1 / 1023  # the same draws, rounded apart
        assert tally.mean_cost(k, 0.1) == pytest.approx(
            counted.mean_cost(k, 0.1), abs=5 * 0.1 / (0.1 * STINT) ** 0.5 + step / 99
        )
        assert tally.mean_cost(k, 1.0) <= (k + 1) / 8 + 1e-3


def test_top_means_agree_with_a_sort_of_the_same_draws() -> None:
    tally = _tally(_pass())
    utility, _, rare = _draws()
    order = np.argsort(-utility)
    for k in (SAMPLES // 2, SAMPLES // 10, 500):
        top = order[:k]
        assert tally.mean_utility(k / SAMPLES) == pytest.approx(float(utility[top].mean(dtype=float)), rel=2e-5)
        assert tally.mean_cost(1, k / SAMPLES) == pytest.approx(float(rare[top].mean(dtype=float)), rel=2e-3)
        assert tally.threshold(k / SAMPLES) == pytest.approx(float(utility[top[-1]]), abs=2e-3)


@pytest.mark.parametrize("counted", [True, False])
def test_rounding_has_no_bias(counted: bool) -> None:
    problem = Problem(Continuous("uniform(0,1)"), cost="x/37+1/100")
    ranges = (utility_range_of(None), *cost_ranges_of(problem, 1))
    n, step = 16 * BLOCK, 1 / 16 if counted else 1 / 1023
    mean = _tally(_pass(n, counted, problem, ranges)).mean_cost(0, 1.0)
    # the variance of a rounded cost is that of the cost and a quarter of a squared step at most
    truth, spread = 1 / 74 + 1 / 100, math.hypot(1 / 37 / 12**0.5, step / 2)
    assert abs(mean - truth) < 4 * spread / math.sqrt(n)


def test_a_cost_at_its_cap_is_never_rounded_above_it() -> None:
    problem = Problem(Continuous("normal(0,1)"), cost="9999999/10000000+0*x")
    ranges = (utility_range_of(None), *cost_ranges_of(problem, 1))
    for counted in (True, False):
        tally = _tally(_pass(SAMPLES, counted, problem, ranges))
        assert all(tally.mean_cost(0, q) <= 1.0 for q in (1.0, 0.1, 1e-3))


def test_streams_and_seeds_differ() -> None:
    blocks = [
        np.asarray(jitted_block(PROBLEM)(stream_key(seed, stream), np.uint32(block)).utility[:100])
        for stream, seed, block in ((PILOT_STREAM, 0, 0), (MAIN_STREAM, 0, 0), (MAIN_STREAM, 0, 1), (MAIN_STREAM, 1, 0))
    ]
    assert len({block.tobytes() for block in blocks}) == 4


@pytest.mark.parametrize(
    ("utility", "cost", "message"),
    [
        ("x", "1/(1+exp(-x))+Piecewise((1,x>4.6),(0,True))", "cost 'cost' lies outside its declared range at draw"),
        ("x", "Piecewise((-1,x>4.6),(0,True))", "cost 'cost' lies outside its declared range at draw"),
        ("log(4.6-x)", "0*x", "the utility is not finite at draw"),
    ],
)
def test_the_first_draw_out_of_range_is_named(utility: str, cost: str, message: str) -> None:
    problem = Problem(Continuous("normal(0,1)"), utility=utility, cost=cost)
    ranges = (utility_range_of(None), *cost_ranges_of(problem, 1))
    table = draw_pilot(PROBLEM, RANGES, 0, [0.1]).table
    with pytest.raises(InvalidInput, match=message) as caught:
        accumulate(Pass(problem, ranges, table, Columns(1), 30 * BLOCK, 0))
    named = int(str(caught.value).split("draw ")[1].split()[0])
    root, run = stream_key(0, MAIN_STREAM), jitted_block(problem)
    actions = np.concatenate([np.asarray(run(root, np.uint32(b)).actions) for b in range(named // BLOCK + 1)])
    assert named == int(np.argmax(actions > 4.6))
    assert f"action {actions[named]:.6g}"[:10] in str(caught.value)


def test_the_pilot_refuses_too() -> None:
    problem = Problem(Continuous("normal(0,1)"), cost="x**2")
    with pytest.raises(InvalidInput, match="of the pilot"):
        draw_pilot(problem, (utility_range_of(None), *cost_ranges_of(problem, 1)), 0, [0.1])


def test_a_utility_must_be_one_number_per_action() -> None:
    problem = Problem(Generative(lambda key: jax.random.normal(key, (2,))), utility=lambda action: action)
    with pytest.raises(InvalidInput, match="one number per action"):
        draw_pilot(problem, (utility_range_of(None),), 0, [0.1])
