r"""The truth of the best of n: an integral over the winning score."""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from qtheory.base.families.abstract import AbstractFamily
from qtheory.errors import NotAvailable
from qtheory.goodhart.convolution import (
    FIRST_DECADES,
    components,
    decades,
    gauss,
    left_out,
    means,
    quantiles_at_decades,
)
from qtheory.goodhart.measured import Measured

_COARSE, _FINE = 10, 16
_MOST_ROUNDS = 12
# The accuracy at which refinement stops, relative to the integral of the absolute value.
TARGET = 1e-11
_LOOSEST = 1e-9
# Beyond this many decades of rank, and as many more as n has, nothing is looked for.
_DECADES = 13


class _Panel(NamedTuple):
    """An integral; what two rules differ by, which refinement mends; what rounding may do, which it does not; the size.

    Of the chance that the winner's score lies in the panel: the integral, and what rounding may do.
    """

    value: float
    gap: float
    doubt: float
    size: float
    mass: float
    mass_doubt: float


def winner_mean(truth: AbstractFamily, error: AbstractFamily, n: int) -> Measured:
    r"""$\int E[V f_X(u-V)]\,nF_U(u)^{n-1}\,du$, refined where two Gauss rules differ.

    Args:
        truth: the law of V, with a mean.
        error: the law of X.
        n: the number of draws, at least 2.

    Raises:
        NotAvailable: the integral does not settle.

    >>> from qtheory.base.families import Normal
    >>> round(winner_mean(Normal(0, 1), Normal(0, 1), 2).value, 9) == round((2 * np.pi) ** -0.5, 9)
    True
    """
    cuts, beyond = _cuts(truth, error, n)
    panels = {(a, b): _panel(truth, error, n, a, b) for a, b in pairwise(cuts)}
    for _ in range(_MOST_ROUNDS):
        allowed = TARGET * sum(part.size for part in panels.values()) / len(panels)
        coarse = [ends for ends, part in panels.items() if part.gap > max(allowed, part.doubt)]
        for a, b in coarse:
            del panels[a, b]
            panels |= {ends: _panel(truth, error, n, *ends) for ends in ((a, (a + b) / 2), ((a + b) / 2, b))}
    value, gap, doubt, size, mass, mass_doubt = (math.fsum(part[i] for part in panels.values()) for i in range(6))
    bound = gap + doubt
    if not bound <= _LOOSEST * size:
        raise NotAvailable("the integral over the winning score does not settle", got=f"error {bound:.3g}")
    # Where both rules miss a narrow peak they agree; that every winner has a score shows it.
    if not abs(1 - mass) <= _LOOSEST + mass_doubt:
        raise NotAvailable("the integral over the winning score misses some of it", got=f"total chance {mass:.9g}")
    return Measured(value, bound + max(0.0, abs(1 - mass) - mass_doubt) * size + beyond)


def _cuts(truth: AbstractFamily, error: AbstractFamily, n: int) -> tuple[list[float], float]:
    """Where the integrand changes its scale, and a bound on what lies beyond.

    Above the last cut V or X is beyond its own last decade; below the first the chance of winning is next to nothing.
    """
    own, number = decades(truth), _DECADES + math.ceil(math.log10(n))
    others = quantiles_at_decades(error, number)
    size = 2 * float(truth.excess_mean(0.0)) - truth.expectation()
    rank = min(0.25, 10.0 ** (-(_DECADES + math.log10(n)) / (n - 1)))
    low = float(truth.lower_quantile(rank / 2) + error.lower_quantile(rank / 2))
    high = own[-1] + others[-1]
    moved = [own + x for x in _centres(error)] + [others + v for v in _centres(truth)]
    # Where both laws have spread, a sum goes on for as long as both do.
    ends = [v[[0, -1]] + x[[0, -1]] for v in _each(truth) for x in _each(error)]
    inside = np.unique(np.concatenate(moved + ends))
    cuts = [low, *(float(x) for x in inside if low < x < high), high]
    return cuts, n * (left_out(truth) + (10.0**-number + rank ** (n - 1)) * size)


def _centres(family: AbstractFamily) -> list[float]:
    return [float(part.upper_quantile(0.5)) for part in components(family)]


def _each(family: AbstractFamily) -> list[np.ndarray]:
    return [quantiles_at_decades(part, FIRST_DECADES) for part in components(family)]


def _panel(truth: AbstractFamily, error: AbstractFamily, n: int, a: float, b: float) -> _Panel:
    rough = _rule(truth, error, n, a, b, _COARSE)
    fine = _rule(truth, error, n, a, b, _FINE)
    return fine._replace(gap=abs(fine.value - rough.value))


def _rule(truth: AbstractFamily, error: AbstractFamily, n: int, a: float, b: float, points: int) -> _Panel:
    _, weight = gauss(points)
    first, first_error, density, density_error, above, above_error = _at(truth, error, a, b, points)
    below = 1 - above
    with np.errstate(divide="ignore"):
        chance = n * np.exp((n - 1) * np.where(above < 0.5, np.log1p(-above), np.log(below)))
    steep = np.divide((n - 1) * above_error, below, out=np.zeros_like(below), where=below > above_error)
    doubt = first_error + np.abs(first) * steep
    scale = (b - a) * weight * chance
    sums = (first, doubt, np.abs(first), density, density_error + density * steep)
    value, doubt, size, mass, mass_doubt = (float(scale @ terms) for terms in sums)
    return _Panel(value, 0.0, doubt, size, mass, mass_doubt)


@lru_cache(maxsize=4096)
def _at(truth: AbstractFamily, error: AbstractFamily, a: float, b: float, points: int) -> tuple[np.ndarray, ...]:
    """$E[V f_X(u-V)]$, $f_U(u)$ and $P(U>u)$ with their errors at the nodes of a panel, whatever n is."""
    node, _ = gauss(points)
    u = a + (b - a) * node
    value, doubt = means(truth, error, error.density, u)
    mass, mass_doubt = means(truth, error, error.survival, u)
    return value[1], doubt[1], value[0], doubt[0], np.clip(mass[0], 0.0, 1.0), mass_doubt[0]
