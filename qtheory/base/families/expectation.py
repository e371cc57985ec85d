r"""Integrals over the top rank of a family, $\int f(u(s))\,g(s)\,ds$."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from qtheory.base.families.abstract import AbstractFamily
from qtheory.base.families.mixture import Mixture
from qtheory.base.rank_quadrature import Rank, RankIntegral, integrate_rank

Function = Callable[[np.ndarray], np.ndarray]
RankFunction = Callable[[Rank], np.ndarray]


def integrate_family(
    family: AbstractFamily,
    f: Function,
    g: RankFunction,
    low: float = 0.0,
    high: float = 1.0,
    *,
    breaks: Sequence[float] = (),
) -> RankIntegral:
    r"""$\int_{\mathrm{low}}^{\mathrm{high}}f(u(s))\,g(s)\,ds$.

    A mixture is integrated over the ranks of each component in turn, $ds=\sum_iw_i\,ds_i$: the quantile functions
    of the components are smooth where that of the mixture is steep, and nothing has to be inverted numerically.

    Args:
        family: the law, with upper quantile u.
        f: vectorised function of the value.
        g: vectorised function of the rank.
        low: lower end of the ranks.
        high: upper end of the ranks.
        breaks: ranks where the integrand jumps or has a kink.

    >>> from qtheory.base.families import Uniform
    >>> integrate_family(Uniform(0, 1), np.square, lambda rank: np.ones_like(rank.top)).value
    0.3333333333333333
    """
    if isinstance(family, Mixture):
        return _mixture(family, f, g, low, high, breaks)

    def integrand(rank: Rank) -> np.ndarray:
        return f(family.quantile_at(rank.top, rank.bottom)) * g(rank)

    return integrate_rank(integrand, low, high, breaks=breaks)


def _mixture(
    family: Mixture, f: Function, g: RankFunction, low: float, high: float, breaks: Sequence[float]
) -> RankIntegral:
    ends = family.upper_quantile(np.array([low, high, *(cut for cut in breaks if low < cut < high)]))

    def of_value(x: np.ndarray) -> np.ndarray:
        return f(x) * g(Rank(family.survival(x), family.cdf(x)))

    mass, parts = 0.0, []
    for weight, component in zip(family.weights, family.components, strict=False):
        first, last, *cuts = (float(rank) for rank in component.survival(ends))
        if first < last:
            part = integrate_family(component, of_value, _one, first, last, breaks=cuts)
            mass += float(weight) * (last - first)
            parts.append((float(weight) * part.value, float(weight) * part.error))
    # next to the end of a bounded support u(s) is rounded more coarsely than s; the mass asked for is known exactly
    share = (high - low) / mass
    return RankIntegral(share * math.fsum(value for value, _ in parts), share * math.fsum(error for _, error in parts))


def _one(rank: Rank) -> np.ndarray:
    return np.ones_like(rank.top)
