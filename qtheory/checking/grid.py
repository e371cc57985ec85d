r"""Grids: a world cut into cells of exact mass, on which functions of the action are known exactly or within bounds.

A row of a grid is a stretch of ranks, or an action of a finite base; a column is a stretch of the noise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

import numpy as np

from qtheory.exact.enclosure import Enclosure, Value
from qtheory.worlds.shapes import AbstractShape, Smooth, Steps
from qtheory.worlds.world import Draws, World

Row = tuple[Fraction, Fraction]
UNIT = (Fraction(0), Fraction(1))


@dataclass(frozen=True)
class Grid:
    """Cells of ranks and noise.

    Attributes:
        rows: for each row the stretch of ranks (low, high]; for an action that of its level of utility.
        masses: of the rows, under the base.
        noises: the edges of the columns, 0 and 1 included.
        atomic: whether the rows are the actions of a finite base.
    """

    rows: tuple[Row, ...]
    masses: tuple[Fraction, ...]
    noises: tuple[Fraction, ...]
    atomic: bool

    @cached_property
    def weights(self) -> tuple[Fraction, ...]:
        """The mass of each cell, row by row."""
        widths = [b - a for a, b in zip(self.noises, self.noises[1:], strict=False)]
        return tuple(mass * width for mass in self.masses for width in widths)

    @cached_property
    def cells(self) -> tuple[tuple[int, Fraction], ...]:
        """For each cell its row, and a value of the noise inside."""
        middles = [(a + b) / 2 for a, b in zip(self.noises, self.noises[1:], strict=False)]
        return tuple((row, middle) for row in range(len(self.rows)) for middle in middles)

    def cell_of(self, draws: Draws) -> np.ndarray:
        """The cell of each draw."""
        column = np.searchsorted(_floats(self.noises[1:-1]), draws.noise, side="right")
        if self.atomic:
            assert draws.action is not None
            row = draws.action
        else:
            row = np.searchsorted(_floats([high for _, high in self.rows[:-1]]), draws.rank, side="left")
        return row * (len(self.noises) - 1) + column

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.rows, self.masses, self.noises, self.atomic))


def grid_of(world: World, shapes: list[AbstractShape]) -> Grid:
    """The coarsest grid of a world on which the shapes are smooth inside every cell."""
    noises = sorted({*UNIT, *(edge for shape in shapes for edge in shape.noises)})
    if world.atomic:
        return Grid(world.level_spans, world.problem.base.weights, tuple(noises), True)  # type: ignore[attr-defined]
    ranks = sorted({*UNIT, *(edge for shape in shapes for edge in shape.ranks)})
    rows = tuple(pairwise(ranks))
    return Grid(rows, tuple(high - low for low, high in rows), tuple(noises), False)


@dataclass(frozen=True)
class Table:
    """A function that is constant on every cell."""

    values: tuple[Value, ...]

    def box(self, cell: int, low: Fraction, high: Fraction) -> Value:
        return self.values[cell]

    def average(self, cell: int, low: Fraction, high: Fraction) -> Value:
        return self.values[cell]

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash(self.values)


@dataclass(frozen=True)
class Curve:
    """A function of the rank that varies inside cells: its averages over cells are exact, its values are bounded."""

    shape: Smooth

    def box(self, cell: int, low: Fraction, high: Fraction) -> Value | None:
        return self.shape.range(low, high)

    def average(self, cell: int, low: Fraction, high: Fraction) -> Value:
        return self.shape.average(low, high, Fraction(1, 2))


@dataclass(frozen=True)
class Seen:
    """A function that is known at draws alone, and by bounds on all its values, if it has any."""

    of: Callable[[Draws], np.ndarray]
    bounds: tuple[Fraction, Fraction] | None

    def box(self, cell: int, low: Fraction, high: Fraction) -> Value | None:
        return None if self.bounds is None else Enclosure(*self.bounds)

    def average(self, cell: int, low: Fraction, high: Fraction) -> Value | None:
        return None


OnGrid = Table | Curve | Seen


def on_grid(shape: AbstractShape, grid: Grid) -> Table | Curve:
    """A shape on a grid; an action of a finite base has the average over its level's ranks."""
    if isinstance(shape, Smooth) and not grid.atomic:
        return Curve(shape)
    return Table(tuple(shape.average(*grid.rows[row], noise) for row, noise in grid.cells))


def flag_on(shape: Steps, grid: Grid) -> Table:
    """A flag on a grid, as 0 or 1 also where a level of a finite base straddles one of its edges: as at its last rank."""
    last = Fraction(1, 10**9)
    spans = [(max(low, high - last), high) for low, high in grid.rows]
    return Table(tuple(Fraction(round(shape.average(*spans[row], noise))) for row, noise in grid.cells))


def values_at(function: OnGrid, draws: Draws, cells: np.ndarray) -> np.ndarray:
    """A function at draws whose cells are known."""
    if isinstance(function, Table):
        return np.array([float(value) for value in function.values])[cells]
    if isinstance(function, Curve):
        return float(function.shape.factor) * function.shape.density.density(draws.rank)
    return function.of(draws)


def _floats(edges: tuple[Fraction, ...] | list[Fraction]) -> np.ndarray:
    return np.array([float(edge) for edge in edges])
