r"""Costs known by their mean and how far apart their values lie: what total variation is for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qtheory.costs.abstract import AbstractCostClass, bound_parameters, in_kind, read_bound, read_flag
from qtheory.costs.kinds import brief, midpoint, plus, times
from qtheory.costs.of_ratio import cost_of_ratio, heavy_mass
from qtheory.costs.range_and_mean import RangeAndMean
from qtheory.costs.worst_case import UPPER, WorstCase
from qtheory.exact.enclosure import Enclosure
from qtheory.policies.abstract import AbstractPolicy
from qtheory.problem import Problem

if TYPE_CHECKING:
    import sympy as sp


@dataclass(frozen=True)
class Oscillation(AbstractCostClass):
    r"""$\sup c - \inf c \le R$ and $E_\gamma c \le \varepsilon$: the worst case is $\varepsilon + R\,\mathrm{TV}(\pi, \gamma)$.

    The range is over all actions, also those that the base never takes. It is attained by a constant plus
    $R\,\mathbf 1\{w > 1\}$, which may be negative. With `nonnegative` the class asks for $c \ge 0$ too: that cost
    is the worst if $\varepsilon \ge R\,\gamma\{w > 1\}$, and else the worst cost is that of `RangeAndMean(epsilon, R)`.

    Args:
        epsilon: the bound on the mean; spread: $R$, at least 0; or symbols, in claims.
        nonnegative: whether costs are at least 0; then epsilon is too.

    >>> from qtheory.base.finite import Finite
    >>> from qtheory.optimizers.maximizer import Maximizer
    >>> from qtheory.problem import Problem
    >>> policy = Maximizer()(Problem(Finite(["1/4", "3/4"]), utility=[1, 0]))
    >>> Oscillation("1/10", spread=1).worst_case(policy).value
    Fraction(17, 20)
    >>> Oscillation("1/10", spread=1, nonnegative=True).worst_case(policy).value
    Fraction(2, 5)
    """

    epsilon: Any
    spread: Any
    nonnegative: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "nonnegative", read_flag(self.nonnegative, "nonnegative"))
        object.__setattr__(
            self, "epsilon", read_bound(self.epsilon, "epsilon", at_least=0 if self.nonnegative else None)
        )
        object.__setattr__(self, "spread", read_bound(self.spread, "spread"))

    def worst_case(self, policy: AbstractPolicy) -> WorstCase:
        epsilon, width = in_kind(policy, self.epsilon), in_kind(policy, self.spread)
        value = plus(epsilon, times(width, policy.total_variation()))
        heavy = heavy_mass(policy)
        if heavy is None:
            exact = not self.nonnegative or width == 0
            return WorstCase(value, None, exact) if exact else WorstCase(value, None, False, UPPER)
        if self.nonnegative and width > 0 and epsilon < width * heavy:
            return RangeAndMean(self.epsilon, self.spread).worst_case(policy)
        rest = plus(epsilon, -times(width, heavy))
        formula = f"{brief(rest)} + {brief(width)}*(w > 1)"
        return WorstCase(value, cost_of_ratio(policy, lambda w: rest + width * (midpoint(w) > 1), formula), True)

    def axioms(self, cost: sp.Symbol) -> tuple[sp.Basic, ...]:
        import sympy as sp

        from qtheory.symbols import E

        sign = (sp.Ge(cost, 0),) if self.nonnegative else ()
        # A cost within R of all its values is within R of its mean.
        near = (sp.Le(cost, E(cost) + self.spread), sp.Ge(cost, E(cost) - self.spread))
        return (*sign, *near, sp.Le(E(cost), self.epsilon))

    def axioms_say_all(self) -> bool:
        return False

    def admits(self, problem: Problem, cost: Sequence[Any]) -> bool:
        boxes = [Enclosure.of(c) for c in cost]
        return max(c.high for c in boxes) - min(c.low for c in boxes) <= self.spread

    def parameters(self) -> dict[str, Any]:
        flag = {"nonnegative": True} if self.nonnegative else {}
        return {"epsilon": self.epsilon, "spread": self.spread, **flag}

    def bind(self, values: dict[sp.Symbol, Any]) -> Oscillation:
        return Oscillation(**bound_parameters(self, values))
