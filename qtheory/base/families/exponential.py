r"""The exponential law."""

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
class Exponential(AbstractFamily):
    r"""Exponential law with survival $e^{-\mathrm{rate}\,x}$; its Goodhart gap does not depend on the budget.

    Args:
        rate: the rate, positive; the mean is 1/rate.

    >>> float(Exponential(2).survival(1.5)), Exponential(2).expectation()
    (0.049787068367863944, 0.5)
    """

    rate: NumberLike = 1

    name: ClassVar[str] = "exponential"

    def __post_init__(self) -> None:
        object.__setattr__(self, "rate", positive(self.rate, "rate"))

    def _place(self) -> tuple[float, float]:
        return 0.0, float(1 / self.rate)  # type: ignore[operator]

    def _support(self) -> tuple[float, float]:
        return 0.0, np.inf

    def _mean(self) -> float:
        return 1.0

    def _log_density(self, z: Array) -> Array:
        return -z

    def _survival(self, z: Array) -> Array:
        return np.exp(-z)

    def _cdf(self, z: Array) -> Array:
        return -np.expm1(-z)

    def _upper(self, s: Array) -> Array:
        return -np.log(s)

    def _lower(self, p: Array) -> Array:
        return -np.log1p(-p)

    def _excess(self, z: Array) -> Array:
        return np.exp(-z)

    def _upper_moment(self, z: Array) -> Array:
        return np.ones_like(z)

    def _device_quantile(self) -> DeviceQuantile:
        return device.exponential
