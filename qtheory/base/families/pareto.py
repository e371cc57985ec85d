r"""The Pareto law: a power tail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from qtheory.aliases import NumberLike
from qtheory.base.families import device
from qtheory.base.families.abstract import AbstractFamily, Array, DeviceQuantile
from qtheory.base.families.parameters import positive


@final
@dataclass(frozen=True, repr=False)
class Pareto(AbstractFamily):
    r"""Pareto law with survival $(x/\mathrm{minimum})^{-\alpha}$ from the minimum on.

    The mean is infinite for alpha <= 1.

    Args:
        alpha: tail index, positive.
        minimum: lower end, positive.

    >>> Pareto(3).expectation(), round(float(Pareto(3).upper_quantile(0.001)), 12)
    (1.5, 10.0)
    """

    alpha: NumberLike
    minimum: NumberLike = 1

    name: ClassVar[str] = "pareto"

    def __post_init__(self) -> None:
        object.__setattr__(self, "alpha", positive(self.alpha, "alpha"))
        object.__setattr__(self, "minimum", positive(self.minimum, "minimum"))

    def _place(self) -> tuple[float, float]:
        return 0.0, float(self.minimum)

    def _support(self) -> tuple[float, float]:
        return 1.0, np.inf

    def _mean(self) -> float:
        return float(self.alpha / (self.alpha - 1)) if self.alpha > 1 else np.inf  # type: ignore[operator]

    def _log_density(self, z: Array) -> Array:
        return np.log(float(self.alpha)) - (float(self.alpha) + 1.0) * np.log(z)

    def _survival(self, z: Array) -> Array:
        return z ** -float(self.alpha)

    def _cdf(self, z: Array) -> Array:
        return -np.expm1(-float(self.alpha) * np.log1p(z - 1.0))

    def _upper(self, s: Array) -> Array:
        return s ** float(-1 / self.alpha)  # type: ignore[operator]

    def _lower(self, p: Array) -> Array:
        return np.exp(-np.log1p(-p) / float(self.alpha))

    def _excess(self, z: Array) -> Array:
        return z ** float(1 - self.alpha) / float(self.alpha - 1)  # type: ignore[operator]

    def _upper_moment(self, z: Array) -> Array:
        return np.full_like(z, self._mean())

    def _device_quantile(self) -> DeviceQuantile:
        return device.pareto(float(self.alpha))
