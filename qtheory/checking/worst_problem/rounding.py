r"""From float32 problems to exact ones with small denominators."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from qtheory import symbols as s
from qtheory.checking.worst_problem.exact_population import edges
from qtheory.checking.worst_problem.population import Found
from qtheory.instances.complete import Choices, free_functions, free_scalars
from qtheory.statements.claim import Part
from qtheory.statements.instance import Row
from qtheory.symbols import Scalar

# Denominators of the masses, and of every other number: coarse first, since simple problems are read more easily.
DENOMINATORS = ((4, 1), (12, 2), (24, 12))
LARGEST_LEVEL_DENOMINATOR = 100


def rounded(part: Part, found: Found, column: int) -> Iterator[Choices]:
    """Exact choices near one problem of a batch, coarse ones first."""
    mass = np.asarray(found.mass)[:, column].astype(float)
    for masses, grid in DENOMINATORS:
        counts = _apportioned(mass, masses)
        kept = [i for i, count in enumerate(counts) if count]
        row = lambda name, grid=grid, kept=kept: _row(found.functions[name], column, kept, grid)
        weights = tuple(Fraction(counts[i], masses) for i in kept)
        utility = row(s.u.name)
        functions = {f: row(f.name) for f in free_functions(part)}
        feature = tuple(int(np.asarray(found.feature)[i, column]) for i in kept)
        for levels in (True, False):
            scalars = {x: _scalar(x, found, column, grid, levels, weights, utility) for x in free_scalars(part)}
            yield Choices(weights, utility, feature, scalars, functions)
            if not any(x.domain == "level" for x in scalars):
                break


def _apportioned(mass: np.ndarray, total: int) -> list[int]:
    """Whole numbers with the given total in proportion to the masses, by largest remainder."""
    exact = mass / mass.sum() * total
    counts = np.floor(exact).astype(int)
    for i in np.argsort(counts - exact, kind="stable")[: total - counts.sum()]:
        counts[i] += 1
    return counts.tolist()


def _row(values: Any, column: int, kept: list[int], grid: int) -> Row:
    return tuple(_near(float(np.asarray(values)[i, column]), grid) for i in kept)


def _near(value: float, grid: int) -> Fraction:
    return Fraction(round(value * grid), grid) if np.isfinite(value) else Fraction(0)


def _scalar(x: Scalar, found: Found, column: int, grid: int, at_edge: bool, weights: Row, utility: Row) -> Fraction:
    value = float(np.asarray(found.scalars[x.name])[column])
    if x.domain == "level":
        places = edges(weights, utility) if at_edge else []
        near = Fraction(value).limit_denominator(LARGEST_LEVEL_DENOMINATOR) or Fraction(1, LARGEST_LEVEL_DENOMINATOR)
        return min(places, key=lambda level: abs(level - near), default=near)
    if x.domain == "count":
        return Fraction(max(1, round(value)))
    low = _near(value, max(grid, 2))
    if x.domain == "unit":
        return min(max(low, Fraction(0)), Fraction(1))
    return max(low, Fraction(1, 2 * grid)) if x.domain == "positive" else low
