r"""Costs known by their range and their mean."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from qtheory.aliases import Number, Values
from qtheory.costs.abstract import AbstractCostClass, RankStep, WorstCase, read_bound, unsupported
from qtheory.exact.values import as_float, dot
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.atom import AtomPolicy
from qtheory.policies.rank import RankPolicy

if TYPE_CHECKING:
    import sympy as sp


@dataclass(frozen=True)
class RangeAndMean(AbstractCostClass):
    r"""$0 \le c \le C$ with $E_\gamma c \le \varepsilon$: fill $c = C$ in decreasing order of the density ratio.

    The worst case is $\min_{\lambda \ge 0} \lambda\varepsilon + C\,E_\gamma(w - \lambda)^+$, a fractional knapsack
    (the Neyman-Pearson lemma).

    Args:
        epsilon: the bound on the mean, at least 0; cap: the largest cost, above 0; or symbols, in claims.

    >>> from qtheory.base.finite import Finite
    >>> from qtheory.optimizers.quantilizer import Quantilizer
    >>> from qtheory.problem import Problem
    >>> problem = Problem(Finite(["1/3", "1/3", "1/3"]), utility=["1/5", "1/2", "7/10"])
    >>> RangeAndMean("1/2", cap=1).worst_case(Quantilizer("5/9")(problem)).value
    Fraction(4, 5)
    """

    epsilon: Any
    cap: Any

    def __post_init__(self) -> None:
        object.__setattr__(self, "epsilon", read_bound(self.epsilon, "epsilon"))
        object.__setattr__(self, "cap", read_bound(self.cap, "cap", above=0))

    def worst_case(self, policy: AbstractPolicy) -> WorstCase:
        if isinstance(policy, AtomPolicy):
            cost = self._fill_exact(policy) if policy.problem.exact else self._fill_float(policy)
            return WorstCase(dot(policy.probabilities, cost), cost, True)
        if isinstance(policy, RankPolicy):
            policy.sup_ratio()
            rank = min(self.epsilon / self.cap, Fraction(1))
            return WorstCase(self.cap * policy.density.mass(rank), RankStep(float(rank), float(self.cap)), True)
        raise unsupported(self, policy)

    def axioms(self, cost: sp.Symbol) -> tuple[sp.Basic, ...]:
        import sympy as sp

        from qtheory.symbols import E

        return sp.Ge(cost, 0), sp.Le(cost, self.cap), sp.Le(E(cost), self.epsilon)

    def parameters(self) -> dict[str, Any]:
        return {"epsilon": self.epsilon, "cap": self.cap}

    def bind(self, values: dict[sp.Symbol, Any]) -> RangeAndMean:
        from qtheory.exact.binding import substitute

        return RangeAndMean(substitute(self.epsilon, values), substitute(self.cap, values))

    def _fill_exact(self, policy: AtomPolicy) -> Values:
        weights = policy.base.weights
        left: Number = self.epsilon
        cost = [Fraction(0)] * policy.base.size
        for i in sorted(range(policy.base.size), key=lambda i: -policy.ratio[i]):
            # An action the base never takes uses up none of the mean.
            cost[i] = self.cap if weights[i] == 0 else min(self.cap, left / weights[i])
            left -= cost[i] * weights[i]
        return tuple(cost)

    def _fill_float(self, policy: AtomPolicy) -> Values:
        weights, cap = as_float(policy.base.weights), float(self.cap)
        order = np.argsort(-as_float(policy.ratio), kind="stable")
        used = np.concatenate([[0.0], np.cumsum(weights[order])[:-1]]) * cap
        room = np.maximum(float(self.epsilon) - used, 0.0)
        filled = np.full(len(order), cap)
        np.divide(room, weights[order], out=filled, where=weights[order] > 0)
        cost = np.empty(len(order))
        cost[order] = np.minimum(filled, cap)
        return cost
