r"""The principal branch of Lambert's W: the solution $W \ge -1$ of $W e^W = x$."""

from __future__ import annotations

import math

import jax
import jax.numpy as jnp

# Halley's iteration triples the correct digits; from these starts five steps reach float64, the sixth is spare.
STEPS = 6

# Below this p the iteration divides rounding errors by p, while the series is exact to float64: p^7 / 60 < 2e-16.
SERIES_BELOW = 0.01
BRANCH_SERIES = (-1.0, 1.0, -1 / 3, 11 / 72, -43 / 540, 769 / 17280, -221 / 8505)


@jax.custom_jvp
def lambert_w(x: jax.Array) -> jax.Array:
    r"""$W_0(x)$ for $x \ge -1/e$, NaN below.

    Args:
        x: floats of any shape.

    Returns:
        The values, of the same shape and dtype. Towards $-1/e$ the error grows to the square root of the dtype's
        resolution, which is what the branch point makes of the rounding of $x$.

    >>> round(float(lambert_w(jnp.float32(1.0))), 4)
    0.5671
    """
    x = jnp.asarray(x)
    p = jnp.sqrt(jnp.maximum(2 * (math.e * x + 1), 0))
    w = _start(x, p)
    for _ in range(STEPS):
        w = _halley(w, x)
    w = jnp.where(p < SERIES_BELOW, _series(p), w)
    # at 0 and at infinity the iteration divides 0 by 0 or subtracts infinities
    w = jnp.where((x == 0) | (x == jnp.inf), x, w)
    return jnp.where(x < -math.exp(-1), jnp.nan, w)


@lambert_w.defjvp
def _lambert_w_jvp(primals, tangents):
    (x,), (direction,) = primals, tangents
    w = lambert_w(x)
    return w, direction * jnp.exp(-w) / (1 + w)


def _series(p: jax.Array) -> jax.Array:
    r"""The expansion at the branch point in $p = \sqrt{2(ex + 1)}$ (Corless et al. 1996, equation 4.22)."""
    result = jnp.zeros_like(p)
    for coefficient in reversed(BRANCH_SERIES):
        result = result * p + coefficient
    return result


def _start(x: jax.Array, p: jax.Array) -> jax.Array:
    """Left of zero the series, in the middle log(1 + x), far out the asymptotic form."""
    log = jnp.log(jnp.maximum(x, math.e))
    return jnp.where(x < 0, _series(p), jnp.where(x < math.e, jnp.log1p(jnp.maximum(x, 0)), log - jnp.log(log)))


def _halley(w: jax.Array, x: jax.Array) -> jax.Array:
    # written with x e^{-w} so that nothing overflows for large x
    residual = w - x * jnp.exp(-w)
    plus = w + 1
    return w - residual / (plus - (w + 2) * residual / (2 * plus))
