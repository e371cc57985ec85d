r"""Scenes of a part in the worlds, one after the other, in which all hypotheses are known to hold."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from itertools import chain, islice, pairwise

import sympy as sp

from qtheory import symbols as s
from qtheory.checking.bindings import Bound, bind_policies, masses_of, parameters_of, symbols_of
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
from qtheory.checking.grid import Grid, on_grid
from qtheory.checking.hypotheses import hypotheses_hold
from qtheory.checking.model import Model, certain, model_of
from qtheory.checking.scene import Scene
from qtheory.checking.settling import settled
from qtheory.checking.staging import Named, prepared, with_worst
from qtheory.statements.claim import Part
from qtheory.symbols import OfAction
from qtheory.worlds.shapes import AbstractShape
from qtheory.worlds.world import World

MOST_TRIES = 24
GUESSES = 4


def scenes(part: Part, world: World, samples: int, key: int) -> Iterator[Scene]:
    """Scenes of a part in a world, of which all hypotheses are known to hold."""
    for place, level in enumerate(levels_of(part)):
        yield from (x for x in scenes_at(part, world, level, samples, key, place) if x is not None)


def scenes_at(
    part: Part, world: World, level: Fraction, samples: int, key: int, start: int = 0, turn: int = 0
) -> Iterator[Scene | None]:
    """Scenes of a part in a world at a level; `None` for each attempt that came to nothing.

    Values of the parameters other than levels take turns, so that few scenes already show several of them.

    Args:
        part, world, level: what to set where.
        samples, key: of the draws that hypotheses about actions are checked at, where they are not certain otherwise.
        start: which of the first choices of functions comes first; turn: and which of those of parameters.
    """
    choices = list(parameter_choices(part, level))
    ways = [_scenes_with(part, world, level, parameters, samples, key, start) for parameters in choices]
    if all(symbol.domain == "level" for symbol in parameters_of(part)):
        yield from chain(*ways)
        return
    # Where a rule has to be run on blocks of draws, other blocks are other draws, and one size has to do.
    begin = 0 if world.draw_only else turn % max(1, len(ways))
    ways = ways[:1] if world.draw_only else ways[begin:] + ways[:begin]
    while ways:
        going = []
        for way in ways:
            for scene in islice(way, 1):
                going.append(way)
                yield scene
        ways = going


def _scenes_with(
    part: Part, world: World, level: Fraction, parameters: dict, samples: int, key: int, start: int
) -> Iterator[Scene | None]:
    bound = bind_policies(part, world, parameters)
    if bound is None:
        yield None
        return
    free = free_functions(part)
    masses = masses_of(bound)
    own = level if speaks_of_levels(part) or not masses else masses[0]
    tables = [feature_costs() if of_feature(part, x) else _fitting(part, x, own, masses, parameters) for x in free]
    for shapes in combinations(tables, start, MOST_TRIES):
        named = dict(zip(free, shapes, strict=True))
        found = _that_hold(part, world, level, bound, parameters, named, samples, key)
        yield next(found, None)
        # Where nothing else varies, the numbers that nothing defines do.
        yield from () if free else found


def _that_hold(
    part: Part, world: World, level: Fraction, bound: Bound, parameters: dict, named: Named, samples: int, key: int
) -> Iterator[Scene]:
    start = prepared(part, world, bound, parameters, named)
    if start is None:
        return
    tried: set[Model] = set()
    for guess in range(GUESSES):
        model, defined = settled(part, start, level, guess)
        if model is None or model in tried:
            return
        tried.add(model)
        model = with_worst(part, bound, model)
        if model is not None and symbols_of(part) <= {*model.function, *model.scalar, *(p for p, _ in bound.policies)}:
            shown = "".join(f", {x.name if x != s.c else 'cost'}={shape.name}" for x, shape in named.items())
            scene = Scene(part, world, level, model, dict(bound.policies), shown)
            if hypotheses_hold(scene, defined, samples, key):
                yield scene


def _fitting(
    part: Part, symbol: OfAction, level: Fraction, masses: tuple[Fraction, ...], parameters: dict
) -> tuple[AbstractShape, ...]:
    """The shapes for a function that are not certain to break a hypothesis about it alone."""
    alone = [h for h in part.hypotheses if symbol in h.free_symbols <= {symbol, *parameters}]
    every = shapes_for(symbol, level, masses)
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
