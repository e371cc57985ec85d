r"""The Laplace law."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from qtheory.aliases import NumberLike
from qtheory.base.families import device
from qtheory.base.families.abstract import AbstractFamily, Array, DeviceQuantile
from qtheory.base.families.parameters import positive, real


@final
@dataclass(frozen=True, repr=False)
class Laplace(AbstractFamily):
    r"""Laplace law with density $\tfrac12e^{-|z|}/\mathrm{scale}$, $z=(x-\mathrm{loc})/\mathrm{scale}$.

    Args:
        loc: the place.
        scale: the scale, positive.

    >>> float(Laplace(0, 1).excess_mean(0.0)), float(Laplace(0, 1).survival(0.0))
    (0.5, 0.5)
    """

    loc: NumberLike = 0
    scale: NumberLike = 1

    name: ClassVar[str] = "laplace"

    def __post_init__(self) -> None:
        object.__setattr__(self, "loc", real(self.loc, "loc"))
        object.__setattr__(self, "scale", positive(self.scale, "scale"))

    def _place(self) -> tuple[float, float]:
        return float(self.loc), float(self.scale)

    def _support(self) -> tuple[float, float]:
        return -np.inf, np.inf

    def _mean(self) -> float:
        return 0.0

    def _log_density(self, z: Array) -> Array:
        return -np.abs(z) - np.log(2.0)

    def _survival(self, z: Array) -> Array:
        decay = 0.5 * np.exp(-np.abs(z))
        return np.where(z > 0.0, decay, 1.0 - decay)

    def _cdf(self, z: Array) -> Array:
        return self._survival(-z)

    def _upper(self, s: Array) -> Array:
        return -np.log(2.0 * s)

    def _lower(self, p: Array) -> Array:
        return np.log(2.0 * p)

    def _excess(self, z: Array) -> Array:
        return 0.5 * np.exp(-np.abs(z)) + np.maximum(-z, 0.0)

    def _upper_moment(self, z: Array) -> Array:
        depth = np.abs(z)
        return np.where(np.isinf(depth), 0.0, 0.5 * np.exp(-depth) * (1.0 + depth))

    def _device_quantile(self) -> DeviceQuantile:
        return device.laplace
