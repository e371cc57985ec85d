r"""Numerics shared by families without elementary inverses: a Newton polish, and tail means by quadrature."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from qtheory.base.rank_quadrature import tanh_sinh_nodes

Function = Callable[[np.ndarray], np.ndarray]
CANCELLED = 0.05
"""A difference smaller than this share of its terms is computed another way."""

_POLISHES = 3
_HALF_COUNT = 160
_REACH = 4.2  # exp(+-(pi/2) sinh 4.2) spans e^-52 to e^52


def polish(z: np.ndarray, target: np.ndarray, tail: Function, log_density: Function, sign: float) -> np.ndarray:
    r"""Newton steps on $\log\,$`tail`$(z)=\log\,$`target`; `sign` is $-1$ for survival, $+1$ for cdf.

    A step is taken only where it is finite, so a start that is already at the limit of doubles stays.
    """
    for _ in range(_POLISHES):
        value = tail(z)
        step = sign * value * np.exp(-log_density(z)) * (np.log(target) - np.log(value))
        z = np.where(np.isfinite(step) & np.isfinite(z), z + step, z)
    return z


def mean_residual(z: np.ndarray, reach: np.ndarray, log_density: Function) -> np.ndarray:
    r"""$E[Z-z\mid Z>z]=\int_0^\infty y f(z+y)\,dy\big/\int_0^\infty f(z+y)\,dy$ for an unbounded upper tail.

    Both integrals are taken with the exp-sinh rule $y=\mathrm{reach}\cdot e^{(\pi/2)\sinh x}$ on common nodes; no
    term is negative, and the normalisation of the density drops out.

    Args:
        z: thresholds, any shape.
        reach: the natural length of the tail at z, $S(z)/f(z)$, same shape.
        log_density: vectorised log density, up to a constant.

    >>> exponential = lambda x: -x
    >>> abs(float(mean_residual(np.array(30.0), np.array(2.0), exponential)) - 1.0) < 1e-14
    True
    """
    x = (_REACH / _HALF_COUNT) * np.arange(-_HALF_COUNT, _HALF_COUNT + 1)
    y = reach[..., None] * np.exp(0.5 * np.pi * np.sinh(x))
    f = np.exp(log_density(z[..., None] + y) - log_density(z)[..., None])
    weight = np.where(f > 0.0, np.cosh(x) * y * f, 0.0)
    return np.sum(np.where(weight > 0.0, weight * y, 0.0), axis=-1) / np.sum(weight, axis=-1)


def bounded_mean_residual(gap: np.ndarray, a: float, b: float) -> np.ndarray:
    r"""$E[Z-z\mid Z>z]$ for Beta(a, b) at $z=1-\mathrm{gap}$.

    With $v=((1-x)/\mathrm{gap})^b$ the factor $(1-x)^{b-1}$ is absorbed, and the tanh-sinh rule in $v$ sees a bounded
    integrand however small b is.

    >>> abs(float(bounded_mean_residual(np.array(0.1), 1.0, 1.0)) - 0.05) < 1e-16
    True
    """
    node, _, weight = tanh_sinh_nodes(_HALF_COUNT)
    log_part = np.log(node) / b
    log_mass = (a - 1.0) * np.log1p(-gap[..., None] * np.exp(log_part))
    mass = weight * np.exp(log_mass - np.max(log_mass, axis=-1, keepdims=True))
    return gap * np.sum(mass * -np.expm1(log_part), axis=-1) / np.sum(mass, axis=-1)


def uncancelled(direct: np.ndarray, terms: np.ndarray, z: np.ndarray, otherwise: Function) -> np.ndarray:
    """`direct` where it is a fair share of its terms, `otherwise(z)` where it is what cancellation left over."""
    cancelled = ~(direct > CANCELLED * terms) & np.isfinite(z)
    if not cancelled.any():
        return direct
    result = np.array(direct, dtype=np.float64)
    result[cancelled] = otherwise(np.asarray(z)[cancelled])
    return result
