r"""The random words of one block of draws: 64 bits for each action, 32 more for tie-breaks and roundings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qtheory.montecarlo.threefry import threefry2x32

BLOCK = 1 << 16
"""Draws in a block."""
_NOISE_LANE = 1 << 31


@dataclass(frozen=True)
class BlockWords:
    """Independent uint32 words under one typed key, in numbered lanes of pairs `[BLOCK]`."""

    key: Any

    def pair(self, lane: int) -> tuple[Any, Any]:
        """The two words of each draw in a lane below 2**31."""
        return self._pairs(lane, BLOCK)

    def noise(self) -> Any:
        """One more word a draw; both words of half as many pairs."""
        import jax.numpy as jnp

        return jnp.concatenate(self._pairs(_NOISE_LANE, BLOCK // 2))

    def _pairs(self, lane: int, count: int) -> tuple[Any, Any]:
        import jax
        import jax.numpy as jnp

        if str(jax.random.key_impl(self.key)) != "threefry2x32":
            first, second = jax.random.bits(jax.random.fold_in(self.key, jnp.uint32(lane)), (2, count), jnp.uint32)
            return first, second
        words = jax.random.key_data(self.key)
        return threefry2x32((words[0], words[1]), (jnp.arange(count, dtype=jnp.uint32), jnp.uint32(lane)))
