r"""The density of the rule: draw n, pick one of the best k at random."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import comb
from typing import Any

import numpy as np

from qtheory.aliases import Json
from qtheory.base.rank_quadrature import Rank
from qtheory.errors import InvalidInput
from qtheory.exact.elementary import log, power
from qtheory.exact.enclosure import simplest
from qtheory.policies.estimand import Estimand
from qtheory.policies.rank_densities import binomial_tail, functionals
from qtheory.policies.rank_densities.abstract import AbstractRankDensity, Functional, positive_order
from qtheory.policies.rank_densities.sampling import open_uniform

# Integrals of whole powers are exact as long as the power of the polynomial has at most this many terms.
_MOST_TERMS = 4096


@dataclass(frozen=True)
class TopOfDraws(AbstractRankDensity):
    r"""Draw $n$, pick one of the best $k$ at random: $g(s) = \frac nk P(\mathrm{Bin}(n-1, s) \le k-1)$.

    >>> TopOfDraws(2, 1).mass(Fraction(1, 2))
    Fraction(3, 4)
    >>> TopOfDraws(4, 1).bhattacharyya(), TopOfDraws(2, 1).total_variation()
    (Fraction(4, 5), Fraction(1, 4))
    """

    n: int
    k: int

    def density(self, s: np.ndarray) -> np.ndarray:
        from scipy.special import bdtr

        return self.n / self.k * bdtr(self.k - 1, self.n - 1, np.asarray(s, dtype=float))

    def mass(self, s: Any) -> Any:
        # The mass of ranks up to s is E[min(Bin(n, s), k)] / k: how many of the kept lie there.
        if isinstance(s, Fraction) and self.k == 1:
            return 1 - (1 - s) ** self.n
        if isinstance(s, Fraction):
            terms = ((self.k - i) * comb(self.n, i) * s**i * (1 - s) ** (self.n - i) for i in range(self.k))
            return 1 - sum(terms, Fraction(0)) / self.k
        if self.k == 1:
            with np.errstate(divide="ignore"):
                return -np.expm1(self.n * np.log1p(-np.asarray(s, dtype=float)))
        from scipy.special import bdtr, bdtrc

        s = np.asarray(s, dtype=float)
        return self.n / self.k * s * bdtr(self.k - 2, self.n - 1, s) + bdtrc(self.k - 1, self.n, s)

    @property
    def supremum(self) -> Fraction:
        return Fraction(self.n, self.k)

    @property
    def estimand(self) -> Estimand:
        return Estimand.rule(self.n, self.k)

    def sample_rank(self, key: Any, n: int) -> Any:
        import jax

        key, pick = jax.random.split(key)
        if self.k == 1:
            return -jax.numpy.expm1(jax.numpy.log1p(-open_uniform(key, n)) / self.n)
        place = jax.random.randint(pick, (n,), 1, self.k + 1).astype(np.float32)
        return jax.random.beta(key, place, self.n + 1 - place)

    def at(self, rank: Rank) -> np.ndarray:
        return self.n / self.k * binomial_tail.tail(self.n - 1, self.k, rank)

    def log_at(self, rank: Rank) -> np.ndarray:
        return np.log(self.n / self.k) + binomial_tail.log_tail(self.n - 1, self.k, rank)

    def power_integral(self, order: Any) -> Functional:
        alpha = positive_order(order)
        if self.k == 1:
            return simplest(power(Fraction(self.n), alpha) / (alpha * (self.n - 1) + 1))
        if self.k == self.n:
            return Fraction(1)
        if alpha.denominator == 1 and alpha * self.k <= _MOST_TERMS:
            polynomial = binomial_tail.power_integral(self.n - 1, self.k, alpha.numerator)
            return Fraction(self.n, self.k) ** alpha.numerator * polynomial
        return functionals.power_integral(self, alpha)

    def kl(self) -> Functional:
        if self.k == 1:
            return simplest(log(Fraction(self.n)) - Fraction(self.n - 1, self.n))
        return Fraction(0) if self.k == self.n else binomial_tail.entropy(self.n, self.k)

    def reverse_kl(self) -> Functional:
        if self.k == 1:
            return simplest(self.n - 1 - log(Fraction(self.n)))
        return Fraction(0) if self.k == self.n else functionals.reverse_kl(self)

    def total_variation(self) -> Functional:
        if self.k == self.n:
            return Fraction(0)
        if self.k == 1:
            return simplest(Fraction(self.n - 1, self.n) * power(Fraction(self.n), Fraction(-1, self.n - 1)))
        return functionals.total_variation(self)

    def to_json(self) -> Json:
        return {"density": "top of draws", "n": self.n, "k": self.k}


def top_of_draws(n: int, k: int) -> TopOfDraws:
    """Validated `TopOfDraws`: integers with 1 <= k <= n."""
    for name, value in (("n", n), ("k", k)):
        if isinstance(value, bool) or not isinstance(value, int):
            raise InvalidInput(f"{name} is not a count", got=value, allowed="an integer >= 1")
    if not 1 <= k <= n:
        raise InvalidInput("one cannot keep k of n draws", got=f"k={k}, n={n}", allowed="1 <= k <= n")
    return TopOfDraws(n, k)
