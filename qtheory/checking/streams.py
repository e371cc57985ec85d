r"""The draws that scenes are judged by: one stream for the base and one for each policy of a world."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
import sympy as sp

from qtheory.checking.on_host import evaluate_on_host, is_simple
from qtheory.errors import QTheoryError
from qtheory.worlds.world import Draws, World, stream_key

MOST_BASE_DRAWS = 300_000
# The generator of the first look, and the other one that has to confirm what it suspects.
FIRST, SECOND = "threefry2x32", "rbg"


def draws_of(world: World, policy: Any, n: int, key: int, impl: str) -> Draws:
    """The stream of a policy, or of the base; the same draws serve every cell that asks for them."""
    return _of_base(world, n, key, impl) if policy is None else _of_policy(world, policy, n, key, impl)


def can_be_drawn(world: World, policy: Any, n: int, key: int, impl: str) -> bool:
    """Whether a policy has a sampler in a world; what is drawn to see it is what the cells will ask for."""
    try:
        draws_of(world, policy, affordable(world, (policy,), n), key, impl)
    except QTheoryError:
        return False
    return True


def affordable(world: World, policies: Any, n: int) -> int:
    """How many actions to draw, `n` at most, where some policies take many draws of the base for each."""
    return min([n, *(max(1, MOST_BASE_DRAWS // world.draws_per_action(policy)) for policy in policies)])


@lru_cache(maxsize=16)
def best_first(world: World, n: int, key: int, impl: str) -> np.ndarray:
    """The order of a world's base draws by utility, ties broken by an independent uniform."""
    import jax

    utility = _of_base(world, n, key, impl).utility
    tie = np.asarray(jax.random.bits(stream_key(key, "ties", impl), utility.shape, dtype=np.uint32))
    return np.lexsort((tie, -utility))


def evaluate(expression: sp.Basic, values: dict[sp.Symbol, Any], size: int) -> np.ndarray:
    """An expression or a relation at every draw, in float64; by a jitted program only where NumPy does not do.

    The draws are float32 and are the world; what is computed from them must not add errors of its own.
    """
    if _simple(expression):
        return np.broadcast_to(np.asarray(evaluate_on_host(expression, values)), (size,))
    import jax

    run, symbols = _jitted(expression)
    with jax.enable_x64(True):
        result = run(*(np.asarray(values[x], dtype=np.float64) for x in symbols))
        return np.broadcast_to(np.asarray(result), (size,))


@lru_cache(maxsize=32)
def _of_base(world: World, n: int, key: int, impl: str) -> Draws:
    return world.base_draws(key, n, impl)


@lru_cache(maxsize=64)
def _of_policy(world: World, policy: Any, n: int, key: int, impl: str) -> Draws:
    return world.policy_draws(policy, key, n, impl)


@lru_cache(maxsize=4096)
def _simple(expression: sp.Basic) -> bool:
    return is_simple(expression)


@lru_cache(maxsize=512)
def _jitted(expression: sp.Basic) -> tuple[Callable[..., Any], tuple[sp.Symbol, ...]]:
    import jax

    from qtheory.lowering.sympy_to_jax import to_jax

    symbols = tuple(sorted(expression.free_symbols, key=lambda x: x.name))
    return jax.jit(to_jax(expression, symbols)), symbols
