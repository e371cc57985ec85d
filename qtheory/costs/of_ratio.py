r"""Costs that depend on the action through the policy's density ratio, and what a policy puts on each value of it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import groupby
from typing import Any

import numpy as np

from qtheory.costs.kinds import midpoint
from qtheory.costs.worst_case import Cost, CostOfRatio
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.atom import AtomPolicy
from qtheory.policies.rank import RankPolicy

_BISECTIONS = 200


def cost_of_ratio(policy: AbstractPolicy, function: Callable[[Any], Any], formula: str) -> Cost:
    """The cost at each action of a finite base, and as a function of the ratio elsewhere.

    Args:
        policy: whose density ratio is meant.
        function: of one exact ratio, or of an array of float64 ratios.
        formula: the same for readers.
    """
    if not isinstance(policy, AtomPolicy):
        return CostOfRatio(formula, lambda w: function(np.asarray(w, dtype=float))[()])
    if policy.problem.exact:
        return tuple(function(w) for w in policy.ratio)
    cost = np.array(function(np.asarray(policy.ratio)), dtype=float)
    cost.setflags(write=False)
    return cost


def levels_of_ratio(policy: AbstractPolicy) -> list[tuple[Any, Any]] | None:
    """Pairs (base mass, ratio) with the ratio falling strictly, or `None` where there is no such exact list."""
    if isinstance(policy, RankPolicy):
        pairs: Any = policy.density.steps
    elif isinstance(policy, AtomPolicy) and not policy.encloses:
        pairs = zip(policy.base.weights, policy.ratio, strict=True)
    else:
        pairs = None
    if pairs is None:
        return None
    falling = sorted(((w, g) for g, w in pairs if g > 0), key=lambda pair: -pair[0])
    return [(sum(g for _, g in level), w) for w, level in groupby(falling, key=lambda pair: pair[0])]


def heavy_mass(policy: AbstractPolicy) -> Any:
    r"""$\gamma\{w > 1\}$, or `None` where it is not known."""
    if isinstance(policy, AtomPolicy):
        pairs = zip(policy.base.weights, policy.ratio, strict=True)
        heavy = [g for g, w in pairs if midpoint(w) > 1]
        return sum(heavy, Fraction(0)) if policy.problem.exact else float(np.sum(heavy))
    if not isinstance(policy, RankPolicy):
        return None
    density = policy.density
    if density.steps is not None:
        return sum((length for length, height in density.steps if height > 1), Fraction(0))
    return _crossing(policy) if density.is_nonincreasing else None


def _crossing(policy: RankPolicy) -> float:
    """The rank where a density that never rises falls to one."""
    low, high = 0.0, 1.0
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        if not low < middle < high:
            break
        low, high = (middle, high) if float(policy.density.density(np.asarray(middle))) > 1 else (low, middle)
    return low
