r"""A truth that is the proxy itself, until the proxy becomes extreme."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from qtheory.aliases import NumberLike
from qtheory.base.families import integrate_family
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.rationals import level, rational
from qtheory.goodhart.independent import BestLevel, read_family
from qtheory.goodhart.measured import Measured, by_formula

_LEVELS = np.concatenate([np.linspace(0.999, 0.1, 60), np.geomspace(0.1, 1e-9, 120)[1:]])


@dataclass(frozen=True)
class ExtremalModel:
    r"""A known relation $V = m(U)$ between truth and proxy, over any continuous law of the proxy.

    Args:
        proxy: the law of U: a family, or its text form.
        relation: m, vectorised.
        breaks: scores at which m jumps or has a kink.

    Source:
        manheim2018 for extremal Goodhart; the two models below are derived here.

    >>> model = ExtremalModel("exponential(1)", lambda u: np.minimum(u, 2.0), breaks=(2.0,))
    >>> round(model.top("1/10").value, 9)
    2.0
    """

    proxy: Any
    relation: Callable[[np.ndarray], np.ndarray]
    breaks: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "proxy", read_family(self.proxy))

    def top(self, q: NumberLike) -> Measured:
        r"""$E[V\mid U\text{ in the top }q]=\frac1q\int_0^q m(u(s))\,ds$.

        >>> round(quadratic_penalty("normal(0, 1)", 1, 1).top("1/2").value, 9)
        0.647204994
        """
        return self._top(float(level(q)))

    def best_level(self) -> BestLevel:
        r"""The $q$ at which the truth is largest: the marginal candidate, of rank $q$, is then worth the average.

        Raises:
            NotAvailable: no interior best level between 0.999 and $10^{-9}$.

        >>> round(quadratic_penalty("normal(0, 1)", 1, 1).best_level().q.value, 8)
        0.14560226
        """
        from scipy.optimize import brentq

        best = int(np.argmax([self._top(q).value for q in _LEVELS]))
        if best in (0, _LEVELS.size - 1):
            raise NotAvailable("there is no interior best level", got=self.proxy)
        low, high = float(_LEVELS[best + 1]), float(_LEVELS[best - 1])
        if not self._marginal(low) >= 0 >= self._marginal(high):
            raise NotAvailable(
                "the best level is not where the marginal candidate is worth the average", got=(low, high)
            )
        q = float(brentq(self._marginal, low, high, xtol=1e-15, rtol=1e-14))
        step = 1e-4 * min(q, 1 - q)
        slope = abs(self._marginal(q + step) - self._marginal(q - step)) / (2 * step)
        value = self._top(q)
        # The root is as good as the values near it, and the value is flat there.
        return BestLevel(Measured(q, 2 * value.error / slope + by_formula(q).error), value)

    def _top(self, q: float) -> Measured:
        ranks = [float(self.proxy.survival(x)) for x in self.breaks]
        inside = [s for s in ranks if 0.0 < s < q]
        found = integrate_family(self.proxy, self.relation, lambda rank: np.ones_like(rank.top), 0.0, q, breaks=inside)
        return Measured(found.value / q, found.error / q)

    def _marginal(self, q: float) -> float:
        score = self.proxy.upper_quantile(np.array([q]))
        return float(self.relation(score)[0]) - self._top(q).value


def quadratic_penalty(proxy: Any, start: NumberLike, strength: NumberLike) -> ExtremalModel:
    r"""$V=U-k((U-u_0)^+)^2$: ever more is lost from $u_0$ on.

    >>> round(quadratic_penalty("normal(0, 1)", 1, 1).top("1/100").value, 9)
    -0.204572774
    """
    first, k = float(rational(start, "start")), float(rational(strength, "strength"))
    return ExtremalModel(proxy, lambda u: u - k * np.maximum(u - first, 0.0) ** 2, (first,))


def regime_change(proxy: Any, threshold: NumberLike, loss: NumberLike) -> ExtremalModel:
    r"""$V=U-L\,\mathbf 1\{U>t\}$: beyond $t$ another regime begins, in which $L$ is lost.

    >>> round(regime_change("normal(0, 1)", 2, 4).top("1/10").value, 9)
    0.844978041
    """
    t, lost = float(rational(threshold, "threshold")), float(rational(loss, "loss"))
    if lost < 0:
        raise InvalidInput("the loss is negative", got=lost, allowed=">= 0")
    return ExtremalModel(proxy, lambda u: u - lost * (u > t), (t,))
