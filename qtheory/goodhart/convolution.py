r"""Means over one law of functions centred at another, $E[V^k g(u - V)]$, for many $u$ at once.

Between the decades of the ranks of both laws an integrand $v^k f_V(v)\,g(u-v)$ is smooth, whether the tails are powers or
lighter, and wherever the two laws lie. On each such panel two Gauss rules are compared.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from qtheory.base.families.abstract import AbstractFamily
from qtheory.base.families.mixture import Mixture
from qtheory.goodhart.measured import ROUNDING

Kernel = Callable[[np.ndarray], np.ndarray]
COARSE, FINE = 12, 20
# The outermost panels end where less than this of a law's mean is left, or at the last decade.
NEGLIGIBLE = 1e-17
FIRST_DECADES, LAST_DECADES = 17, 120
_CHUNK = 64


def means(family: AbstractFamily, other: AbstractFamily, kernel: Kernel, u: Any) -> tuple[np.ndarray, np.ndarray]:
    r"""$E\,g(u-V)$ and $E[V g(u-V)]$ for each $u$.

    Args:
        family: the law of V, with a mean.
        other: the law whose decades say where g varies.
        kernel: g, vectorised.
        u: points, a 1-d array.

    Returns:
        Values and error bounds, each of shape `[2, len(u)]`. What lies outside of the panels is not in the bounds: it is
        at most `left_out(family)` times the largest value of g.
    """
    points = np.atleast_1d(np.asarray(u, dtype=float))
    parts = [_means(family, other, kernel, points[i : i + _CHUNK]) for i in range(0, points.size, _CHUNK)]
    return np.concatenate([p[0] for p in parts], axis=1), np.concatenate([p[1] for p in parts], axis=1)


@cache
def decades(family: AbstractFamily) -> np.ndarray:
    """The quantiles at the decades of rank from both ends, down to where next to nothing of the mean is left."""
    number = next((k for k in range(FIRST_DECADES, LAST_DECADES) if _beyond(family, k) <= NEGLIGIBLE), LAST_DECADES)
    return quantiles_at_decades(family, number)


@cache
def left_out(family: AbstractFamily) -> float:
    """A bound on the mean of |V| outside the panels."""
    low, high = decades(family)[[0, -1]]
    above, below = (float(p(x)) for p, x in ((family.survival, high), (family.cdf, low)))
    return sum(_beyond(family, int(-np.log10(p))) for p in (above, below) if p > 0)


def _beyond(family: AbstractFamily, number: int) -> float:
    r"""A bound on the mean of |V| beyond rank $10^{-k}$ at both ends: by decades, each at its far end."""
    ranks = 10.0 ** -np.arange(number, 300.0)
    size = np.maximum(np.abs(family.upper_quantile(ranks)), np.abs(family.lower_quantile(ranks)))
    return float(np.sum(ranks[:-1] * np.maximum(size[1:], size[:-1])))


@cache
def quantiles_at_decades(family: AbstractFamily, number: int) -> np.ndarray:
    """The quantiles at decades of rank from both ends, the ends of a bounded support, and the quartiles.

    Of a mixture, those of every component: a narrow one between two others lies at no decade of the whole.
    """
    if isinstance(family, Mixture):
        return np.unique(np.concatenate([quantiles_at_decades(part, number) for part in family.components]))
    ranks = np.concatenate([[0.0], 10.0 ** -np.arange(number, 0, -1.0), [0.25, 0.5]])
    cuts = np.concatenate([family.upper_quantile(ranks), family.lower_quantile(ranks)])
    return np.unique(cuts[np.isfinite(cuts)])


def _means(
    family: AbstractFamily, other: AbstractFamily, kernel: Kernel, u: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    own = decades(family)
    moving = np.clip(u[:, None] - quantiles_at_decades(other, FIRST_DECADES)[None, :], own[0], own[-1])
    cuts = np.sort(np.concatenate([np.broadcast_to(own, (u.size, own.size)), moving], axis=1), axis=1)
    low, width = cuts[:, :-1, None], np.diff(cuts, axis=1)[:, :, None]
    rough, _ = _rule(family, kernel, u, low, width, COARSE)
    fine, size = _rule(family, kernel, u, low, width, FINE)
    error = np.abs(fine - rough).sum(axis=2) + 8 * ROUNDING * size.sum(axis=2)
    return fine.sum(axis=2), error


def components(family: AbstractFamily) -> list[AbstractFamily]:
    """The laws that a mixture mixes, however deep; any other law alone."""
    if isinstance(family, Mixture):
        return [law for part in family.components for law in components(part)]
    return [family]


@cache
def gauss(points: int) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights on [0, 1]."""
    node, weight = np.polynomial.legendre.leggauss(points)
    return (node + 1) / 2, weight / 2


def _rule(
    family: AbstractFamily, kernel: Kernel, u: np.ndarray, low: np.ndarray, width: np.ndarray, points: int
) -> tuple[np.ndarray, np.ndarray]:
    """The integrals over each panel, `[2, len(u), panels]`, and those of the absolute values."""
    node, weight = gauss(points)
    v = low + width * node
    terms = width * weight * family.density(v) * kernel(u[:, None, None] - v)
    first = terms * v
    return np.stack([terms.sum(axis=2), first.sum(axis=2)]), np.stack(
        [np.abs(terms).sum(axis=2), np.abs(first).sum(axis=2)]
    )
