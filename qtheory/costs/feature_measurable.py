r"""Costs that depend on the action through a feature alone: side effects."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from qtheory.aliases import Number, Values
from qtheory.costs.abstract import AbstractCostClass, bound_parameters, in_kind, mean_under, read_bound, unsupported
from qtheory.costs.extremal import spread
from qtheory.costs.kinds import midpoint, times
from qtheory.costs.worst_case import CostSequence, WorstCase
from qtheory.errors import InvalidInput
from qtheory.exact import nonnegative
from qtheory.exact.values import as_float
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.atom import AtomPolicy

if TYPE_CHECKING:
    import sympy as sp


@dataclass(frozen=True)
class FeatureMeasurable(AbstractCostClass):
    r"""$c = \kappa(Z) \ge 0$ with $E_\gamma c \le \varepsilon$: worst case $\varepsilon\max_z \pi(Z=z)/\gamma(Z=z)$.

    The feature $Z$ is the problem's `feature`, a label per action.

    Args:
        epsilon: the bound on the mean, at least 0; or a symbol, in claims.

    >>> from qtheory.base.finite import Finite
    >>> from qtheory.optimizers.quantilizer import Quantilizer
    >>> from qtheory.problem import Problem
    >>> base = Finite(["3/10", "1/10", "3/10", "1/10", "1/10", "1/10"])
    >>> problem = Problem(base, utility=[0, 0, 1, 1, 2, 2], feature=[0, 1, 0, 1, 0, 1])
    >>> FeatureMeasurable(1).worst_case(Quantilizer("1/5")(problem)).value
    Fraction(5, 3)
    """

    epsilon: Any

    def __post_init__(self) -> None:
        object.__setattr__(self, "epsilon", read_bound(self.epsilon, "epsilon"))

    def worst_case(self, policy: AbstractPolicy) -> WorstCase:
        if not isinstance(policy, AtomPolicy):
            raise unsupported(self, policy)
        epsilon = in_kind(policy, self.epsilon)
        factors = amplification(policy)
        label = max(factors, key=lambda z: midpoint(factors[z]))
        cell = [i for i, z in enumerate(_labels(policy)) if z == label]
        if math.isinf(factors[label]):
            return WorstCase(math.inf, None, False, sequence=_escape(policy, cell))
        exact = policy.problem.exact
        factor: Any = nonnegative.largest(factors.values()) if exact else factors[label]  # type: ignore[arg-type]
        value = times(epsilon, factor)
        return WorstCase(value, spread(policy, cell, epsilon, 0 * epsilon), True)

    def axioms(self, cost: sp.Symbol) -> tuple[sp.Basic, ...]:
        import sympy as sp

        from qtheory.symbols import E

        return sp.Ge(cost, 0), sp.Le(E(cost), self.epsilon)

    def depends_on_feature(self) -> bool:
        return True

    def parameters(self) -> dict[str, Any]:
        return {"epsilon": self.epsilon}

    def bind(self, values: dict[sp.Symbol, Any]) -> FeatureMeasurable:
        return FeatureMeasurable(**bound_parameters(self, values))


def amplification(policy: AtomPolicy) -> dict[Any, Number]:
    r"""The factor $\pi(Z=z)/\gamma(Z=z)$ of each value of the feature that either can take."""
    base_mass: dict[Any, Number] = {}
    policy_mass: dict[Any, Number] = {}
    zero: Number = Fraction(0) if policy.problem.exact else 0.0
    for z, g, p in zip(_labels(policy), policy.base.weights, policy.probabilities, strict=True):
        base_mass[z] = base_mass.get(z, zero) + g
        policy_mass[z] = policy_mass.get(z, zero) + p
    seen = [z for z in base_mass if base_mass[z] > 0 or policy_mass[z] != 0]
    return {z: policy_mass[z] / base_mass[z] if base_mass[z] > 0 else math.inf for z in seen}


def _escape(policy: AtomPolicy, cell: list[int]) -> CostSequence:
    """Costs without bound on a cell that the policy reaches and the base does not."""
    inside = set(cell)
    share = mean_under(policy.probabilities, [int(i in inside) for i in range(policy.base.size)])

    def cost(n: int) -> Values:
        values = tuple(Fraction(n if i in inside else 0) for i in range(policy.base.size))
        return values if policy.problem.exact else as_float(values)

    return CostSequence(cost, lambda n: n * share)


def _labels(policy: AtomPolicy) -> tuple:
    if policy.problem.feature is None:
        remedy = "give Problem(..., feature=[label of each action])"
        raise InvalidInput("the problem states no feature", got=None, remedy=remedy)
    return policy.problem.feature
