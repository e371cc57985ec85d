r"""The pilot: an independent sample that places the bins and gives the base's means a second stream."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qtheory.montecarlo.bin_map import BinMap
from qtheory.montecarlo.bin_plan import plain_bins, plan_bins
from qtheory.montecarlo.blocks import GENERATOR, PILOT_STREAM, jitted_utility, stream_key
from qtheory.montecarlo.columns import STINT, Columns
from qtheory.montecarlo.ranges import Range
from qtheory.montecarlo.rows import rows_of
from qtheory.montecarlo.stream import Pass
from qtheory.montecarlo.tally import Tally, tally_of
from qtheory.montecarlo.words import BLOCK
from qtheory.problem import Problem

_LEAST_BLOCKS, _MOST_BLOCKS = 2, 16
_BEYOND_A_THRESHOLD = 64  # pilot draws wanted above the rarest threshold
_SHARE = 32  # the pilot is a small part of a long run


@dataclass(frozen=True, eq=False)
class Pilot:
    """The bins, and the pilot's own draws in bins of one cell."""

    table: BinMap
    tally: Tally


def draw_pilot(
    problem: Problem,
    ranges: tuple[Range, ...],
    seed: int,
    levels: Sequence[float],
    generator: str = GENERATOR,
    samples: int = STINT,
    counted: bool = True,
) -> Pilot:
    """Draw the pilot of a run of so many samples, and plan its bins.

    Raises:
        InvalidInput: a utility or cost outside its range, named with its draw.
    """
    wanted = -(-_BEYOND_A_THRESHOLD // (min(levels) * BLOCK))
    most = min(_MOST_BLOCKS, max(2 * _LEAST_BLOCKS, samples // (_SHARE * BLOCK)))
    blocks = int(np.clip(wanted, _LEAST_BLOCKS, most))
    whole = Pass(
        problem,
        ranges,
        plain_bins(),
        Columns(len(problem.costs), counted),
        blocks * BLOCK,
        seed,
        generator,
        None,
        PILOT_STREAM,
    )
    rows = rows_of(whole.sums_of(0), whole.bins)
    run, stream = jitted_utility(problem), stream_key(seed, PILOT_STREAM, generator)
    utility = np.concatenate([np.asarray(run(stream, np.uint32(block))) for block in range(blocks)])
    return Pilot(plan_bins(utility, levels), tally_of(rows, ranges, whole.columns))
