r"""Bounds on the mean of a cost under a quantilizer, given the law of the cost under the base.

The exact worst case, over all ways in which the cost can depend on the utility, is the upper mean of the law itself,
`Continuous.upper_mean`. A moment $\lVert c\rVert_p$ gives $q^{-1/p}\lVert c\rVert_p$, an exponential moment gives
$(\log\frac1q + \log E e^{sc})/s$; the best of each is found where the derivative in p or s vanishes.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from qtheory.aliases import NumberLike
from qtheory.base.continuous import Continuous
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.rationals import level, rational

# Enough halvings to separate the last order with a finite moment from the first without, to double precision.
_HALVINGS = 60
_ROOT_TOLERANCE = 1e-13


def moment_bound(law: Continuous, q: NumberLike, p: NumberLike) -> float:
    r"""$q^{-1/p}\lVert c\rVert_p$, Hoelder's bound on the mean cost under a q-quantilizer.

    Args:
        law: the law of the cost, on $[0, \infty)$.
        q: the level; p: the order, at least 1.

    Raises:
        NotAvailable: the moment is infinite, or not known to nine digits.

    >>> round(moment_bound(Continuous("pareto(3)"), "1/100", 2), 9)
    17.320508076
    """
    order = float(rational(p, "p"))
    if order < 1:
        raise InvalidInput("p is not the order of a norm", got=p, allowed="p >= 1")
    moment = _nonnegative(law).expect(lambda c: c**order)
    return math.exp((math.log(moment) - math.log(level(q))) / order)


def best_moment_bound(law: Continuous, q: NumberLike) -> tuple[float, float]:
    r"""The order $p \ge 1$ of the smallest `moment_bound`, and that bound.

    Raises:
        NotAvailable: the bound still falls at the largest order whose moment is known to nine digits.

    >>> [round(x, 7) for x in best_moment_bound(Continuous("pareto(3)"), "1/100")]
    [2.6072451, 12.7574748]
    """
    _nonnegative(law)

    def moments(p: float) -> tuple[float, float]:
        # c^p log c vanishes with c.
        derivative = law.expect(lambda c: c**p * np.log(np.where(c > 0, c, 1.0)))
        return law.expect(lambda c: c**p), derivative

    order = _cheapest(moments, -math.log(level(q)), 1.0)
    return order, moment_bound(law, q, order)


def best_exponential_bound(law: Continuous, q: NumberLike) -> tuple[float, float]:
    r"""The rate $s > 0$ that makes $(\log\frac1q + \log E e^{sc})/s$ smallest, and that bound on the mean cost.

    Source:
        donsker1975, the variational formula.

    Raises:
        InvalidInput: at q = 1 the infimum is the mean, approached as the rate falls to 0.
        NotAvailable: no exponential moment can be computed, or the bound still falls at the largest rate that has one.

    >>> [round(x, 7) for x in best_exponential_bound(Continuous("exponential(1)"), "1/100")]
    [0.8690817, 7.6383521]
    """
    nats = -math.log(level(q))
    if nats == 0:
        raise InvalidInput("the base itself has no best rate", got=q, allowed="q < 1", remedy="use the mean of the law")

    def moments(s: float) -> tuple[float, float]:
        return law.expect(lambda c: np.exp(s * c)), law.expect(lambda c: c * np.exp(s * c))

    rate = _cheapest(moments, nats, 0.0)
    return rate, (nats + math.log(moments(rate)[0])) / rate


def _cheapest(moments: Callable[[float], tuple[float, float]], nats: float, low: float) -> float:
    r"""The minimiser of $(\mathrm{nats} + L(s))/s$ for a convex $L = \log m$: the root of $sL'(s) - L(s) - \mathrm{nats}$."""
    from scipy.optimize import brentq

    def slope(s: float) -> float:
        moment, derivative = moments(s)
        return s * derivative / moment - math.log(moment) - nats

    # At rate 0 it is -nats.
    if low > 0 and slope(low) >= 0:
        return low
    high = _where_it_rises(slope, low)
    return float(brentq(lambda s: -nats if s == 0 else slope(s), low, high, xtol=_ROOT_TOLERANCE))


def _where_it_rises(slope: Callable[[float], float], low: float) -> float:
    """A point at which the slope is positive, short of where the moments end."""
    reached, end, step = low, math.inf, 1.0
    for _ in range(_HALVINGS):
        s = reached + step if end == math.inf else (reached + end) / 2
        try:
            value = slope(s)
        except NotAvailable:
            end = s
            continue
        if value > 0:
            return s
        reached, step = s, 2 * step
    raise NotAvailable(
        "the bound still falls where its moments end, or can no longer be computed",
        got=f"order {reached}",
        remedy="use the upper mean of the law",
    )


def _nonnegative(law: Continuous) -> Continuous:
    if law.support()[0] < 0:
        raise InvalidInput("a cost with a moment bound is at least 0", got=law, allowed="a law on [0, inf)")
    return law
