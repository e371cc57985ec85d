r"""Scenes: a part of a claim set into a world, with every symbol bound and every hypothesis checked."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp

from qtheory import symbols as s
from qtheory.checking.streams import draws_of, evaluate
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.evaluate import compile_truth
from qtheory.optimizers.abstract import AbstractOptimizer
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.rank import RankPolicy
from qtheory.policies.rank_density import TopSlice
from qtheory.statements.claim import Part
from qtheory.statements.instance import leaves_of
from qtheory.statements.well_posed import is_pointwise
from qtheory.symbols import E, OfAction, Scalar
from qtheory.worlds.hidden_costs import HiddenCost, hidden_costs
from qtheory.worlds.world import Draws, World

LEVELS = (Fraction(1, 2), Fraction(1, 10), Fraction(1, 100))
_DEFAULTS = {
    "nonnegative": Fraction(1, 2),
    "positive": Fraction(1),
    "unit": Fraction(1, 2),
    "real": Fraction(1, 2),
    "count": Fraction(5),
}
_BY_SYMBOL = {s.C: Fraction(1), s.b: Fraction(1), s.n: Fraction(5), s.k: Fraction(2)}
# By construction of the feature's density ratio; anything else about it must be certain.
_TRUE_OF_THE_FEATURE = (s.eq(E(s.h), 1), s.eq(E(s.w * s.kappa), E(s.h * s.kappa)))
_FEATURE_COST = Fraction(1, 4)


@dataclass(frozen=True)
class Scene:
    """One way to make a part concrete in a world.

    Attributes:
        world, cost: where it plays; name: for tables.
        level: the quantile level.
        scalars: exact values of all numbers.
        policies: by the symbol of their ratio.
        functions: how to evaluate every other function of the action at draws, with its range.
    """

    part: Part
    world: World
    level: Fraction
    cost: HiddenCost
    scalars: dict[Scalar, Fraction]
    policies: dict[OfAction, AbstractPolicy]
    functions: dict[OfAction, tuple[Callable[[Draws], np.ndarray], tuple[Fraction, Fraction] | None]]

    @property
    def name(self) -> str:
        shown = f"{self.world.slug}, q={self.level}" if _speaks_of_levels(self.part) else self.world.slug
        return f"{shown}, cost={self.cost.name}" if s.c in self.functions else shown

    @property
    def needs_profile(self) -> bool:
        """Whether a policy has no sampler here, so that base draws must tell what it does."""
        return self.world.draw_only and any(_is_ideal(policy) for policy in self.policies.values())

    def values_at(self, draws: Draws) -> dict[OfAction, np.ndarray]:
        """Every function of the action, ratios of policies included, at these draws."""
        values = {symbol: of(draws) for symbol, (of, _) in self.functions.items()}
        return values | {symbol: self.world.ratio_at(p, draws) for symbol, p in self.policies.items()}

    def all_values_at(self, draws: Draws) -> dict[sp.Symbol, Any]:
        """Every symbol's value at these draws, numbers included."""
        values: dict[sp.Symbol, Any] = {x: float(v) for x, v in self.scalars.items()}
        values.update(self.values_at(draws))
        return values

    def range_of(self, symbol: OfAction) -> tuple[Fraction, Fraction] | None:
        """Bounds on a function of the action that hold for every action, `None` if it has none."""
        if symbol in self.policies:
            return Fraction(0), Fraction(self.policies[symbol].sup_ratio()) if not self.world.draw_only else _sup(
                self.policies[symbol]
            )
        return self.functions[symbol][1]


def scenes(part: Part, world: World, samples: int, key: int) -> Iterator[Scene]:
    """Every scene of a part in a world whose hypotheses hold there, at every one of the draws it is judged by."""
    for level in levels_of(part):
        for cost in _costs(part, world, level):
            for scalars in _scalar_choices(part, level, cost):
                scene = _scene(part, world, level, cost, scalars)
                if scene is not None and hypotheses_hold(scene, samples, key):
                    yield scene
                    break


