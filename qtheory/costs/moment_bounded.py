r"""Costs known by a moment."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qtheory.costs.abstract import AbstractCostClass, bound_parameters, in_kind, read_bound
from qtheory.costs.extremal import escape
from qtheory.costs.kinds import brief, over, power, times
from qtheory.costs.mean_bounded import MeanBounded
from qtheory.costs.of_ratio import cost_of_ratio
from qtheory.costs.worst_case import WorstCase
from qtheory.exact.binding import as_sympy
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.atom import AtomPolicy

if TYPE_CHECKING:
    import sympy as sp


@dataclass(frozen=True)
class MomentBounded(AbstractCostClass):
    r"""$c \ge 0$ with $\lVert c\rVert_p \le B$: the worst case is $B\lVert w\rVert_{p'}$, $p' = p/(p-1)$ (Hoelder).

    It is attained by $c = B\,(w/\lVert w\rVert_{p'})^{p'-1}$.

    Args:
        p: the order, at least 1; bound: $B$, at least 0; or symbols, in claims.

    >>> from qtheory.base.finite import Finite
    >>> from qtheory.optimizers.quantilizer import Quantilizer
    >>> from qtheory.problem import Problem
    >>> policy = Quantilizer("1/4")(Problem(Finite(["1/4", "3/4"]), utility=[1, 0]))
    >>> MomentBounded(2, bound="1/2").worst_case(policy)
    WorstCase(value=Fraction(1, 1), cost=(Fraction(1, 1), Fraction(0, 1)), attained=True)
    """

    p: Any
    bound: Any

    def __post_init__(self) -> None:
        object.__setattr__(self, "p", read_bound(self.p, "p", at_least=1))
        object.__setattr__(self, "bound", read_bound(self.bound, "bound"))

    def worst_case(self, policy: AbstractPolicy) -> WorstCase:
        order, bound = in_kind(policy, self.p), in_kind(policy, self.bound)
        if order == 1:
            return MeanBounded(self.bound).worst_case(policy)
        conjugate = self.p / (self.p - 1)
        norm = policy.power_norm(conjugate)
        if isinstance(norm, float) and math.isinf(norm):
            return _unbounded(policy, bound)
        formula = f"{self.bound}*(w/{brief(norm)})**({conjugate - 1})"
        cost = cost_of_ratio(policy, lambda w: times(bound, power(over(w, norm), conjugate - 1)), formula)
        return WorstCase(times(bound, norm), cost, True)

    def axioms(self, cost: sp.Symbol) -> tuple[sp.Basic, ...]:
        import sympy as sp

        from qtheory.symbols import E

        p, bound = as_sympy(self.p), as_sympy(self.bound)
        return sp.Ge(cost, 0), sp.Le(E(cost**p), bound**p), sp.Ge(p, 1), sp.Ge(bound, 0)

    def parameters(self) -> dict[str, Any]:
        return {"p": self.p, "bound": self.bound}

    def bind(self, values: dict[sp.Symbol, Any]) -> MomentBounded:
        return MomentBounded(**bound_parameters(self, values))


def _unbounded(policy: AbstractPolicy, bound: Any) -> WorstCase:
    if isinstance(policy, AtomPolicy):
        return WorstCase(math.inf, None, False, sequence=escape(policy, 0 * bound))
    if bound == 0:
        return WorstCase(bound, cost_of_ratio(policy, lambda w: 0 * w, "0"), True)
    return WorstCase(math.inf, None, False)
