r"""Uniform numbers for drawing ranks, with full relative precision near rank 0."""

from __future__ import annotations

from typing import Any

import numpy as np


def open_uniform(key: Any, n: int) -> Any:
    """Uniform float32 on (0, 1) from 64 random bits, with full relative precision near 0."""
    import jax
    import jax.numpy as jnp

    words = jax.random.bits(key, (2, n), dtype=np.uint32).astype(np.float32)
    value = words[0] * np.float32(2.0**-32) + (words[1] + np.float32(0.5)) * np.float32(2.0**-64)
    return jnp.minimum(value, np.float32(1 - 2.0**-24))
