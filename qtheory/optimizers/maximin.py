r"""The best guarantee against a class of hidden costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qtheory.aliases import Json
from qtheory.costs.abstract import AbstractCostClass
from qtheory.errors import InvalidInput
from qtheory.exact.binding import is_symbolic
from qtheory.optimizers.abstract import AbstractOptimizer, require_numbers
from qtheory.optimizers.dictionary import closed_form
from qtheory.optimizers.maximin_program import by_programme
from qtheory.optimizers.maximin_solution import MaximinSolution
from qtheory.policies.abstract import AbstractPolicy
from qtheory.problem import Problem

if TYPE_CHECKING:
    import sympy as sp


@dataclass(frozen=True)
class Maximin(AbstractOptimizer):
    r"""Maximises $\min_{c \in \mathcal C} E_\pi[U - c]$ over policies, for a cost class $\mathcal C$.

    Known shapes are used where there is one (mean: quantilizer; range and mean: quantilizer or maximiser; moment: power;
    variance: $\chi^2$ shape or base; exponential moment: Boltzmann; oscillation: total variation; caps: budget above a
    threshold; feature: best of each cell; conditional: proportional maximiser), else an exact linear programme with
    its certificate. `solve` says which.

    Args:
        cost_class: what the hidden cost may do.

    Source:
        derived: minimax, and that the value is the least t with (U - t)^+ in a solid class.

    >>> from qtheory.base.finite import Finite
    >>> from qtheory.costs.capped import Capped
    >>> problem = Problem(Finite(["1/2", "1/4", "1/8", "1/16", "1/16"]), utility=[0, 1, 2, 3, 10])
    >>> solution = Maximin(Capped("3/4", caps=[0, 1, "1/2", 1, 9])).solve(problem)
    >>> solution.value, [str(p) for p in solution.policy.probabilities], solution.how
    (Fraction(2, 1), ['0', '0', '0', '1', '0'], 'closed form')
    """

    cost_class: AbstractCostClass

    def __post_init__(self) -> None:
        if not isinstance(self.cost_class, AbstractCostClass):
            allowed = "a cost class, such as MeanBounded('1/10')"
            raise InvalidInput("a maximin policy is for a cost class", got=self.cost_class, allowed=allowed)

    def __call__(self, problem: Problem) -> AbstractPolicy:
        return self.solve(problem).policy

    def solve(self, problem: Problem) -> MaximinSolution:
        """The policy with its guarantee, the saddle cost, and how they were found.

        Raises:
            NotAvailable: no policy attains the best guarantee here, or no way to find it is known.
        """
        require_numbers(self, problem)
        symbolic = {name: value for name, value in self.cost_class.parameters().items() if is_symbolic(value)}
        if symbolic:
            raise InvalidInput("a parameter of the cost class is a symbol; only a claim can use it so", got=symbolic)
        return closed_form(self.cost_class, problem) or by_programme(self.cost_class, problem)

    def axioms(self, ratio: sp.Symbol, utility: sp.Symbol, threshold: sp.Symbol) -> tuple[sp.Basic, ...]:
        """A policy, which may put mass where the base has none if the class has caps."""
        import sympy as sp

        from qtheory.symbols import E

        return sp.Ge(ratio, 0), sp.Le(E(ratio), 1)

    @property
    def free_symbols(self) -> set[sp.Symbol]:
        values = self.cost_class.parameters().values()
        return set().union(*(getattr(value, "free_symbols", ()) for value in values))

    def parameters(self) -> dict[str, Any]:
        return {"cost_class": self.cost_class}

    def bind(self, values: dict[sp.Symbol, Any]) -> Maximin:
        return Maximin(self.cost_class.bind(values))

    def to_json(self) -> Json:
        return {"optimizer": type(self).__name__, "cost_class": self.cost_class.to_json()}
