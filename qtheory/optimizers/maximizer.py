r"""The maximiser: the base restricted to the actions of highest utility."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from qtheory.base.abstract import AbstractAtomicBase
from qtheory.errors import NotAvailable
from qtheory.exact.values import as_float
from qtheory.optimizers.abstract import AbstractOptimizer, require_numbers
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.atom import AtomPolicy
from qtheory.policies.estimand import Estimand
from qtheory.problem import Problem

if TYPE_CHECKING:
    import sympy as sp


@dataclass(frozen=True)
class Maximizer(AbstractOptimizer):
    r"""$\gamma$ restricted to $\arg\max U$ among actions of positive mass: the limit of $Q_q$ as $q \to 0$.

    It exists where the best level has positive mass, so on atomic bases.

    >>> from qtheory.base.finite import Finite
    >>> Maximizer()(Problem(Finite(["1/4", "3/4"]), utility=[1, 0])).sup_ratio()
    Fraction(4, 1)
    """

    def __call__(self, problem: Problem) -> AbstractPolicy:
        require_numbers(self, problem)
        base = problem.base
        if not isinstance(base, AbstractAtomicBase):
            remedy = "use Quantilizer(q) with a small q, or BestOfN(n) with a large n"
            raise NotAvailable("a base without atoms has no maximising policy", got=base, remedy=remedy)
        best = self.threshold(problem)
        chosen = [g if level == best else 0 * g for g, level in zip(base.weights, problem.utility, strict=True)]
        total = sum(chosen, Fraction(0)) if problem.exact else sum(chosen)
        shares = [g / total for g in chosen]
        probabilities = tuple(shares) if problem.exact else as_float(tuple(shares))
        return AtomPolicy(problem, probabilities, Estimand("maximizer"))

    def axioms(self, ratio: sp.Symbol, utility: sp.Symbol, threshold: sp.Symbol) -> tuple[sp.Basic, ...]:
        import sympy as sp

        from qtheory.symbols import E

        never_above = sp.Le(utility, threshold)
        only_best = sp.Implies(utility < threshold, sp.Eq(ratio, 0))
        return sp.Ge(ratio, 0), sp.Eq(E(ratio), 1), never_above, only_best

    def parameters(self) -> dict[str, Any]:
        return {}

    def bind(self, values: dict[sp.Symbol, Any]) -> Maximizer:
        return self

    def threshold(self, problem: Problem) -> Any:
        base = problem.base
        assert isinstance(base, AbstractAtomicBase)
        return max(level for g, level in zip(base.weights, problem.utility, strict=True) if g > 0)
