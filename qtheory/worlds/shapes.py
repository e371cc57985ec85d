r"""Shapes: bounded functions of the top rank and of an independent uniform noise, whose every average is exact.

What a statement leaves free (costs, rivals, other functions of the action) is bound to shapes, so that hypotheses about
means are decided and not guessed.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate

import numpy as np

from qtheory.exact.enclosure import Enclosure, Value
from qtheory.policies.rank_density import AbstractRankDensity

Edges = tuple[Fraction, ...]
HALF = Fraction(1, 2)


class AbstractShape(ABC):
    """A function of rank and noise, both uniform on the unit interval and independent under a base without atoms."""

    name: str

    @property
    @abstractmethod
    def ranks(self) -> Edges:
        """The ranks inside (0, 1) where it jumps."""

    @property
    @abstractmethod
    def noises(self) -> Edges:
        """The values of the noise inside (0, 1) where it jumps."""

    @abstractmethod
    def average(self, low: Fraction, high: Fraction, noise: Fraction) -> Value:
        """Its mean over the ranks in (low, high] at a value of the noise."""

    @abstractmethod
    def scaled(self, factor: Fraction, name: str) -> AbstractShape:
        """A multiple of it, under a name of its own."""


@dataclass(frozen=True)
class Steps(AbstractShape):
    """A function that is constant on the cells of a grid of ranks and noises.

    Args:
        name: for tables; rank_edges, noise_edges: the inner edges of the grid.
        table: a row of values for each stretch of ranks, best ranks first.

    >>> Steps("top", (HALF,), (), ((Fraction(1),), (Fraction(0),))).average(Fraction(0), Fraction(1), HALF)
    Fraction(1, 2)
    """

    name: str
    rank_edges: Edges
    noise_edges: Edges
    table: tuple[tuple[Fraction, ...], ...]

    @property
    def ranks(self) -> Edges:
        return self.rank_edges

    @property
    def noises(self) -> Edges:
        return self.noise_edges

    def average(self, low: Fraction, high: Fraction, noise: Fraction) -> Fraction:
        column = sum(edge <= noise for edge in self.noises)
        ends = (Fraction(0), *self.ranks, Fraction(1))
        parts = zip(ends, ends[1:], self.table, strict=False)
        shared = ((min(b, high) - max(a, low), row[column]) for a, b, row in parts)
        return sum((length * value for length, value in shared if length > 0), Fraction(0)) / (high - low)

    def scaled(self, factor: Fraction, name: str) -> Steps:
        return Steps(name, self.ranks, self.noises, tuple(tuple(factor * x for x in row) for row in self.table))


@dataclass(frozen=True)
class Smooth(AbstractShape):
    r"""A multiple of a density on the rank.

    >>> from qtheory.policies.rank_density import TopOfDraws
    >>> Smooth("best of 2", TopOfDraws(2, 1)).average(Fraction(0), HALF, HALF)
    Fraction(3, 2)
    """

    name: str
    density: AbstractRankDensity
    factor: Fraction = Fraction(1)

    @property
    def ranks(self) -> Edges:
        return tuple(map(simple, self.density.breaks))

    @property
    def noises(self) -> Edges:
        return ()

    def average(self, low: Fraction, high: Fraction, noise: Fraction) -> Value:
        return (self.density.mass(high) - self.density.mass(low)) * (self.factor / (high - low))

    def scaled(self, factor: Fraction, name: str) -> Smooth:
        return Smooth(name, self.density, self.factor * factor)

    def range(self, low: Fraction, high: Fraction) -> Enclosure | None:
        """Bounds on its values over the ranks in (low, high], `None` where it has none.

        Between its breaks a density never rises; its float values are believed to a share of `TRUST`.
        """
        top, bottom = self._bounds(low, high)
        ends = sorted((top * self.factor, bottom * self.factor)) if top is not None else None
        return None if ends is None else Enclosure(*ends)

    def _bounds(self, low: Fraction, high: Fraction) -> tuple[Fraction | None, Fraction]:
        inside = any(low < edge < high for edge in self.ranks)
        bottom = Fraction(0) if inside else Fraction(float(self.density.density(np.asarray(float(high))))) * (1 - TRUST)
        if low > 0 and low not in self.ranks and not inside:
            return Fraction(float(self.density.density(np.asarray(float(low))))) * (1 + TRUST), max(bottom, Fraction(0))
        top = self.density.supremum
        return top if isinstance(top, Fraction) else None, max(bottom, Fraction(0))


TRUST = Fraction(1, 2**30)
_SIMPLE = 10**6


def simple(edge: float) -> Fraction:
    """The simple fraction that a float stands for, or the float itself.

    >>> simple(0.1)
    Fraction(1, 10)
    """
    near = Fraction(edge).limit_denominator(_SIMPLE)
    return near if float(near) == edge else Fraction(edge)


def of_steps(name: str, steps: tuple[tuple[Fraction, Fraction], ...]) -> Steps:
    """A step function of the rank from the lengths and heights of its steps.

    >>> of_steps("half", ((HALF, Fraction(2)), (HALF, Fraction(0)))).ranks
    (Fraction(1, 2),)
    """
    ends = tuple(accumulate(length for length, _ in steps))
    return Steps(name, ends[:-1], (), tuple((height,) for _, height in steps))


def constant(value: Fraction) -> Steps:
    """The same everywhere.

    >>> constant(Fraction(2)).average(Fraction(0), Fraction(1), HALF)
    Fraction(2, 1)
    """
    return Steps(f"constant {value}", (), (), ((value,),))


def of_rank(name: str, *pieces: tuple[Fraction | int, Fraction | int]) -> Steps:
    """A step function of the rank alone, from (where a stretch ends, value on it), the last one ending at 1.

    >>> of_rank("top half", (HALF, 1), (1, 0)).ranks
    (Fraction(1, 2),)
    """
    assert pieces[-1][0] == 1
    ends = tuple(Fraction(end) for end, _ in pieces)
    return Steps(name, ends[:-1], (), tuple((Fraction(value),) for _, value in pieces))


def of_noise(name: str, *pieces: tuple[Fraction | int, Fraction | int]) -> Steps:
    """A step function of the noise alone.

    >>> of_noise("coin", (HALF, 1), (1, 0)).noises
    (Fraction(1, 2),)
    """
    assert pieces[-1][0] == 1
    ends = tuple(Fraction(end) for end, _ in pieces)
    return Steps(name, (), ends[:-1], (tuple(Fraction(value) for _, value in pieces),))
