r"""Adding blocks of draws into bins of utility: whole numbers only, so the order of addition does not matter.

Per bin there is a count, the sum of the lower halves of the utilities (which with the bin's cell gives the exact sum
of the utilities), and for each cost a count per level. A cost between two levels is put on one of them with the
probability that keeps its mean: a rounded cost is itself a cost in the declared range with the same conditional mean,
so a test of the rounded costs is a test of the costs.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from qtheory.montecarlo.bin_map import TIE_BITS, BinMap, find_bins, split_halves
from qtheory.montecarlo.bin_plan import CAPACITY
from qtheory.montecarlo.blocks import BLOCK, GENERATOR, MAIN_STREAM, draw_block, jitted_block, root_key
from qtheory.montecarlo.ranges import Range, refuse
from qtheory.problem import Problem

LEVELS = 17
"""Levels of each cost, both ends included."""
_BLOCKS_PER_CALL = 64  # about 4 million draws: int32 counts cannot overflow, and a call takes a moment
_DITHER_BITS = 32 - TIE_BITS
_MOST_WORKERS = 8
_NEVER = np.int32(2**31 - 1)
Progress = Callable[[float], None]


@dataclass(frozen=True, eq=False)
class Tables:
    """Whole-number sums per bin, from the least utility to the greatest.

    Attributes:
        counts: int64 `[bins]`.
        lower: sums of lower halves of the utilities, int64 `[bins]`.
        levels: for each cost, counts per level, int64 `[bins, LEVELS]`.
    """

    counts: np.ndarray
    lower: np.ndarray
    levels: tuple[np.ndarray, ...]


class _State(NamedTuple):
    counts: Any
    lower: Any
    carry: Any
    levels: tuple[Any, ...]
    bad: Any
    first_bad: Any


def accumulate(
    problem: Problem,
    table: BinMap,
    ranges: tuple[Range, ...],
    samples: int,
    seed: int,
    progress: Progress | None = None,
    blocks_per_call: int = _BLOCKS_PER_CALL,
    generator: str = GENERATOR,
) -> Tables:
    """Draw `samples` actions of the main stream and add them up.

    Args:
        problem: a problem on a base that can be drawn from.
        table: the bins.
        ranges: of the utility and of each cost.
        samples: how many draws.
        seed: of the root key.
        progress: called with the share done, now and then.
        blocks_per_call: how many blocks one device call runs; the result does not depend on it.
        generator: the implementation of random bits.

    Raises:
        InvalidInput: a utility or cost outside its range; the first draw that has one is named.
    """
    import jax

    run, root = _compiled(problem, ranges, table.has_atoms), root_key(seed, generator)
    columns = jax.device_put((table.first, table.width, table.atom, table.atom_width))
    total = _empty(table.bins, len(problem.costs))
    starts = range(0, -(-samples // BLOCK), blocks_per_call)

    def call(start: int) -> _State:
        here = min(samples - start * BLOCK, blocks_per_call * BLOCK)
        state = run(root, np.uint32(start), np.int32(-(-here // BLOCK)), np.int32(here), columns)
        return jax.tree.map(np.asarray, state)

    for start, state in zip(starts, _mapped(call, starts), strict=True):
        if state.bad:
            raise _refusal(problem, ranges, root, start * BLOCK + int(state.first_bad), int(state.bad))
        _add(total, state)
        if progress is not None:
            progress(min(1.0, (start + blocks_per_call) * BLOCK / samples))
    return total


@lru_cache(maxsize=8)
def _compiled(problem: Problem, ranges: tuple[Range, ...], has_atoms: bool) -> Callable[..., _State]:
    import jax

    def run(root: Any, start: Any, blocks: Any, samples: Any, table: Any) -> _State:
        def body(i: Any, state: _State) -> _State:
            draws = draw_block(problem, root, MAIN_STREAM, start + i.astype(np.uint32))
            return _with_block(state, draws, i * BLOCK, samples, table, ranges, has_atoms)

        return jax.lax.fori_loop(np.int32(0), blocks, body, _zeros(len(ranges) - 1))

    return jax.jit(run)


def _with_block(
    state: _State, draws: Any, offset: Any, samples: Any, table: Any, ranges: tuple[Range, ...], has_atoms: bool
) -> _State:
    import jax.numpy as jnp

    place = offset + jnp.arange(BLOCK, dtype=jnp.int32)
    counted = place < samples
    good = jnp.ones_like(counted)
    for limits, values in zip(ranges, (draws.utility, *draws.costs), strict=True):
        good &= limits.holds(values)
    bad = counted & ~good
    cell, low = split_halves(draws.utility)
    bins = find_bins(table, cell, low, draws.noise >> _DITHER_BITS, has_atoms)
    one = counted.astype(jnp.int32)
    lower = state.lower.at[bins].add(jnp.where(counted, low, jnp.uint32(0)))
    levels = tuple(
        old.at[bins * LEVELS + _level(cost, limits.high, draws.noise)].add(one)
        for old, cost, limits in zip(state.levels, draws.costs, ranges[1:], strict=True)
    )
    # a block adds at most 2**32 - 2**16 to a remainder below 2**16
    return _State(
        state.counts.at[bins].add(one),
        lower & jnp.uint32(0xFFFF),
        state.carry + (lower >> 16),
        levels,
        state.bad + bad.sum(dtype=jnp.int32),
        jnp.minimum(state.first_bad, jnp.where(bad, place, _NEVER).min()),
    )


def _level(cost: Any, cap: float, noise: Any) -> Any:
    """A level next to the cost, the upper one with the probability that keeps the mean."""
    import jax.numpy as jnp

    at = jnp.clip(cost * jnp.float32((LEVELS - 1) / cap), 0, LEVELS - 1)
    below = jnp.floor(at)
    # compared, never added: adding would round up
    dither = (noise & jnp.uint32((1 << _DITHER_BITS) - 1)).astype(jnp.float32) + jnp.float32(0.5)
    return below.astype(jnp.int32) + (dither * jnp.float32(2.0**-_DITHER_BITS) < at - below)


def _zeros(costs: int) -> _State:
    import jax.numpy as jnp

    counts = jnp.zeros(CAPACITY, jnp.int32)
    sums = jnp.zeros(CAPACITY, jnp.uint32)
    levels = tuple(jnp.zeros(CAPACITY * LEVELS, jnp.int32) for _ in range(costs))
    return _State(counts, sums, sums, levels, jnp.int32(0), jnp.int32(_NEVER))


def _empty(bins: int, costs: int) -> Tables:
    levels = tuple(np.zeros((bins, LEVELS), np.int64) for _ in range(costs))
    return Tables(np.zeros(bins, np.int64), np.zeros(bins, np.int64), levels)


def _add(total: Tables, state: _State) -> None:
    bins = total.counts.size
    total.counts[:] += state.counts[:bins]
    total.lower[:] += (state.carry[:bins].astype(np.int64) << 16) + state.lower[:bins]
    for sums, new in zip(total.levels, state.levels, strict=True):
        sums += new.reshape(-1, LEVELS)[:bins]


def _mapped(call: Callable[[int], _State], starts: range) -> Iterator[_State]:
    """The calls' results in order, with a few calls under way at a time."""
    workers = min(_MOST_WORKERS, os.cpu_count() or 1, len(starts))
    with ThreadPoolExecutor(workers) as pool:
        pending = [pool.submit(call, start) for start in starts[:workers]]
        for following in [*starts[workers:], *[None] * workers]:
            yield pending.pop(0).result()
            if following is not None:
                pending.append(pool.submit(call, following))


def _refusal(problem: Problem, ranges: tuple[Range, ...], root: Any, draw: int, count: int) -> Exception:
    import jax

    block, place = divmod(draw, BLOCK)
    draws = jitted_block(problem, MAIN_STREAM)(root, np.uint32(block))
    action = jax.tree.map(lambda leaf: np.asarray(leaf[place]), draws.actions)
    values = [float(column[place]) for column in (draws.utility, *draws.costs)]
    pairs = list(zip(ranges, values, strict=True))
    # compiled apart, a formula may round otherwise: if all seem to fit, it was the last one, by a hair
    limits, value = next((pair for pair in pairs if not pair[0].holds(np.float32(pair[1]))), pairs[-1])
    return refuse(limits, value, f"draw {draw}", action, f"{count} such draws in the same run of blocks")
