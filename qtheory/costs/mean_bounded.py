r"""Costs known by their mean alone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qtheory.costs.abstract import AbstractCostClass, bound_parameters, in_kind, read_bound
from qtheory.costs.extremal import escape, spread, step_on_top, top_set
from qtheory.costs.kinds import times
from qtheory.costs.worst_case import EXACT, UPPER, WorstCase
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.atom import AtomPolicy
from qtheory.policies.rank import RankPolicy

if TYPE_CHECKING:
    import sympy as sp


@dataclass(frozen=True)
class MeanBounded(AbstractCostClass):
    r"""$c \ge 0$ with $E_\gamma c \le \varepsilon$: the worst case is $\varepsilon \operatorname{ess\,sup} w$.

    Args:
        epsilon: the bound on the mean, at least 0; or a symbol, in claims.

    Source:
        taylor2016quantilizers, Lemmas 1 and 2.

    >>> from qtheory.base.finite import Finite
    >>> from qtheory.optimizers.quantilizer import Quantilizer
    >>> from qtheory.problem import Problem
    >>> policy = Quantilizer("3/8")(Problem(Finite(["1/4", "1/2", "1/4"]), utility=[3, 2, 1]))
    >>> MeanBounded("1/4").worst_case(policy).value
    Fraction(2, 3)
    """

    epsilon: Any

    def __post_init__(self) -> None:
        object.__setattr__(self, "epsilon", read_bound(self.epsilon, "epsilon"))

    def worst_case(self, policy: AbstractPolicy) -> WorstCase:
        epsilon = in_kind(policy, self.epsilon)
        sup = policy.sup_ratio()
        if isinstance(policy, AtomPolicy):
            if math.isinf(sup):
                return WorstCase(math.inf, None, False, sequence=escape(policy, 0 * epsilon))
            return WorstCase(times(epsilon, sup), spread(policy, top_set(policy), epsilon, 0 * epsilon), True)
        value = 0 * epsilon if epsilon == 0 else times(epsilon, sup)
        cost, attained, sequence = step_on_top(policy, epsilon, 0)
        # A ratio given as a function of the action comes with a bound on it, which need not be the least one.
        return WorstCase(value, cost, attained, EXACT if isinstance(policy, RankPolicy) else UPPER, sequence)

    def axioms(self, cost: sp.Symbol) -> tuple[sp.Basic, ...]:
        import sympy as sp

        from qtheory.symbols import E

        return sp.Ge(cost, 0), sp.Le(E(cost), self.epsilon)

    def parameters(self) -> dict[str, Any]:
        return {"epsilon": self.epsilon}

    def bind(self, values: dict[sp.Symbol, Any]) -> MeanBounded:
        return MeanBounded(**bound_parameters(self, values))
