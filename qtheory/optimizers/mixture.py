r"""A mixture: one optimizer with some chance, another one otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from qtheory.aliases import Json
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.binding import as_sympy, is_symbolic, substitute
from qtheory.exact.enclosure import simplest
from qtheory.exact.rationals import rational
from qtheory.optimizers.abstract import AbstractOptimizer, require_numbers
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.atom import AtomPolicy
from qtheory.policies.estimand import Estimand
from qtheory.policies.rank import RankPolicy
from qtheory.policies.rank_density import mixed
from qtheory.policies.weight import WeightPolicy
from qtheory.problem import Problem

if TYPE_CHECKING:
    import sympy as sp


@dataclass(frozen=True)
class Mixture(AbstractOptimizer):
    r"""$\pi = (1-\theta)\,\pi_1 + \theta\,\pi_2$: the second optimizer with chance $\theta$, else the first.

    Density ratios, values and costs mix alike; the largest density ratio is at most the mixture of the two.

    Args:
        first: an optimizer; second: another one, whose policies on a problem are of the same kind.
        weight: the chance $\theta \in [0, 1]$ of the second; or a symbol, in claims.

    >>> from qtheory.base.finite import Finite
    >>> from qtheory.optimizers.imitation import Imitation
    >>> from qtheory.optimizers.quantilizer import Quantilizer
    >>> hedge = Mixture(Imitation(), Quantilizer("1/4"), weight="1/2")
    >>> [str(w) for w in hedge(Problem(Finite(["1/4", "3/4"]), utility=[1, 0])).ratio]
    ['5/2', '1/2']
    """

    first: AbstractOptimizer
    second: AbstractOptimizer
    weight: Any

    def __post_init__(self) -> None:
        for name in ("first", "second"):
            if not isinstance(getattr(self, name), AbstractOptimizer):
                allowed = "an optimizer, such as Imitation()"
                raise InvalidInput(f"{name} is not an optimizer", got=getattr(self, name), allowed=allowed)
        object.__setattr__(self, "weight", _read_weight(self.weight))

    def __call__(self, problem: Problem) -> AbstractPolicy:
        require_numbers(self, problem)
        if self.weight in (0, 1):
            return (self.second if self.weight == 1 else self.first)(problem)
        first, second = self.first(problem), self.second(problem)
        if isinstance(first, AtomPolicy) and isinstance(second, AtomPolicy):
            return self._of_atoms(first, second)
        if isinstance(first, RankPolicy) and isinstance(second, RankPolicy):
            return RankPolicy(problem, mixed(first.density, second.density, self.weight))
        if isinstance(first, WeightPolicy) and isinstance(second, WeightPolicy):
            return self._of_weights(first, second)
        got = f"{type(first).__name__} and {type(second).__name__}"
        raise NotAvailable("the two policies are not of the same kind on this problem", got=got)

    def expected_draws(self, problem: Problem) -> Any:
        require_numbers(self, problem)
        parts = ((1 - self.weight, self.first), (self.weight, self.second))
        counts = [share * optimizer.expected_draws(problem) for share, optimizer in parts if share > 0]
        return sum(counts[1:], counts[0])

    def axioms(self, ratio: sp.Symbol, utility: sp.Symbol, threshold: sp.Symbol) -> tuple[sp.Basic, ...]:
        """The bounds on the density ratio that the axioms of the two state, mixed."""
        import sympy as sp

        from qtheory.symbols import E

        theta = as_sympy(self.weight)
        stated = [optimizer.axioms(ratio, utility, threshold) for optimizer in (self.first, self.second)]
        numbers = [axiom for axioms in stated for axiom in axioms if not axiom.has(ratio, utility, threshold, E)]
        below, above = zip(*(_bounds(axioms, ratio) for axioms in stated), strict=True)
        found = [sp.Ge(theta, 0), sp.Le(theta, 1), *numbers, sp.Eq(E(ratio), 1)]
        found.append(sp.Ge(ratio, (1 - theta) * below[0] + theta * below[1]))
        if None not in above:
            found.append(sp.Le(ratio, (1 - theta) * above[0] + theta * above[1]))
        return tuple(axiom for axiom in dict.fromkeys(found) if axiom != sp.true)

    def parameters(self) -> dict[str, Any]:
        return {"first": self.first, "second": self.second, "weight": self.weight}

    def bind(self, values: dict[sp.Symbol, Any]) -> Mixture:
        return Mixture(self.first.bind(values), self.second.bind(values), substitute(self.weight, values))

    def to_json(self) -> Json:
        parts = {"first": self.first.to_json(), "second": self.second.to_json()}
        return {"optimizer": type(self).__name__, **parts, "weight": str(self.weight)}

    def _of_atoms(self, first: AtomPolicy, second: AtomPolicy) -> AtomPolicy:
        named = Estimand(
            "mixture", (("weight", str(self.weight)), ("first", str(first.estimand)), ("second", str(second.estimand)))
        )
        if not first.problem.exact:
            played = self._blend(np.asarray(first.probabilities), np.asarray(second.probabilities))
            return AtomPolicy(first.problem, played / played.sum(), named)
        pairs = zip(first.probabilities, second.probabilities, strict=True)
        exact = [simplest((1 - self.weight) * p + self.weight * r) for p, r in pairs]  # type: ignore[arg-type]
        return AtomPolicy(first.problem, exact, named)

    def _of_weights(self, first: WeightPolicy, second: WeightPolicy) -> WeightPolicy:
        top = self._blend(first.supremum, second.supremum)
        if first.ratio.expression is not None and second.ratio.expression is not None:
            theta = as_sympy(self.weight)
            formula = (1 - theta) * first.ratio.expression + theta * second.ratio.expression
            return WeightPolicy(first.problem, formula, top)
        one, other = first.ratio.of_one, second.ratio.of_one
        return WeightPolicy(first.problem, lambda x: self._blend(one(x), other(x)), top)

    def _blend(self, first: Any, second: Any) -> Any:
        theta = float(self.weight)
        return (1.0 - theta) * first + theta * second


def _read_weight(value: Any) -> Any:
    if is_symbolic(value):
        return value
    weight = rational(value, "weight")
    if not 0 <= weight <= 1:
        raise InvalidInput("not the weight of a mixture", got=str(weight), allowed="0 <= weight <= 1")
    return weight


def _bounds(axioms: tuple[sp.Basic, ...], ratio: sp.Symbol) -> tuple[Any, Any]:
    """The numbers between which axioms put the density ratio everywhere: zero and `None` where they say nothing."""
    import sympy as sp

    from qtheory.symbols import E, OfAction

    below, above = sp.Integer(0), None
    for axiom in axioms:
        if not isinstance(axiom, (sp.Ge, sp.Le, sp.Eq)) or axiom.lhs != ratio or axiom.rhs.has(E, OfAction):
            continue
        below = axiom.rhs if isinstance(axiom, (sp.Ge, sp.Eq)) else below
        above = axiom.rhs if isinstance(axiom, (sp.Le, sp.Eq)) else above
    return below, above
