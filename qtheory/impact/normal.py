r"""Targeted impact for jointly normal utility and side quantity, in closed form.

$(U, Y)$ is standard bivariate normal with correlation $\rho$, and the quantilizer plays $U > z_q$.
"""

from __future__ import annotations

import math
from itertools import pairwise

from qtheory.aliases import NumberLike
from qtheory.errors import InvalidInput
from qtheory.exact.rationals import level, rational

# The requested relative error of the quadrature; its own estimate is held to a hundred times this.
RELATIVE_ERROR = 1e-13
# Beyond this many standard deviations from its mode the integrand is below 1e-40 of its largest value.
_REACH = 14.0


def both_above(h: float, k: float, rho: NumberLike) -> float:
    r"""$P(X > h, Y > k)$ for standard normals of correlation $\rho$, as $\int_h^\infty\phi(x)\bar\Phi(\cdot)\,dx$.

    The integrand is positive, so the error is relative: at most $10^{-11}$ for probabilities above $10^{-280}$.

    Args:
        h, k: the two thresholds, finite.
        rho: the correlation, in [-1, 1].

    Raises:
        InvalidInput: a correlation outside [-1, 1], or a threshold that is not finite.

    >>> round(both_above(0, 0, "1/2"), 12) == round(1 / 3, 12)
    True
    """
    correlation = float(_correlation(rho))
    if not (math.isfinite(h) and math.isfinite(k)):
        raise InvalidInput("a threshold is not finite", got=(h, k))
    if correlation == 1:
        return _above(max(h, k))
    if correlation == -1:
        return max(0.0, _above(h) - _above(-k)) if h < -k else 0.0
    return _by_quadrature(float(h), float(k), correlation)


def exponential_amplification(q: NumberLike, rho: NumberLike, scale: NumberLike = 1) -> float:
    r"""How much the $q$-quantilizer raises the mean of $e^{sY}$: the factor $\bar\Phi(z_q - \rho s)/q$.

    >>> round(exponential_amplification("1/100", "1/2"), 6), exponential_amplification("1/100", 0)
    (3.389894, 1.0)
    """
    level_, shift = float(level(q)), float(_correlation(rho) * rational(scale, "scale"))
    # At no shift the tail beyond z_q is q itself; inverting and going back would only round.
    return 1.0 if shift == 0 else _above(upper_quantile(level_) - shift) / level_


def tail_amplification(q: NumberLike, rho: NumberLike, threshold: NumberLike) -> float:
    r"""How much the $q$-quantilizer raises the chance of $Y > y$: $P(U > z_q, Y > y)/(q\,\bar\Phi(y))$.

    >>> round(tail_amplification("1/100", "1/2", 2), 6)
    9.838249
    """
    level_, y = float(level(q)), float(rational(threshold, "threshold"))
    if level_ == 1 or _correlation(rho) == 0:
        return 1.0
    return both_above(upper_quantile(level_), y, rho) / (level_ * _above(y))


def smooth_step_cost(threshold: NumberLike, width: NumberLike, rho: NumberLike = 0, q: NumberLike = 1) -> float:
    r"""The mean of $\Phi((Y - t)/s)$ under the $q$-quantilizer: $P(U > z_q, W > t/d)/q$ with $d = \sqrt{1 + s^2}$.

    The cost is the chance that $Y$ plus independent noise of size $s$ exceeds $t$, and $W$ is that sum over $d$, of
    correlation $\rho/d$ with $U$. At $q = 1$ it is the mean under the base.

    >>> round(smooth_step_cost(2, "1/2", "3/10", "1/100"), 7), round(smooth_step_cost(2, "1/2"), 8)
    (0.1334158, 0.03681914)
    """
    level_, spread = float(level(q)), _spread(width)
    edge = float(rational(threshold, "threshold")) / spread
    correlation = float(_correlation(rho)) / spread
    if level_ == 1 or correlation == 0:
        return _above(edge)
    return _by_quadrature(upper_quantile(level_), edge, correlation) / level_


def tilted_step_cost(threshold: NumberLike, width: NumberLike, rho: NumberLike, tilt: NumberLike) -> float:
    r"""The mean of $\Phi((Y - t)/s)$ under the tilt $e^{\lambda U}$, which moves the mean of $Y$ by $\lambda\rho$.

    >>> round(tilted_step_cost(2, "1/2", "3/10", 2), 7)
    0.1052489
    """
    moved = rational(threshold, "threshold") - rational(tilt, "tilt") * _correlation(rho)
    return _above(float(moved) / _spread(width))


def upper_quantile(q: float) -> float:
    r"""$z_q$, the level that a standard normal exceeds with chance $q$; minus infinity at 1."""
    from scipy.special import ndtri

    return -float(ndtri(q))


def _spread(width: NumberLike) -> float:
    size = rational(width, "width")
    if size <= 0:
        raise InvalidInput("width is out of range", got=str(size), allowed="> 0")
    return math.sqrt(1 + float(size) ** 2)


def _correlation(rho: NumberLike):
    value = rational(rho, "rho")
    if not -1 <= value <= 1:
        raise InvalidInput("rho is not a correlation", got=str(value), allowed="-1 <= rho <= 1")
    return value


def _above(x: float) -> float:
    from scipy.special import ndtr

    return float(ndtr(-x))


def _by_quadrature(h: float, k: float, rho: float) -> float:
    from scipy.integrate import quad
    from scipy.special import ndtr

    rest = math.sqrt((1 - rho) * (1 + rho))

    def density(x: float) -> float:
        return math.exp(-x * x / 2) / math.sqrt(2 * math.pi) * float(ndtr((rho * x - k) / rest))

    # The mode lies where both thresholds just bind, or at one of them.
    mode = max(h, min(0.0, k) if rho <= 0 else max(0.0, rho * k), h)
    edges = sorted({x for x in (h, mode, mode + 1, mode + 4, mode + _REACH, k / rho if rho else h) if x >= h})
    pieces = [quad(density, a, b, epsabs=0, epsrel=RELATIVE_ERROR, limit=200) for a, b in pairwise(edges)]
    total, error = math.fsum(p[0] for p in pieces), math.fsum(p[1] for p in pieces)
    assert error <= 100 * RELATIVE_ERROR * total or total == 0, "the quadrature missed its accuracy"
    return total
