r"""Strata: a partition of the unit interval, finer towards its ends, from which points are drawn one by one.

A function of rank may grow without bound at rank 0 (the best utility) and at rank 1. With strata of equal mass the
variance of a stratified mean is then that of its first stratum, and no estimate of it is any good. With edges at
$w^3$ it spreads over the strata whenever the function has a variance: if it grows like $v^{-\beta}$, the stratum at
$w$ has mass $3w^2/S$ and values that differ by about $3\beta w^{-3\beta-1}/S$, and
$\sum w^4w^{-6\beta-2}$ converges for $\beta < 1/2$.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np

from qtheory.base.rank_quadrature import Rank
from qtheory.errors import InvalidInput

# A graded block counts as much as this many units of log rank when strata are shared out.
_GRADED_LENGTH = 3.0
_HALF = Fraction(1, 2)


@dataclass(frozen=True, eq=False)
class Strata:
    """Neighbouring intervals, from rank 0 on.

    Attributes:
        top: the better end of each, `[S]`.
        bottom: one minus the worse end, `[S]`.
        mass: the length, `[S]`.
    """

    top: np.ndarray
    bottom: np.ndarray
    mass: np.ndarray

    def points(self, unit: Rank) -> Rank:
        """The points at the relative places `unit`, `[S, ...]`, of the strata."""
        shape = (-1,) + (1,) * (unit.top.ndim - 1)
        top, bottom, mass = (side.reshape(shape) for side in (self.top, self.bottom, self.mass))
        return Rank(top + mass * unit.top, bottom + mass * unit.bottom)


def graded(count: int) -> Strata:
    r"""Strata of the unit interval with edges at $w^3(10 - 15w + 6w^2)$: graded like $w^3$ at both ends.

    >>> strata = graded(4)
    >>> strata.mass.round(4).tolist(), float(strata.mass.sum())
    ([0.1035, 0.3965, 0.3965, 0.1035], 1.0)
    """
    w = np.arange(count + 1) / count
    edge = w**3 * (10 - 15 * w + 6 * w**2)
    mass = np.diff(edge)
    # the half that is near 1 mirrors the other, so that nothing is lost by subtracting from 1
    half = count // 2
    mass[count - half :] = mass[:half][::-1]
    return Strata(edge[:-1], edge[::-1][1:], mass)


@lru_cache(maxsize=32)
def of_levels(levels: tuple[Fraction, ...], count: int) -> tuple[Strata, np.ndarray]:
    r"""Strata of the ranks up to the greatest level in which every level is an edge.

    Args:
        levels: increasing, distinct, in (0, 1].
        count: how many strata.

    Returns:
        The strata, and for each level how many of them lie above it.

    Raises:
        InvalidInput: fewer strata than there are levels.

    >>> strata, ends = of_levels((Fraction(1, 100), Fraction(1, 10)), 100)
    >>> [round(float(strata.mass[:end].sum()), 12) for end in ends]
    [0.01, 0.1]
    """
    # the last strata before rank 1 are graded towards it, and begin no earlier than one half
    cuts = sorted({*levels, _HALF}) if levels[-1] == 1 else list(levels)
    counts = _shares(cuts, count)
    blocks = [_top(float(cuts[0]), counts[0])]
    for low, high, share in zip(cuts, cuts[1:], counts[1:], strict=False):
        blocks.append(_low(float(1 - low), share) if high == 1 else _between(float(low), float(high), share))
    place = {q: i for i, q in enumerate(cuts)}
    ends = np.cumsum(counts)[[place[q] for q in levels]]
    sides = [np.concatenate(side) for side in zip(*blocks, strict=True)]
    for side in (*sides, ends):
        side.flags.writeable = False  # they are kept for the next call
    return Strata(*sides), ends


def _shares(cuts: Sequence[Fraction], count: int) -> list[int]:
    """How many strata each block gets: one, and the rest by length in log rank."""
    if count < len(cuts):
        allowed = f"at least {2 * len(cuts)}"
        raise InvalidInput("fewer draws than strata need", got=2 * count, allowed=allowed, remedy="more samples")
    lengths = [_GRADED_LENGTH] + [
        _GRADED_LENGTH if high == 1 else float(np.log(float(high) / float(low)))
        for low, high in itertools.pairwise(cuts)
    ]
    running = np.round(np.cumsum(lengths) / np.sum(lengths) * (count - len(cuts))).astype(int)
    return [int(share) + 1 for share in np.diff(running, prepend=0)]


def _top(q: float, count: int) -> tuple[np.ndarray, ...]:
    edge = q * (np.arange(count + 1) / count) ** 3
    return edge[:-1], 1 - edge[1:], np.diff(edge)


def _between(low: float, high: float, count: int) -> tuple[np.ndarray, ...]:
    edge = low * (high / low) ** (np.arange(count + 1) / count)
    edge[-1] = high
    return edge[:-1], 1 - edge[1:], np.diff(edge)


def _low(bottom: float, count: int) -> tuple[np.ndarray, ...]:
    edge = bottom * (np.arange(count, -1, -1) / count) ** 3
    return 1 - edge[:-1], edge[1:], -np.diff(edge)
