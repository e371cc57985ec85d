r"""Power regularisation: the best policy against costs with a bounded p-th moment."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from qtheory.exact import nonnegative
from qtheory.exact.binding import as_sympy, is_symbolic, substitute
from qtheory.exact.enclosure import simplest
from qtheory.optimizers.abstract import AbstractOptimizer, require_numbers
from qtheory.optimizers.from_weights import best_level, depths, is_atomic, policy_from_weights
from qtheory.optimizers.norm_equation import threshold_depth
from qtheory.optimizers.parameters import read_above, read_at_least
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.estimand import Estimand
from qtheory.problem import Problem

if TYPE_CHECKING:
    import sympy as sp


@dataclass(frozen=True)
class PowerRegularized(AbstractOptimizer):
    r"""Maximises $E_\pi U - B\lVert w\rVert_{p'}$, $p' = p/(p-1)$: $w \propto \bigl((U-\tau)^+\bigr)^{p-1}$.

    The threshold $\tau$ solves $\lVert(U-\tau)^+\rVert_p = B$ and is the value of the objective, which is the best
    guarantee against hidden costs $c \ge 0$ with $\lVert c\rVert_p \le B$. At $p = 1$ the policy is the quantilizer at
    $q = \gamma\{U \ge \tau\}$; $p = 2$ is the shape of a $\chi^2$ penalty.

    Args:
        p: the order of the moment, at least 1; or a symbol, in claims.
        budget: the bound $B > 0$ on $\lVert c\rVert_p$; or a symbol, in claims.

    Source:
        derived, by Hoelder's inequality; taylor2016renyi for the Renyi form of the objective.

    >>> from qtheory.base.finite import Finite
    >>> problem = Problem(Finite(["1/2", "1/4", "1/8", "1/16", "1/16"]), utility=[0, 1, 2, 3, 10])
    >>> PowerRegularized(2, budget="1/2").threshold(problem)
    Fraction(8, 1)
    """

    p: Any
    budget: Any

    def __post_init__(self) -> None:
        remedy = "at p = infinity, costs known by their bound alone, the best policy is Maximizer()"
        object.__setattr__(self, "p", read_at_least(self.p, "p", 1, remedy=remedy))
        object.__setattr__(self, "budget", read_above(self.budget, "budget"))

    def __call__(self, problem: Problem) -> AbstractPolicy:
        require_numbers(self, problem)
        if self.p == 1:
            return Quantilizer(self._level(problem))(problem)
        if not is_atomic(problem):
            from qtheory.optimizers.from_scores import positive_part_policy

            return positive_part_policy(problem, self.threshold(problem), self.p - 1, self._estimand)
        x = threshold_depth(problem, self.p, self.budget)
        return policy_from_weights(problem, positive_parts(problem, x, self.p - 1), self._estimand)

    def axioms(self, ratio: sp.Symbol, utility: sp.Symbol, threshold: sp.Symbol) -> tuple[sp.Basic, ...]:
        import sympy as sp

        from qtheory.symbols import E, indicator

        p, budget = as_sympy(self.p), as_sympy(self.budget)
        above = sp.Max(utility - threshold, 0)
        bounds = (sp.Ge(p, 1), sp.Gt(budget, 0), sp.Ge(ratio, 0), sp.Eq(E(ratio), 1))
        shared = (*bounds, sp.Eq(E(above**p), budget**p), sp.Implies(utility < threshold, sp.Eq(ratio, 0)))
        if self.p == 1:
            kept = indicator(utility >= threshold)
            return (*shared, sp.Gt(E(kept), 0), sp.Eq(ratio * E(kept), kept))
        if is_symbolic(self.p):
            return shared
        return (*shared, sp.Gt(E(above ** (p - 1)), 0), sp.Eq(ratio * E(above ** (p - 1)), above ** (p - 1)))

    def parameters(self) -> dict[str, Any]:
        return {"p": self.p, "budget": self.budget}

    def bind(self, values: dict[sp.Symbol, Any]) -> PowerRegularized:
        return PowerRegularized(substitute(self.p, values), substitute(self.budget, values))

    def threshold(self, problem: Problem) -> Any:
        r"""$\tau$ with $\lVert(U-\tau)^+\rVert_p = B$: rational, enclosed, or a float as the problem is.

        >>> from qtheory.base.continuous import Continuous
        >>> round(PowerRegularized(2, "1/10").threshold(Problem(Continuous("exponential(1)"))), 9)
        5.298317367
        """
        require_numbers(self, problem)
        if is_atomic(problem):
            return simplest(best_level(problem) - threshold_depth(problem, self.p, self.budget))
        from qtheory.optimizers.from_scores import norm_threshold

        return norm_threshold(problem, self.p, self.budget)

    @property
    def _estimand(self) -> Estimand:
        return Estimand("power", (("p", str(self.p)), ("budget", str(self.budget))))

    def _level(self, problem: Problem) -> Any:
        """The mass at or above the threshold, for costs known by their mean."""
        threshold = self.threshold(problem)
        if not is_atomic(problem):
            return float(problem.base.survival(threshold))  # type: ignore[attr-defined]
        kept = [g for g, u in zip(problem.base.weights, problem.utility, strict=True) if u >= threshold]  # type: ignore[attr-defined]
        return sum(kept, Fraction(0)) if problem.exact else min(1.0, float(sum(kept)))


def positive_parts(problem: Problem, depth: Any, exponent: Fraction) -> list[Any]:
    r"""$\bigl((U-\tau)^+/(U_{\max}-\tau)\bigr)^e$ of each action the base takes, from the threshold's depth below the best."""
    _, below = depths(problem)
    if not problem.exact:
        return [max(1 - d / depth, 0.0) ** float(exponent) for d in below]
    return [nonnegative.power(nonnegative.positive_part(1 - d / depth), exponent) for d in below]
