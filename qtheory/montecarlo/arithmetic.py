r"""How a device rounds: sums of draws are the same bytes wherever this is the same, and only there.

On CPUs, XLA contracts `a*b + c` to one rounding where there is an instruction for it, so a processor without one rounds
otherwise; the width of its vectors does not matter. Other kinds of devices have elementary functions of their own.
"""

from __future__ import annotations

import hashlib
from functools import cache

import numpy as np

from qtheory.montecarlo.compiling import compiler_options

_POINTS = 1 << 12


@cache
def arithmetic() -> str:
    """The version of JAX, the kind of the default device, and a digest of what it computes from fixed numbers.

    >>> arithmetic() == arithmetic()
    True
    """
    import jax

    at = np.linspace(0.01, 8, _POINTS, dtype=np.float32)
    digest = hashlib.sha256(np.asarray(_probe()(at)).tobytes()).hexdigest()
    return f"jax {jax.__version__} {jax.default_backend()} {digest[:15]}"


def as_number(arithmetic: str) -> int:
    """A whole number below 2**60 that stands for a kind of arithmetic.

    >>> as_number("jax 0.8.0 cpu 0123456789abcde") == as_number("jax 0.8.1 cpu 0123456789abcde")
    False
    """
    return int(hashlib.sha256(arithmetic.encode()).hexdigest()[:15], 16)


def _probe():  # type: ignore[no-untyped-def]
    import jax
    import jax.numpy as jnp

    def values(x: jax.Array) -> jax.Array:
        smooth = jnp.stack([jnp.exp(-x) * x + 1, jnp.log(x) * x - x, jnp.sin(x) / x, jnp.sqrt(x) * x + 3])
        special = jnp.stack([x**1.7, jnp.log1p(x), jnp.tanh(x), jax.scipy.special.ndtri(x / 9)])
        return jnp.concatenate([smooth, special])

    return jax.jit(values, compiler_options=compiler_options())
