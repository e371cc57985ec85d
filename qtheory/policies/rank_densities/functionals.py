r"""Functionals of any density on rank, by quadrature in log rank.

Between its jumps a density never rises, so the ranks where it exceeds a height are one stretch next to each jump.
"""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from qtheory.base.rank_quadrature import SMALLEST_RANK, Rank, integrate_rank
from qtheory.errors import NotAvailable

if TYPE_CHECKING:
    from qtheory.policies.rank_densities.abstract import AbstractRankDensity

_BISECTIONS = 200  # the height sought is at least 1e-40 of the largest, or counts for nothing
_ROUNDING = float(np.finfo(np.float64).eps)
_LARGEST_LOG = math.log(np.finfo(np.float64).max)


def power_integral(density: AbstractRankDensity, order: Fraction) -> float:
    r"""$\int g^\alpha$.

    Raises:
        NotAvailable: it is beyond a float64, or does not converge.
    """
    alpha = float(order)
    # The largest value visited is divided out, so that a high power of a large density does not overflow inside.
    first = density.log_at(Rank(np.array([SMALLEST_RANK]), np.array([1.0])))
    scale = float(first[0]) if math.isinf(density.supremum) else math.log(density.supremum)
    integral = _integral(density, lambda rank: np.exp(alpha * (density.log_at(rank) - scale)))
    if alpha * scale + math.log(integral) > _LARGEST_LOG:
        raise NotAvailable("the integral of the power is beyond a float64", got=order, remedy="take a smaller order")
    return math.exp(alpha * scale + math.log(integral))


def kl(density: AbstractRankDensity) -> float:
    r"""$\int g\log g$, as the integral of $g\log g-g+1\ge0$, which does not cancel."""
    from scipy.special import kl_div

    return _integral(density, lambda rank: kl_div(density.at(rank), 1.0))


def reverse_kl(density: AbstractRankDensity) -> float:
    r"""$-\int\log g$, as the integral of $g-1-\log g\ge0$; for densities that vanish nowhere inside."""
    return _integral(density, lambda rank: density.at(rank) - 1.0 - density.log_at(rank))


def total_variation(density: AbstractRankDensity) -> float:
    r"""$\int(g-1)^+$: the mass less the length of the ranks where $g$ exceeds 1."""
    return math.fsum(_mass(density, a, b) - (b - a) for a, b in _above(density, 1.0))


def top_mass(density: AbstractRankDensity, t: Any) -> Any:
    """The most mass on ranks of total length t, float64; of an array, for each of its lengths."""
    lengths = np.asarray(t, dtype=float)
    masses = np.array([_top_mass(density, float(length)) for length in lengths.ravel()])
    return float(masses[0]) if lengths.ndim == 0 else masses.reshape(lengths.shape)


def _top_mass(density: AbstractRankDensity, length: float) -> float:
    if not 0.0 < length < 1.0:
        return min(max(length, 0.0), 1.0)
    height = _height(density, length)
    stretches = _above(density, height)
    # What is missing lies at the height itself: on a flat piece, or within the rounding of the height.
    rest = length - math.fsum(b - a for a, b in stretches)
    return min(1.0, math.fsum(_mass(density, a, b) for a, b in stretches) + height * rest)


def _height(density: AbstractRankDensity, length: float) -> float:
    """The least height, to rounding, that is exceeded on no more than this length of ranks."""
    low, high = 0.0, 1.0 / length  # the upper one is exceeded on less, or the mass were more than one
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        if high - low <= _ROUNDING * high:
            break
        exceeded = math.fsum(b - a for a, b in _above(density, middle))
        low, high = (low, middle) if exceeded <= length else (middle, high)
    return high


def _above(density: AbstractRankDensity, height: float) -> list[tuple[float, float]]:
    """The stretches of ranks where the density exceeds a height, one at the start of each piece."""
    cuts = [0.0, *density.breaks, 1.0]
    found = []
    for start, end in itertools.pairwise(cuts):
        stop = _crossing(density, height, start, end)
        if stop > start:
            found.append((start, stop))
    return found


def _crossing(density: AbstractRankDensity, height: float, start: float, end: float) -> float:
    """Where, on a piece on which it never rises, the density falls to a height: by bisection, in log rank near 0."""
    low, high = max(start, SMALLEST_RANK), end
    if not _exceeds(density, low if start == 0.0 else math.nextafter(start, 1.0), height):
        return start
    if _exceeds(density, math.nextafter(end, 0.0), height):
        return end
    while high - low > _ROUNDING * high:
        middle = 0.5 * (low + high) if high < 2.0 * low else math.sqrt(low) * math.sqrt(high)
        if not low < middle < high:
            break
        low, high = (middle, high) if _exceeds(density, middle, height) else (low, middle)
    return low


def _exceeds(density: AbstractRankDensity, rank: float, height: float) -> bool:
    return bool(density.at(Rank(np.array([rank]), np.array([1.0 - rank])))[0] > height)


def _mass(density: AbstractRankDensity, start: float, end: float) -> float:
    below = density.mass(np.array([start, end], dtype=float))
    return float(below[1] - below[0])


def _integral(density: AbstractRankDensity, integrand: Any) -> float:
    return integrate_rank(integrand, breaks=density.breaks).value
