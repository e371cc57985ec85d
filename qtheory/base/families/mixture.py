r"""Mixtures of families."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from qtheory.aliases import NumberLike
from qtheory.base.families.abstract import AbstractFamily, Array, DeviceQuantile
from qtheory.base.families.parameters import plain, positive
from qtheory.base.families.tail_table import tail_table
from qtheory.errors import InvalidInput

_MOST_STEPS = 400
_CELLS = 128  # between components the quantile is steeper than that of any one law
_ROUNDING = 4.0 * float(np.finfo(np.float64).eps)


@final
@dataclass(frozen=True, repr=False)
class Mixture(AbstractFamily):
    r"""The law that draws component i with probability `weights[i]`; its survival is $\sum_iw_iS_i$.

    Args:
        weights: positive, adding up to exactly 1 (write thirds as '1/3').
        components: one family a weight.

    >>> from qtheory.base.families import Normal
    >>> law = Mixture(["0.9", "0.1"], [Normal(0, 1), Normal(5, 1)])
    >>> law.expectation(), law.text()
    (0.5, 'mixture(0.9*normal(0, 1) + 0.1*normal(5, 1))')
    """

    weights: Sequence[NumberLike]
    components: Sequence[AbstractFamily]

    name: ClassVar[str] = "mixture"

    def __post_init__(self) -> None:
        weights = tuple(positive(w, f"weights[{i}]") for i, w in enumerate(self.weights))
        components = tuple(self.components)
        object.__setattr__(self, "weights", weights)
        object.__setattr__(self, "components", components)
        if not all(isinstance(component, AbstractFamily) for component in components):
            raise InvalidInput("a component is not a family", got=components, allowed="families such as Normal(0, 1)")
        if len(weights) != len(components):
            raise InvalidInput("weights and components differ in number", got=(len(weights), len(components)))
        if sum(weights) != 1:
            remedy = "weights are exact: write one third as '1/3', not 0.333"
            raise InvalidInput("weights do not add up to 1", got=str(sum(weights)), allowed="1", remedy=remedy)

    def text(self) -> str:
        pairs = zip(self.weights, self.components, strict=False)
        terms = (f"{plain(weight)}*{part.text()}" for weight, part in pairs)  # type: ignore[arg-type]
        return f"mixture({' + '.join(terms)})"

    def __repr__(self) -> str:
        return f"Mixture({[plain(w) for w in self.weights]}, {list(self.components)})"  # type: ignore[arg-type]

    def _place(self) -> tuple[float, float]:
        return 0.0, 1.0

    def _support(self) -> tuple[float, float]:
        ends = [component.support() for component in self.components]
        return min(low for low, _ in ends), max(high for _, high in ends)

    def _mean(self) -> float:
        places = ((*component._place(), component._mean()) for component in self.components)
        # weight * (loc + scale * mean) keeps nan for "undefined" and inf for "infinite"
        return float(
            sum(float(w) * (loc + scale * mean) for w, (loc, scale, mean) in zip(self.weights, places, strict=False))
        )

    def _blend(self, parts: Callable[[AbstractFamily], Array]) -> Array:
        return sum(float(w) * parts(component) for w, component in zip(self.weights, self.components, strict=False))  # type: ignore[arg-type, return-value]

    def _log_density(self, z: Array) -> Array:
        logs = [np.log(float(w)) + c.log_density(z) for w, c in zip(self.weights, self.components, strict=False)]  # type: ignore[arg-type]
        return np.logaddexp.reduce(logs, axis=0)

    def _survival(self, z: Array) -> Array:
        return np.minimum(self._blend(lambda component: component.survival(z)), 1.0)

    def _cdf(self, z: Array) -> Array:
        return np.minimum(self._blend(lambda component: component.cdf(z)), 1.0)

    def _excess(self, z: Array) -> Array:
        return self._blend(lambda component: component.excess_mean(z))

    def _upper_moment(self, z: Array) -> Array:
        return self._blend(lambda component: component.upper_partial_mean(z))

    def _upper(self, s: Array) -> Array:
        bracket = self._bracket(s, lambda component, tail: component.upper_quantile(tail), 1.0)
        return _invert(s, *bracket, self._survival, self._log_density, -1.0)

    def _lower(self, p: Array) -> Array:
        high, low = self._bracket(p, lambda component, tail: component.lower_quantile(tail), -1.0)
        return _invert(p, low, high, self._cdf, self._log_density, 1.0)

    def _bracket(
        self, tail: Array, quantile: Callable[[AbstractFamily, Array], Array], sign: float
    ) -> tuple[Array, Array]:
        r"""Near and far bounds. $w_iS_i(x)\le s$ for each i, and $w_iS_i(x)\ge s/K$ for some i."""
        near, far, own = [], [], []
        for weight, component in zip(self.weights, self.components, strict=False):
            share = tail / float(weight)  # type: ignore[arg-type]
            near.append(np.where(share < 1.0, sign * quantile(component, np.minimum(share, 1.0)), -np.inf))
            far.append(sign * quantile(component, np.minimum(share / len(self.components), 1.0)))
            own.append(sign * quantile(component, tail))
        nearest = np.maximum(np.max(near, axis=0), np.min(own, axis=0))
        farthest = np.minimum(np.max(far, axis=0), np.max(own, axis=0))
        return sign * nearest, sign * np.maximum(nearest, farthest)

    def _device_quantile(self) -> DeviceQuantile:
        return tail_table(self, np.arcsinh, "sinh", cells_per_octave=_CELLS)


def _invert(
    target: Array,
    low: Array,
    high: Array,
    tail: Callable[[Array], Array],
    log_density: Callable[[Array], Array],
    sign: float,
) -> Array:
    r"""The smallest x in the bracket with `sign * tail(x) >= sign * target`: Newton on logs, kept inside by bisection.

    Bisection takes over where a step leaves the bracket or fails to halve the residual, as it does across a gap
    between components where the density vanishes. Entries that have settled are dropped from the work.
    """
    target, low, high = (np.array(values, dtype=np.float64) for values in np.broadcast_arrays(target, low, high))
    shape, target, low, high = target.shape, target.ravel(), low.ravel(), high.ravel()
    finite = np.isfinite(low) & np.isfinite(high)
    x, residual = np.where(np.isfinite(low), high, low), np.full(target.shape, np.inf)
    x[finite] = 0.5 * low[finite] + 0.5 * high[finite]
    active = np.flatnonzero(finite)
    for _ in range(_MOST_STEPS):
        if not active.size:
            break
        here = x[active]
        value, miss, reach = _residual(target[active], here, tail, log_density)
        reached = sign * value >= sign * target[active]
        low[active], high[active] = np.where(reached, low[active], here), np.where(reached, here, high[active])
        step, middle = here + sign * reach * miss, 0.5 * low[active] + 0.5 * high[active]
        newton = (reach > 0.0) & (step >= low[active]) & (step <= high[active])
        newton &= np.abs(miss) <= 0.5 * residual[active]
        x[active], residual[active] = np.where(newton, step, middle), np.abs(miss)
        small = _ROUNDING * (np.abs(here) + reach)
        closed = high[active] - low[active] <= _ROUNDING * np.abs(here)
        settled = (np.abs(reach * miss) <= small) & (reach > 0.0)
        x[active] = np.where(settled, here, np.where(closed, high[active] if sign < 0 else x[active], x[active]))
        active = active[~(settled | closed)]
    return x.reshape(shape)


def _residual(
    target: Array, x: Array, tail: Callable[[Array], Array], log_density: Callable[[Array], Array]
) -> tuple[Array, Array, Array]:
    """The tail at x, the log ratio of target to it, and the tail over the density (0 where the density is)."""
    value, log_f = tail(x), log_density(x)
    reach = np.where(np.isfinite(log_f), value * np.exp(-log_f), 0.0)
    return value, np.log(target) - np.log(value), np.where(np.isfinite(reach), reach, 0.0)
