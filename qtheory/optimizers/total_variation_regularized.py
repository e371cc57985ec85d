r"""Total-variation regularisation: keep what is nearly best, move the rest to the best."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from qtheory.errors import NotAvailable
from qtheory.exact.binding import as_sympy, substitute
from qtheory.optimizers.abstract import AbstractOptimizer, require_numbers
from qtheory.optimizers.from_weights import best_level, depths, is_atomic, policy_from_weights
from qtheory.optimizers.parameters import read_at_least
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.estimand import Estimand
from qtheory.problem import Problem

if TYPE_CHECKING:
    import sympy as sp


@dataclass(frozen=True)
class TotalVariationRegularized(AbstractOptimizer):
    r"""Maximises $E_\pi U - R\,\mathrm{TV}(\pi, \gamma)$: keeps $\gamma$ on $\{U \ge U_{\max} - R\}$.

    The mass $\kappa$ of the other actions moves to $\arg\max U$, in proportion to $\gamma$, so that $w = 1 + \kappa/\gamma_*$
    there. The penalty bounds how much mass moves, not how dense it becomes. It needs a best action, so an atomic base.

    Args:
        penalty: the strength $R \ge 0$, in units of utility; 0 is the maximiser; or a symbol, in claims.

    Source:
        derived: moving mass from an action to the best gains their distance and costs R.

    >>> from qtheory.base.finite import Finite
    >>> problem = Problem(Finite(["1/2", "1/4", "1/8", "1/16", "1/16"]), utility=[0, 1, 2, 3, 10])
    >>> [str(w) for w in TotalVariationRegularized(8)(problem).ratio]
    ['0', '0', '1', '1', '13']
    """

    penalty: Any

    def __post_init__(self) -> None:
        object.__setattr__(self, "penalty", read_at_least(self.penalty, "penalty"))

    def __call__(self, problem: Problem) -> AbstractPolicy:
        require_numbers(self, problem)
        self._require_best(problem)
        masses, below = depths(problem)
        reach = self.penalty if problem.exact else float(self.penalty)
        zero = Fraction(0) if problem.exact else 0.0
        moved = sum((g for g, d in zip(masses, below, strict=True) if d > reach), zero)
        best = sum((g for g, d in zip(masses, below, strict=True) if d == 0), zero)
        ratio = [zero if d > reach else 1 + (moved / best if d == 0 else zero) for d in below]
        estimand = Estimand("total-variation", (("penalty", str(self.penalty)),))
        return policy_from_weights(problem, ratio, estimand)

    def axioms(self, ratio: sp.Symbol, utility: sp.Symbol, threshold: sp.Symbol) -> tuple[sp.Basic, ...]:
        import sympy as sp

        from qtheory.symbols import E, indicator

        reach = as_sympy(self.penalty)
        best, moved = E(indicator(utility >= threshold + reach)), E(indicator(utility < threshold))
        kept = sp.And(utility >= threshold, utility < threshold + reach)
        return (
            sp.Ge(reach, 0),
            sp.Ge(ratio, 0),
            sp.Eq(E(ratio), 1),
            sp.Le(utility, threshold + reach),
            sp.Implies(utility < threshold, sp.Eq(ratio, 0)),
            sp.Implies(kept, sp.Eq(ratio, 1)),
            sp.Gt(best, 0),
            sp.Implies(utility >= threshold + reach, sp.Eq(ratio * best, best + moved)),
        )

    def parameters(self) -> dict[str, Any]:
        return {"penalty": self.penalty}

    def bind(self, values: dict[sp.Symbol, Any]) -> TotalVariationRegularized:
        return TotalVariationRegularized(substitute(self.penalty, values))

    def threshold(self, problem: Problem) -> Any:
        r"""$U_{\max} - R$, below which nothing is played."""
        require_numbers(self, problem)
        self._require_best(problem)
        return best_level(problem) - (self.penalty if problem.exact else float(self.penalty))

    def _require_best(self, problem: Problem) -> None:
        if not is_atomic(problem):
            remedy = "on bases without atoms use Quantilizer(q), KLRegularized(beta) or PowerRegularized(p, budget)"
            raise NotAvailable(
                "without a best action of positive mass this penalty has no optimal policy",
                got=problem.base,
                remedy=remedy,
            )
