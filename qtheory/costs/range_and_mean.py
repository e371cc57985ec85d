r"""Costs known by their range and their mean."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from qtheory.costs.abstract import AbstractCostClass, bound_parameters, in_kind, read_bound, unsupported
from qtheory.costs.filling import Filling, fill_exact, fill_floats
from qtheory.costs.kinds import times
from qtheory.costs.worst_case import RankStep, WorstCase
from qtheory.exact.values import as_float
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.atom import AtomPolicy
from qtheory.policies.rank import RankPolicy
from qtheory.policies.weight import WeightPolicy

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
        epsilon, cap = in_kind(policy, self.epsilon), in_kind(policy, self.cap)
        if isinstance(policy, AtomPolicy):
            cost, value = _fill(policy, epsilon, cap)
            return WorstCase(value, cost, True)
        rank = min(self.epsilon / self.cap, Fraction(1))
        if isinstance(policy, RankPolicy):
            policy.sup_ratio()
            value = times(self.cap, policy.density.top_mass(rank))
            return WorstCase(value, self._step(policy, rank), True)
        if isinstance(policy, WeightPolicy) and _rises(policy):
            mass = policy.problem.base.expect(policy.ratio.on_host, high_rank=float(rank)) if rank > 0 else 0.0  # type: ignore[attr-defined]
            return WorstCase(float(self.cap) * mass, RankStep(float(rank), float(self.cap)), True)
        raise unsupported(self, policy)

    def _step(self, policy: RankPolicy, rank: Fraction) -> RankStep | None:
        """The cap on the top ranks; where the density rises the filled ranks are no such step."""
        return RankStep(float(rank), float(self.cap)) if policy.density.is_nonincreasing else None

    def axioms(self, cost: sp.Symbol) -> tuple[sp.Basic, ...]:
        import sympy as sp

        from qtheory.symbols import E

        return sp.Ge(cost, 0), sp.Le(cost, self.cap), sp.Le(E(cost), self.epsilon)

    def parameters(self) -> dict[str, Any]:
        return {"epsilon": self.epsilon, "cap": self.cap}

    def bind(self, values: dict[sp.Symbol, Any]) -> RangeAndMean:
        return RangeAndMean(**bound_parameters(self, values))


def _fill(policy: AtomPolicy, epsilon: Any, cap: Any) -> Filling:
    weights, size = policy.base.weights, policy.base.size
    if isinstance(weights, tuple):
        return fill_exact(policy.probabilities, weights, [cap] * size, epsilon)  # type: ignore[arg-type]
    gains, ratio = as_float(policy.probabilities), as_float(policy.ratio)
    return fill_floats(gains, weights, cap, epsilon, ratio)


def _rises(policy: WeightPolicy) -> bool:
    """Whether the density ratio is known to rise with the action, so that its top ranks are those of the action."""
    return policy.ratio.increases(policy.problem.base.support())  # type: ignore[attr-defined]
