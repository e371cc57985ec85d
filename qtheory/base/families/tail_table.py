r"""A device quantile for laws without an elementary inverse: cubic Hermite interpolation in the nearer rank.

Each octave $[2^{e-1},2^e)$ of $p=\min(s,1-s)$ is cut into equal cells, so a cell and the place in it are read off the
exponent and fraction of the float32 without rounding. A cell holds a cubic for $y=T(z)$, with T the logarithm for
positive laws and arcsinh on the line: under either a power tail is nearly straight in $\log p$.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from qtheory.base.families.abstract import AbstractFamily, Array, DeviceQuantile
from qtheory.errors import NotAvailable

DEEPEST_OCTAVE = 66
"""Tables reach $2^{-66}$, below the smallest rank that 64 random bits can name."""

TABLE_TOLERANCE = 5e-6
"""Largest accepted interpolation error, relative; on the line, absolute against the quartile range where larger."""

_CELLS_PER_OCTAVE = 32
_SMALLEST_LOG = -200.0  # exp of it is 0 in float32
_FLOAT32_RANGE = (1e-37, 3e38)


def tail_table(
    family: AbstractFamily,
    transform: Callable[[Array], Array],
    back: str,
    *,
    cells_per_octave: int = _CELLS_PER_OCTAVE,
) -> DeviceQuantile:
    """A jittable standard quantile of `family`, interpolated.

    Args:
        family: the law; its standard form is tabulated.
        transform: T, either `np.log` or `np.arcsinh`.
        back: name of the inverse of T, 'exp' or 'sinh'.
        cells_per_octave: how fine the table is; the error falls with its fourth power.

    Raises:
        NotAvailable: the quantile is too steep somewhere for the table to reach `TABLE_TOLERANCE`.

    >>> from qtheory.base.families import StudentT
    >>> quantile = tail_table(StudentT(3), np.arcsinh, "sinh")
    >>> abs(float(quantile(np.float32(0.1), True)) - 1.6377443) < 1e-5
    True
    """
    sides = []
    for quantile, sign in ((family._upper, -1.0), (family._lower, 1.0)):
        cubic = _cubics(family, quantile, sign, transform, back, cells_per_octave)
        _require_close(family, quantile, cubic, back, cells_per_octave)
        coarse = cubic[..., 0].astype(np.float32)
        cubic[..., 0] -= coarse
        sides.append(np.concatenate([coarse[..., None], cubic.astype(np.float32)], axis=-1))
    return _lookup(np.stack(sides), back, cells_per_octave)


def _ranks(offset: float, cells: int) -> Array:
    octave = np.arange(-DEEPEST_OCTAVE, -1)[:, None]
    return (np.exp2(octave) * (1.0 + (np.arange(cells) + offset) / cells)).ravel()


def _cubics(family: AbstractFamily, quantile: Any, sign: float, transform: Any, back: str, cells: int) -> Array:
    """Coefficients `[cell, 4]` of the Hermite cubic in the place within the cell, in float64."""
    width = np.repeat(np.exp2(np.arange(-DEEPEST_OCTAVE, -1)), cells) / cells
    (left, left_slope), (right, right_slope) = (
        _value_and_slope(family, quantile, sign, transform, back, _ranks(offset, cells)) for offset in (0.0, 1.0)
    )
    left_slope, right_slope, rise = left_slope * width, right_slope * width, right - left
    quadratic = 3.0 * rise - 2.0 * left_slope - right_slope
    return np.stack([left, left_slope, quadratic, left_slope + right_slope - 2.0 * rise], axis=-1)


def _value_and_slope(
    family: AbstractFamily, quantile: Any, sign: float, transform: Any, back: str, p: Array
) -> tuple[Array, Array]:
    with np.errstate(all="ignore"):
        z = quantile(p)
        log_slope = -family._log_density(z) - (np.log(z) if back == "exp" else 0.5 * np.log1p(z * z))
        value, slope = np.maximum(transform(z), _SMALLEST_LOG), sign * np.exp(log_slope)
    return value, np.where(np.isfinite(slope) & (value > _SMALLEST_LOG), slope, 0.0)


def _require_close(family: AbstractFamily, quantile: Any, cubic: Array, back: str, cells: int) -> None:
    """Refuses a table whose error at the middle of any cell, where a Hermite cubic is worst, is too large."""
    with np.errstate(all="ignore"):
        z, guess = quantile(_ranks(0.5, cells)), getattr(np, back)(cubic @ 0.5 ** np.arange(4))
    quartiles = family._upper(np.array([0.25])) - family._lower(np.array([0.25]))
    floor = np.abs(z) if back == "exp" else np.maximum(np.abs(z), quartiles)
    seen = (np.abs(z) > _FLOAT32_RANGE[0]) & (np.abs(z) < _FLOAT32_RANGE[1])
    error = float(np.max(np.abs(guess - z)[seen] / floor[seen], initial=0.0))
    if not error <= TABLE_TOLERANCE:
        raise NotAvailable(
            "the quantile function is too steep for a device table",
            got=f"{family!r}, error {error:.2g}",
            allowed=f"an interpolation error of at most {TABLE_TOLERANCE:g}",
            remedy="use `upper_quantile` on the host; `sample` of a mixture draws component by component instead",
        )


def _lookup(table: Array, back: str, cells: int) -> DeviceQuantile:
    """`table` is `[side, cell, 5]`: the leading value split in two, then the rest of the cubic."""
    last = table.shape[1] - 1

    def quantile(tail: Any, is_upper: Any) -> Any:
        import jax.numpy as jnp

        fraction, exponent = jnp.frexp(tail)
        place = (2.0 * fraction - 1.0) * cells
        cell = (exponent - 1 + DEEPEST_OCTAVE) * cells + jnp.floor(place).astype(jnp.int32)
        t = jnp.where(cell > last, 1.0, place - jnp.floor(place)).astype(jnp.float32)
        side = jnp.where(is_upper, 0, 1)
        coarse, fine, c1, c2, c3 = jnp.moveaxis(jnp.asarray(table)[side, jnp.clip(cell, 0, last)], -1, 0)
        rest = fine + t * (c1 + t * (c2 + t * c3))
        # T^-1(coarse + rest) by the addition theorem: a float32 sum would lose the digits of `rest`
        if back == "exp":
            return jnp.exp(coarse) * jnp.exp(rest)
        return jnp.sinh(coarse) * jnp.cosh(rest) + jnp.cosh(coarse) * jnp.sinh(rest)

    return quantile
