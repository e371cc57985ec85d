r"""The Gumbel law of largest values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from qtheory.aliases import NumberLike
from qtheory.base.families import device
from qtheory.base.families.abstract import AbstractFamily, Array, DeviceQuantile
from qtheory.base.families.parameters import positive, real

_EXP_OVERFLOWS = 709.0
_TERMS = 20  # 1 / (20 * 20!) is below double precision


@final
@dataclass(frozen=True, repr=False)
class Gumbel(AbstractFamily):
    r"""Gumbel law with cdf $\exp(-e^{-z})$, $z=(x-\mathrm{loc})/\mathrm{scale}$; with $w=e^{-z}$ every formula is in w.

    Args:
        loc: the place.
        scale: the scale, positive.

    >>> round(Gumbel(0, 1).expectation(), 12), round(float(Gumbel(0, 1).excess_mean(0.0)), 12)
    (0.577215664902, 0.796599599297)
    """

    loc: NumberLike = 0
    scale: NumberLike = 1

    name: ClassVar[str] = "gumbel"

    def __post_init__(self) -> None:
        object.__setattr__(self, "loc", real(self.loc, "loc"))
        object.__setattr__(self, "scale", positive(self.scale, "scale"))

    def _place(self) -> tuple[float, float]:
        return float(self.loc), float(self.scale)

    def _support(self) -> tuple[float, float]:
        return -np.inf, np.inf

    def _mean(self) -> float:
        return float(np.euler_gamma)

    def _log_density(self, z: Array) -> Array:
        return np.where(z < -_EXP_OVERFLOWS, -np.inf, -z - np.exp(-z))

    def _survival(self, z: Array) -> Array:
        return -np.expm1(-np.exp(-z))

    def _cdf(self, z: Array) -> Array:
        return np.exp(-np.exp(-z))

    def _upper(self, s: Array) -> Array:
        return -np.log(-np.log1p(-s))

    def _lower(self, p: Array) -> Array:
        return -np.log(-np.log(p))

    def _excess(self, z: Array) -> Array:
        r"""$\int_z^\infty(1-\exp(-e^{-x}))\,dx=\mathrm{Ein}(w)$, the entire exponential integral."""
        w = np.exp(-z)
        return np.where(z >= 0.0, _ein_series(np.minimum(w, 1.0)), _exp1(w) - z + np.euler_gamma)

    def _upper_moment(self, z: Array) -> Array:
        w = np.exp(-z)
        finite = np.where(np.isinf(z), 0.0, z)
        below = np.euler_gamma + _exp1(w) - finite * np.exp(-w)
        return np.where(z >= 0.0, finite * self._survival(z) + self._excess(finite), below)

    def _device_quantile(self) -> DeviceQuantile:
        return device.gumbel


def _ein_series(w: Array) -> Array:
    r"""$\mathrm{Ein}(w)=\sum_{k\ge1}(-1)^{k+1}w^k/(k\cdot k!)$ for $0\le w\le1$, without cancellation."""
    total, power = np.zeros_like(w), np.ones_like(w)
    for k in range(1, _TERMS + 1):
        power = power * (-w if k > 1 else w) / k
        total = total + power / k
    return total


def _exp1(w: Array) -> Array:
    from scipy import special

    return special.exp1(w)
