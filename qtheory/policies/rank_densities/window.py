r"""The density of the windowed quantilizer: all the mass on a stretch of ranks, evenly."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from qtheory.aliases import Json
from qtheory.errors import InvalidInput
from qtheory.exact.rationals import level, rational
from qtheory.policies.estimand import Estimand
from qtheory.policies.rank_densities import steps
from qtheory.policies.rank_densities.abstract import AbstractRankDensity
from qtheory.policies.rank_densities.sampling import open_uniform
from qtheory.policies.rank_densities.steps import Step


@dataclass(frozen=True)
class Window(AbstractRankDensity):
    r"""$g(s) = \mathbf 1\{l < s \le h\}/(h-l)$ with $0 \le l < h \le 1$: the top is cut off, so it may rise.

    >>> Window(Fraction(1, 4), Fraction(3, 4)).mass(Fraction(1, 2))
    Fraction(1, 2)
    >>> Window(Fraction(1, 4), Fraction(3, 4)).top_mass(Fraction(1, 4))
    Fraction(1, 2)
    """

    low: Fraction
    high: Fraction

    @property
    def is_nonincreasing(self) -> bool:
        return self.low == 0

    @property
    def steps(self) -> tuple[Step, ...]:
        width = self.high - self.low
        every = (Step(self.low, Fraction(0)), Step(width, 1 / width), Step(1 - self.high, Fraction(0)))
        return tuple(step for step in every if step.length > 0)

    def density(self, s: np.ndarray) -> np.ndarray:
        return steps.density(self.steps, s)

    def mass(self, s: Any) -> Any:
        return steps.mass(self.steps, s)

    @property
    def supremum(self) -> Fraction:
        return 1 / (self.high - self.low)

    @property
    def estimand(self) -> Estimand:
        return Estimand("window", (("low", str(self.low)), ("high", str(self.high))))

    def sample_rank(self, key: Any, n: int) -> Any:
        return np.float32(self.low) + open_uniform(key, n) * np.float32(self.high - self.low)

    def to_json(self) -> Json:
        return {"density": "window", "low": str(self.low), "high": str(self.high)}


def window(low: Any, high: Any) -> Window:
    """Validated `Window`: levels with 0 <= low < high <= 1.

    >>> window("1/4", 1)
    Window(low=Fraction(1, 4), high=Fraction(1, 1))
    """
    lower, upper = rational(low, "low"), level(high, "high")
    if not 0 <= lower < upper:
        raise InvalidInput("not a window of ranks", got=f"({lower}, {upper}]", allowed="0 <= low < high <= 1")
    return Window(lower, upper)
