r"""Costs that may be gains, down to a known depth."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qtheory.costs.abstract import AbstractCostClass, bound_parameters, in_kind, read_bound
from qtheory.costs.extremal import escape, spread, step_on_top, top_set
from qtheory.costs.kinds import plus, times
from qtheory.costs.worst_case import EXACT, UPPER, WorstCase
from qtheory.errors import InvalidInput
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.atom import AtomPolicy
from qtheory.policies.rank import RankPolicy

if TYPE_CHECKING:
    import sympy as sp


@dataclass(frozen=True)
class Signed(AbstractCostClass):
    r"""$c \ge -b$ with $E_\gamma c \le \varepsilon$: the worst case is $(\varepsilon + b)\operatorname{ess\,sup}w - b$.

    Args:
        epsilon: the bound on the mean, at least $-b$; b: the depth, at least 0; or symbols, in claims.

    >>> from qtheory.base.finite import Finite
    >>> from qtheory.optimizers.quantilizer import Quantilizer
    >>> from qtheory.problem import Problem
    >>> problem = Problem(Finite(["1/3", "1/3", "1/3"]), utility=["1/5", "1/2", "7/10"])
    >>> Signed("-1/6", b=1).worst_case(Quantilizer("1/3")(problem)).value
    Fraction(3, 2)
    """

    epsilon: Any
    b: Any

    def __post_init__(self) -> None:
        object.__setattr__(self, "b", read_bound(self.b, "b"))
        object.__setattr__(self, "epsilon", read_bound(self.epsilon, "epsilon", at_least=None))
        symbolic = getattr(self.epsilon, "free_symbols", None) or getattr(self.b, "free_symbols", None)
        if not symbolic and self.epsilon < -self.b:
            got = f"epsilon={self.epsilon}, b={self.b}"
            raise InvalidInput("no cost lies above -b and has so low a mean", got=got, allowed="epsilon >= -b")

    def worst_case(self, policy: AbstractPolicy) -> WorstCase:
        epsilon, b = in_kind(policy, self.epsilon), in_kind(policy, self.b)
        sup = policy.sup_ratio()
        if isinstance(policy, AtomPolicy):
            if math.isinf(sup):
                return WorstCase(math.inf, None, False, sequence=escape(policy, -b))
            value = plus(times(epsilon + b, sup), -b)
            return WorstCase(value, spread(policy, top_set(policy), epsilon + b, -b), True)
        value = -b if epsilon + b == 0 else plus(times(epsilon + b, sup), -b)
        cost, attained, sequence = step_on_top(policy, epsilon + b, -b)
        # A ratio given as a function of the action comes with a bound on it, which need not be the least one.
        return WorstCase(value, cost, attained, EXACT if isinstance(policy, RankPolicy) else UPPER, sequence)

    def axioms(self, cost: sp.Symbol) -> tuple[sp.Basic, ...]:
        import sympy as sp

        from qtheory.symbols import E

        return sp.Ge(cost, -self.b), sp.Le(E(cost), self.epsilon)

    def parameters(self) -> dict[str, Any]:
        return {"epsilon": self.epsilon, "b": self.b}

    def bind(self, values: dict[sp.Symbol, Any]) -> Signed:
        return Signed(**bound_parameters(self, values))
