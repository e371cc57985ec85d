r"""The model of a part in a world before any hypothesis is looked at: utility, policies, chosen functions, what follows."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from qtheory import symbols as s
from qtheory.checking.bindings import (
    Bound,
    bind_feature,
    largest_ratio,
    ratio_on,
    shape_of,
    symbols_of,
    with_cost_mean,
    worst_case,
)
from qtheory.checking.choices import of_feature
from qtheory.checking.grid import Grid, OnGrid, Seen, Table, flag_on, grid_of, on_grid
from qtheory.checking.model import Model, model_of
from qtheory.exact.enclosure import Value
from qtheory.policies.rank_density import TopOfDraws
from qtheory.statements.claim import Part
from qtheory.symbols import OfAction, Scalar
from qtheory.worlds.library import FEATURE_COSTS, feature
from qtheory.worlds.shapes import AbstractShape, Smooth
from qtheory.worlds.world import Draws, World

# At rank s an action beats a fresh draw with chance 1 - s, half the density of best-of-2.
BEATS = Smooth("chance to beat a draw", TopOfDraws(2, 1), Fraction(1, 2))
Named = dict[OfAction, AbstractShape]


def prepared(part: Part, world: World, bound: Bound, parameters: dict, named: Named) -> Model | None:
    """The model before anything is solved: the utility, the policies, and the free functions as chosen."""
    needs_feature = bool({s.alpha, s.h} & part.symbols) or any(of_feature(part, x) for x in named)
    shapes = [*named.values(), *(x for _, p in bound.policies if (x := shape_of(p, world)) is not None)]
    if world.utility_shape is not None:
        shapes.append(world.utility_shape)
    grid = grid_of(world, [*shapes, feature()] if needs_feature else shapes)
    functions: dict[OfAction, OnGrid] = {s.u: _utility(world, grid)}
    for symbol, policy in bound.policies:
        ratio = ratio_on(policy, world, grid)
        if ratio is not None:
            functions[symbol] = ratio
    for symbol, shape in named.items():
        functions[symbol] = _of_feature(shape, grid) if of_feature(part, symbol) else on_grid(shape, grid)
    functions |= _known_by_rank(part, world, grid)
    scalars: dict[Scalar, Value] = {**parameters, **dict(bound.thresholds)}
    model = model_of(grid, functions, {x: v for x, v in scalars.items() if x in symbols_of(part)})
    return _with_computed(part, bound, model)


def _known_by_rank(part: Part, world: World, grid: Grid) -> dict[OfAction, OnGrid]:
    """The chance to beat a fresh draw, and a place for the mean of the cost given the utility, where rank tells them."""
    known: dict[OfAction, OnGrid] = {}
    for symbol in part.stated_symbols:
        if isinstance(symbol, OfAction) and not world.atoms and symbol.role in ("win_chance", "cost_mean"):
            known[symbol] = on_grid(BEATS, grid)  # the mean of the cost is worked out once the cost is there
    return known


def _utility(world: World, grid: Grid) -> OnGrid:
    if world.atomic:
        values = world.problem.utility
        return Table(tuple(values[row] for row, _ in grid.cells))  # type: ignore[index]
    if world.utility_shape is not None:
        return on_grid(world.utility_shape, grid)
    return Seen(_utility_at, world.utility_bounds)


def _utility_at(draws: Draws) -> np.ndarray:
    return draws.utility


def _of_feature(shape: AbstractShape, grid: Grid) -> Table:
    without, with_it = FEATURE_COSTS[int(shape.average(Fraction(0), Fraction(1), Fraction(1, 2)))]  # type: ignore[arg-type]
    return Table(tuple(with_it if flag else without for flag in flag_on(feature(), grid).values))


def _with_computed(part: Part, bound: Bound, model: Model) -> Model | None:
    functions, scalars = dict(model.function), dict(model.scalar)
    if bound.policies and s.rho in part.stated_symbols:
        largest = largest_ratio(bound.policies[0][1])
        if largest is None:
            return None
        scalars[s.rho] = largest
    if bound.policies and {s.alpha, s.h} & part.stated_symbols:
        moved = bind_feature(part, model, bound.policies[0][0])
        if moved is None:
            return None
        functions[s.h], scalars[s.alpha] = moved
    return with_cost_mean(model_of(model.grid, functions, scalars))


def with_worst(part: Part, bound: Bound, model: Model) -> Model | None:
    """The model with the worst case of the part's cost class, if the part speaks of it; `None` where it is unknown."""
    if s.worst not in part.stated_symbols:
        return model
    value = worst_case(part, bound.policies[0][1], model.scalar)
    return None if value is None else model_of(model.grid, model.function, {**model.scalar, s.worst: value})
