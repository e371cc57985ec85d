r"""Where a utility rises and where it falls, made certain by interval arithmetic on its derivatives.

A cell of the grid on which $U'$ keeps away from zero is monotone; one on which $U''$ does has at most one critical point.
Other cells are halved. What is left when they cannot be halved any more is refused.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from qtheory.base.families.abstract import AbstractFamily
from qtheory.base.families.mixture import Mixture
from qtheory.errors import NotAvailable
from qtheory.quadrature.host_functions import HostFunction, compiled
from qtheory.quadrature.interval_arrays import range_of
from qtheory.quadrature.log_odds import rank_at

if TYPE_CHECKING:
    import sympy as sp

# Ranks from 1e-100 on; beyond, the utility is taken to go on as it does at the last point.
_NEAR, _FAR, _CELL = 40.0, 230.0, 0.05
_FAR_CELL = 2.0
_MOST_HALVINGS = 30
_MOST_CELLS = 20_000
_BISECTIONS = 70
_MOST_TURNS = 200


@dataclass(frozen=True, eq=False)
class Slope:
    """Actions from `low` to `high` on which the utility is strictly monotone; points inside, in order, and its values there."""

    points: np.ndarray
    values: np.ndarray

    @property
    def rises(self) -> bool:
        """Whether the utility is largest at the last point."""
        return bool(self.values[-1] > self.values[0])


@dataclass(frozen=True, eq=False)
class Shape:
    """A utility with its derivatives on the host, and its slopes from the lowest action to the highest."""

    utility: HostFunction
    derivative: HostFunction
    second: HostFunction
    slopes: tuple[Slope, ...]


@lru_cache(maxsize=64)
def shape_of(family: AbstractFamily, expression: sp.Expr) -> Shape:
    r"""The slopes of a formula on the support of a law.

    Raises:
        NotAvailable: a plateau, a jump, a pole, or more turns than can be told apart.

    >>> from qtheory.base.families import Normal
    >>> from qtheory.symbols import x
    >>> [round(float(slope.points[-1]), 12) for slope in shape_of(Normal(0, 1), x**3 - 3 * x).slopes][:2]
    [-1.0, 1.0]
    """
    import sympy as sp

    from qtheory.symbols import x

    if expression.has(sp.sign, sp.Piecewise, sp.Abs, sp.Max, sp.Min):
        raise _untold("it has jumps, kinks or plateaus", expression)
    derivative = sp.diff(expression, x)
    functions = [compiled(f) for f in (expression, derivative, sp.diff(derivative, x))]
    grid = _grid(family)
    edges, critical = _certified(expression, derivative, grid)
    points = np.unique(np.concatenate([edges, _critical_points(functions[1], edges, critical)]))
    values = functions[0](points)
    if not np.all(np.isfinite(values)):
        raise _untold("it is not finite", expression)
    return Shape(functions[0], functions[1], functions[2], _slopes(points, values, expression))


def _grid(family: AbstractFamily) -> np.ndarray:
    near = np.linspace(-_NEAR, _NEAR, round(2 * _NEAR / _CELL) + 1)
    far = np.linspace(_NEAR, _FAR, round((_FAR - _NEAR) / _FAR_CELL) + 1)
    rank = rank_at(np.concatenate([-far[::-1], near, far]))
    laws = family.components if isinstance(family, Mixture) else (family,)
    return np.unique(np.concatenate([law.quantile_at(rank.top, rank.bottom) for law in laws]))


def _certified(expression: sp.Expr, derivative: sp.Expr, grid: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A grid fine enough to be certain, and which of its cells may hold one critical point."""
    import sympy as sp

    from qtheory.symbols import x

    second = sp.diff(derivative, x)
    edges, low, high = grid, grid[:-1], grid[1:]
    turning: list[np.ndarray] = []
    for _ in range(_MOST_HALVINGS):
        bounds, curved = range_of(derivative, low, high), range_of(second, low, high)
        steep, bent = (bounds[0] > 0) | (bounds[1] < 0), (curved[0] > 0) | (curved[1] < 0)
        turning.append(low[~steep & bent])
        low, high = low[~steep & ~bent], high[~steep & ~bent]
        if not len(low):
            return edges, np.searchsorted(edges, np.sort(np.concatenate(turning)))
        middle = 0.5 * (low + high)
        edges = np.union1d(edges, middle)
        low, high = np.concatenate([low, middle]), np.concatenate([middle, high])
        if len(low) > _MOST_CELLS:
            break
    raise _untold("its turning points cannot be told apart", expression)


def _critical_points(derivative: HostFunction, edges: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """The sign changes of the derivative in the cells that may have one, by bisection."""
    low, high = edges[cells], edges[cells + 1]
    signs = np.sign(derivative(low))
    turns = signs * np.sign(derivative(high)) <= 0
    low, high, signs = low[turns], high[turns], signs[turns]
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        before = np.sign(derivative(middle)) == signs
        low, high = np.where(before, middle, low), np.where(before, high, middle)
    return 0.5 * (low + high)


def _slopes(points: np.ndarray, values: np.ndarray, expression: sp.Expr) -> tuple[Slope, ...]:
    direction = np.sign(np.diff(values))
    if np.any(direction == 0):
        # next to a turning point neighbours may tie by rounding; such a point is left out
        keep = np.concatenate([[True], direction != 0])
        points, values = points[keep], values[keep]
        direction = np.sign(np.diff(values))
    turns = np.flatnonzero(direction[1:] != direction[:-1]) + 1
    if len(turns) > _MOST_TURNS:
        raise _untold(f"it turns {len(turns)} times", expression)
    cuts = [0, *turns.tolist(), len(points) - 1]
    return tuple(Slope(points[a : b + 1], values[a : b + 1]) for a, b in itertools.pairwise(cuts))


def _untold(why: str, expression: sp.Expr) -> NotAvailable:
    return NotAvailable(
        f"the sets where this utility is large cannot be found: {why}",
        got=str(expression),
        allowed="a smooth formula in x that is nowhere constant and turns a few times",
        remedy="simulate it, or give a utility that increases with the action",
    )
