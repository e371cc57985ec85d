r"""The pilot: an independent sample that places the bins and gives the base's means a second stream."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from qtheory.inference.levels import split_to_levels
from qtheory.montecarlo.bin_map import BinMap
from qtheory.montecarlo.bin_plan import plan_bins
from qtheory.montecarlo.blocks import GENERATOR, PILOT_STREAM, Draws, jitted_block, root_key
from qtheory.montecarlo.columns import COUNTED_LEVELS
from qtheory.montecarlo.ranges import Range, refuse
from qtheory.montecarlo.tally import Tally
from qtheory.montecarlo.words import BLOCK
from qtheory.problem import Problem

_LEAST_BLOCKS, _MOST_BLOCKS = 2, 16
_BEYOND_A_THRESHOLD = 64  # pilot draws wanted above the rarest threshold


@dataclass(frozen=True, eq=False)
class Pilot:
    """The bins, and the pilot's own costs in one bin."""

    table: BinMap
    tally: Tally


def draw_pilot(
    problem: Problem, ranges: tuple[Range, ...], seed: int, levels: Sequence[float], generator: str = GENERATOR
) -> Pilot:
    """Draw the pilot and plan the bins.

    Raises:
        InvalidInput: a utility or cost outside its range, named with its draw.
    """
    wanted = -(-_BEYOND_A_THRESHOLD // (min(levels) * BLOCK))
    run, root = jitted_block(problem, PILOT_STREAM), root_key(seed, generator)
    columns: list[list[np.ndarray]] = [[] for _ in ranges]
    for block in range(int(np.clip(wanted, _LEAST_BLOCKS, _MOST_BLOCKS))):
        draws = run(root, np.uint32(block))
        for column, limits, values in zip(columns, ranges, (draws.utility, *draws.costs), strict=True):
            column.append(_checked(np.asarray(values), limits, draws, block * BLOCK))
    utility, *costs = (np.concatenate(column) for column in columns)
    return Pilot(plan_bins(utility, levels), _one_bin(utility, costs, ranges))


def _checked(values: np.ndarray, limits: Range, draws: Draws, offset: int) -> np.ndarray:
    good = limits.holds(values)
    if not good.all():
        import jax

        place = int(np.argmin(good))
        action: Any = jax.tree.map(lambda leaf: np.asarray(leaf[place]), draws.actions)
        share = f"{int((~good).sum())} of {good.size} such draws"
        raise refuse(limits, float(values[place]), f"draw {offset + place} of the pilot", action, share)
    return values


def _one_bin(utility: np.ndarray, costs: list[np.ndarray], ranges: tuple[Range, ...]) -> Tally:
    """The pilot without its order: enough for means of the base."""
    ends = np.array([utility.min()], float), np.array([utility.max()], float)
    levels = tuple(
        split_to_levels(np.clip(cost.astype(float), 0.0, limits.high), 0.0, limits.high, COUNTED_LEVELS)[None]
        for cost, limits in zip(costs, ranges[1:], strict=True)
    )
    return Tally(np.array([utility.size]), *ends, np.array([utility.sum(dtype=float)]), levels, ranges)
