r"""The logistic law."""

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
class Logistic(AbstractFamily):
    r"""Logistic law with survival $1/(1+e^{z})$, $z=(x-\mathrm{loc})/\mathrm{scale}$.

    Args:
        loc: the place.
        scale: the scale, positive.

    >>> float(Logistic(0, 1).upper_quantile(0.5)), float(Logistic(0, 1).excess_mean(0.0))
    (0.0, 0.6931471805599453)
    """

    loc: NumberLike = 0
    scale: NumberLike = 1

    name: ClassVar[str] = "logistic"

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
        depth = np.abs(z)
        return -depth - 2.0 * np.log1p(np.exp(-depth))

    def _survival(self, z: Array) -> Array:
        decay = np.exp(-np.abs(z))
        return np.where(z > 0.0, decay, 1.0) / (1.0 + decay)

    def _cdf(self, z: Array) -> Array:
        return self._survival(-z)

    def _upper(self, s: Array) -> Array:
        return np.log1p(-s) - np.log(s)

    def _lower(self, p: Array) -> Array:
        return np.log(p) - np.log1p(-p)

    def _excess(self, z: Array) -> Array:
        return np.log1p(np.exp(-np.abs(z))) + np.maximum(-z, 0.0)

    def _upper_moment(self, z: Array) -> Array:
        # E Z = 0 and the law is symmetric, so the moment above z is the moment above |z|, where nothing cancels
        depth = np.abs(z)
        finite = np.where(np.isinf(depth), 0.0, depth)
        return np.where(np.isinf(depth), 0.0, finite * self._survival(depth) + self._excess(depth))

    def _device_quantile(self) -> DeviceQuantile:
        return device.logistic
