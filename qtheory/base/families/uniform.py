r"""The uniform law on an interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from qtheory.aliases import NumberLike
from qtheory.base.families import device
from qtheory.base.families.abstract import AbstractFamily, Array, DeviceQuantile
from qtheory.base.families.parameters import real
from qtheory.errors import InvalidInput


@final
@dataclass(frozen=True, repr=False)
class Uniform(AbstractFamily):
    r"""Uniform law on [low, high]; measured from the nearer end, so that both ends keep their precision.

    Args:
        low: lower end.
        high: upper end, greater than `low`.

    >>> float(Uniform(0, 1).upper_quantile(0.25)), float(Uniform(0, 1).excess_mean(0.5))
    (0.75, 0.125)
    """

    low: NumberLike = 0
    high: NumberLike = 1

    name: ClassVar[str] = "uniform"

    def __post_init__(self) -> None:
        object.__setattr__(self, "low", real(self.low, "low"))
        object.__setattr__(self, "high", real(self.high, "high"))
        if not float(self.low) < float(self.high):
            raise InvalidInput("the interval is empty", got=(self.low, self.high), allowed="low < high, as doubles")

    def _place(self) -> tuple[float, float]:
        return 0.0, 1.0

    def _support(self) -> tuple[float, float]:
        return float(self.low), float(self.high)

    def _width(self) -> float:
        return float(self.high - self.low)  # type: ignore[operator]

    def _mean(self) -> float:
        return float((self.low + self.high) / 2)  # type: ignore[operator]

    def _log_density(self, z: Array) -> Array:
        return np.full_like(z, -np.log(self._width()))

    def _survival(self, z: Array) -> Array:
        return np.clip((float(self.high) - z) / self._width(), 0.0, 1.0)

    def _cdf(self, z: Array) -> Array:
        return np.clip((z - float(self.low)) / self._width(), 0.0, 1.0)

    def _upper(self, s: Array) -> Array:
        return float(self.high) - s * self._width()

    def _lower(self, p: Array) -> Array:
        return float(self.low) + p * self._width()

    def _excess(self, z: Array) -> Array:
        return 0.5 * (float(self.high) - z) * self._survival(z)

    def _upper_moment(self, z: Array) -> Array:
        return 0.5 * (float(self.high) + z) * self._survival(z)

    def _device_quantile(self) -> DeviceQuantile:
        return device.uniform(float(self.low), float(self.high))
