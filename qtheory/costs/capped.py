r"""Costs with a cap for each action, and a budget that may weigh actions differently."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from qtheory.costs.abstract import AbstractCostClass, in_kind, read_bound, unsupported
from qtheory.costs.filling import fill_exact, fill_floats
from qtheory.costs.worst_case import CostSequence, WorstCase
from qtheory.errors import InvalidInput
from qtheory.exact.binding import is_symbolic, substitute
from qtheory.exact.enclosure import Enclosure
from qtheory.exact.values import as_float, in_double, read_list
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.atom import AtomPolicy
from qtheory.problem import Problem

if TYPE_CHECKING:
    import sympy as sp


@dataclass(frozen=True)
class Capped(AbstractCostClass):
    r"""$0 \le c \le m(a)$ with $E_\gamma[kc] \le \varepsilon$: fill $c = m$ in decreasing order of $w/k$.

    The worst case is the fractional knapsack $\min_{\lambda\ge0}\lambda\varepsilon + \sum_a(\pi - \lambda\gamma k)^+m$.

    Args:
        epsilon: the budget, at least 0; or a symbol, in claims.
        caps: $m$, one number at least 0 per action, or "inf"; in claims a function of the action (`OfAction`).
        weights: $k$, one number at least 0 per action, all 1 if left out; in claims a function of the action.

    >>> from qtheory.base.finite import Finite
    >>> from qtheory.policies.atom import AtomPolicy
    >>> from qtheory.problem import Problem
    >>> problem = Problem(Finite(["1/2", "1/4", "1/8", "1/16", "1/16"]), utility=[0, 1, 2, 3, 10])
    >>> policy = AtomPolicy(problem, [0, 0, "1/2", "1/4", "1/4"])
    >>> Capped("1/10", caps=[1, 1, "1/2", 1, 2]).worst_case(policy).value
    Fraction(2, 5)
    """

    epsilon: Any
    caps: Any
    weights: Any = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "epsilon", read_bound(self.epsilon, "epsilon"))
        object.__setattr__(self, "caps", _read(self.caps, "caps", endless=True))
        if self.weights is not None:
            object.__setattr__(self, "weights", _read(self.weights, "weights", endless=False))
            numbers = isinstance(self.caps, tuple) and isinstance(self.weights, tuple)
            if numbers and len(self.caps) != len(self.weights):
                raise InvalidInput("caps and weights differ in length", got=(len(self.caps), len(self.weights)))

    def worst_case(self, policy: AbstractPolicy) -> WorstCase:
        if not isinstance(policy, AtomPolicy):
            raise unsupported(self, policy)
        caps, sizes = self.caps_and_sizes(policy)
        free = next(
            (i for i, p in enumerate(policy.probabilities) if p != 0 and sizes[i] == 0 and caps[i] == math.inf), None
        )
        if free is not None:
            return WorstCase(math.inf, None, False, sequence=_rising(policy, free))
        budget = in_kind(policy, self.epsilon)
        if policy.problem.exact:
            cost, value = fill_exact(policy.probabilities, sizes, caps, budget)  # type: ignore[arg-type]
            return WorstCase(value, cost, True)
        heights = np.array([cap if cap == math.inf else in_double(cap, "a cap") for cap in caps])
        cost, value = fill_floats(as_float(policy.probabilities), np.array(sizes, dtype=float), heights, float(budget))
        return WorstCase(value, cost, True)

    def caps_and_sizes(self, policy: AtomPolicy) -> tuple[tuple, tuple]:
        """The cap of each action, and what it takes of the budget per unit of cost."""
        for name, values in (("caps", self.caps), ("weights", self.weights)):
            if is_symbolic(values):
                raise InvalidInput(f"{name} are a symbol; only a claim can use them so", got=values)
            if values is not None and len(values) != policy.base.size:
                raise InvalidInput(f"{name} has the wrong length", got=len(values), allowed=f"{policy.base.size}")
        weights = self.weights or (Fraction(1),) * policy.base.size
        return self.caps, tuple(_size(g, k) for g, k in zip(policy.base.weights, weights, strict=True))

    def axioms(self, cost: sp.Symbol) -> tuple[sp.Basic, ...]:
        import sympy as sp

        from qtheory.symbols import E

        if self.weights is None:
            budget: tuple = (sp.Le(E(cost), self.epsilon),)
        elif is_symbolic(self.weights):
            budget = (sp.Ge(self.weights, 0), sp.Le(E(self.weights * cost), self.epsilon))
        else:
            # Numbers per action have no symbol; what they say of the mean is what the least of them says.
            least = min(self.weights)
            budget = (sp.Le(E(cost), self.epsilon / least),) if least > 0 else ()
        return sp.Ge(cost, 0), *self._cap_axiom(cost), *budget

    def _cap_axiom(self, cost: sp.Symbol) -> tuple[sp.Basic, ...]:
        import sympy as sp

        if is_symbolic(self.caps):
            return (sp.Le(cost, self.caps),)
        return () if math.inf in self.caps else (sp.Le(cost, max(self.caps)),)

    def axioms_say_all(self) -> bool:
        return is_symbolic(self.caps) and (self.weights is None or is_symbolic(self.weights))

    def admits(self, problem: Problem, cost: Sequence[Any]) -> bool:
        if self.axioms_say_all():
            return True
        size, highest = len(cost), [Enclosure.of(c).high for c in cost]
        caps = (math.inf,) * size if is_symbolic(self.caps) else self.caps
        if len(caps) != size or any(c > cap for c, cap in zip(highest, caps, strict=True)):
            return False
        if is_symbolic(self.weights):
            return True
        weights = self.weights or (Fraction(1),) * size
        masses = problem.base.weights  # type: ignore[attr-defined]
        return sum(g * k * c for g, k, c in zip(masses, weights, highest, strict=True)) <= self.epsilon

    def parameters(self) -> dict[str, Any]:
        weights = {} if self.weights is None else {"weights": self.weights}
        return {"epsilon": self.epsilon, "caps": self.caps, **weights}

    def bind(self, values: dict[sp.Symbol, Any]) -> Capped:
        # Functions of the action have no value as such.
        return Capped(substitute(self.epsilon, values), self.caps, self.weights)


def _read(values: Any, name: str, *, endless: bool) -> Any:
    if is_symbolic(values):
        return values
    listed = read_list(values, name, "one number per action")
    return tuple(_read_one(value, f"{name}[{i}]", endless) for i, value in enumerate(listed))


def _read_one(value: Any, name: str, endless: bool) -> Any:
    if endless and ((isinstance(value, str) and value == "inf") or (isinstance(value, float) and value == math.inf)):
        return math.inf
    if is_symbolic(value):
        allowed = "numbers; in claims, one OfAction(...) in place of the list"
        raise InvalidInput(f"{name} is a symbol", got=value, allowed=allowed)
    return read_bound(value, name)


def _size(g: Any, k: Fraction) -> Any:
    return g * k if isinstance(g, Fraction) else float(g) * in_double(k, "a weight")


def _rising(policy: AtomPolicy, action: int) -> CostSequence:
    """Costs without bound on an action that has no cap and uses up no budget."""

    def cost(n: int) -> Any:
        values = tuple(Fraction(n if i == action else 0) for i in range(policy.base.size))
        return values if policy.problem.exact else as_float(values)

    return CostSequence(cost, lambda n: n * policy.probabilities[action])
