"""Adding up blocks: exact, the same however the blocks are grouped, and nothing out of range gets in."""

from __future__ import annotations

import math

import jax
import numpy as np
import pytest

from qtheory.base.continuous import Continuous
from qtheory.base.generative import Generative
from qtheory.errors import InvalidInput
from qtheory.montecarlo.accumulate import LEVELS, Tables, accumulate
from qtheory.montecarlo.blocks import BLOCK, MAIN_STREAM, PILOT_STREAM, jitted_block, root_key
from qtheory.montecarlo.pilot import draw_pilot
from qtheory.montecarlo.ranges import cost_ranges_of, utility_range_of
from qtheory.montecarlo.tally import tally_of
from qtheory.problem import Problem

PROBLEM = Problem(Continuous("normal(0,1)"), cost={"smooth": "1/(1+exp(-x))", "rare": "Piecewise((3,x>2),(0,True))"})
RANGES = (utility_range_of(None), *cost_ranges_of(PROBLEM, {"smooth": 1, "rare": 3}))
SAMPLES = 3 * BLOCK + 12_345


def _tables(blocks_per_call: int) -> Tables:
    table = draw_pilot(PROBLEM, RANGES, 5, [0.1]).table
    return accumulate(PROBLEM, table, RANGES, SAMPLES, 5, blocks_per_call=blocks_per_call)


def _draws() -> tuple[np.ndarray, ...]:
    run, root = jitted_block(PROBLEM, MAIN_STREAM), root_key(5)
    blocks = [run(root, np.uint32(b)) for b in range(4)]
    columns = [[block.utility, *block.costs] for block in blocks]
    return tuple(np.concatenate([np.asarray(x) for x in column])[:SAMPLES] for column in zip(*columns, strict=True))


def test_every_grouping_of_blocks_gives_the_same_tables() -> None:
    first = _tables(1)
    for size in (2, 3, 64):
        other = _tables(size)
        assert np.array_equal(first.counts, other.counts)
        assert np.array_equal(first.lower, other.lower)
        assert all(np.array_equal(a, b) for a, b in zip(first.levels, other.levels, strict=True))


def test_sums_are_those_of_the_draws_themselves() -> None:
    tables, (utility, smooth, rare) = _tables(64), _draws()
    tally = tally_of(tables, draw_pilot(PROBLEM, RANGES, 5, [0.1]).table, RANGES)
    assert tally.n == SAMPLES
    assert tally.mean_utility(1.0) == pytest.approx(math.fsum(utility.tolist()) / SAMPLES, rel=1e-12)
    assert all(levels.sum() == SAMPLES for levels in tables.levels)
    # on a level nothing is rounded; between levels the mean is kept up to noise of at most half a step
    assert tally.mean_cost(1, 1.0) == pytest.approx(float(rare.mean(dtype=float)), rel=1e-12)
    assert tally.mean_cost(0, 1.0) == pytest.approx(float(smooth.mean(dtype=float)), abs=5 * 0.5 / 16 / SAMPLES**0.5)


def test_top_means_agree_with_a_sort_of_the_same_draws() -> None:
    tally = tally_of(_tables(64), draw_pilot(PROBLEM, RANGES, 5, [0.1]).table, RANGES)
    utility, _, rare = _draws()
    order = np.argsort(-utility)
    for k in (SAMPLES // 2, SAMPLES // 10, 500):
        top = order[:k]
        assert tally.mean_utility(k / SAMPLES) == pytest.approx(float(utility[top].mean(dtype=float)), rel=2e-5)
        assert tally.mean_cost(1, k / SAMPLES) == pytest.approx(float(rare[top].mean(dtype=float)), rel=2e-3)
        assert tally.threshold(k / SAMPLES) == pytest.approx(float(utility[top[-1]]), abs=2e-3)


def test_rounding_to_levels_has_no_bias() -> None:
    problem = Problem(Continuous("uniform(0,1)"), cost="x/37+1/100")
    ranges = (utility_range_of(None), *cost_ranges_of(problem, 1))
    n = 16 * BLOCK
    tables = accumulate(problem, draw_pilot(problem, ranges, 0, [1.0]).table, ranges, n, 0)
    mean = tables.levels[0].sum(axis=0) @ np.linspace(0, 1, LEVELS) / n
    # the cost lies below the first step h = 1/16: a rounded one has variance m (h - m) at most
    truth = 1 / 74 + 1 / 100
    assert abs(mean - truth) < 4 * math.sqrt(truth * (1 / 16 - truth) / n)


def test_streams_and_seeds_differ() -> None:
    blocks = [
        np.asarray(jitted_block(PROBLEM, stream)(root_key(seed), np.uint32(block)).utility[:100])
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
        accumulate(problem, table, ranges, 30 * BLOCK, 0, blocks_per_call=8)
    named = int(str(caught.value).split("draw ")[1].split()[0])
    root, run = root_key(0), jitted_block(problem, MAIN_STREAM)
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
