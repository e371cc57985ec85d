r"""The beta law on the unit interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from qtheory.aliases import NumberLike
from qtheory.base.families.abstract import AbstractFamily, Array, DeviceQuantile
from qtheory.base.families.parameters import positive
from qtheory.base.families.tail_table import tail_table
from qtheory.base.families.tails import bounded_mean_residual, polish, uncancelled

_HALF = 0.5
_STEPS = 40


@final
@dataclass(frozen=True, repr=False)
class Beta(AbstractFamily):
    r"""Beta law with density $\propto x^{a-1}(1-x)^{b-1}$ on (0, 1).

    Args:
        a: exponent at 0, positive.
        b: exponent at 1, positive.

    >>> Beta(2, 3).expectation(), float(Beta(1, 1).upper_quantile(0.25))
    (0.4, 0.75)
    """

    a: NumberLike
    b: NumberLike

    name: ClassVar[str] = "beta"

    def __post_init__(self) -> None:
        object.__setattr__(self, "a", positive(self.a, "a"))
        object.__setattr__(self, "b", positive(self.b, "b"))

    def _place(self) -> tuple[float, float]:
        return 0.0, 1.0

    def _support(self) -> tuple[float, float]:
        return 0.0, 1.0

    def _mean(self) -> float:
        return float(self.a / (self.a + self.b))  # type: ignore[operator]

    def _numbers(self) -> tuple[float, float]:
        return float(self.a), float(self.b)

    def _log_density(self, z: Array) -> Array:
        from scipy import special

        a, b = self._numbers()
        return special.xlogy(a - 1.0, z) + special.xlog1py(b - 1.0, -z) - special.betaln(a, b)

    def _survival(self, z: Array) -> Array:
        from scipy import special

        return special.betaincc(*self._numbers(), z)

    def _cdf(self, z: Array) -> Array:
        from scipy import special

        return special.betainc(*self._numbers(), z)

    def _upper(self, s: Array) -> Array:
        from scipy import special

        a, b = self._numbers()
        from_one = 1.0 - _inverse(b, a, s)
        direct = special.betainccinv(a, b, s)
        start = np.where((from_one < _HALF) & np.isfinite(direct), direct, from_one)
        return self._inside(polish(start, s, self._survival, self._log_density, -1.0), start)

    def _lower(self, p: Array) -> Array:
        start = _inverse(*self._numbers(), p)
        return self._inside(polish(start, p, self._cdf, self._log_density, 1.0), start)

    def _inside(self, z: Array, start: Array) -> Array:
        # next to an end a rounding error of the argument is a large one of the probability, and a step can overshoot
        return np.where((z >= 0.0) & (z <= 1.0), z, start)

    def _excess(self, z: Array) -> Array:
        from scipy import special

        a, b = self._numbers()
        gain = self._mean() * special.betaincc(a + 1.0, b, z)
        return uncancelled(gain - z * self._survival(z), gain, z, self._tail_excess)

    def _tail_excess(self, z: Array) -> Array:
        return self._survival(z) * bounded_mean_residual(1.0 - z, *self._numbers())

    def _upper_moment(self, z: Array) -> Array:
        return np.full_like(z, self._mean())

    def _device_quantile(self) -> DeviceQuantile:
        return tail_table(self, np.log, "exp")


def _inverse(a: float, b: float, p: Array) -> Array:
    r"""$I^{-1}_p(a,b)$; where scipy gives up (p near $10^{-300}$) Newton in log-log, where the law is nearly straight.

    The start is the leading power, $I_x(a,b)\approx x^a/(a\,B(a,b))$.
    """
    from scipy import special

    inverse = special.betaincinv(a, b, p)
    missing = np.isnan(inverse) & (p > 0.0)
    if not missing.any():
        return inverse
    target = np.log(np.where(missing, p, 1.0))
    log_x = np.minimum((target + np.log(a) + special.betaln(a, b)) / a, np.log(_HALF))
    for _ in range(_STEPS):
        x = np.exp(log_x)
        value = special.betainc(a, b, x)
        log_slope = a * log_x + special.xlog1py(b - 1.0, -x) - special.betaln(a, b) - np.log(value)
        step = (target - np.log(value)) * np.exp(-log_slope)
        log_x = np.where(np.isfinite(step), np.minimum(log_x + step, 0.0), log_x)
    return np.where(missing, np.exp(log_x), inverse)
