r"""Costs of which nothing is known but their sign."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qtheory.costs.abstract import AbstractCostClass
from qtheory.costs.worst_case import CostSequence, RankStep, WorstCase
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.atom import AtomPolicy

if TYPE_CHECKING:
    import sympy as sp


@dataclass(frozen=True)
class Unbounded(AbstractCostClass):
    r"""$c \ge 0$ and nothing else: the worst case of every policy is infinite, and approached by constants.

    >>> from qtheory.base.finite import Finite
    >>> from qtheory.optimizers.imitation import Imitation
    >>> from qtheory.problem import Problem
    >>> worst = Unbounded().worst_case(Imitation()(Problem(Finite([1]), utility=[0])))
    >>> worst.value, worst.sequence.reached(7)
    (inf, 7)
    """

    def worst_case(self, policy: AbstractPolicy) -> WorstCase:
        def cost(n: int) -> Any:
            if isinstance(policy, AtomPolicy):
                return policy.problem.values([n] * policy.base.size)
            return RankStep(1.0, float(n), float(n))

        return WorstCase(math.inf, None, False, sequence=CostSequence(cost, lambda n: n))

    def axioms(self, cost: sp.Symbol) -> tuple[sp.Basic, ...]:
        import sympy as sp

        return (sp.Ge(cost, 0),)

    def parameters(self) -> dict[str, Any]:
        return {}

    def bind(self, values: dict[sp.Symbol, Any]) -> Unbounded:
        return self
