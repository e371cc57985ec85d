r"""Draws in blocks of fixed size, each from a key of its own, so that no result depends on how blocks are grouped.

The key of a block is `fold_in(fold_in(root, stream), block)`: it is picked by the block's number alone, never by the
device or thread that happens to run it. All bits are drawn as explicit 32-bit words.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from qtheory.base.abstract import AbstractAtomicBase
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.montecarlo.seed import checked_seed
from qtheory.problem import Problem

BLOCK = 1 << 16
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


def root_key(seed: int, generator: str = GENERATOR) -> Any:
    """The typed key from which all streams come, of one of two implementations of random bits.

    Raises:
        InvalidInput: the seed is not an integer from 0 to 2**32 - 1.
    """
    import jax

    return jax.random.key(checked_seed(seed), impl=generator)


def draw_block(problem: Problem, root: Any, stream: int, block: Any) -> Draws:
    """The draws of one block, traceable by JAX."""
    import jax
    import jax.numpy as jnp

    key = jax.random.fold_in(jax.random.fold_in(root, jnp.uint32(stream)), jnp.uint32(block))
    action_key, noise_key = jax.random.split(key)
    actions = problem.base.sample(action_key, BLOCK)
    utility = _column(problem.utility.on_device(actions), "utility")
    costs = tuple(_column(cost.on_device(actions), name) for name, cost in problem.costs.items())
    return Draws(actions, utility, costs, jax.random.bits(noise_key, (BLOCK,), "uint32"))


@lru_cache(maxsize=8)
def jitted_block(problem: Problem, stream: int) -> Callable[[Any, Any], Draws]:
    """`(root, block) -> Draws`, compiled once per problem and stream."""
    import jax

    return jax.jit(lambda root, block: draw_block(problem, root, stream, block))


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
