r"""The normal law."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from qtheory.aliases import NumberLike
from qtheory.base.families import device, gaussian
from qtheory.base.families.abstract import AbstractFamily, Array, DeviceQuantile
from qtheory.base.families.parameters import positive, real


@final
@dataclass(frozen=True, repr=False)
class Normal(AbstractFamily):
    r"""Normal law with density $\phi((x-\mathrm{mean})/\mathrm{sd})/\mathrm{sd}$.

    Args:
        mean: the mean.
        sd: the standard deviation, positive.

    >>> law = Normal(0, 1)
    >>> round(float(law.upper_quantile(0.1)), 12), round(float(law.excess_mean(0.0)), 12)
    (1.281551565545, 0.398942280401)
    """

    mean: NumberLike = 0
    sd: NumberLike = 1

    name: ClassVar[str] = "normal"

    def __post_init__(self) -> None:
        object.__setattr__(self, "mean", real(self.mean, "mean"))
        object.__setattr__(self, "sd", positive(self.sd, "sd"))

    def _place(self) -> tuple[float, float]:
        return float(self.mean), float(self.sd)

    def _support(self) -> tuple[float, float]:
        return -np.inf, np.inf

    def _mean(self) -> float:
        return 0.0

    def _log_density(self, z: Array) -> Array:
        return -0.5 * z * z - 0.5 * np.log(2.0 * np.pi)

    def _survival(self, z: Array) -> Array:
        return gaussian.survival(z)

    def _cdf(self, z: Array) -> Array:
        return gaussian.survival(-z)

    def _upper(self, s: Array) -> Array:
        return gaussian.upper(s)

    def _lower(self, p: Array) -> Array:
        return -gaussian.upper(p)

    def _excess(self, z: Array) -> Array:
        return gaussian.excess(z)

    def _upper_moment(self, z: Array) -> Array:
        return gaussian.density(z)

    def _device_quantile(self) -> DeviceQuantile:
        return device.normal