def hypotheses_hold(scene: Scene, samples: int, key: int) -> bool:
    """Whether all hypotheses hold in a scene: those about numbers certainly, those about actions at every draw.

    A hypothesis that holds at every draw fails on a set that none of them met, so it cannot be what a verdict on
    these draws rests on.
    """
    policies = [] if scene.needs_profile else list(scene.policies.values())
    streams = [draws_of(scene.world, policy, samples, key, "threefry2x32") for policy in (None, *policies)]
    for hypothesis in scene.part.hypotheses:
        if hypothesis in _axioms(scene.part):
            continue  # true by construction of the policy
        if is_pointwise(hypothesis):
            if not all(_holds_at(hypothesis, scene, draws) for draws in streams):
                return False
        elif hypothesis not in _TRUE_OF_THE_FEATURE and not _certain(hypothesis, scene):
            return False
    return True


def _axioms(part: Part) -> set[sp.Basic]:
    return {axiom for policy in part.policies for axiom in policy.axioms}


def _certain(hypothesis: sp.Basic, scene: Scene) -> bool:
    leaves = leaves_of(hypothesis)
    known: dict[sp.Basic, Fraction] = {E(s.c): scene.cost.mean, E(s.v): Fraction(1), **scene.scalars}
    if any(leaf not in known for leaf in leaves):
        return False
    return compile_truth(hypothesis, leaves)(tuple(known[leaf] for leaf in leaves)) is True


def _holds_at(hypothesis: sp.Basic, scene: Scene, draws: Draws) -> bool:
    if scene.world.atoms and hypothesis.free_symbols & set(scene.policies):
        return False  # the density ratio of a tied level is not that of a rank
    values = scene.all_values_at(draws)
    if any(x not in values for x in hypothesis.free_symbols):
        return False
    return bool(np.all(evaluate(hypothesis, values, draws.utility.size)))


def _costs(part: Part, world: World, level: Fraction) -> tuple[HiddenCost, ...]:
    every = hidden_costs(world, level)
    if s.c not in part.stated_symbols:
        return every[:1]
    # Judging from base draws alone is slower: there the extremal costs and a smooth one have to do.
    return tuple(cost for cost in every if cost.extremal or cost.name == "smooth") if world.draw_only else every


def _scalar_choices(part: Part, level: Fraction, cost: HiddenCost) -> Iterator[dict[Scalar, Fraction]]:
    used = {x for x in part.stated_symbols if isinstance(x, Scalar)} | _parameters(part)
    base: dict[Scalar, Fraction] = {}
    for symbol in used:
        if symbol in _BY_SYMBOL:
            base[symbol] = _BY_SYMBOL[symbol]
        elif symbol.domain == "level":
            base[symbol] = level if symbol == s.q else min(2 * level, Fraction(1))
        elif symbol.domain in _DEFAULTS:
            base[symbol] = _DEFAULTS[symbol.domain]
    if s.epsilon in used:
        base[s.epsilon] = cost.mean
    yield base
    if s.t in used:
        yield {**base, s.t: 1 / level}
    if s.r in used and s.q in used:
        yield {**base, s.q: base[s.r], s.r: base[s.q]}


def _parameters(part: Part) -> set[Scalar]:
    owners = [p.optimizer for p in part.policies] + ([part.cost] if part.cost is not None else [])
    values = [value for owner in owners for value in owner.parameters().values()]
    return set().union(*(getattr(value, "free_symbols", set()) for value in values))


def _scene(part: Part, world: World, level: Fraction, cost: HiddenCost, scalars: dict) -> Scene | None:
    try:
        policies = {p.ratio: _policy(p.optimizer.bind(scalars), world) for p in part.policies}
        scalars = dict(scalars)
        for policy_of in part.policies:
            threshold = policy_of.optimizer.bind(scalars).threshold(world.problem)
            if threshold is not None and math.isfinite(threshold):
                scalars[policy_of.threshold] = Fraction(threshold)
    except (InvalidInput, NotAvailable):
        return None
    functions = _functions(part, world, level, cost)
    if functions is None or not _bind_feature(part, world, policies, scalars, functions):
        return None
    bound = {x for x in part.stated_symbols if x in scalars or x in policies or x in functions}
    return Scene(part, world, level, cost, scalars, policies, functions) if bound == part.stated_symbols else None


