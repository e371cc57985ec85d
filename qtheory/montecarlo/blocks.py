r"""Draws in blocks of fixed size, each from a key of its own, so that no result depends on how blocks are grouped.

The key of a block is `fold_in(fold_in(root, stream), block)`: it is picked by the block's number alone, never by the
device or thread that happens to run it. Threefry is a permutation of its 64-bit counters, so blocks never share a key.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from qtheory.base.abstract import AbstractAtomicBase, AbstractBase
from qtheory.base.continuous import Continuous
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.montecarlo.seed import checked_seed
from qtheory.montecarlo.words import BLOCK, BlockWords
from qtheory.problem import Problem

PILOT_STREAM, MAIN_STREAM = 0, 1
GENERATOR, SECOND_GENERATOR = "threefry2x32", "rbg"


class Draws(NamedTuple):
    """One block of the base: actions, their float32 utility and costs, and a word of independent bits each.

    Attributes:
        actions: with leading axis `[BLOCK]`.
        utility: float32 `[BLOCK]`.
        costs: float32 `[BLOCK]` for each cost of the problem, in its order.
        noise: uint32 `[BLOCK]`, for tie-breaks and roundings.
    """

    actions: Any
    utility: Any
    costs: tuple[Any, ...]
    noise: Any


def stream_key(seed: int, stream: int, generator: str = GENERATOR) -> Any:
    """The typed key of one of the independent streams of a seed, of one of two implementations of random bits.

    Raises:
        InvalidInput: the seed is not an integer from 0 to 2**32 - 1.
    """
    import jax

    return jax.random.fold_in(jax.random.key(checked_seed(seed), impl=generator), np.uint32(stream))


def draw_block(problem: Problem, stream: Any, block: Any, here: Any = None) -> Draws:
    """The draws of one block, traceable by JAX, the same whether 64-bit types are enabled or not.

    Args:
        problem: on a base that can be drawn from.
        stream: from `stream_key`.
        block: its number.
        here: a traced truth value; where it is false the draws are zeros. See `once`.
    """
    import jax
    import jax.numpy as jnp

    with jax.enable_x64(False):
        key = jax.random.fold_in(stream, jnp.uint32(block))
        actions, noise = once(lambda: _actions_and_noise(problem.base, key), here)
        utility, costs = once(lambda: _values(problem, actions), here)
        return Draws(actions, utility, costs, noise)


def once(compute: Callable[[], Any], here: Any) -> Any:
    """What `compute` gives, computed once and kept, where `here` is true; zeros elsewhere.

    On a CPU, XLA computes cheap operations anew for each of their uses, random bits among them, and drops optimization
    barriers. It does not look into the branches of a conditional.
    """
    import jax
    import jax.numpy as jnp

    if here is None:
        return compute()
    nothing = lambda: jax.tree.map(lambda x: jnp.zeros(x.shape, x.dtype), jax.eval_shape(compute))
    return jax.lax.cond(here, compute, nothing)


def _actions_and_noise(base: AbstractBase, key: Any) -> tuple[Any, Any]:
    words = BlockWords(key)
    return _actions(base, key, words), words.noise()


def _values(problem: Problem, actions: Any) -> tuple[Any, tuple[Any, ...]]:
    utility = _column(problem.utility.on_device(actions), "utility")
    return utility, tuple(_column(cost.on_device(actions), name) for name, cost in problem.costs.items())


def _actions(base: AbstractBase, key: Any, words: BlockWords) -> Any:
    import jax

    if isinstance(base, Continuous):
        return base.from_words(words.pair)
    return base.sample(jax.random.fold_in(key, 0), BLOCK)


@lru_cache(maxsize=8)
def jitted_block(problem: Problem) -> Callable[[Any, Any], Draws]:
    """`(stream, block) -> Draws`, compiled once per problem."""
    import jax

    return jax.jit(lambda stream, block: draw_block(problem, stream, block))


@lru_cache(maxsize=8)
def jitted_utility(problem: Problem) -> Callable[[Any, Any], Any]:
    """`(stream, block) -> utility`, which is quicker to compile than all that a block has."""
    import jax

    return jax.jit(lambda stream, block: draw_block(problem, stream, block).utility)


def require_draws(problem: Problem) -> None:
    """Refuse a problem on finitely many actions: its answers are exact."""
    if isinstance(problem.base, AbstractAtomicBase):
        raise NotAvailable(
            "a base on finitely many actions is not simulated: everything about it is exact",
            got=problem.base,
            allowed="a Continuous or Generative base",
            remedy="use frontier(problem, q), or Quantilizer(q)(problem)",
        )


def _column(values: Any, name: str) -> Any:
    import jax.numpy as jnp

    column = jnp.asarray(values)
    if column.shape != (BLOCK,):
        shape = column.shape[1:]
        raise InvalidInput(f"{name} does not give one number per action", got=f"shape {shape}", allowed="shape ()")
    return column.astype(jnp.float32)
