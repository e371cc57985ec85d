r"""The Cauchy law, which has no mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from qtheory.aliases import NumberLike
from qtheory.base.families import device
from qtheory.base.families.abstract import AbstractFamily, Array, DeviceQuantile
from qtheory.base.families.parameters import positive, real

_SQUARE_OVERFLOWS = 1e150
_QUARTER = 0.25


@final
@dataclass(frozen=True, repr=False)
class Cauchy(AbstractFamily):
    r"""Cauchy law with density $1/(\pi\,\mathrm{scale}(1+z^2))$.

    It has no mean: `expectation` raises, and every upper partial mean from a finite threshold is `inf`.

    Args:
        loc: the place.
        scale: the scale, positive.

    >>> abs(float(Cauchy(0, 1).upper_quantile(0.25)) - 1.0) < 1e-15, float(Cauchy(0, 1).excess_mean(3.0))
    (True, inf)
    """

    loc: NumberLike = 0
    scale: NumberLike = 1

    name: ClassVar[str] = "cauchy"

    def __post_init__(self) -> None:
        object.__setattr__(self, "loc", real(self.loc, "loc"))
        object.__setattr__(self, "scale", positive(self.scale, "scale"))

    def _place(self) -> tuple[float, float]:
        return float(self.loc), float(self.scale)

    def _support(self) -> tuple[float, float]:
        return -np.inf, np.inf

    def _mean(self) -> float:
        return np.nan

    def _log_density(self, z: Array) -> Array:
        large = np.abs(z) > _SQUARE_OVERFLOWS
        square = np.where(large, 0.0, z) ** 2
        return -np.log(np.pi) - np.where(large, 2.0 * np.log(np.abs(z)), np.log1p(square))

    def _survival(self, z: Array) -> Array:
        # arctan2(1, z) is the angle at which the tail is seen: no subtraction from 1/2 for large z
        return np.arctan2(1.0, z) / np.pi

    def _cdf(self, z: Array) -> Array:
        return self._survival(-z)

    def _upper(self, s: Array) -> Array:
        return _cotangent(s)

    def _lower(self, p: Array) -> Array:
        return -_cotangent(p)

    def _excess(self, z: Array) -> Array:
        return np.full_like(z, np.inf)

    def _upper_moment(self, z: Array) -> Array:
        return np.full_like(z, np.inf)

    def _device_quantile(self) -> DeviceQuantile:
        return device.cauchy


def _cotangent(s: Array) -> Array:
    r"""$\cot\pi s$ on $[0,\tfrac12]$, from the nearer of its pole and its zero."""
    near_pole = 1.0 / np.tan(np.pi * np.minimum(s, _QUARTER))
    return np.where(s < _QUARTER, near_pole, np.tan(np.pi * (0.5 - s)))
