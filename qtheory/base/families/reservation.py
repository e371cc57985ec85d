r"""The reservation value: the root $\tau$ of $E(X-\tau)^+=\varepsilon$."""

from __future__ import annotations

import math

import numpy as np

from qtheory.aliases import NumberLike
from qtheory.base.families.abstract import AbstractFamily
from qtheory.base.families.parameters import positive
from qtheory.errors import NotAvailable

_DEEPEST = 300.0
_PER_DECADE = 2
_MOST_STEPS = 200
_ROUNDING = 2.0 * float(np.finfo(np.float64).eps)


def reservation_value(family: AbstractFamily, budget: NumberLike) -> tuple[float, float]:
    r"""$(\tau,q)$ with $E(X-\tau)^+=\varepsilon$ and $q=P(X\ge\tau)$: the best guarantee and the level that gives it.

    Args:
        family: a law with a finite mean.
        budget: $\varepsilon>0$, the largest expected hidden cost under the base.

    Raises:
        InvalidInput: the budget is not positive.
        NotAvailable: the mean is infinite, so every level guarantees $+\infty$; or $q<10^{-300}$.

    Source: Weitzman 1979 for the reservation price; here the maximin value over costs with mean at most the budget.

    >>> from qtheory.base.families import Exponential
    >>> tau, q = reservation_value(Exponential(1), "0.1")
    >>> round(tau, 12), round(q, 12)
    (2.302585092994, 0.1)
    """
    epsilon = float(positive(budget, "budget"))
    mean, low = family.expectation(), family.support()[0]
    if math.isinf(mean):
        remedy = "use `guarantee(q, eps)` at a level of your choice"
        raise NotAvailable("the mean is infinite, so every level guarantees +inf", got=family, remedy=remedy)
    if epsilon >= mean - low:
        return mean - epsilon, 1.0
    tau = _root(family, epsilon, *_bracket(family, epsilon, mean))
    return tau, float(family.survival(tau))


def _bracket(family: AbstractFamily, epsilon: float, mean: float) -> tuple[float, float]:
    """Thresholds on both sides of the root; mean - epsilon is below it, since E(X - t)^+ >= mean - t."""
    tail = np.logspace(-_DEEPEST, math.log10(0.5), int(_DEEPEST * _PER_DECADE))
    grid = np.concatenate([[mean - epsilon], family.lower_quantile(tail), family.upper_quantile(tail[::-1])])
    grid = np.unique(grid[np.isfinite(grid) & (grid >= mean - epsilon)])
    enough = np.flatnonzero(family.excess_mean(grid) >= epsilon)
    left = int(enough[-1]) if enough.size else 0
    if left == len(grid) - 1:
        remedy = "take a larger budget"
        raise NotAvailable("the best level is below 1e-300", got=epsilon, allowed="a larger budget", remedy=remedy)
    return float(grid[left]), float(grid[left + 1])


def _root(family: AbstractFamily, epsilon: float, low: float, high: float) -> float:
    r"""Newton on $\log E(X-t)^+$, whose derivative is $-S(t)/E(X-t)^+$; bisection where a step leaves the bracket."""
    t = low
    for _ in range(_MOST_STEPS):
        excess, survival = float(family.excess_mean(t)), float(family.survival(t))
        low, high = (t, high) if excess >= epsilon else (low, t)
        usable = excess > 0.0 and survival > 0.0
        step = t + excess / survival * math.log(excess / epsilon) if usable else math.inf
        following = step if low <= step <= high else 0.5 * low + 0.5 * high
        if abs(following - t) <= _ROUNDING * abs(t) or (following in (low, high) and following == t):
            return following
        t = following
    return t
