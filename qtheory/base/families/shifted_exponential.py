r"""The exponential law from a point on."""

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
class ShiftedExponential(AbstractFamily):
    r"""Exponential law that starts at a point, with survival $e^{-\mathrm{rate}(x-\mathrm{start})}$: a proposal for a tail.

    Args:
        rate: the rate, positive; the mean is start + 1/rate.
        start: the lower end of the support.

    >>> float(ShiftedExponential(2, 3).survival(4.5)), ShiftedExponential(2, 3).expectation()
    (0.049787068367863944, 3.5)
    """

    rate: NumberLike = 1
    start: NumberLike = 0

    name: ClassVar[str] = "shifted_exponential"

    def __post_init__(self) -> None:
        object.__setattr__(self, "rate", positive(self.rate, "rate"))
        object.__setattr__(self, "start", real(self.start, "start"))

    def _place(self) -> tuple[float, float]:
        return float(self.start), float(1 / self.rate)  # type: ignore[operator, arg-type]

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
        return (1.0 + z) * np.exp(-z)

    def _device_quantile(self) -> DeviceQuantile:
        return device.exponential
