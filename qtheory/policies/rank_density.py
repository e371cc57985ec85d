r"""Densities on the top rank $s \in (0, 1]$: what a rank-based policy is, before it meets a problem.

Rank 0 is best, and under the base the rank is uniform. A density $g$ gives an action level with ranks $(G, G+T]$
the density ratio $w = \frac1T \int_G^{G+T} g$, which is why every policy here states the integral of its density.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from fractions import Fraction
from math import comb
from typing import Any

import numpy as np

from qtheory.aliases import Json
from qtheory.errors import DocumentError, InvalidInput
from qtheory.exact.documents import field
from qtheory.exact.elementary import log
from qtheory.exact.enclosure import Enclosure
from qtheory.exact.rationals import level
from qtheory.policies.estimand import Estimand


class AbstractRankDensity(ABC):
    r"""A nonincreasing density $g$ on the top rank."""

    @abstractmethod
    def density(self, s: np.ndarray) -> np.ndarray:
        """$g(s)$ at float64 ranks."""

    @abstractmethod
    def mass(self, s: Any) -> Any:
        r"""$\int_0^s g$: exact for a `Fraction`, float64 for an array."""

    @property
    @abstractmethod
    def supremum(self) -> Fraction:
        r"""$g(0+)$, the largest density ratio on a base without atoms."""

    @property
    @abstractmethod
    def estimand(self) -> Estimand: ...

    @abstractmethod
    def sample_rank(self, key: Any, n: int) -> Any:
        """Draw `n` float32 ranks with this density (JAX)."""

    @abstractmethod
    def power_mean(self, order: int) -> Fraction:
        r"""$\int_0^1 g^m$ for an integer $m \ge 1$, exactly."""

    @abstractmethod
    def kl(self) -> Fraction | Enclosure | float:
        r"""$\int_0^1 g \log g$, an enclosure where there is a closed form, else float64."""

    @abstractmethod
    def total_variation(self) -> Fraction | float:
        r"""$\int_0^1 (g - 1)^+$."""

    @abstractmethod
    def to_json(self) -> Json: ...


@dataclass(frozen=True)
class TopSlice(AbstractRankDensity):
    r"""$g(s) = \mathbf 1\{s \le q\}/q$: the quantilizer.

    >>> TopSlice(Fraction(1, 4)).mass(Fraction(1, 8))
    Fraction(1, 2)
    """

    q: Fraction

    def density(self, s: np.ndarray) -> np.ndarray:
        return np.where(np.asarray(s) <= float(self.q), 1 / float(self.q), 0.0)

    def mass(self, s: Any) -> Any:
        return min(s / self.q, Fraction(1)) if isinstance(s, Fraction) else np.minimum(s / float(self.q), 1.0)

    @property
    def supremum(self) -> Fraction:
        return 1 / self.q

    @property
    def estimand(self) -> Estimand:
        return Estimand.ideal(self.q)

    def sample_rank(self, key: Any, n: int) -> Any:
        return open_uniform(key, n) * np.float32(self.q)

    def power_mean(self, order: int) -> Fraction:
        return self.q ** (1 - order)

    def kl(self) -> Fraction | Enclosure:
        return log(1 / self.q)

    def total_variation(self) -> Fraction:
        return 1 - self.q

    def to_json(self) -> Json:
        return {"density": "top slice", "q": str(self.q)}


@dataclass(frozen=True)
class TopOfDraws(AbstractRankDensity):
    r"""Draw $n$, pick one of the best $k$ at random: $g(s) = \frac nk P(\mathrm{Bin}(n-1, s) \le k-1)$.

    >>> TopOfDraws(2, 1).mass(Fraction(1, 2))
    Fraction(3, 4)
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
            terms = (min(i, self.k) * comb(self.n, i) * s**i * (1 - s) ** (self.n - i) for i in range(1, self.n + 1))
            return sum(terms, Fraction(0)) / self.k
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
            return -jax.numpy.expm1(jax.numpy.log(open_uniform(key, n)) / self.n)
        place = jax.random.randint(pick, (n,), 1, self.k + 1).astype(np.float32)
        return jax.random.beta(key, place, self.n + 1 - place)

    def power_mean(self, order: int) -> Fraction:
        if self.k == 1:
            return Fraction(self.n**order, order * (self.n - 1) + 1)
        return Fraction(self.n, self.k) ** order * _power_of_binomial_tail(self.n, self.k, order)

    def kl(self) -> Fraction | Enclosure | float:
        if self.k == 1:
            return log(Fraction(self.n)) - Fraction(self.n - 1, self.n)
        return 0.0 if self.k == self.n else _entropy_by_panels(self.n, self.k)

    def total_variation(self) -> float:
        from scipy.optimize import brentq

        if self.k == self.n:
            return 0.0
        crossing = brentq(lambda s: float(self.density(s)) - 1, 0, 1, xtol=1e-16, rtol=1e-15)
        return float(self.mass(np.float64(crossing)) - crossing)

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


def rank_density_from_json(document: Json) -> AbstractRankDensity:
    kind = field(document, "density")
    if kind == "top slice":
        return TopSlice(level(field(document, "q")))
    if kind == "top of draws":
        return top_of_draws(field(document, "n"), field(document, "k"))
    raise DocumentError("not a rank density", got=kind, allowed='"top slice" or "top of draws"')


def open_uniform(key: Any, n: int) -> Any:
    """Uniform float32 on (0, 1) from 64 random bits, with full relative precision near 0."""
    import jax
    import jax.numpy as jnp

    words = jax.random.bits(key, (2, n), dtype=np.uint32).astype(np.float32)
    value = words[0] * np.float32(2.0**-32) + (words[1] + np.float32(0.5)) * np.float32(2.0**-64)
    return jnp.minimum(value, np.float32(1 - 2.0**-24))


def _power_of_binomial_tail(n: int, k: int, order: int) -> Fraction:
    """The integral of P(Bin(n-1, s) <= k-1)^order over s, by multiplying out the polynomial."""
    base = [comb(n - 1, i) for i in range(k)]
    product = [1]
    for _ in range(order):
        product = [
            sum(product[j] * base[i - j] for j in range(len(product)) if 0 <= i - j < k)
            for i in range(len(product) + k - 1)
        ]
    degree = order * (n - 1)
    # The integral of s^i (1-s)^(d-i) is 1 / ((d+1) * C(d, i)).
    return sum((Fraction(c, (degree + 1) * comb(degree, i)) for i, c in enumerate(product)), Fraction(0))


def _entropy_by_panels(n: int, k: int) -> float:
    """The integral of g log g by Gauss-Legendre on panels scaled to the density's knee at k/n.

    The knee may be a billionth of the range, where panels of a fixed width would step over it.
    """
    from scipy.special import betaincc, xlogy

    far, order = 32, 40
    knees = np.concatenate([np.linspace(0, far, 20 * far + 1), far * 2.0 ** np.arange(1, 1 + n.bit_length())])
    # Towards rank 1 the density vanishes, and x log x with it, so panels shrink there too.
    last = 1 - (1 - k / n) * 0.5 ** np.arange(1, 40)
    edges = np.unique(np.minimum(np.concatenate([knees * (k / n), last, [1.0]]), 1.0))
    nodes, weights = np.polynomial.legendre.leggauss(order)
    low, width = edges[:-1, None], np.diff(edges)[:, None]
    heights = n / k * betaincc(k, n - k, low + width * (nodes + 1) / 2)
    return float(np.sum(width * weights / 2 * xlogy(heights, heights)))
