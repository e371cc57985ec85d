r"""Imitation: play the base itself."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from qtheory.base.abstract import AbstractAtomicBase
from qtheory.optimizers.abstract import AbstractOptimizer, require_numbers
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.from_ranks import policy_from_ranks
from qtheory.policies.rank_density import TopOfDraws, TopSlice
from qtheory.problem import Problem

if TYPE_CHECKING:
    import sympy as sp


@dataclass(frozen=True)
class Imitation(AbstractOptimizer):
    r"""No optimisation at all: $\pi = \gamma$, the quantilizer at $q = 1$.

    >>> from qtheory.base.finite import Finite
    >>> Imitation()(Problem(Finite(["1/4", "3/4"]), utility=[1, 0])).value()
    Fraction(1, 4)
    """

    def __call__(self, problem: Problem) -> AbstractPolicy:
        require_numbers(self, problem)
        ranked = isinstance(problem.base, AbstractAtomicBase) or problem.ranks_as_action
        return policy_from_ranks(problem, TopSlice(Fraction(1)) if ranked else TopOfDraws(1, 1))

    def axioms(self, ratio: sp.Symbol, utility: sp.Symbol, threshold: sp.Symbol) -> tuple[sp.Basic, ...]:
        import sympy as sp

        return (sp.Eq(ratio, 1),)

    def parameters(self) -> dict[str, Any]:
        return {}

    def bind(self, values: dict[sp.Symbol, Any]) -> Imitation:
        return self
