r"""The costs that attain, or approach, what is bounded by a mean: everything on the largest density ratio."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from qtheory.costs.kinds import midpoint, plus, times
from qtheory.costs.worst_case import Cost, CostSequence, RankStep
from qtheory.exact.values import as_float
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.atom import AtomPolicy
from qtheory.policies.rank import RankPolicy


def top_set(policy: AtomPolicy) -> list[int]:
    """The actions of positive mass whose density ratio is the largest (by the middle of its enclosure)."""
    weights, ratio = policy.base.weights, policy.ratio
    if isinstance(ratio, np.ndarray):
        paid = as_float(weights) > 0
        return np.flatnonzero(paid & (ratio == ratio[paid].max())).tolist()
    played = [i for i, g in enumerate(weights) if g > 0]
    best = max(played, key=lambda i: midpoint(ratio[i]))
    return [i for i in played if ratio[i] == ratio[best]]


def spread(policy: AtomPolicy, actions: list[int], mean: Any, level: Any) -> Any:
    """`level` everywhere, plus a constant on the given actions that adds `mean` under the base."""
    mass = sum(policy.base.weights[i] for i in actions)
    chosen = set(actions)
    values = [level + (mean / mass if i in chosen else 0) for i in range(policy.base.size)]
    return tuple(map(Fraction, values)) if policy.problem.exact else as_float(tuple(values))  # type: ignore[arg-type]


def escape(policy: AtomPolicy, rest: Any) -> CostSequence:
    """Costs without bound on an action that the policy takes and the base does not; `rest` on all others."""
    weights = policy.base.weights
    null = next(i for i, p in enumerate(policy.probabilities) if weights[i] == 0 and p != 0)

    def cost(n: int) -> Any:
        values = [rest + (n if i == null else 0) for i in range(policy.base.size)]
        return tuple(values) if policy.problem.exact else as_float(tuple(values))

    return CostSequence(cost, lambda n: rest + n * policy.probabilities[null])


def step_on_top(policy: AbstractPolicy, mean: Any, rest: Any) -> tuple[Cost | None, bool, CostSequence | None]:
    """`rest` plus a cost of the given mean on ranks of the largest density: the cost, or a sequence towards it."""
    if not isinstance(policy, RankPolicy):
        return None, False, None
    stretch = _stretch(policy) or ((0.0, 1.0) if mean == 0 else None)
    if stretch is not None:
        low, high = stretch
        return RankStep(high, float(rest) + float(mean) / (high - low), float(rest), low), True, None
    return None, False, _towards_the_top(policy, mean, rest) if policy.density.is_nonincreasing else None


def _stretch(policy: RankPolicy) -> tuple[float, float] | None:
    """A stretch of ranks on which the density is the largest, if there is one."""
    density = policy.density
    if density.steps is None:
        return (0.0, 1.0) if density.supremum == 1 else None
    start = Fraction(0)
    for length, height in density.steps:
        if height == density.supremum:
            return float(start), float(start + length)
        start += length
    raise AssertionError("the largest density is that of a step")


def _towards_the_top(policy: RankPolicy, mean: Any, rest: Any) -> CostSequence:
    """All of the mean on the best ranks, fewer and fewer of them."""

    def reached(n: int) -> Any:
        return plus(rest, times(times(mean, n), policy.density.mass(Fraction(1, n))))

    return CostSequence(lambda n: RankStep(1 / n, float(rest) + float(mean) * n, float(rest)), reached)
