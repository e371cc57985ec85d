r"""The gamma law."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from qtheory.aliases import NumberLike
from qtheory.base.families.abstract import AbstractFamily, Array, DeviceQuantile
from qtheory.base.families.parameters import positive
from qtheory.base.families.tail_table import tail_table
from qtheory.base.families.tails import mean_residual, polish, uncancelled


@final
@dataclass(frozen=True, repr=False)
class Gamma(AbstractFamily):
    r"""Gamma law with density $\propto x^{k-1}e^{-\mathrm{rate}\,x}$, k the shape.

    Args:
        shape: k, positive.
        rate: the rate, positive; the mean is shape / rate.

    >>> round(float(Gamma(1, 1).excess_mean(50.0) / np.exp(-50.0)), 12)
    1.0
    """

    shape: NumberLike
    rate: NumberLike = 1

    name: ClassVar[str] = "gamma"

    def __post_init__(self) -> None:
        object.__setattr__(self, "shape", positive(self.shape, "shape"))
        object.__setattr__(self, "rate", positive(self.rate, "rate"))

    def _place(self) -> tuple[float, float]:
        return 0.0, float(1 / self.rate)  # type: ignore[operator]

    def _support(self) -> tuple[float, float]:
        return 0.0, np.inf

    def _mean(self) -> float:
        return float(self.shape)

    def _log_density(self, z: Array) -> Array:
        from scipy import special

        k = float(self.shape)
        return np.where(np.isinf(z), -np.inf, special.xlogy(k - 1.0, z) - z - special.gammaln(k))

    def _survival(self, z: Array) -> Array:
        return upper_gamma(float(self.shape), z)

    def _cdf(self, z: Array) -> Array:
        from scipy import special

        return special.gammainc(float(self.shape), z)

    def _upper(self, s: Array) -> Array:
        from scipy import special

        start = special.gammainccinv(float(self.shape), s)
        return polish(start, s, self._survival, self._log_density, -1.0)

    def _lower(self, p: Array) -> Array:
        from scipy import special

        start = special.gammaincinv(float(self.shape), p)
        return polish(start, p, self._cdf, self._log_density, 1.0)

    def _excess(self, z: Array) -> Array:
        k = float(self.shape)
        gain = k * upper_gamma(k + 1.0, z)
        return uncancelled(gain - z * upper_gamma(k, z), gain, z, self._tail_excess)

    def _tail_excess(self, z: Array) -> Array:
        reach = z / np.maximum(z - float(self.shape) + 1.0, np.sqrt(z))
        return self._survival(z) * mean_residual(z, reach, self._log_density)

    def _upper_moment(self, z: Array) -> Array:
        return np.full_like(z, self._mean())

    def _device_quantile(self) -> DeviceQuantile:
        return tail_table(self, np.log, "exp")


def upper_gamma(k: float, z: Array) -> Array:
    r"""$Q(k,z)=\Gamma(k,z)/\Gamma(k)$."""
    from scipy import special

    return special.gammaincc(k, z)
