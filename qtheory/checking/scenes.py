r"""Scenes: a part of a claim set into a world, with every symbol bound and every hypothesis checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

import numpy as np
import sympy as sp

from qtheory import symbols as s
from qtheory.checking.at_draws import values_of
from qtheory.checking.bindings import (
    Bound,
    bind_feature,
    bind_policies,
    is_ideal,
    largest_ratio,
    ratio_on,
    shape_of,
    symbols_of,
    with_cost_mean,
    worst_case,
)
from qtheory.checking.careful import holds_at_all
from qtheory.checking.choices import (
    combinations,
    feature_costs,
    free_functions,
    levels_of,
    of_feature,
    parameter_choices,
    shapes_for,
    speaks_of_levels,
)
from qtheory.checking.grid import Grid, OnGrid, Seen, Table, flag_on, grid_of, on_grid
from qtheory.checking.model import Model, certain, model_of
from qtheory.checking.settling import settled
from qtheory.checking.streams import FIRST, affordable, draws_of
from qtheory.errors import NotAvailable
from qtheory.exact.enclosure import Value
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.rank_density import TopOfDraws
from qtheory.statements.claim import Part
from qtheory.statements.well_posed import is_pointwise
from qtheory.symbols import OfAction, Scalar
from qtheory.worlds.library import FEATURE_COSTS, feature
from qtheory.worlds.shapes import AbstractShape, Smooth
from qtheory.worlds.world import Draws, World

# At rank s an action beats a fresh draw with chance 1 - s, half the density of best-of-2.
BEATS = Smooth("chance to beat a draw", TopOfDraws(2, 1), Fraction(1, 2))
MOST_TRIES = 24
GUESSES = 3
GLANCE = 256
Named = dict[OfAction, AbstractShape]


@dataclass(frozen=True, eq=False)
class Scene:
    """One way to make a part concrete in a world.

    Attributes:
        world: where it plays; level: the quantile level.
        model: exact values or bounds of every function of the action and of every number.
        policies: by the symbol of their ratio.
        shown: what the free functions are, in words.
        instead: what to call it, where there is no world to speak of.
    """

    part: Part
    world: World
    level: Fraction
    model: Model
    policies: dict[OfAction, AbstractPolicy]
    shown: str
    instead: str = ""

    @property
    def name(self) -> str:
        if self.instead:
            return self.instead
        levels = f", q={self.level}" if speaks_of_levels(self.part) else ""
        return f"{self.world.slug}{levels}{self.shown}"

    @property
    def scalars(self) -> dict[Scalar, Value]:
        return self.model.scalar


def scenes(part: Part, world: World, samples: int, key: int) -> Iterator[Scene]:
    """Scenes of a part in a world, of which all hypotheses are known to hold."""
    for place, level in enumerate(levels_of(part)):
        yield from (x for x in scenes_at(part, world, level, samples, key, place) if x is not None)


def scenes_at(
    part: Part, world: World, level: Fraction, samples: int, key: int, start: int = 0
) -> Iterator[Scene | None]:
    """Scenes of a part in a world at a level; `None` for each attempt that came to nothing.

    Args:
        part, world, level: what to set where.
        samples, key: of the draws that hypotheses about actions are checked at, where they are not certain otherwise.
        start: which of the first choices comes first.
    """
    free = free_functions(part)
    for parameters in parameter_choices(part, level):
        bound = bind_policies(part, world, parameters)
        if bound is None:
            yield None
            continue
        tables = [feature_costs() if of_feature(part, x) else _fitting(part, x, level, parameters) for x in free]
        for shapes in combinations(tables, start, MOST_TRIES):
            scene = _first_that_holds(
                part, world, level, bound, parameters, dict(zip(free, shapes, strict=True)), samples, key
            )
            yield scene


def _first_that_holds(
    part: Part, world: World, level: Fraction, bound: Bound, parameters: dict, named: Named, samples: int, key: int
) -> Scene | None:
    prepared = _prepared(part, world, bound, parameters, named)
    if prepared is None:
        return None
    tried: set[Model] = set()
    for guess in range(GUESSES):
        model, defined = settled(part, prepared, level, guess)
        if model is None or model in tried:
            return None
        tried.add(model)
        model = _with_worst(part, bound, model)
        if model is not None and symbols_of(part) <= {*model.function, *model.scalar, *(p for p, _ in bound.policies)}:
            shown = "".join(f", {x.name if x != s.c else 'cost'}={shape.name}" for x, shape in named.items())
            scene = Scene(part, world, level, model, dict(bound.policies), shown)
            if hypotheses_hold(scene, defined, samples, key):
                return scene
    return None


def _fitting(part: Part, symbol: OfAction, level: Fraction, parameters: dict) -> tuple[AbstractShape, ...]:
    """The shapes for a function that are not certain to break a hypothesis about it alone."""
    alone = [h for h in part.hypotheses if symbol in h.free_symbols <= {symbol, *parameters}]
    every = shapes_for(symbol, level)
    fitting = tuple(shape for shape in every if all(_allows(h, symbol, shape, parameters) for h in alone))
    return fitting or every


@lru_cache(maxsize=4096)
def _unit_grid(shape: AbstractShape) -> Grid:
    unit = (Fraction(0), Fraction(1))
    ranks, noises = sorted({*unit, *shape.ranks}), sorted({*unit, *shape.noises})
    rows = tuple(pairwise(ranks))
    return Grid(rows, tuple(high - low for low, high in rows), tuple(noises), False)


def _allows(hypothesis: sp.Basic, symbol: OfAction, shape: AbstractShape, parameters: dict) -> bool:
    grid = _unit_grid(shape)
    return certain(hypothesis, model_of(grid, {symbol: on_grid(shape, grid)}, dict(parameters))) is not False


def _prepared(part: Part, world: World, bound: Bound, parameters: dict, named: Named) -> Model | None:
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


def _with_worst(part: Part, bound: Bound, model: Model) -> Model | None:
    if s.worst not in part.stated_symbols:
        return model
    value = worst_case(part, bound.policies[0][1], model.scalar)
    return None if value is None else model_of(model.grid, model.function, {**model.scalar, s.worst: value})


def hypotheses_hold(scene: Scene, defined: frozenset[sp.Basic], samples: int, key: int) -> bool:
    """Whether all hypotheses of a scene are certain, those about single actions at least at every draw.

    A hypothesis that holds at every draw fails on a set that none of them met, so it cannot be what a verdict on
    these draws rests on.

    Args:
        scene: the scene.
        defined: equations that define a number of the scene as an irrational mean, true by that.
        samples, key: of the draws.
    """
    axioms = {axiom for policy in scene.part.policies for axiom in policy.axioms}
    if not all(_depends_on_feature(scene, x) for x in free_functions(scene.part) if of_feature(scene.part, x)):
        return False
    if not all(_is_density(scene, x) for x in free_functions(scene.part) if x.role == "rival"):
        return False
    # True by construction are the axioms of the policies, and what defines a number.
    asked = [h for h in scene.part.hypotheses if h not in axioms and h not in defined]
    answers = {hypothesis: certain(hypothesis, scene.model) for hypothesis in asked}
    if False in answers.values():
        return False
    return all(answers[h] is True or _holds_at_draws(h, scene, samples, key) for h in asked)


def _depends_on_feature(scene: Scene, symbol: OfAction) -> bool:
    function = scene.model.function[symbol]
    if not isinstance(function, Table):
        return False
    pairs = set(zip(flag_on(feature(), scene.model.grid).values, function.values, strict=True))
    return len(pairs) == len({flag for flag, _ in pairs})


def _is_density(scene: Scene, symbol: OfAction) -> bool:
    """Whether what stands for a rival is still the density ratio of a policy, after all that was moved."""
    return certain(s.ge(symbol, 0), scene.model) is True and certain(s.eq(s.E(symbol), 1), scene.model) is True


def _holds_at_draws(hypothesis: sp.Basic, scene: Scene, samples: int, key: int) -> bool:
    if not is_pointwise(hypothesis) or scene.world.atomic or hypothesis.has(s.E):
        return False
    sampled = [p for p in scene.policies.values() if not (scene.world.draw_only and is_ideal(p))]
    symbols = hypothesis.free_symbols
    try:
        for policy in (None, *sampled):
            draws = draws_of(scene.world, policy, affordable(scene.world, (policy,), samples), key, FIRST)
            for seen in (draws.first(GLANCE), draws):
                values = values_of(scene.model, seen, symbols)
                if not holds_at_all(hypothesis, values, scene.model, seen.utility.size):
                    return False
    except NotAvailable:
        return False
    return True
