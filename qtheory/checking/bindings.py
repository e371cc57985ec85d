r"""Binding policies and everything that is computed from them: ratios, thresholds, amplification, worst case."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
import sympy as sp

from qtheory import symbols as s
from qtheory.checking.grid import Grid, OnGrid, Seen, Table, flag_on, on_grid
from qtheory.checking.model import Model, model_of
from qtheory.errors import InvalidInput, NotAvailable, QTheoryError
from qtheory.exact.enclosure import Enclosure, Value, maximum, simplest
from qtheory.optimizers.abstract import AbstractOptimizer
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.atom import AtomPolicy
from qtheory.policies.rank import RankPolicy
from qtheory.policies.rank_density import TopSlice
from qtheory.policies.weight import WeightPolicy
from qtheory.statements.claim import Part
from qtheory.symbols import OfAction, Scalar
from qtheory.worlds.library import feature
from qtheory.worlds.shapes import AbstractShape, Smooth, of_steps
from qtheory.worlds.world import Draws, World

# Optimizers whose density ratio on a base without atoms takes seconds; on finite bases it is exact and quick.
_BY_QUADRATURE = ("SoftBestOfN",)
Policies = dict[OfAction, AbstractPolicy]
# The masses that costs are aimed at: 1 over these ratios where they are larger, some small one where there is no bound.
MANY, LARGEST = 5, 1000
WITHOUT_BOUND = Fraction(1, 20)


@dataclass(frozen=True)
class Bound:
    """The policies of a part in a world, and the thresholds they have there."""

    policies: tuple[tuple[OfAction, AbstractPolicy], ...]
    thresholds: tuple[tuple[Scalar, Fraction], ...]


def bind_policies(part: Part, world: World, scalars: dict[Scalar, Fraction]) -> Bound | None:
    """The policies of a part for these parameters, `None` where one of them does not exist."""
    policies, thresholds = [], []
    try:
        for policy_of in part.policies:
            optimizer = policy_of.optimizer.bind(dict(scalars))
            policies.append((policy_of.ratio, _policy(optimizer, world)))
            threshold = optimizer.threshold(world.problem)
            if isinstance(threshold, Fraction) or (threshold is not None and math.isfinite(threshold)):
                thresholds.append((policy_of.threshold, Fraction(threshold)))
    except (QTheoryError, TypeError):
        return None
    return Bound(tuple(policies), tuple(thresholds))


@lru_cache(maxsize=512)
def _policy(optimizer: AbstractOptimizer, world: World) -> AbstractPolicy:
    """The policy; the ideal quantilizer of a base that only draws is known by its rank density alone."""
    parameters = optimizer.parameters()
    if type(optimizer).__name__ in _BY_QUADRATURE and not world.atomic:
        raise NotAvailable(
            "its policy on a base without atoms is a quadrature too slow for this reading", got=optimizer
        )
    if world.draw_only and type(optimizer).__name__ == "Quantilizer" and "draws" not in parameters:
        return RankPolicy(world.problem, TopSlice(parameters["q"]))
    return optimizer(world.problem)


def is_ideal(policy: AbstractPolicy) -> bool:
    """Whether a policy is the ideal quantilizer."""
    return isinstance(policy, RankPolicy) and isinstance(policy.density, TopSlice)


def shape_of(policy: AbstractPolicy, world: World) -> AbstractShape | None:
    """The density ratio as a function of the rank, where it is one."""
    if not isinstance(policy, RankPolicy) or world.atoms:
        return None
    steps = policy.density.steps
    return Smooth("ratio", policy.density) if steps is None else of_steps("ratio", tuple(map(tuple, steps)))  # type: ignore[arg-type]


def ratio_on(policy: AbstractPolicy, world: World, grid: Grid) -> OnGrid | None:
    """The density ratio of a policy, as far as it is known."""
    if isinstance(policy, AtomPolicy):
        known = all(isinstance(value, (Fraction, Enclosure)) for value in policy.ratio)
        rows = grid.cells
        return Table(tuple(simplest(policy.ratio[row]) for row, _ in rows)) if known else None
    shape = shape_of(policy, world)
    if shape is not None:
        return on_grid(shape, grid)
    if isinstance(policy, WeightPolicy):
        top = policy.supremum
        bounded = top is not None and math.isfinite(top)
        return Seen(_at_actions(policy), (Fraction(0), Fraction(str(top))) if bounded else None)
    return None


def _at_actions(policy: WeightPolicy) -> Any:
    def ratio(draws: Draws) -> np.ndarray:
        if draws.action is None:
            raise NotAvailable("the actions of these draws are not kept", got=policy)
        return np.asarray(policy.ratio.on_host(np.asarray(draws.action, dtype=float)), dtype=float)

    return ratio


def largest_ratio(policy: AbstractPolicy) -> Value | None:
    """The largest density ratio, exactly; `None` where it is infinite or known to a float only."""
    top = policy.density.supremum if isinstance(policy, RankPolicy) else policy.sup_ratio()
    return simplest(top) if isinstance(top, (Fraction, Enclosure)) else None


def masses_of(bound: Bound) -> tuple[Fraction, ...]:
    """The mass that each policy is concentrated on: 1 over its largest density ratio, as a simple fraction."""
    masses = (_mass(policy) for _, policy in bound.policies)
    return tuple(dict.fromkeys(mass for mass in masses if mass is not None))


def _mass(policy: AbstractPolicy) -> Fraction | None:
    try:
        top = policy.density.supremum if isinstance(policy, RankPolicy) else policy.sup_ratio()
    except QTheoryError:
        return None
    top = top.midpoint if isinstance(top, Enclosure) else top
    if top is None or not math.isfinite(top):
        return WITHOUT_BOUND
    if isinstance(top, Fraction) and top.numerator <= LARGEST:
        return 1 / top
    # Where to aim need not be exact: a twentieth, or one over a whole number.
    return Fraction(round(20 / float(top)), 20) if top < MANY else Fraction(1, min(round(top), LARGEST))


def bind_feature(part: Part, model: Model, ratio: OfAction) -> tuple[Table, Value] | None:
    """The density ratio of the feature's law under a policy, and its largest value."""
    flags, weighed = flag_on(feature(), model.grid), model.function.get(ratio)
    if weighed is None or isinstance(weighed, Seen):
        return None
    moved: dict[Value, Value] = {}
    for label in (Fraction(0), Fraction(1)):
        cells = [i for i, flag in enumerate(flags.values) if flag == label and model.grid.weights[i] > 0]
        mass = sum((model.grid.weights[i] for i in cells), Fraction(0))
        if mass == 0:
            return None
        total: Value = Fraction(0)
        for i in cells:
            total = total + weighed.average(i, *model.grid.rows[model.grid.cells[i][0]]) * model.grid.weights[i]
        moved[label] = simplest(total * (1 / mass))
    return Table(tuple(moved[flag] for flag in flags.values)), maximum(*moved.values())


