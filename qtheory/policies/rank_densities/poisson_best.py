r"""The density of best-of-Poisson: the best of a random number of draws."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from qtheory.aliases import Json
from qtheory.base.rank_quadrature import Rank
from qtheory.errors import InvalidInput
from qtheory.exact.elementary import exp, log
from qtheory.exact.enclosure import simplest
from qtheory.exact.rationals import rational
from qtheory.policies.estimand import Estimand
from qtheory.policies.rank_densities import functionals
from qtheory.policies.rank_densities.abstract import AbstractRankDensity, Functional, positive_order
from qtheory.policies.rank_densities.sampling import open_uniform

_DIGITS = 30
# Newton's steps from below: 5 reach the rounding of float32 for every rate up to 1e7; a test counts them.
_NEWTON_STEPS = 8


@dataclass(frozen=True)
class PoissonBest(AbstractRankDensity):
    r"""$g(s) = (1 + \mu(1-s))\,e^{-\mu s}$: the best of $1 + \mathrm{Poisson}(\mu)$ draws.

    >>> PoissonBest(Fraction(1)).supremum, str(PoissonBest(Fraction(1)).mass(Fraction(1, 2)))
    (Fraction(2, 1), '0.6967346701436... +- 2e-38')
    """

    mu: Fraction

    def density(self, s: np.ndarray) -> np.ndarray:
        s = np.asarray(s, dtype=float)
        return self.at(Rank(s, 1.0 - s))

    def at(self, rank: Rank) -> np.ndarray:
        mu = float(self.mu)
        return (1.0 + mu * rank.bottom) * np.exp(-mu * rank.top)

    def log_at(self, rank: Rank) -> np.ndarray:
        mu = float(self.mu)
        return np.log1p(mu * rank.bottom) - mu * rank.top

    def mass(self, s: Any) -> Any:
        if isinstance(s, Fraction):
            return simplest(1 - (1 - s) * exp(-self.mu * s))
        s = np.asarray(s, dtype=float)
        return s - (1.0 - s) * np.expm1(-float(self.mu) * s)

    @property
    def supremum(self) -> Fraction:
        return 1 + self.mu

    @property
    def estimand(self) -> Estimand:
        return Estimand("poisson", (("mu", str(self.mu)),))

    def sample_rank(self, key: Any, n: int) -> Any:
        return rank_at_mass(open_uniform(key, n), float(self.mu))

    def power_integral(self, order: Any) -> Functional:
        alpha = positive_order(order)
        if alpha == 1 or self.mu == 0:
            return Fraction(1)
        return self.chi2() + 1 if alpha == 2 else functionals.power_integral(self, alpha)

    def chi2(self) -> Functional:
        if self.mu == 0:
            return Fraction(0)
        return simplest((self.mu - 1) / 2 + (1 - exp(-2 * self.mu)) / (4 * self.mu))

    def kl(self) -> Functional:
        r"""$\log(1+\mu) - 1 + \frac{e^{-(1+\mu)}}\mu(\mathrm{Ei}(1+\mu) - \mathrm{Ei}(1))$, with the digits that cancel kept."""
        if self.mu == 0:
            return Fraction(0)
        import mpmath

        # For a small rate it is of the order of the rate squared.
        digits = _DIGITS + 2 * max(0, len(str(self.mu.denominator)) - len(str(self.mu.numerator)))
        with mpmath.workdps(digits):
            mu = mpmath.mpf(self.mu.numerator) / self.mu.denominator
            between = mpmath.exp(-(1 + mu)) * (mpmath.ei(1 + mu) - mpmath.ei(1)) / mu
            return float(mpmath.log1p(mu) - 1 + between)

    def reverse_kl(self) -> Functional:
        if self.mu == 0:
            return Fraction(0)
        return simplest(self.mu / 2 + 1 - (1 + 1 / self.mu) * log(1 + self.mu))

    def to_json(self) -> Json:
        return {"density": "poisson best", "mu": str(self.mu)}


def poisson_best(mu: Any) -> PoissonBest:
    """Validated `PoissonBest`: a rate of at least zero.

    >>> poisson_best("1/2")
    PoissonBest(mu=Fraction(1, 2))
    """
    rate = rational(mu, "mu")
    if rate < 0:
        raise InvalidInput("mu is not a rate", got=str(rate), allowed="mu >= 0")
    return PoissonBest(rate)


def rank_at_mass(mass: Any, mu: float) -> Any:
    r"""The float32 rank $s$ with $1-(1-s)e^{-\mu s}$ equal to a mass in (0, 1), with full relative precision near 0.

    With $r=-\log(1-s)$ it solves $r+\mu(1-e^{-r})=-\log(1-\mathrm{mass})$, whose left side is concave: Newton's method
    climbs from the left and never passes the root.

    >>> round(float(rank_at_mass(np.float32(0.75), 0.0)), 6)
    0.75
    """
    import jax.numpy as jnp

    target, rate = -jnp.log1p(-mass), np.float32(mu)
    r = jnp.maximum(target / (1 + rate), target - rate)
    for _ in range(_NEWTON_STEPS):
        r = r + (target - r + rate * jnp.expm1(-r)) / (1 + rate * jnp.exp(-r))
    return -jnp.expm1(-r)
