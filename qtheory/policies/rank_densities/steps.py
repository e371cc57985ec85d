r"""Functionals of piecewise constant densities on rank, exactly."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from qtheory.exact.elementary import log, power
from qtheory.exact.enclosure import Enclosure, Value, simplest


class Step(NamedTuple):
    """A stretch of ranks of positive length on which the density is constant."""

    length: Fraction
    height: Fraction


Steps = tuple[Step, ...]


def ends(steps: Steps) -> list[Fraction]:
    """The rank where each step ends."""
    return list(itertools.accumulate(step.length for step in steps))


def inner_ends(steps: Steps) -> tuple[float, ...]:
    """The ranks between two steps."""
    return tuple(float(end) for end in ends(steps)[:-1])


def span(steps: Steps) -> tuple[float, float]:
    """The smallest interval of ranks that carries all the mass."""
    carrying = [(end - step.length, end) for step, end in zip(steps, ends(steps), strict=True) if step.height > 0]
    return float(carrying[0][0]), float(carrying[-1][1])


def support(steps: Steps) -> Fraction:
    """The length of the ranks that are played at all."""
    return sum((step.length for step in steps if step.height > 0), Fraction(0))


def density(steps: Steps, s: np.ndarray) -> np.ndarray:
    """The height at float64 ranks; a step includes its right end."""
    heights = np.array([float(step.height) for step in steps])
    place = np.searchsorted([float(end) for end in ends(steps)], np.asarray(s, dtype=float), side="left")
    return heights[np.minimum(place, len(steps) - 1)]


def mass(steps: Steps, s: Any) -> Any:
    """The integral up to a rank: exact for a `Fraction`, float64 for an array."""
    if not isinstance(s, Fraction):
        knots = np.array([0.0, *map(float, ends(steps))])
        heights = np.array([0.0, *(float(m) for m in itertools.accumulate(a * h for a, h in steps))])
        return np.interp(s, knots, heights)
    total, start = Fraction(0), Fraction(0)
    for length, height in steps:
        total += height * min(max(s - start, Fraction(0)), length)
        start += length
    return total


def top_mass(steps: Steps, t: Any) -> Any:
    """The most mass on ranks of total length t: the highest steps first."""
    return mass(tuple(sorted(steps, key=lambda step: -step.height)), t)


def power_integral(steps: Steps, order: Fraction) -> Value:
    r"""$\int g^\alpha$.

    >>> power_integral((Step(Fraction(1, 4), Fraction(4)), Step(Fraction(3, 4), Fraction(0))), Fraction(1, 2))
    Fraction(1, 2)
    """
    return _sum(a * power(h, order) for a, h in steps if h > 0)


def kl(steps: Steps) -> Value:
    r"""$\int g\log g$."""
    return _sum(a * h * log(h) for a, h in steps if h > 0)


def reverse_kl(steps: Steps) -> Value | float:
    r"""$-\int\log g$."""
    return math.inf if support(steps) < 1 else _sum(-a * log(h) for a, h in steps)


def total_variation(steps: Steps) -> Fraction:
    r"""$\int(g-1)^+$."""
    return sum((a * max(h - 1, Fraction(0)) for a, h in steps), Fraction(0))


def mixed(first: Steps, second: Steps, weight: Fraction) -> Steps:
    """The steps of a mixture that takes the second with this weight.

    >>> whole, half = (Step(Fraction(1), Fraction(1)),), (Step(Fraction(1, 2), Fraction(2)), Step(Fraction(1, 2), Fraction(0)))
    >>> [str(step.height) for step in mixed(whole, half, Fraction(1, 3))]
    ['4/3', '2/3']
    """
    cuts = sorted({*ends(first), *ends(second)})
    starts = [Fraction(0), *cuts[:-1]]
    mix = [(1 - weight) * _height(first, cut) + weight * _height(second, cut) for cut in cuts]
    return tuple(Step(end - start, height) for start, end, height in zip(starts, cuts, mix, strict=True))


def _height(steps: Steps, rank: Fraction) -> Fraction:
    """The height at a rank; a step includes its right end."""
    return next(step.height for step, end in zip(steps, ends(steps), strict=True) if rank <= end)


def _sum(terms: Any) -> Value:
    total: Fraction | Enclosure = Fraction(0)
    for term in terms:
        total = term + total if isinstance(term, Enclosure) else total + term
    return simplest(total)
