r"""The lognormal law."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from qtheory.aliases import NumberLike
from qtheory.base.families import device, gaussian
from qtheory.base.families.abstract import AbstractFamily, Array, DeviceQuantile
from qtheory.base.families.parameters import positive, real
from qtheory.base.families.tails import mean_residual, uncancelled
from qtheory.errors import InvalidInput

LARGEST_SIGMA, LARGEST_MU = 30.0, 200.0


@final
@dataclass(frozen=True, repr=False)
class LogNormal(AbstractFamily):
    r"""Law of $e^{\mu+\sigma N}$ with $N$ standard normal; $E(X-t)^+$ is the Black-Scholes call of strike t.

    Args:
        mu: mean of the logarithm.
        sigma: standard deviation of the logarithm, positive.

    >>> law = LogNormal(0, 1)
    >>> round(law.expectation(), 12) == round(math.exp(0.5), 12)
    True
    """

    mu: NumberLike = 0
    sigma: NumberLike = 1

    name: ClassVar[str] = "lognormal"

    def __post_init__(self) -> None:
        object.__setattr__(self, "mu", real(self.mu, "mu"))
        object.__setattr__(self, "sigma", positive(self.sigma, "sigma"))
        sigma, mu = float(self.sigma), float(self.mu)
        if not (sigma <= LARGEST_SIGMA and abs(mu) <= LARGEST_MU):
            allowed = f"|mu| <= {LARGEST_MU:g} and sigma <= {LARGEST_SIGMA:g}"
            raise InvalidInput("the mean leaves the range of double precision", got=(mu, sigma), allowed=allowed)

    def _place(self) -> tuple[float, float]:
        return 0.0, math.exp(float(self.mu))

    def _support(self) -> tuple[float, float]:
        return 0.0, np.inf

    def _mean(self) -> float:
        return math.exp(0.5 * float(self.sigma) ** 2)

    def _log_density(self, z: Array) -> Array:
        sigma, log_z = float(self.sigma), np.log(z)
        value = -0.5 * (log_z / sigma) ** 2 - log_z - math.log(sigma * math.sqrt(2.0 * math.pi))
        return np.where(z > 0.0, value, -np.inf)

    def _survival(self, z: Array) -> Array:
        return gaussian.survival(np.log(z) / float(self.sigma))

    def _cdf(self, z: Array) -> Array:
        return gaussian.survival(-np.log(z) / float(self.sigma))

    def _upper(self, s: Array) -> Array:
        return np.exp(float(self.sigma) * gaussian.upper(s))

    def _lower(self, p: Array) -> Array:
        return np.exp(-float(self.sigma) * gaussian.upper(p))

    def _excess(self, z: Array) -> Array:
        sigma = float(self.sigma)
        depth = np.log(z) / sigma
        gain = self._mean() * gaussian.survival(depth - sigma)
        direct = gain - z * gaussian.survival(depth)
        return uncancelled(direct, gain, z, self._tail_excess)

    def _tail_excess(self, z: Array) -> Array:
        survival = self._survival(z)
        reach = np.minimum(survival * np.exp(-self._log_density(z)), z)
        reach = np.where(survival > 0.0, reach, z)
        return np.where(survival > 0.0, survival * mean_residual(z, reach, self._log_density), 0.0)

    def _upper_moment(self, z: Array) -> Array:
        return np.full_like(z, self._mean())

    def _device_quantile(self) -> DeviceQuantile:
        return device.lognormal(float(self.sigma))
