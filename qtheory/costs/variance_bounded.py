r"""Costs known by their mean and their variance."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qtheory.costs.abstract import AbstractCostClass, bound_parameters, in_kind, read_bound, read_flag
from qtheory.costs.extremal import escape
from qtheory.costs.kinds import brief, excess, midpoint, over, plus, sqrt, times
from qtheory.costs.of_ratio import cost_of_ratio, levels_of_ratio
from qtheory.costs.worst_case import UPPER, Cost, WorstCase
from qtheory.exact.binding import as_sympy
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.atom import AtomPolicy

if TYPE_CHECKING:
    import sympy as sp


@dataclass(frozen=True)
class VarianceBounded(AbstractCostClass):
    r"""$E_\gamma c \le \varepsilon$, $\mathrm{Var}_\gamma c \le \sigma^2$: the worst case is $\varepsilon + \sigma\sqrt{\chi^2}$.

    It is attained by $c = \varepsilon + \sigma(w-1)/\sqrt{\chi^2}$, which may be negative. With `nonnegative` the class
    asks for $c \ge 0$ too, and the worst cost is $c = s(w-\nu)^+$ with the mean and the variance used up, or, where the
    variance does not bind, $\varepsilon$ spread on the largest density ratio. Where the ratio does not take finitely
    many known values, that is a convex programme, and the answer is an upper bound and says so.

    Args:
        epsilon: the bound on the mean; deviation: $\sigma$, at least 0; or symbols, in claims.
        nonnegative: whether costs are at least 0; then epsilon is too.

    >>> from qtheory.base.finite import Finite
    >>> from qtheory.optimizers.maximizer import Maximizer
    >>> from qtheory.problem import Problem
    >>> policy = Maximizer()(Problem(Finite(["1/2", "1/2"]), utility=[1, 0]))
    >>> VarianceBounded("1/10", deviation=1).worst_case(policy).value
    Fraction(11, 10)
    >>> VarianceBounded("1/10", deviation=1, nonnegative=True).worst_case(policy).value
    Fraction(1, 5)
    """

    epsilon: Any
    deviation: Any
    nonnegative: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "nonnegative", read_flag(self.nonnegative, "nonnegative"))
        object.__setattr__(
            self, "epsilon", read_bound(self.epsilon, "epsilon", at_least=0 if self.nonnegative else None)
        )
        object.__setattr__(self, "deviation", read_bound(self.deviation, "deviation"))

    def worst_case(self, policy: AbstractPolicy) -> WorstCase:
        epsilon, deviation = in_kind(policy, self.epsilon), in_kind(policy, self.deviation)
        chi2 = policy.chi2()
        if isinstance(chi2, float) and math.isinf(chi2):
            return _unbounded(policy, epsilon, deviation)
        if not self.nonnegative or deviation == 0:
            return _affine(policy, epsilon, deviation, sqrt(chi2))
        levels = levels_of_ratio(policy)
        if levels is None:
            free = plus(epsilon, times(deviation, sqrt(chi2)))
            return WorstCase(_least(free, times(epsilon, policy.sup_ratio())), None, False, UPPER)
        return _truncated(policy, levels, epsilon, deviation)

    def axioms(self, cost: sp.Symbol) -> tuple[sp.Basic, ...]:
        import sympy as sp

        from qtheory.symbols import E

        deviation = as_sympy(self.deviation)
        spread = sp.Le(E(cost**2) - E(cost) ** 2, deviation**2)
        sign = (sp.Ge(cost, 0),) if self.nonnegative else ()
        return (*sign, sp.Le(E(cost), self.epsilon), spread, sp.Ge(deviation, 0))

    def parameters(self) -> dict[str, Any]:
        flag = {"nonnegative": True} if self.nonnegative else {}
        return {"epsilon": self.epsilon, "deviation": self.deviation, **flag}

    def bind(self, values: dict[sp.Symbol, Any]) -> VarianceBounded:
        return VarianceBounded(**bound_parameters(self, values))


def _unbounded(policy: AbstractPolicy, epsilon: Any, deviation: Any) -> WorstCase:
    if isinstance(policy, AtomPolicy):
        return WorstCase(math.inf, None, False, sequence=escape(policy, epsilon))
    if deviation == 0:
        return WorstCase(epsilon, cost_of_ratio(policy, lambda w: epsilon + 0 * w, f"{epsilon}"), True)
    return WorstCase(math.inf, None, False)


def _affine(policy: AbstractPolicy, epsilon: Any, deviation: Any, width: Any) -> WorstCase:
    """The worst cost of free sign, in which the policy's ratio is seen with the largest slope allowed."""
    value = plus(epsilon, times(deviation, width))
    if width == 0 or deviation == 0:
        return WorstCase(value, cost_of_ratio(policy, lambda w: epsilon + 0 * w, f"{epsilon}"), True)
    if getattr(width, "low", 1) == 0:
        # It cannot be told whether the policy is the base, and then the slope would not be defined.
        return WorstCase(value, None, True)
    slope = over(deviation, width)
    formula = f"{brief(epsilon)} + {brief(slope)}*(w - 1)"
    return WorstCase(value, cost_of_ratio(policy, lambda w: plus(epsilon, times(slope, w - 1)), formula), True)


