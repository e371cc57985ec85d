r"""What every density on the top rank $s \in (0, 1]$ is: a rank-based policy before it meets a problem.

Rank 0 is best, and under the base the rank is uniform. A density $g$ gives an action level with ranks $(G, G+T]$
the density ratio $w = \frac1T \int_G^{G+T} g$, which is why every density here states its own integral. A density may
rise (a window does); it does so only by jumps, at its `breaks`, and between two of them it never rises.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from fractions import Fraction
from typing import Any

import numpy as np

from qtheory.aliases import Json
from qtheory.base.rank_quadrature import Rank
from qtheory.errors import InvalidInput
from qtheory.exact.elementary import log
from qtheory.exact.enclosure import Enclosure, simplest
from qtheory.exact.rationals import rational
from qtheory.policies.estimand import Estimand
from qtheory.policies.rank_densities import functionals, steps
from qtheory.policies.rank_densities.steps import Step

Functional = Fraction | Enclosure | float


class AbstractRankDensity(ABC):
    r"""A probability density $g$ on the top rank.

    Functionals are a `Fraction` where rational in closed form, an `Enclosure` where irrational in closed form, and else
    a float64 quadrature in log rank whose error is checked. They are the divergences of the policy on a base without
    atoms, and bounds on those with atoms.
    """

    @abstractmethod
    def density(self, s: np.ndarray) -> np.ndarray:
        """$g(s)$ at float64 ranks."""

    @abstractmethod
    def mass(self, s: Any) -> Any:
        r"""$\int_0^s g$: exact for a `Fraction` (an `Enclosure` where irrational), float64 for an array."""

    @property
    @abstractmethod
    def supremum(self) -> Fraction | float:
        r"""$\operatorname{ess\,sup} g$, the largest density ratio on a base without atoms; `math.inf` where infinite."""

    @property
    @abstractmethod
    def estimand(self) -> Estimand:
        """Which distribution this is."""

    @abstractmethod
    def sample_rank(self, key: Any, n: int) -> Any:
        """Draw `n` float32 ranks with this density (JAX)."""

    @abstractmethod
    def to_json(self) -> Json:
        """The density as a JSON object."""

    # ---- its shape ----

    @property
    def is_nonincreasing(self) -> bool:
        """Whether $g$ never rises: whether better ranks are never played less."""
        return True

    @property
    def steps(self) -> tuple[Step, ...] | None:
        """The steps of a piecewise constant density, from the best rank on; `None` for others."""
        return None

    @property
    def breaks(self) -> tuple[float, ...]:
        """The ranks strictly inside (0, 1) where $g$ jumps."""
        return () if self.steps is None else steps.inner_ends(self.steps)

    @property
    def span(self) -> tuple[float, float]:
        """The ends of an interval of ranks that carries all the mass."""
        return (0.0, 1.0) if self.steps is None else steps.span(self.steps)

    def at(self, rank: Rank) -> np.ndarray:
        """$g$ at ranks given by both $s$ and $1-s$; densities that vanish at rank 1 use the second."""
        return self.density(rank.top)

    def log_at(self, rank: Rank) -> np.ndarray:
        r"""$\log g$ at ranks given by both $s$ and $1-s$, also where $g$ is too small for a float."""
        with np.errstate(divide="ignore"):
            return np.log(self.at(rank))

    # ---- its functionals ----

    def top_mass(self, t: Any) -> Any:
        r"""$\sup\{\int_A g : \lvert A\rvert = t\}$, the most mass on ranks of length t; `mass` where $g$ never rises."""
        if self.is_nonincreasing:
            return self.mass(t)
        return steps.top_mass(self.steps, t) if self.steps is not None else functionals.top_mass(self, t)

    def power_integral(self, order: Any) -> Functional:
        r"""$\int_0^1 g^\alpha$ for a real order $\alpha > 0$; rational orders are read exactly (0.5 is 1/2)."""
        alpha = positive_order(order)
        if self.steps is not None:
            return steps.power_integral(self.steps, alpha)
        return Fraction(1) if alpha == 1 else functionals.power_integral(self, alpha)

    def kl(self) -> Functional:
        r"""$\int_0^1 g \log g$."""
        return steps.kl(self.steps) if self.steps is not None else functionals.kl(self)

    def reverse_kl(self) -> Functional:
        r"""$\mathrm{KL}(\gamma\|\pi) = -\int_0^1 \log g$, infinite where $g$ vanishes on a set of positive length."""
        return steps.reverse_kl(self.steps) if self.steps is not None else functionals.reverse_kl(self)

    def total_variation(self) -> Functional:
        r"""$\int_0^1 (g - 1)^+$."""
        return steps.total_variation(self.steps) if self.steps is not None else functionals.total_variation(self)

    def chi2(self) -> Functional:
        r"""$\int_0^1 g^2 - 1$."""
        return self.power_integral(2) - 1

    def bhattacharyya(self) -> Functional:
        r"""$\int_0^1 \sqrt g$, the coefficient; at most 1."""
        return self.power_integral(Fraction(1, 2))

    def renyi(self, order: Any) -> Functional:
        r"""$D_\alpha = \frac1{\alpha-1}\log\int g^\alpha$ for $\alpha \in [0, \infty]$, with its limits at 0, 1 and infinity."""
        if order == math.inf:
            return math.inf if self.supremum == math.inf else _log(self.supremum)
        if order == 0:
            return _log(1 / steps.support(self.steps)) if self.steps is not None else Fraction(0)
        alpha = positive_order(order)
        if alpha == 1:
            return self.kl()
        integral = self.power_integral(alpha)
        return integral if integral == math.inf else _scaled(_log(integral), 1 / (alpha - 1))


def positive_order(order: Any) -> Fraction:
    """A positive order as an exact rational.

    >>> positive_order(0.5)
    Fraction(1, 2)
    """
    if isinstance(order, float) and not math.isfinite(order):
        raise InvalidInput("not an order", got=order, allowed="a positive real number")
    alpha = rational(order, "order")
    if alpha <= 0:
        raise InvalidInput("not an order", got=order, allowed="a positive real number")
    return alpha


def _log(value: Functional) -> Functional:
    return math.log(value) if isinstance(value, float) else simplest(log(value))


def _scaled(value: Functional, factor: Fraction) -> Functional:
    return value * float(factor) if isinstance(value, float) else simplest(value * factor)
