r"""Hidden costs to put into worlds: the extremal one, a rare one, a smooth one, pure noise, and one that may be a gain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from qtheory.worlds.world import Draws, World, level_ranks


@dataclass(frozen=True)
class HiddenCost:
    """A cost of an action; its mean under the base and its bounds are exact.

    `extremal` costs sit where the policy looks.
    """

    name: str
    of: Callable[[Draws], np.ndarray]
    mean: Fraction
    bounds: tuple[Fraction, Fraction] = (Fraction(0), Fraction(1))
    extremal: bool = False


def hidden_costs(world: World, q: Fraction) -> tuple[HiddenCost, ...]:
    """The costs that a claim at level q is tried against in a world."""
    top = replace(_slice(world, "top slice", q), extremal=True)
    return (top, _slice(world, "rare", Fraction(1, 50)), _smooth(world), _noise(), _signed(top))


def _signed(top: HiddenCost) -> HiddenCost:
    """1 on the top slice and a gain of 1 elsewhere, where the base mostly is."""
    bounds = (Fraction(-1), Fraction(1))
    return HiddenCost("gain elsewhere", lambda draws: 2 * top.of(draws) - 1, 2 * top.mean - 1, bounds, extremal=True)


def _slice(world: World, name: str, size: Fraction) -> HiddenCost:
    """1 on actions ranked within the top `size`; for the policy's own q the cost that attains the cost bound."""
    mean = size
    if world.atomic:
        ranks = level_ranks(world.problem)
        weights = world.problem.base.weights  # type: ignore[attr-defined]
        mean = sum((g for g, s in zip(weights, ranks, strict=True) if s <= float(size)), Fraction(0))
    return HiddenCost(name, lambda draws: (draws.rank <= float(size)).astype(float), mean)


def _smooth(world: World) -> HiddenCost:
    mean = Fraction(1, 5)
    if world.atomic:
        weights = world.problem.base.weights  # type: ignore[attr-defined]
        ranks = [Fraction(str(round(s, 12))) for s in level_ranks(world.problem)]
        mean = sum((g * (1 - s) ** 4 for g, s in zip(weights, ranks, strict=True)), Fraction(0))
    return HiddenCost("smooth", lambda draws: np.clip(1 - draws.rank, 0, 1) ** 4, mean)


def _noise() -> HiddenCost:
    return HiddenCost("noise", lambda draws: (draws.noise < 0.25).astype(float), Fraction(1, 4))