def _truncated(policy: AbstractPolicy, levels: list, epsilon: Any, deviation: Any) -> WorstCase:
    r"""The worst nonnegative cost $s(w-\nu)^+$, with $\nu$ between two levels of the ratio.

    On the top levels, of mass $G$, first moment $W$ and second moment $S$ of the ratio, mean $\varepsilon$ and second
    moment $R\varepsilon^2$ give $W - \nu G = \sqrt{(GS - W^2)/(RG - 1)}$.
    """
    if epsilon == 0:
        return WorstCase(epsilon, cost_of_ratio(policy, lambda w: 0 * w, "0"), True)
    needed = 1 + (deviation / epsilon) ** 2
    mass, first, second = 0 * epsilon, 0 * epsilon, 0 * epsilon
    for place, (g, w) in enumerate(levels):
        mass, first, second = mass + g, first + g * w, second + g * w * w
        if place == 0 and needed * mass >= 1:
            return WorstCase(epsilon * w, _on_the_top(policy, epsilon / mass, w), True)
        if place + 1 == len(levels):
            return _uncut(policy, epsilon, deviation, sqrt(second - 1))
        if _relative_spread(mass, first, second, levels[place + 1][1]) <= needed:
            break
    spare = needed * mass - 1
    distance = sqrt(over(mass * second - first * first, spare))
    level = over(plus(first, -distance), mass)
    slope = over(epsilon, distance)
    value = over(times(epsilon, plus(first, sqrt((mass * second - first * first) * spare))), mass)
    formula = f"{brief(slope)}*max(w - {brief(level)}, 0)"
    return WorstCase(value, cost_of_ratio(policy, lambda w: times(slope, excess(w, level)), formula), True)


def _uncut(policy: AbstractPolicy, epsilon: Any, deviation: Any, width: Any) -> WorstCase:
    """The cost of free sign, which is nonnegative on all that the base takes, and 0 elsewhere if need be."""
    slope = over(deviation, width)
    formula = f"max({brief(epsilon)} + {brief(slope)}*(w - 1), 0)"
    cost = cost_of_ratio(policy, lambda w: excess(plus(epsilon, times(slope, w - 1)), 0 * epsilon), formula)
    return WorstCase(plus(epsilon, times(deviation, width)), cost, True)


def _on_the_top(policy: AbstractPolicy, share: Any, top: Any) -> Cost:
    formula = f"{brief(share)} where w = {brief(top)}, else 0"
    return cost_of_ratio(policy, lambda w: share * (w == top), formula)


def _relative_spread(mass: Any, first: Any, second: Any, level: Any) -> Any:
    r"""$E[d^2]/E[d]^2$ of $d = (w-\nu)^+$; it rises with $\nu$."""
    return (second - 2 * level * first + level * level * mass) / (first - level * mass) ** 2


def _least(x: Any, y: Any) -> Any:
    return x if midpoint(x) <= midpoint(y) else y
