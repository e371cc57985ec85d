r"""The device's part of a run: draw block after block, find each draw's bin, add it up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from qtheory.montecarlo.bin_map import TIE_BITS, find_bins, split_parts
from qtheory.montecarlo.blocks import Draws, draw_block
from qtheory.montecarlo.columns import STINT, Columns
from qtheory.montecarlo.compiling import compiler_options
from qtheory.montecarlo.ranges import Range
from qtheory.montecarlo.windows import FIELDS
from qtheory.montecarlo.words import BLOCK
from qtheory.problem import Problem

_DITHER_BITS = 32 - TIE_BITS
BLOCKS_PER_STINT = STINT // BLOCK


@dataclass(frozen=True)
class Kernel:
    """What a compiled stint depends on.

    Attributes:
        problem: on a base that can be drawn from.
        ranges: of the utility and of each cost.
        columns: what is added up.
        has_atoms: whether the bins have atoms.
        refines: whether draws go into finer bins inside some of the bins.
    """

    problem: Problem
    ranges: tuple[Range, ...]
    columns: Columns
    has_atoms: bool
    refines: bool


State = tuple[Any, ...]


@lru_cache(maxsize=16)
def compiled(kernel: Kernel) -> Callable[..., State]:
    """`(root, first block, draws, map) -> State`, compiled on its first call; call it through `run_stint`."""
    import jax

    run = lambda root, first, draws, table: stint_of(kernel, root, first, draws, table)
    return jax.jit(run, compiler_options=compiler_options())


def run_stint(kernel: Kernel, root: Any, stint: int, draws: int, table: tuple[Any, ...]) -> State:
    """The sums of one stint on the default device, on the host."""
    import jax

    with jax.enable_x64(True):
        out = compiled(kernel)(root, np.uint32(stint * BLOCKS_PER_STINT), np.int32(draws), table)
        return jax.tree.map(np.asarray, out)


def stint_of(kernel: Kernel, root: Any, first: Any, draws: Any, table: tuple[Any, ...]) -> State:
    """The sums of the first draws of the blocks that begin with a given one, traceable with 64-bit types enabled."""
    import jax
    import jax.numpy as jnp

    blocks = (draws + np.int32(BLOCK - 1)) // np.int32(BLOCK)

    def body(i: Any, state: State) -> State:
        block = draw_block(kernel.problem, root, first + i.astype(jnp.uint32), i < blocks)
        counted = i * BLOCK + jnp.arange(BLOCK, dtype=jnp.int32) < draws
        if not kernel.refines:  # a pass that refines draws again what was found good before
            counted &= _good(kernel.ranges, block)
        bins, low = _places(kernel, table, block)
        shares = tuple(
            cost * jnp.float32(1 / limits.high) for cost, limits in zip(block.costs, kernel.ranges[1:], strict=True)
        )
        return kernel.columns.add(state, jnp.where(counted, bins, kernel.columns.room), low, shares, block.noise)

    return jax.lax.fori_loop(np.int32(0), blocks, body, kernel.columns.empty())


def _good(ranges: tuple[Range, ...], block: Draws) -> Any:
    import jax.numpy as jnp

    good = jnp.ones(BLOCK, bool)
    for limits, values in zip(ranges, (block.utility, *block.costs), strict=True):
        good &= limits.holds(values)
    return good


def _places(kernel: Kernel, table: tuple[Any, ...], block: Draws) -> tuple[Any, Any]:
    """The bin of each draw, or of each draw in a bin to be refined its finer bin, and its lower part."""
    cell, low = split_parts(block.utility)
    bins = find_bins(table[:3], cell, low, block.noise >> _DITHER_BITS, kernel.has_atoms)
    if kernel.refines:
        bins = _finer(table[3], bins, low, kernel.columns.room)
    return bins, low


def _finer(table: Any, bins: Any, low: Any, nowhere: int) -> Any:
    """The part of its bin that each draw lies in; `nowhere` where the bin has no parts.

    A bin with a window from `start` on, of `size` parts of $2^{shift}$ lower parts each, has one part more at each end.
    """
    import jax.numpy as jnp

    word = table[bins]
    take = lambda lowest, width: ((word >> jnp.uint64(lowest)) & jnp.uint64((1 << width) - 1)).astype(jnp.int32)
    after_first, start, size, shift = (take(*field) for field in FIELDS)
    steps = (low.astype(jnp.int32) - start) >> shift
    return jnp.where(after_first == 0, nowhere, after_first - 1 + jnp.clip(steps + 1, 0, size + 1))