def _policy(optimizer: AbstractOptimizer, world: World) -> AbstractPolicy:
    """The policy; the ideal quantilizer of a base that only draws is known by its rank density alone."""
    parameters = optimizer.parameters()
    if world.draw_only and "q" in parameters and "draws" not in parameters:
        return RankPolicy(world.problem, TopSlice(parameters["q"]))
    return optimizer(world.problem)


def _is_ideal(policy: AbstractPolicy) -> bool:
    return isinstance(policy, RankPolicy) and isinstance(policy.density, TopSlice)


def _sup(policy: AbstractPolicy) -> Fraction:
    assert isinstance(policy, RankPolicy)
    return policy.density.supremum


def _functions(part: Part, world: World, level: Fraction, cost: HiddenCost) -> dict | None:
    functions: dict = {}
    for symbol in part.stated_symbols:
        if not isinstance(symbol, OfAction) or symbol.role in ("ratio", "feature_ratio"):
            continue
        if symbol == s.u:
            functions[symbol] = (lambda draws: draws.utility, world.utility_bounds)
        elif symbol == s.c:
            functions[symbol] = (cost.of, cost.bounds)
        elif symbol == s.v:
            functions[symbol] = _rival(world, level)
        elif symbol == s.kappa:
            functions[symbol] = (_feature_cost, (_FEATURE_COST, Fraction(1)))
        else:
            return None
    return functions


def _rival(world: World, level: Fraction) -> tuple[Callable[[Draws], np.ndarray], tuple[Fraction, Fraction]]:
    """A rival of the quantilizer: the window of ranks just below its middle; the base where that does not fit."""
    if world.atomic or world.draw_only or 3 * level > 2:
        return lambda draws: np.ones_like(draws.rank), (Fraction(1), Fraction(1))
    low, high = float(level) / 2, 3 * float(level) / 2
    inside = lambda draws: ((draws.rank > low) & (draws.rank <= high)) / float(level)
    return inside, (Fraction(0), 1 / level)


def _feature(draws: Draws) -> np.ndarray:
    """A side effect that is likelier on well-ranked actions: P(Z = 1 | rank s) = 3/4 - s/2."""
    return draws.noise < 0.75 - draws.rank / 2


def _feature_cost(draws: Draws) -> np.ndarray:
    return np.where(_feature(draws), 1.0, float(_FEATURE_COST))


def _bind_feature(part: Part, world: World, policies: dict, scalars: dict, functions: dict) -> bool:
    if not {s.alpha, s.h, s.kappa} & part.stated_symbols:
        return True
    policy = policies.get(s.w)
    if (
        world.atomic
        or world.draw_only
        or not isinstance(policy, RankPolicy)
        or not isinstance(policy.density, TopSlice)
    ):
        return False
    # Under the top slice P(Z = 1) is 3/4 - q/4, under the base it is 1/2.
    moved = 2 * (Fraction(3, 4) - policy.density.q / 4)
    scalars[s.alpha] = max(moved, 2 - moved)
    if s.h in part.stated_symbols:
        ratio = lambda draws: np.where(_feature(draws), float(moved), float(2 - moved))
        functions[s.h] = (ratio, (min(moved, 2 - moved), max(moved, 2 - moved)))
    return True


def levels_of(part: Part) -> tuple[Fraction, ...]:
    """The levels to try: those the part states, or a few where its level is a symbol."""
    stated = [p.optimizer.parameters().get("q") for p in part.policies]
    numbers = tuple(dict.fromkeys(q for q in stated if isinstance(q, Fraction)))
    if s.q in part.stated_symbols | _parameters(part) or not numbers:
        return LEVELS if _speaks_of_levels(part) else LEVELS[:1]
    return numbers


def _speaks_of_levels(part: Part) -> bool:
    return s.q in part.stated_symbols | _parameters(part) or any("q" in p.optimizer.parameters() for p in part.policies)
