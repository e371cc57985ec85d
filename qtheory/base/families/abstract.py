r"""What every family of laws can say about itself, written so that both tails keep their relative precision.

A family is a place and a scale around a *standard law* of $Z$, $X=\mathrm{loc}+\mathrm{scale}\cdot Z$. A concrete
family states the standard law on its support; everything public is written here, once.
"""

from __future__ import annotations

import abc
import math
from collections.abc import Callable
from dataclasses import fields
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from qtheory.base.families.parameters import plain
from qtheory.errors import InvalidInput, NotAvailable

Array = np.ndarray
DeviceQuantile = Callable[[Any, Any], Any]
_HALF = 0.5


class AbstractFamily(abc.ABC):
    r"""A continuous law with density $f$, survival $S(x)=P(X>x)$ and cdf $F=1-S$, as host float64 NumPy functions.

    Methods take scalars or arrays and return the same shape. Probabilities may be as small as $10^{-300}$ at either
    end: `survival` and `upper_quantile` are the pair for the upper tail, `cdf` and `lower_quantile` for the lower.
    """

    name: ClassVar[str]

    # ---- the standard law, on its support ----

    @abc.abstractmethod
    def _place(self) -> tuple[float, float]:
        """`(loc, scale)`."""

    @abc.abstractmethod
    def _support(self) -> tuple[float, float]:
        """Ends of the support of Z."""

    @abc.abstractmethod
    def _mean(self) -> float:
        """E Z; `inf` where infinite, `nan` where undefined."""

    @abc.abstractmethod
    def _log_density(self, z: Array) -> Array:
        """log f(z)."""

    @abc.abstractmethod
    def _survival(self, z: Array) -> Array:
        """P(Z > z), with full relative precision in the upper tail."""

    @abc.abstractmethod
    def _cdf(self, z: Array) -> Array:
        """P(Z <= z), with full relative precision in the lower tail."""

    @abc.abstractmethod
    def _upper(self, s: Array) -> Array:
        """The z with P(Z > z) = s, for 0 <= s <= 1/2."""

    @abc.abstractmethod
    def _lower(self, p: Array) -> Array:
        """The z with P(Z <= z) = p, for 0 <= p <= 1/2."""

    @abc.abstractmethod
    def _excess(self, z: Array) -> Array:
        """E (Z - z)^+ at finite z; called only where E Z is finite."""

    @abc.abstractmethod
    def _upper_moment(self, z: Array) -> Array:
        """E [Z; Z > z]; called only where E Z is finite and used only where loc + scale z <= 0."""

    @abc.abstractmethod
    def _device_quantile(self) -> DeviceQuantile:
        """`(tail, is_upper) -> z` in jnp float32, jittable."""

    # ---- what the world sees ----

    def parameters(self) -> dict[str, Any]:
        """The parameters by name, as exact rationals."""
        return {field.name: getattr(self, field.name) for field in fields(self)}  # type: ignore[arg-type]

    def text(self) -> str:
        """The text form, which `parse_family` reads back."""
        return f"{self.name}({', '.join(str(plain(value)) for value in self.parameters().values())})"

    def __repr__(self) -> str:
        inner = ", ".join(f"{key}={_shown(value)}" for key, value in self.parameters().items())
        return f"{type(self).__name__}({inner})"

    def support(self) -> tuple[float, float]:
        """The ends `(low, high)` of the support, possibly infinite."""
        (loc, scale), (low, high) = self._place(), self._support()
        return loc + scale * low, loc + scale * high

    def expectation(self) -> float:
        r"""$E X$, `inf` where it is infinite.

        Raises:
            NotAvailable: neither tail has a finite mean, so there is no expectation.
        """
        (loc, scale), mean = self._place(), self._mean()
        if math.isnan(mean):
            raise NotAvailable(
                "this law has no mean: both tails are too heavy",
                got=self,
                allowed="a law with E|X| finite, or at least one light tail",
                remedy="upper partial means are +inf; use quantiles, or a lighter tail",
            )
        return loc + scale * mean

    def log_density(self, x: Any) -> Array:
        r"""$\log f(x)$; $-\infty$ off the support."""
        x, z = self._standardised(x)
        low, high = self._support()
        with np.errstate(all="ignore"):
            inside = self._log_density(np.clip(z, low, high)) - math.log(self._place()[1])
        return np.where((z < low) | (z > high) | np.isinf(z), -np.inf, inside)[()]

    def density(self, x: Any) -> Array:
        r"""$f(x)$."""
        return np.exp(self.log_density(x))

    def survival(self, x: Any) -> Array:
        r"""$S(x)=P(X>x)$, tail-safe."""
        _, z = self._standardised(x)
        with np.errstate(all="ignore"):
            return self._survival(np.clip(z, *self._support()))[()]

    def cdf(self, x: Any) -> Array:
        r"""$F(x)=P(X\le x)$, safe in the lower tail."""
        _, z = self._standardised(x)
        with np.errstate(all="ignore"):
            return self._cdf(np.clip(z, *self._support()))[()]

    def upper_quantile(self, s: Any) -> Array:
        r"""$u(s)=\inf\{t:P(X>t)\le s\}$ for $0\le s\le1$."""
        s = _probabilities(s)
        return self.quantile_at(s, 1.0 - s)

    def lower_quantile(self, p: Any) -> Array:
        r"""The quantile with $P(X\le x)=p$, for $0\le p\le1$; equals `upper_quantile(1 - p)` without the rounding."""
        p = _probabilities(p)
        return self.quantile_at(1.0 - p, p)

    def quantile_at(self, top: Any, bottom: Any) -> Array:
        r"""$u(s)$ at a rank given as both $s$ (`top`) and $1-s$ (`bottom`); the smaller of the two decides."""
        top, bottom = _probabilities(top), _probabilities(bottom)
        loc, scale = self._place()
        with np.errstate(all="ignore"):
            upper, lower = self._upper(np.minimum(top, _HALF)), self._lower(np.minimum(bottom, _HALF))
            return (loc + scale * np.where(top <= bottom, upper, lower))[()]

    def excess_mean(self, t: Any) -> Array:
        r"""$E(X-t)^+$, without cancellation in the tail; `inf` where the mean is."""
        t, z = self._standardised(t)
        low, high = self._support()
        if not math.isfinite(self._mean()):
            return np.where(z < high, np.inf, 0.0)[()]
        finite = np.where(np.isinf(z), 0.0, z)
        with np.errstate(all="ignore"):
            excess = self._excess(np.clip(finite, low, high)) + np.maximum(low - finite, 0.0)
        excess = np.where(z >= high, 0.0, np.where(z == -np.inf, np.inf, excess))
        return (self._place()[1] * np.where(np.isnan(t), np.nan, excess))[()]

    def upper_partial_mean(self, t: Any) -> Array:
        r"""$H(t)=E[X;X>t]$; `inf` where the upper tail is too heavy."""
        t, z = self._standardised(t)
        (loc, scale), (low, high) = self._place(), self._support()
        if not math.isfinite(self._mean()):
            if np.any(t == -np.inf):
                self.expectation()
            return np.where(z < high, np.inf, 0.0)[()]
        with np.errstate(all="ignore"):
            above = t * self.survival(t) + self.excess_mean(t)
            below = loc * self.survival(t) + scale * self._upper_moment(np.clip(z, low, high))
        # for t > 0 both terms of `above` are positive; below, the two parts of the mean must be kept apart
        value = np.where(t > 0.0, above, np.where(z <= low, loc + scale * self._mean(), below))
        return np.where(z >= high, 0.0, value)[()]

    def device_quantile(self) -> DeviceQuantile:
        r"""A jittable $u$ for accelerators: `(tail, is_upper) -> x` in float32.

        Args of the result: `tail` is $\min(s,1-s)$ in $(0,\tfrac12]$ and `is_upper` says whether $s\le\tfrac12$.
        """
        import jax.numpy as jnp

        (loc, scale), standard = self._place(), self._device_quantile()

        def quantile(tail: Any, is_upper: Any) -> Any:
            z = standard(jnp.asarray(tail, jnp.float32), is_upper)
            return jnp.float32(loc) + jnp.float32(scale) * z

        return quantile

    def _standardised(self, x: Any) -> tuple[Array, Array]:
        loc, scale = self._place()
        x = np.asarray(x, dtype=np.float64)
        with np.errstate(all="ignore"):
            return x, (x - loc) / scale


def _probabilities(values: Any) -> Array:
    values = np.asarray(values, dtype=np.float64)
    if not np.all((values >= 0.0) & (values <= 1.0)):
        raise InvalidInput("a probability is outside [0, 1]", got=values, allowed="0 <= s <= 1")
    return values


def _shown(value: Any) -> str:
    return str(plain(value)) if isinstance(value, Fraction) else repr(value)
