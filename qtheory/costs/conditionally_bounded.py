r"""Costs that are no worse than typical, given how much of the target is achieved."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from qtheory.costs.abstract import AbstractCostClass, bound_parameters, in_kind, read_bound, unsupported
from qtheory.costs.extremal import escape
from qtheory.costs.kinds import midpoint, times, total
from qtheory.costs.worst_case import RankStep, WorstCase
from qtheory.exact import nonnegative
from qtheory.exact.enclosure import Enclosure
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.atom import AtomPolicy
from qtheory.policies.rank import RankPolicy
from qtheory.problem import Problem

if TYPE_CHECKING:
    import sympy as sp


@dataclass(frozen=True)
class ConditionallyBounded(AbstractCostClass):
    r"""$c \ge 0$ with $E_\gamma[c \mid U] \le \kappa$: worst case $\kappa\sum_s\max_{U(a)=s}\pi(a)/\gamma(a\mid s)$.

    A policy that only reweights levels of utility, such as the proportional quantilizer at any $q$, gets no more than
    $\kappa$; on a base without atoms every rank-based policy does.

    Args:
        kappa: the bound given each level of utility, at least 0; or a symbol, in claims.

    >>> from qtheory.base.finite import Finite
    >>> from qtheory.optimizers.quantilizer import Quantilizer
    >>> from qtheory.problem import Problem
    >>> problem = Problem(Finite(["1/4", "1/4", "1/4", "1/4"]), utility=[1, 1, 0, 0])
    >>> [ConditionallyBounded(1).worst_case(Quantilizer("1/4", ties=t)(problem)).value for t in ("ordered", "proportional")]
    [Fraction(2, 1), Fraction(1, 1)]
    """

    kappa: Any

    def __post_init__(self) -> None:
        object.__setattr__(self, "kappa", read_bound(self.kappa, "kappa"))

    def worst_case(self, policy: AbstractPolicy) -> WorstCase:
        kappa = in_kind(policy, self.kappa)
        if isinstance(policy, RankPolicy):
            policy.sup_ratio()
            return WorstCase(kappa, RankStep(1.0, float(kappa), float(kappa)), True)
        if not isinstance(policy, AtomPolicy):
            raise unsupported(self, policy)
        sup = policy.sup_ratio()
        if isinstance(sup, float) and math.isinf(sup):
            return WorstCase(math.inf, None, False, sequence=escape(policy, 0 * kappa))
        weights, ratio = list(policy.base.weights), list(policy.ratio)
        cost: list[Any] = [0 * kappa] * len(weights)
        terms = []
        for level in _levels(policy):
            mass = kappa * sum(weights[i] for i in level)
            best = max(level, key=lambda i: midpoint(ratio[i]))
            cost[best] = mass / weights[best]
            terms.append(times(mass, _largest([ratio[i] for i in level])))
        return WorstCase(total(terms), tuple(cost) if policy.problem.exact else np.array(cost), True)

    def axioms(self, cost: sp.Symbol) -> tuple[sp.Basic, ...]:
        """Nonnegative with mean at most kappa: what the bound given the utility says of expectations as such."""
        import sympy as sp

        from qtheory.symbols import E

        return sp.Ge(cost, 0), sp.Le(E(cost), self.kappa)

    def axioms_say_all(self) -> bool:
        return False

    def admits(self, problem: Problem, cost: Sequence[Any]) -> bool:
        mass: dict[Any, Any] = defaultdict(Fraction)
        spent: dict[Any, Any] = defaultdict(Fraction)
        for g, u, c in zip(problem.base.weights, problem.utility, cost, strict=True):  # type: ignore[attr-defined]
            mass[u], spent[u] = mass[u] + g, spent[u] + g * Enclosure.of(c).high
        return all(spent[u] <= self.kappa * mass[u] for u in mass)

    def parameters(self) -> dict[str, Any]:
        return {"kappa": self.kappa}

    def bind(self, values: dict[sp.Symbol, Any]) -> ConditionallyBounded:
        return ConditionallyBounded(**bound_parameters(self, values))


def _levels(policy: AtomPolicy) -> list[list[int]]:
    """The actions of positive mass, by their utility."""
    found: dict[Any, list[int]] = {}
    for i, (g, u) in enumerate(zip(policy.base.weights, policy.problem.utility, strict=True)):
        if g > 0:
            found.setdefault(u, []).append(i)
    return list(found.values())


def _largest(ratios: list) -> Any:
    return float(np.max(ratios)) if isinstance(ratios[0], float) else nonnegative.largest(ratios)