def with_cost_mean(model: Model) -> Model:
    """The model with the mean of the cost given the utility brought up to date, if it has that function.

    On a base without atoms the utility tells the rank, so only the noise is averaged out; on a finite base a level is.
    """
    symbols = [x for x in model.function if x.role == "cost_mean"]
    cost = model.function.get(s.c)
    if not symbols or cost is None:
        return model
    mean = Table(_level_means(cost, model.grid)) if isinstance(cost, Table) else cost
    return model_of(model.grid, {**model.function, **dict.fromkeys(symbols, mean)}, model.scalar)


def _level_means(cost: Table, grid: Grid) -> tuple[Value, ...]:
    totals: dict[Any, Value] = {}
    masses: dict[Any, Fraction] = {}
    for (row, _), weight, value in zip(grid.cells, grid.weights, cost.values, strict=True):
        span = grid.rows[row]
        totals[span] = value * weight + totals.get(span, Fraction(0))
        masses[span] = masses.get(span, Fraction(0)) + weight
    return tuple(simplest(totals[grid.rows[row]] * (1 / masses[grid.rows[row]])) for row, _ in grid.cells)


def worst_case(part: Part, policy: AbstractPolicy, scalars: dict[Scalar, Value]) -> Value | None:
    """The worst case of the part's cost class for a policy, where it is known exactly."""
    if part.cost is None or part.cost.depends_on_feature():
        return None
    try:
        value = part.cost.bind(dict(scalars)).worst_case(policy).value
    except (InvalidInput, NotAvailable, TypeError):
        return None
    return simplest(value) if isinstance(value, (Fraction, Enclosure)) else None


def parameters_of(part: Part) -> set[Scalar]:
    """The symbols in the parameters of the policies."""
    values = [value for p in part.policies for value in p.optimizer.parameters().values()]
    return set().union(*(getattr(value, "free_symbols", set()) for value in values))


def symbols_of(part: Part) -> frozenset[sp.Symbol]:
    """Every symbol that has to be bound: what is stated, and the parameters of policies and of the cost class."""
    cost = [] if part.cost is None else list(part.cost.parameters().values())
    in_cost: set[Any] = set().union(*(getattr(value, "free_symbols", set()) for value in cost))
    return (
        part.stated_symbols
        | frozenset(parameters_of(part))
        | (frozenset(in_cost) if s.worst in part.symbols else frozenset())
    )
