r"""The Student t law: power tails on both sides."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from qtheory.aliases import NumberLike
from qtheory.base.families.abstract import AbstractFamily, Array, DeviceQuantile
from qtheory.base.families.parameters import positive, real
from qtheory.base.families.tail_table import tail_table
from qtheory.base.families.tails import mean_residual, polish, uncancelled

_FAR = 1e9  # (z^2 / df) here is 1e18: the next term of the tail is below rounding
_STIRLING_FROM = 30.0


@final
@dataclass(frozen=True, repr=False)
class StudentT(AbstractFamily):
    r"""Student t law with df degrees of freedom; no mean for df <= 1.

    Args:
        df: degrees of freedom, positive.
        loc: the centre.
        scale: the scale, positive.

    >>> round(float(StudentT(3).upper_quantile(0.1)), 12)
    1.637744353696
    """

    df: NumberLike
    loc: NumberLike = 0
    scale: NumberLike = 1

    name: ClassVar[str] = "student_t"

    def __post_init__(self) -> None:
        object.__setattr__(self, "df", positive(self.df, "df"))
        object.__setattr__(self, "loc", real(self.loc, "loc"))
        object.__setattr__(self, "scale", positive(self.scale, "scale"))

    def _place(self) -> tuple[float, float]:
        return float(self.loc), float(self.scale)

    def _support(self) -> tuple[float, float]:
        return -np.inf, np.inf

    def _mean(self) -> float:
        return 0.0 if self.df > 1 else np.nan  # type: ignore[operator]

    def _log_density(self, z: Array) -> Array:
        df = float(self.df)
        far = np.abs(z) > _FAR * math.sqrt(df)
        square = np.where(far, 1.0, z) ** 2 / df
        growth = np.where(far, 2.0 * np.log(np.abs(z)) - math.log(df), np.log1p(square))
        return _log_peak(df) - 0.5 * (df + 1.0) * growth

    def _survival(self, z: Array) -> Array:
        depth = self._tail(np.abs(z))
        return np.where(z > 0.0, depth, 1.0 - depth)

    def _cdf(self, z: Array) -> Array:
        return self._survival(-z)

    def _tail(self, z: Array) -> Array:
        r"""$S(z)=\tfrac12I_x(\tfrac\nu2,\tfrac12)$, $x=\nu/(\nu+z^2)$; a pure power very far out."""
        from scipy import special

        df = float(self.df)
        far, near = z > _FAR * math.sqrt(df), np.minimum(z, _FAR * math.sqrt(df)) ** 2
        # one call for both sides of 1: the function is most of the cost of a quadrature
        first, second, top = (np.where(z < 1.0, a, b) for a, b in ((0.5, 0.5 * df), (0.5 * df, 0.5), (near, df)))
        half = 0.5 * special.betainc(first, second, top / (df + near))
        power = np.exp(_log_peak(df) + 0.5 * (df - 1.0) * math.log(df) - df * np.log(z))
        return np.where(far, power, np.where(z < 1.0, 0.5 - half, half))

    def _upper(self, s: Array) -> Array:
        from scipy import special

        df = float(self.df)
        body = special.betaincinv(0.5, 0.5 * df, 1.0 - 2.0 * s)
        tail = special.betaincinv(0.5 * df, 0.5, 2.0 * s)
        power = np.exp((_log_peak(df) + 0.5 * (df - 1.0) * math.log(df) - np.log(s)) / df)
        start = np.where(s > 0.25, np.sqrt(df * body / (1.0 - body)), np.sqrt(df * (1.0 - tail) / tail))
        start = np.where(np.isfinite(start) & (start < _FAR * math.sqrt(df)), start, power)
        return np.where(s >= 0.5, 0.0, polish(start, s, self._tail, self._log_density, -1.0))

    def _lower(self, p: Array) -> Array:
        return -self._upper(p)

    def _excess(self, z: Array) -> Array:
        depth = np.abs(z)
        gain = self._upper_moment(depth)
        direct = gain - depth * self._tail(depth)
        return uncancelled(direct, gain, depth, self._tail_excess) + np.maximum(-z, 0.0)

    def _tail_excess(self, z: Array) -> Array:
        tail = self._tail(z)
        reach = np.minimum(tail * np.exp(-self._log_density(z)), z)
        return np.where(tail > 0.0, tail * mean_residual(z, reach, self._log_density), 0.0)

    def _upper_moment(self, z: Array) -> Array:
        r"""$E[Z;Z>z]=\frac{\nu+z^2}{\nu-1}f(z)=\frac{\nu f(0)}{\nu-1}(1+z^2/\nu)^{-(\nu-1)/2}$."""
        df = float(self.df)
        far = np.abs(z) > _FAR * math.sqrt(df)
        square = np.where(far, 1.0, z) ** 2 / df
        growth = np.where(far, 2.0 * np.log(np.abs(z)) - math.log(df), np.log1p(square))
        return df / float(self.df - 1) * np.exp(_log_peak(df) - 0.5 * (df - 1.0) * growth)  # type: ignore[operator]

    def _device_quantile(self) -> DeviceQuantile:
        return tail_table(self, np.arcsinh, "sinh")


def _log_peak(df: float) -> float:
    r"""$\log f(0)=\log\frac{\Gamma((\nu+1)/2)}{\sqrt{\nu\pi}\,\Gamma(\nu/2)}$, by Stirling's series for large df."""
    half = 0.5 * df
    if half < _STIRLING_FROM:
        ratio = math.lgamma(half + 0.5) - math.lgamma(half)
    else:
        inverse = 1.0 / half
        ratio = 0.5 * math.log(half) - inverse / 8 + inverse**3 / 192 - inverse**5 / 640 + 17 * inverse**7 / 14336
    return ratio - 0.5 * math.log(math.pi * df)
