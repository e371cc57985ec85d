r"""Integrals over top rank, $\int_a^b h(s)\,ds$ with $(a,b]\subseteq(0,1]$, to about $10^{-13}$.

In rank a quantile function blows up at the ends: like $s^{-1/\alpha}$ for a power tail, like a power of $\log s$ for a
light one. Each half is written in log rank, $s=b\,e^{-r}$, where the integrand is smooth and decays, and the
tanh-sinh rule is applied in $r$. Halving the step about doubles the number of correct digits, so the change at the
last halving bounds the error; a piece that does not settle is cut in two.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from qtheory.errors import InvalidInput, NotAvailable

SMALLEST_RANK = 1e-300
"""Ranks below this are not visited; what they could add is estimated and counted as error."""

_REACH = 3.3  # at |x| = 3.3 a tanh-sinh node is 1e-18 of the interval away from its end
_FIRST_HALF_COUNT, _LAST_HALF_COUNT = 32, 512
_MOST_SPLITS = 120
_ROUNDING = float(np.finfo(np.float64).eps)
_SETTLED = 32 * _ROUNDING
_WORTH_SPLITTING = 2.0**12 * _ROUNDING  # below this a change may be the integrand's own rounding
_DECADES_FOR_SLOPE = 10.0


@dataclass(frozen=True)
class Rank:
    r"""Top rank `top` $=s$ and `bottom` $=1-s$, each with full relative precision.

    >>> Rank(np.array([1e-20]), np.array([1.0])).top
    array([1.e-20])
    """

    top: np.ndarray
    bottom: np.ndarray


class RankIntegral(NamedTuple):
    """An integral over rank and a bound on its error, both absolute."""

    value: float
    error: float


def tanh_sinh_nodes(half_count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    r"""Nodes $p\in(0,1)$, their complements $1-p$, and weights, for $\int_0^1 g(p)\,dp\approx\sum w\,g(p)$.

    Args:
        half_count: nodes on each side of the centre.

    Returns:
        Three arrays of shape `[2 * half_count + 1]`; nodes and complements are both tail-safe.

    >>> p, complement, weights = tanh_sinh_nodes(32)
    >>> abs(float(np.sum(weights * p**-0.5)) - 2.0) < 1e-7
    True
    """
    step = _REACH / half_count
    x = step * np.arange(-half_count, half_count + 1)
    bend = math.pi * np.sinh(x)
    node, complement = 1.0 / (1.0 + np.exp(-bend)), 1.0 / (1.0 + np.exp(bend))
    return node, complement, step * math.pi * np.cosh(x) * node * complement


def integrate_rank(
    integrand: Callable[[Rank], np.ndarray],
    low: float = 0.0,
    high: float = 1.0,
    *,
    breaks: Sequence[float] = (),
    tolerance: float = 1e-9,
) -> RankIntegral:
    r"""$\int_{\mathrm{low}}^{\mathrm{high}} h(s)\,ds$ with an error bound.

    Args:
        integrand: vectorised $h$; may blow up, integrably, as $s\to0$ and as $s\to1$.
        low: lower end, in $[0,1)$.
        high: upper end, in $(\mathrm{low},1]$.
        breaks: ranks where $h$ jumps or has a kink; the rule is applied between them.
        tolerance: largest accepted error, relative to $\int\lvert h\rvert$.

    Returns:
        The value and its absolute error bound.

    Raises:
        InvalidInput: the ends are not $0\le\mathrm{low}<\mathrm{high}\le1$.
        NotAvailable: $h$ is not finite inside, is not integrable, or cannot be integrated to the tolerance.

    >>> value, error = integrate_rank(lambda rank: -np.log(rank.top), 0.0, 0.1)
    >>> abs(value - 0.1 * (1 + np.log(10))) < 1e-15 and error < 1e-14
    True
    """
    points = _cuts(low, high, breaks)
    sides = [_Side(integrand, a, b) for a, b in itertools.pairwise(points)]
    parts = _refined([_integrate(side, side.near, side.far) for side in sides])
    value, size = math.fsum(part.value for part in parts), math.fsum(part.size for part in parts)
    error = math.fsum(part.error for part in parts) + sum(_remainder(side) for side in sides if side.open)
    if not error <= tolerance * size and size > 0:
        raise NotAvailable(
            "the integral over rank does not converge to the tolerance",
            got=f"error {error:.3g} against an integral of |h| of {size:.3g}",
            allowed=f"a relative error of at most {tolerance:g}",
            remedy="name jumps and kinks in `breaks`; if h grows like 1/s at an end it is not integrable, and if it "
            "grows almost as fast use a closed form",
        )
    return RankIntegral(value, error)


def _cuts(low: float, high: float, breaks: Sequence[float]) -> list[float]:
    if not 0.0 <= low < high <= 1.0:
        raise InvalidInput("not an interval of ranks", got=(low, high), allowed="0 <= low < high <= 1")
    inside = {float(cut) for cut in (*breaks, 0.5) if low < cut < high}
    return sorted({float(low), float(high), *inside})


class _Side:
    """The integrand times rank on one piece inside one half, as a function of the rank from the nearer end."""

    def __init__(self, integrand: Callable[[Rank], np.ndarray], a: float, b: float):
        self.integrand, self.upper = integrand, b <= 0.5
        self.near, far = (b, a) if self.upper else (1.0 - a, 1.0 - b)
        self.far, self.open = max(far, SMALLEST_RANK), far < SMALLEST_RANK

    def __call__(self, tail: np.ndarray) -> np.ndarray:
        rank = Rank(tail, 1.0 - tail) if self.upper else Rank(1.0 - tail, tail)
        with np.errstate(all="ignore"):  # an overflow is caught, with its rank, in the next line
            values = np.asarray(self.integrand(rank), dtype=np.float64)
        _require_finite(values, tail, self.upper)
        return values * tail


class _Part(NamedTuple):
    error: float
    value: float
    size: float
    side: _Side
    near: float
    far: float


def _integrate(side: _Side, near: float, far: float) -> _Part:
    length = math.log1p((near - far) / far) if near < 2.0 * far else math.log(near / far)
    half_count, previous = _FIRST_HALF_COUNT, math.inf
    while True:
        node, _, weight = tanh_sinh_nodes(half_count)
        terms = length * weight * side(near * np.exp(-length * node))
        value, size = float(np.sum(terms)), float(np.sum(np.abs(terms)))
        change = abs(value - previous)
        if change <= _SETTLED * size or half_count >= _LAST_HALF_COUNT:
            return _Part(change + _SETTLED * size, value, size, side, near, far)
        half_count, previous = 2 * half_count, value


def _refined(parts: list[_Part]) -> list[_Part]:
    """Halves, in log rank, the part with the largest error until the rest is rounding: kinks and steep places."""
    for _ in range(_MOST_SPLITS):
        worst = max(parts, key=lambda part: part.error)
        enough = _WORTH_SPLITTING * math.fsum(part.size for part in parts)
        middle = math.sqrt(worst.near) * math.sqrt(worst.far)
        if worst.error <= enough or not worst.far < middle < worst.near:
            break
        parts = [part for part in parts if part is not worst]
        parts += [_integrate(worst.side, worst.near, middle), _integrate(worst.side, middle, worst.far)]
    return parts


def _remainder(side: _Side) -> float:
    r"""Bound on the unvisited end, from the power law $h\,s\sim s^\kappa$ seen in its last ten decades."""
    end, before = np.abs(side(np.array([SMALLEST_RANK, SMALLEST_RANK * 10.0**_DECADES_FOR_SLOPE])))
    if end == 0.0:
        return 0.0
    slope = math.log(before / end) / (_DECADES_FOR_SLOPE * math.log(10.0)) if before > 0.0 else 0.0
    return float(end / slope) if slope > _SETTLED else math.inf


def _require_finite(values: np.ndarray, tail: np.ndarray, upper: bool) -> None:
    bad = ~np.isfinite(np.broadcast_to(values, tail.shape))
    if bad.any():
        where = f"{'s' if upper else '1 - s'} = {tail[bad][0]:.3g}"
        raise NotAvailable(
            "the integrand is not finite",
            got=where,
            allowed="a function that is finite at every rank strictly between 0 and 1",
            remedy="it may grow too fast to be integrable; otherwise integrate over (low, high] without that end",
        )
