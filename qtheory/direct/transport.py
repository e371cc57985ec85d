r"""Turning uniform numbers into ranks with a policy's density: $s = G^{-1}(v)$.

Rank and number are pairs (from the top, from the bottom), so that the best of $10^9$ draws,
$s = 1-(1-v)^{1/n}$, keeps all its digits, and so does the worst rank that a policy plays.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np

from qtheory.base.families.abstract import AbstractFamily
from qtheory.base.families.exponential_tilt import tilted
from qtheory.base.rank_quadrature import SMALLEST_RANK, Rank
from qtheory.direct.laws import better, worse
from qtheory.direct.uniforms import RESOLUTION
from qtheory.errors import InvalidLevel, NotAvailable
from qtheory.exact.rationals import exact_text
from qtheory.policies.rank_density import AbstractRankDensity, PoissonBest, TopOfDraws, TopSlice, Window
from qtheory.policies.score_density import ScoreDensity
from qtheory.policies.score_shapes import ExponentialTilt

_MOST_STEPS = 200
# Newton's method is done by then unless the mass is flat or loses digits; halving the bracket takes 60 steps more.
_NEWTON_STEPS = 30
# Where less than this is left, a mass computed as its distance from 1 is used; before, rounding is below 1e-10 of it.
_NEAR_THE_END = 2.0**-20
_ROUNDING = float(np.finfo(float).eps)
_SETTLED = 16 * _ROUNDING


def rank_at(density: AbstractRankDensity, unit: Rank) -> Rank:
    r"""The rank $s$ with $\int_0^s g = v$.

    Args:
        density: of a rank-based policy.
        unit: $v$ and $1-v$.

    Raises:
        InvalidLevel: ranks below `SMALLEST_RANK` would be drawn.
        NotAvailable: the mass could not be inverted.

    >>> from qtheory.policies.rank_density import top_of_draws
    >>> rank = rank_at(top_of_draws(10**9, 1), Rank(np.array([0.5]), np.array([0.5])))
    >>> float(rank.top[0]), float(rank.bottom[0])
    (6.93147180319...e-10, 0.99999999930...)
    """
    require_resolved(density)
    match density:
        case TopSlice():
            q = float(density.q)
            return Rank(q * unit.top, float(1 - density.q) + q * unit.bottom)
        case Window():
            width = float(density.high - density.low)
            return Rank(float(density.low) + width * unit.top, float(1 - density.high) + width * unit.bottom)
        case TopOfDraws() if density.k == 1:
            return _from_log_bottom(_log_bottom(unit) / density.n)
        case TopOfDraws() if density.k == density.n:
            return unit
        case PoissonBest():
            return _from_log_bottom(-_poisson_root(-_log_bottom(unit), float(density.mu)))
        case ScoreDensity():
            return _of_scores(density, unit)
        case _:
            return _inverted(density, unit)


def law_error(density: AbstractRankDensity) -> float:
    """A bound on the Kolmogorov distance between what is drawn and the policy, where it is more than rounding."""
    if not isinstance(density, ScoreDensity) or _tilted(density) is not None:
        return 0.0
    return density.inversion.error


def require_resolved(density: AbstractRankDensity) -> None:
    """Refuse a policy so near to the top that its best ranks leave float64."""
    # compared as it is: the ratio of a tiny level is no float
    if density.supremum != np.inf and density.supremum > RESOLUTION / SMALLEST_RANK:
        least = SMALLEST_RANK / RESOLUTION
        raise InvalidLevel(
            "the ranks that would be drawn cannot be resolved",
            got=f"a density ratio of {exact_text(Fraction(density.supremum))}",
            allowed=f"at most {1 / least:.3g}; for a quantilizer q >= {least:.3g}, for a window its width",
        )


def _of_scores(density: ScoreDensity, unit: Rank) -> Rank:
    """Through the tilted law where it is a family, else through the tabulated mass, whose error is known."""
    law = _tilted(density)
    if law is None:
        return density.inversion.ranks(unit.top)
    action = law.quantile_at(unit.top, unit.bottom)
    return Rank(density.base.survival(action), density.base.cdf(action))


def _tilted(density: ScoreDensity) -> AbstractFamily | None:
    shape = density.shape
    return tilted(density.base.family, shape.rate) if isinstance(shape, ExponentialTilt) else None


def _log_bottom(unit: Rank) -> np.ndarray:
    """log(1 - v) with full relative precision at both ends."""
    near = unit.top <= 0.5
    return np.where(near, np.log1p(-np.where(near, unit.top, 0.0)), np.log(unit.bottom))


def _from_log_bottom(log_bottom: np.ndarray) -> Rank:
    return Rank(-np.expm1(log_bottom), np.exp(log_bottom))


def _poisson_root(target: np.ndarray, mu: float) -> np.ndarray:
    r"""The $r$ with $r+\mu(1-e^{-r})=$ target; concave, so that Newton's method climbs from the left to the root."""
    r = np.maximum(target / (1 + mu), target - mu)
    for _ in range(_MOST_STEPS):
        step = (target - r + mu * np.expm1(-r)) / (1 + mu * np.exp(-r))
        r = r + step
        if np.all(np.abs(step) <= _SETTLED * r):
            return r
    raise NotAvailable("the mass of best-of-Poisson could not be inverted", got=mu)


