r"""The density of a fresh draw that has to beat the best of n calibration draws."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from qtheory.aliases import Json
from qtheory.base.rank_quadrature import Rank, tanh_sinh_nodes
from qtheory.errors import InvalidInput
from qtheory.exact.elementary import log
from qtheory.exact.enclosure import simplest
from qtheory.policies.estimand import Estimand
from qtheory.policies.rank_densities import functionals
from qtheory.policies.rank_densities.abstract import AbstractRankDensity, Functional, positive_order
from qtheory.policies.rank_densities.sampling import open_uniform

_NODES_A_SIDE = 64
_LEGENDRE_NODES = 48
_MOST_TERMS = 4096


@dataclass(frozen=True)
class BeyondDraws(AbstractRankDensity):
    r"""$g(s) = n\int_s^1 \frac{(1-q)^{n-1}}q\,dq = n\sum_{j\ge n}\frac{(1-s)^j}j$: a base draw given that it beats $n$ others.

    The level $\hat q$ of the best of $n$ draws is $\mathrm{Beta}(1, n)$ and the fresh draw is uniform on the ranks above
    it, so $g(s) = E[\mathbf 1\{s\le\hat q\}/\hat q]$. It is unbounded: $E[1/\hat q] = \infty$.

    >>> BeyondDraws(1).supremum, BeyondDraws(1).chi2()
    (inf, Fraction(1, 1))
    """

    n: int

    def density(self, s: np.ndarray) -> np.ndarray:
        s = np.asarray(s, dtype=float)
        return self.at(Rank(s, 1.0 - s))

    def at(self, rank: Rank) -> np.ndarray:
        return np.exp(self.log_at(rank))

    def log_at(self, rank: Rank) -> np.ndarray:
        s, x = np.atleast_1d(rank.top), np.atleast_1d(rank.bottom)
        near = (s * self.n <= 1.0) & (s <= 0.5)
        with np.errstate(divide="ignore"):
            far = _log_far(self.n, np.where(near, 0.5, s), np.where(near, 0.5, x))
            value = np.where(near, np.log(self.n * _near(self.n, np.where(near, s, 1.0 / self.n))), far)
        return value.reshape(np.shape(rank.top))

    def mass(self, s: Any) -> Any:
        # Either the threshold lies above s, or the fresh draw has to fall into a part s of what it allows.
        if not isinstance(s, Fraction):
            s = np.asarray(s, dtype=float)
            inside = np.clip(s, np.finfo(float).tiny, 1.0)
            with np.errstate(divide="ignore"):
                return np.where(s > 0, s * self.density(inside) - np.expm1(self.n * np.log1p(-s)), 0.0)
        if s == 0:
            return s
        series = sum(((1 - s) ** j / j for j in range(1, self.n)), Fraction(0))
        return simplest(1 - (1 - s) ** self.n - s * self.n * (log(s) + series))

    @property
    def supremum(self) -> float:
        return math.inf

    @property
    def estimand(self) -> Estimand:
        return Estimand("threshold", (("n", str(self.n)), ("k", "1")))

    def sample_rank(self, key: Any, n: int) -> Any:
        import jax

        best, fresh = jax.random.split(key)
        level = -jax.numpy.expm1(jax.numpy.log1p(-open_uniform(best, n)) / self.n)
        return level * open_uniform(fresh, n)

    def power_integral(self, order: Any) -> Functional:
        alpha = positive_order(order)
        if alpha == 1:
            return Fraction(1)
        if alpha == 2 and self.n <= _MOST_TERMS:
            # E[1 / max(q, q')] over two independent levels.
            return 2 * self.n * sum((Fraction(1, j) for j in range(self.n, 2 * self.n)), Fraction(0))
        return functionals.power_integral(self, alpha)

    def to_json(self) -> Json:
        return {"density": "beyond draws", "n": self.n}


def beyond_draws(n: Any) -> BeyondDraws:
    """Validated `BeyondDraws`: at least one draw.

    >>> beyond_draws(3)
    BeyondDraws(n=3)
    """
    if isinstance(n, bool) or not isinstance(n, int) or n < 1:
        raise InvalidInput("n is not a count", got=n, allowed="an integer >= 1")
    return BeyondDraws(n)


def _near(n: int, s: np.ndarray) -> np.ndarray:
    r"""$\int_s^1\frac{(1-q)^{n-1}}q\,dq$ for $ns\le1$: $-\log s-H_{n-1}+\int_0^s\frac{1-(1-q)^{n-1}}q\,dq$, which is smooth."""
    from scipy.special import digamma

    node, weight = np.polynomial.legendre.leggauss(_LEGENDRE_NODES)
    q = s[..., None] * (node + 1.0) / 2.0
    with np.errstate(divide="ignore", invalid="ignore"):
        smooth = np.where(q > 0, -np.expm1((n - 1) * np.log1p(-q)) / q, n - 1.0)
    return -np.log(s) - (digamma(n) + np.euler_gamma) + s / 2.0 * (smooth @ weight)


def _log_far(n: int, s: np.ndarray, x: np.ndarray) -> np.ndarray:
    r"""The logarithm of $n$ times it: $x^n\int_0^1\frac{dp}{s+x(1-p^{1/n})}$ with $x=1-s$, by the tanh-sinh rule."""
    p, complement, weight = tanh_sinh_nodes(_NODES_A_SIDE)
    root_gap = -np.expm1(np.where(p < 0.5, np.log(p), np.log1p(-complement)) / n)
    integral = (1.0 / (s[..., None] + x[..., None] * root_gap)) @ weight
    near = s <= 0.5
    return n * np.where(near, np.log1p(-np.where(near, s, 0.0)), np.log(x)) + np.log(integral)
