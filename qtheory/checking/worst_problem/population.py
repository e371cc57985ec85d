r"""The random population: many problems scored at once, the worst kept, and improved by gradient steps.

Memory is bounded by the block, not by the number of problems: a block is drawn, scored and thrown away but for its worst
columns. A block's words come from its own number and the key alone, so the result does not depend on scheduling.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from qtheory.checking.worst_problem.batch import slack_of
from qtheory.checking.worst_problem.latents import Latents, Shape, decode
from qtheory.checking.worst_problem.projection import environment, penalty
from qtheory.statements.claim import Part

BLOCK = 2048
KEPT_PER_BLOCK = 16
# Sizes up to which a problem is small, middling, or large: the worst of each are kept, as small ones round best.
SIZE_CLASSES = (4, 10, 1 << 30)
KEPT = 24
# A hypothesis missed by this much is worth as much as the conclusion missed by all of it.
PENALTY = 20.0
LEARNING_RATE, DECAY_OF_MEAN, DECAY_OF_SQUARE, TINY = 0.05, 0.9, 0.99, 1e-8


class Found(NamedTuple):
    """Problems as plain arrays by the names of their symbols, `[action, problem]` or `[problem]`."""

    mass: jax.Array
    feature: jax.Array
    functions: dict[str, jax.Array]
    scalars: dict[str, jax.Array]
    score: jax.Array


@dataclass(frozen=True)
class Kernels:
    """The compiled functions of one part."""

    shape: Shape
    score: Callable[[Any], tuple[jax.Array, jax.Array]]
    ascend: Callable[[Any, int], Found]


@lru_cache(maxsize=8)
def kernels(part: Part, shape: Shape) -> Kernels:
    """The functions of one part, kept so that a search with another key compiles nothing."""
    build = environment(part, shape)
    slack, missed = slack_of(part.conclusion), penalty(part)

    def examine(latents: Latents) -> Found:
        batch = build(latents)
        score = slack(batch) + PENALTY * missed(batch)
        functions = {x.name: row for x, row in batch.functions.items()}
        scalars = {x.name: value for x, value in batch.scalars.items()}
        return Found(batch.mass, batch.feature, functions, scalars, jnp.where(jnp.isfinite(score), score, jnp.inf))

    def score(words: jax.Array) -> tuple[jax.Array, jax.Array]:
        latents = decode(shape, words)
        return examine(latents).score, jnp.sum(latents.active, axis=0)

    return Kernels(shape, jax.jit(score), jax.jit(partial(_ascend, examine, shape), static_argnums=1))


def draw_words(shape: Shape, key: int, block: int) -> np.ndarray:
    """The random words of one block, `[shape.words, BLOCK]`."""
    count = shape.words * BLOCK
    raw = np.random.SFC64(np.random.SeedSequence([key, block])).random_raw((count + 1) // 2)
    return raw.view(np.uint32)[:count].reshape(shape.words, BLOCK)


def worst_words(kernel: Kernels, problems: int, key: int) -> np.ndarray:
    """The words of the worst of so many random problems, `[shape.words, kept]`, worst first in each class of size."""
    blocks = -(-problems // BLOCK)
    with ThreadPoolExecutor(max(1, min(blocks, os.cpu_count() or 1))) as pool:
        found = list(pool.map(partial(_worst_of_block, kernel, problems, key), range(blocks)))
    words = np.concatenate([words for words, _, _ in found], axis=1)
    scores, sizes = (np.concatenate([block[i] for block in found]) for i in (1, 2))
    return words[:, list(_worst_by_size(scores, sizes, KEPT))]


def _worst_of_block(kernel: Kernels, problems: int, key: int, block: int) -> tuple[np.ndarray, ...]:
    words = draw_words(kernel.shape, key, block)
    scores, sizes = (np.array(x) for x in kernel.score(words))
    # The last block may be longer than what was asked for.
    scores[max(0, problems - block * BLOCK) :] = np.inf
    kept = list(_worst_by_size(scores, sizes, KEPT_PER_BLOCK))
    return words[:, kept], scores[kept], sizes[kept]


def _worst_by_size(scores: np.ndarray, sizes: np.ndarray, count: int) -> Iterator[int]:
    low = 0
    for high in SIZE_CLASSES:
        inside = np.flatnonzero((sizes > low) & (sizes <= high))
        yield from inside[_worst(scores[inside], count)].tolist()
        low = high


def _worst(scores: np.ndarray, count: int) -> np.ndarray:
    """The places of the least scores, least first and equal ones as listed: few of many, so that few are sorted."""
    near = np.arange(len(scores))
    if len(scores) > count:
        near = np.flatnonzero(scores <= np.partition(scores, count - 1)[count - 1])
    return near[np.argsort(scores[near], kind="stable")[:count]]


def _ascend(examine: Callable[[Latents], Found], shape: Shape, words: jax.Array, steps: int) -> Found:
    """The worst problems that Adam meets on its way from each column of words."""
    start = decode(shape, words)
    counts = {x.name: start.scalars[x.name] for x in shape.scalars if x.domain == "count"}
    moving = {name: value for name, value in start.scalars.items() if name not in counts}

    def total(free: tuple) -> tuple[jax.Array, Found]:
        logits, moves, top, functions, scalars = free
        found = examine(Latents(logits, moves, top, functions, {**scalars, **counts}, start.active, start.feature))
        return jnp.sum(jnp.where(jnp.isfinite(found.score), found.score, 0.0)), found

    # One evaluation a step gives the slope, the score and the problem: compiling it is what takes the time.
    slope_and_found = jax.grad(total, has_aux=True)

    def step(state: tuple, count: jax.Array) -> tuple:
        free, mean, square, best = state
        slope, found = slope_and_found(free)
        slope = jax.tree.map(jnp.nan_to_num, slope)
        better = found.score < best.score
        best = jax.tree.map(lambda new, old: jnp.where(better, new, old), found, best)
        mean = jax.tree.map(lambda m, g: DECAY_OF_MEAN * m + (1 - DECAY_OF_MEAN) * g, mean, slope)
        square = jax.tree.map(lambda v, g: DECAY_OF_SQUARE * v + (1 - DECAY_OF_SQUARE) * g**2, square, slope)
        return (jax.tree.map(partial(_moved, count), free, mean, square), mean, square, best), None

    free = (start.logits, start.steps, start.top, start.functions, moving)
    zeros = jax.tree.map(jnp.zeros_like, free)
    nothing = jax.tree.map(lambda x: jnp.zeros(x.shape, x.dtype), jax.eval_shape(total, free)[1])
    nothing = nothing._replace(score=jnp.full_like(nothing.score, jnp.inf))
    # The first evaluation is of the starting point, so that no steps at all return it.
    (_, _, _, best), _ = jax.lax.scan(step, (free, zeros, zeros, nothing), 1.0 + jnp.arange(steps + 1))
    return best


def _moved(count: jax.Array, value: jax.Array, mean: jax.Array, square: jax.Array) -> jax.Array:
    mean = mean / (1 - DECAY_OF_MEAN**count)
    square = square / (1 - DECAY_OF_SQUARE**count)
    # A step of utility that is zero is a tie, and stays one.
    return jnp.where(value == 0, value, value - LEARNING_RATE * mean / (jnp.sqrt(square) + TINY))