def _inverted(density: AbstractRankDensity, unit: Rank) -> Rank:
    """By the nearer end: the rank, or its distance from 1, is the unknown, in logarithm."""

    def from_top(target: np.ndarray) -> np.ndarray:
        return _solve(lambda s: better(density, Rank(s, 1 - s)), lambda s: density.at(Rank(s, 1 - s)), target)

    # a policy whose last draws are not near rank 1 has nothing to gain from the distance to it
    reaches = from_top(np.array([1 - _NEAR_THE_END]))[0] > 0.5
    near = (unit.bottom >= _NEAR_THE_END) | (not reaches)
    top, bottom = np.empty_like(unit.top), np.empty_like(unit.top)
    s = from_top(unit.top[near])
    top[near], bottom[near] = s, 1 - s
    b = _solve(lambda b: worse(density, Rank(1 - b, b)), lambda b: density.at(Rank(1 - b, b)), unit.bottom[~near])
    top[~near], bottom[~near] = 1 - b, b
    return Rank(top, bottom)


def _solve(mass: Callable, density: Callable, target: np.ndarray) -> np.ndarray:
    r"""The root of $\log\mathrm{mass}(e^t)=\log\mathrm{target}$: Newton in $t$, bisection where it leaves the bracket."""
    low, high = np.full_like(target, np.log(SMALLEST_RANK)), np.zeros_like(target)
    t = np.log(target)
    open_ = np.arange(target.size)
    for steps in range(_MOST_STEPS):
        gap, newton = _step(mass, density, t[open_], target[open_])
        low[open_] = np.where(gap < 0, t[open_], low[open_])
        high[open_] = np.where(gap >= 0, t[open_], high[open_])
        settled = (np.abs(gap) <= _SETTLED) | (high - low <= _ROUNDING * np.abs(t))[open_]
        inside = (steps < _NEWTON_STEPS) & np.isfinite(newton) & (newton > low[open_]) & (newton < high[open_])
        t[open_] = np.where(settled, t[open_], np.where(inside, newton, (low + high)[open_] / 2))
        open_ = open_[~settled]
        if not open_.size:
            return np.exp(t)
    raise NotAvailable("the mass of a policy could not be inverted", got=target[open_][0], allowed="a continuous mass")


def _step(mass: Callable, density: Callable, t: np.ndarray, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How far the logarithm of the mass is from its target, and where its tangent meets it."""
    x = np.exp(t)
    reached = mass(x)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        gap = np.log(reached / target)
        return gap, t - gap * reached / (x * density(x))
