r"""Standard quantile functions in jnp float32: `(tail, is_upper) -> z`, with `tail` $=\min(s,1-s)\in(0,\tfrac12]$.

JAX is imported inside the functions, so the module costs nothing until a device is used.
"""

from __future__ import annotations

from typing import Any

from qtheory.base.families.abstract import DeviceQuantile


def fold_rank_words(high: Any, low: Any) -> tuple[Any, Any]:
    r"""$s=(W+\tfrac12)/2^{64}$, $W=2^{32}\,$`high`$+$`low`, folded to the nearer end.

    A float32 in (0, 1) cannot hold $1-s$ for $s$ near 1; the pair (tail, side) holds both ends to one part in $2^{24}$.

    Args:
        high: uint32 array, the high words.
        low: uint32 array, the low words, same shape.

    Returns:
        `tail` $=\min(s,1-s)$, float32, and `is_upper`, whether $s<\tfrac12$.

    >>> import jax.numpy as jnp
    >>> tail, is_upper = fold_rank_words(jnp.uint32(0), jnp.uint32(0))
    >>> float(tail) == 2.0**-65, bool(is_upper)
    (True, True)
    """
    import jax.numpy as jnp

    is_upper = high < jnp.uint32(1 << 31)
    high, low = jnp.where(is_upper, high, ~high), jnp.where(is_upper, low, ~low)
    coarse = high.astype(jnp.float32) * jnp.float32(2.0**-32)
    fine = (low.astype(jnp.float32) + jnp.float32(0.5)) * jnp.float32(2.0**-64)
    return coarse + fine, is_upper


# z = P(t)/R(t) at t = sqrt(-2 log tail), fitted for tails from 2**-66 to 1/2: off by 6.5e-8 max(z, 0.3) at most, below the
# rounding of float32. One logarithm and no branch; a third faster than `jax.scipy.special.ndtri` and as exact.
_NORMAL_ABOVE = (-3.19878699, -7.64160046, 3.39771523, 4.03235125, 0.47044057)
_NORMAL_BELOW = (1.0, 5.35488486, 4.05184398, 0.47019692)


def normal(tail: Any, is_upper: Any) -> Any:
    """Standard normal."""
    import jax.numpy as jnp

    t = jnp.sqrt(-2.0 * jnp.log(tail))
    above = _polynomial(_NORMAL_ABOVE, t)
    # the division comes last: XLA keeps the results of divisions, and would derive a sign behind it anew at every use
    return jnp.where(is_upper, above, -above) / _polynomial(_NORMAL_BELOW, t)


def _polynomial(coefficients: tuple[float, ...], t: Any) -> Any:
    import jax.numpy as jnp

    value = jnp.float32(coefficients[-1])
    for coefficient in coefficients[-2::-1]:
        value = value * t + jnp.float32(coefficient)
    return value


def exponential(tail: Any, is_upper: Any) -> Any:
    """Standard exponential."""
    import jax.numpy as jnp

    return jnp.where(is_upper, -jnp.log(tail), -jnp.log1p(-tail))


def logistic(tail: Any, is_upper: Any) -> Any:
    """Standard logistic."""
    import jax.numpy as jnp

    z = jnp.log1p(-tail) - jnp.log(tail)
    return jnp.where(is_upper, z, -z)


def laplace(tail: Any, is_upper: Any) -> Any:
    """Standard Laplace."""
    import jax.numpy as jnp

    z = -jnp.log(2.0 * tail)
    return jnp.where(is_upper, z, -z)


def gumbel(tail: Any, is_upper: Any) -> Any:
    """Standard Gumbel."""
    import jax.numpy as jnp

    return jnp.where(is_upper, -jnp.log(-jnp.log1p(-tail)), -jnp.log(-jnp.log(tail)))


def cauchy(tail: Any, is_upper: Any) -> Any:
    """Standard Cauchy."""
    import jax.numpy as jnp

    pi = jnp.float32(jnp.pi)
    z = jnp.where(tail < 0.25, 1.0 / jnp.tan(pi * tail), jnp.tan(pi * (0.5 - tail)))
    return jnp.where(is_upper, z, -z)


def uniform(low: float, high: float) -> DeviceQuantile:
    """Uniform on [low, high], each half from its own end."""

    def quantile(tail: Any, is_upper: Any) -> Any:
        import jax.numpy as jnp

        step = jnp.float32(high - low) * tail
        return jnp.where(is_upper, jnp.float32(high) - step, jnp.float32(low) + step)

    return quantile


def lognormal(sigma: float) -> DeviceQuantile:
    """Exponential of a normal with standard deviation sigma."""

    def quantile(tail: Any, is_upper: Any) -> Any:
        import jax.numpy as jnp

        return jnp.exp(jnp.float32(sigma) * normal(tail, is_upper))

    return quantile


def pareto(alpha: float) -> DeviceQuantile:
    """Pareto with minimum 1."""

    def quantile(tail: Any, is_upper: Any) -> Any:
        import jax.numpy as jnp

        return jnp.exp(jnp.float32(1.0 / alpha) * exponential(tail, is_upper))

    return quantile


def weibull(shape: float) -> DeviceQuantile:
    """Weibull with scale 1."""

    def quantile(tail: Any, is_upper: Any) -> Any:
        import jax.numpy as jnp

        return jnp.power(exponential(tail, is_upper), jnp.float32(1.0 / shape))

    return quantile
