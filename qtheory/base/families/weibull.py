r"""The Weibull law: a stretched exponential tail."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from qtheory.aliases import NumberLike
from qtheory.base.families import device
from qtheory.base.families.abstract import AbstractFamily, Array, DeviceQuantile
from qtheory.base.families.gamma import upper_gamma
from qtheory.base.families.parameters import positive
from qtheory.errors import InvalidInput

SMALLEST_SHAPE = 0.02


@final
@dataclass(frozen=True, repr=False)
class Weibull(AbstractFamily):
    r"""Weibull law with survival $\exp(-(x/\mathrm{scale})^{k})$, k the shape.

    Args:
        shape: k, at least 1/50 (below that the mean leaves double precision).
        scale: the scale, positive.

    >>> float(Weibull(1, 2).survival(2.0)) == math.exp(-1)
    True
    """

    shape: NumberLike
    scale: NumberLike = 1

    name: ClassVar[str] = "weibull"

    def __post_init__(self) -> None:
        object.__setattr__(self, "shape", positive(self.shape, "shape"))
        object.__setattr__(self, "scale", positive(self.scale, "scale"))
        if float(self.shape) < SMALLEST_SHAPE:
            allowed = f"shape >= {SMALLEST_SHAPE}"
            raise InvalidInput("the mean leaves the range of double precision", got=self.shape, allowed=allowed)

    def _place(self) -> tuple[float, float]:
        return 0.0, float(self.scale)

    def _support(self) -> tuple[float, float]:
        return 0.0, np.inf

    def _mean(self) -> float:
        return math.gamma(1.0 + float(1 / self.shape))  # type: ignore[operator]

    def _log_density(self, z: Array) -> Array:
        k = float(self.shape)
        stretch = (k - 1.0) * np.log(z) if k != 1.0 else np.zeros_like(z)
        return np.where(np.isinf(z), -np.inf, math.log(k) + stretch - z**k)

    def _survival(self, z: Array) -> Array:
        return np.exp(-(z ** float(self.shape)))

    def _cdf(self, z: Array) -> Array:
        return -np.expm1(-(z ** float(self.shape)))

    def _upper(self, s: Array) -> Array:
        return (-np.log(s)) ** float(1 / self.shape)  # type: ignore[operator]

    def _lower(self, p: Array) -> Array:
        return (-np.log1p(-p)) ** float(1 / self.shape)  # type: ignore[operator]

    def _excess(self, z: Array) -> Array:
        r"""$\int_z^\infty e^{-x^k}dx=\Gamma(1+1/k)\,Q(1/k,z^k)$, Q the regularised upper incomplete gamma function."""
        return self._mean() * upper_gamma(float(1 / self.shape), z ** float(self.shape))  # type: ignore[operator]

    def _upper_moment(self, z: Array) -> Array:
        return np.full_like(z, self._mean())

    def _device_quantile(self) -> DeviceQuantile:
        return device.weibull(float(self.shape))
