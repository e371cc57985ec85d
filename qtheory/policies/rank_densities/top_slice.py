r"""The density of the quantilizer: all the mass on the best ranks, evenly."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from qtheory.aliases import Json
from qtheory.policies.estimand import Estimand
from qtheory.policies.rank_densities.abstract import AbstractRankDensity
from qtheory.policies.rank_densities.sampling import open_uniform
from qtheory.policies.rank_densities.steps import Step


@dataclass(frozen=True)
class TopSlice(AbstractRankDensity):
    r"""$g(s) = \mathbf 1\{s \le q\}/q$: the quantilizer.

    >>> TopSlice(Fraction(1, 4)).mass(Fraction(1, 8))
    Fraction(1, 2)
    >>> TopSlice(Fraction(1, 4)).bhattacharyya()
    Fraction(1, 2)
    """

    q: Fraction

    @property
    def steps(self) -> tuple[Step, ...]:
        top = Step(self.q, 1 / self.q)
        return (top,) if self.q == 1 else (top, Step(1 - self.q, Fraction(0)))

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

    def to_json(self) -> Json:
        return {"density": "top slice", "q": str(self.q)}
