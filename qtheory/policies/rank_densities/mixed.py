r"""The density of a mixture of two rank-based policies."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from qtheory.aliases import Json
from qtheory.base.rank_quadrature import Rank
from qtheory.errors import InvalidInput
from qtheory.exact.enclosure import simplest
from qtheory.exact.rationals import rational
from qtheory.policies.estimand import Estimand
from qtheory.policies.rank_densities import steps
from qtheory.policies.rank_densities.abstract import AbstractRankDensity
from qtheory.policies.rank_densities.sampling import open_uniform
from qtheory.policies.rank_densities.steps import Step


@dataclass(frozen=True)
class Mixed(AbstractRankDensity):
    r"""$g = (1-\theta)\,g_1 + \theta\,g_2$ with $0 < \theta < 1$.

    >>> from qtheory.policies.rank_densities.top_slice import TopSlice
    >>> base, half = TopSlice(Fraction(1)), TopSlice(Fraction(1, 2))
    >>> Mixed(base, half, Fraction(1, 2)).supremum, Mixed(base, half, Fraction(1, 2)).chi2()
    (Fraction(3, 2), Fraction(1, 4))
    """

    first: AbstractRankDensity
    second: AbstractRankDensity
    weight: Fraction

    @property
    def is_nonincreasing(self) -> bool:
        if self.steps is not None:
            return all(a.height >= b.height for a, b in zip(self.steps, self.steps[1:], strict=False))
        return self.first.is_nonincreasing and self.second.is_nonincreasing

    @property
    def steps(self) -> tuple[Step, ...] | None:
        if self.first.steps is None or self.second.steps is None:
            return None
        return steps.mixed(self.first.steps, self.second.steps, self.weight)

    @property
    def breaks(self) -> tuple[float, ...]:
        return tuple(sorted({*self.first.breaks, *self.second.breaks}))

    @property
    def span(self) -> tuple[float, float]:
        (a, b), (c, d) = self.first.span, self.second.span
        return min(a, c), max(b, d)

    def density(self, s: np.ndarray) -> np.ndarray:
        return self._blend(self.first.density(s), self.second.density(s))

    def at(self, rank: Rank) -> np.ndarray:
        return self._blend(self.first.at(rank), self.second.at(rank))

    def log_at(self, rank: Rank) -> np.ndarray:
        theta = float(self.weight)
        return np.logaddexp(np.log1p(-theta) + self.first.log_at(rank), np.log(theta) + self.second.log_at(rank))

    def mass(self, s: Any) -> Any:
        if isinstance(s, Fraction):
            return simplest((1 - self.weight) * self.first.mass(s) + self.weight * self.second.mass(s))
        return self._blend(self.first.mass(s), self.second.mass(s))

    @property
    def supremum(self) -> Fraction | float:
        """Exact where both never rise or both are steps, else float64 at the starts of the pieces."""
        if self.steps is not None:
            return max(step.height for step in self.steps)
        if self.is_nonincreasing:
            return (1 - self.weight) * self.first.supremum + self.weight * self.second.supremum
        if self.first.supremum == np.inf or self.second.supremum == np.inf:
            return np.inf
        starts = np.nextafter(np.array([0.0, *self.breaks]), 1.0)
        return float(self.at(Rank(starts, 1.0 - starts)).max())

    @property
    def estimand(self) -> Estimand:
        parts = (
            ("weight", str(self.weight)),
            ("first", str(self.first.estimand)),
            ("second", str(self.second.estimand)),
        )
        return Estimand("mixture", parts)

    def sample_rank(self, key: Any, n: int) -> Any:
        import jax

        coin, first, second = jax.random.split(key, 3)
        chosen = open_uniform(coin, n) < np.float32(self.weight)
        return jax.numpy.where(chosen, self.second.sample_rank(second, n), self.first.sample_rank(first, n))

    def to_json(self) -> Json:
        parts = {"first": self.first.to_json(), "second": self.second.to_json()}
        return {"density": "mixed", "weight": str(self.weight), **parts}

    def _blend(self, first: Any, second: Any) -> Any:
        theta = float(self.weight)
        return (1.0 - theta) * first + theta * second


def mixed(first: AbstractRankDensity, second: AbstractRankDensity, weight: Any) -> AbstractRankDensity:
    """The mixture that takes the second density with this weight; at weight 0 or 1 one of the two.

    >>> from qtheory.policies.rank_densities.top_slice import TopSlice
    >>> mixed(TopSlice(Fraction(1)), TopSlice(Fraction(1, 2)), 1)
    TopSlice(q=Fraction(1, 2))
    """
    theta = rational(weight, "weight")
    if not 0 <= theta <= 1:
        raise InvalidInput("not the weight of a mixture", got=str(theta), allowed="0 <= weight <= 1")
    if theta in (0, 1):
        return second if theta == 1 else first
    return Mixed(first, second, theta)
