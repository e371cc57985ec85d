r"""Tsallis regularisation: from Boltzmann policies, over chi-squared pessimism, towards quantilizers."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from qtheory.errors import NotAvailable
from qtheory.exact.binding import as_sympy, substitute
from qtheory.exact.enclosure import Enclosure, simplest
from qtheory.optimizers.abstract import AbstractOptimizer, require_numbers
from qtheory.optimizers.from_weights import best_level, is_atomic, policy_from_weights
from qtheory.optimizers.norm_equation import threshold_depth
from qtheory.optimizers.parameters import read_above
from qtheory.optimizers.power_regularized import positive_parts
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.estimand import Estimand
from qtheory.problem import Problem

if TYPE_CHECKING:
    import sympy as sp

# A probability known less well than this is not worth the name.
LOOSEST = Fraction(1, 10**6)


@dataclass(frozen=True)
class TsallisRegularized(AbstractOptimizer):
    r"""Maximises $E_\pi U - \beta E_\gamma f_\alpha(w)$ with $f_\alpha(w) = \frac{w^\alpha-\alpha w+\alpha-1}{\alpha(\alpha-1)}$.

    The optimum is $w = \bigl[1 + (\alpha-1)(U-\nu)/\beta\bigr]_+^{1/(\alpha-1)}$, which begins at the threshold
    $\tau = \nu - \beta/(\alpha-1)$, with $\lVert(U-\tau)^+\rVert_r = \beta/(\alpha-1)$ at $r = 1/(\alpha-1)$. At
    $\alpha = 2$ it is $\chi^2$ pessimism, $w = (U-\tau)^+/\beta$, whose threshold is the reservation value at $\beta$;
    as $\alpha \to 1$ it tends to the Boltzmann policy.

    Args:
        alpha: the order, above 1; or a symbol, in claims.
        beta: the strength $\beta > 0$; or a symbol, in claims.

    Raises:
        NotAvailable: when called, for an order so large that the threshold cannot be told from a level of utility.

    Source:
        derived, from stationarity in w; huang2025 for alpha = 2.

    >>> from qtheory.base.finite import Finite
    >>> problem = Problem(Finite(["1/2", "1/4", "1/8", "1/16", "1/16"]), utility=[0, 1, 2, 3, 10])
    >>> TsallisRegularized(2, "1/2").threshold(problem), TsallisRegularized(2, "1/2")(problem).chi2()
    (Fraction(5, 2), Fraction(105, 8))
    """

    alpha: Any
    beta: Any

    def __post_init__(self) -> None:
        remedy = "for the limit alpha = 1 use KLRegularized(beta)"
        object.__setattr__(self, "alpha", read_above(self.alpha, "alpha", 1, remedy=remedy))
        object.__setattr__(self, "beta", read_above(self.beta, "beta"))

    def __call__(self, problem: Problem) -> AbstractPolicy:
        require_numbers(self, problem)
        if not is_atomic(problem):
            from qtheory.optimizers.from_scores import positive_part_policy

            return positive_part_policy(problem, self.threshold(problem), self._order, self._estimand)
        x = threshold_depth(problem, self._order, self._bound)
        policy = policy_from_weights(problem, positive_parts(problem, x, self._order), self._estimand)
        if problem.exact and any(Enclosure.of(p).width > LOOSEST for p in policy.probabilities):
            raise NotAvailable(
                "the threshold lies too close to a level of utility for the policy to be enclosed",
                got=f"alpha = {self.alpha}, beta = {self.beta}",
                remedy="take a smaller alpha; as alpha grows the policy tends to the base",
            )
        return policy

    def axioms(self, ratio: sp.Symbol, utility: sp.Symbol, threshold: sp.Symbol) -> tuple[sp.Basic, ...]:
        import sympy as sp

        from qtheory.symbols import E

        alpha, beta = as_sympy(self.alpha), as_sympy(self.beta)
        bounds = (sp.Gt(alpha, 1), sp.Gt(beta, 0), sp.Ge(ratio, 0), sp.Eq(E(ratio), 1))
        stationary = sp.Eq(ratio ** (alpha - 1), (alpha - 1) * sp.Max(utility - threshold, 0) / beta)
        return (*bounds, sp.Implies(utility <= threshold, sp.Eq(ratio, 0)), stationary)

    def parameters(self) -> dict[str, Any]:
        return {"alpha": self.alpha, "beta": self.beta}

    def bind(self, values: dict[sp.Symbol, Any]) -> TsallisRegularized:
        return TsallisRegularized(substitute(self.alpha, values), substitute(self.beta, values))

    def threshold(self, problem: Problem) -> Any:
        r"""$\tau = \nu - \beta/(\alpha-1)$, at or below which nothing is played."""
        require_numbers(self, problem)
        if is_atomic(problem):
            return simplest(best_level(problem) - threshold_depth(problem, self._order, self._bound))
        from qtheory.optimizers.from_scores import norm_threshold

        return norm_threshold(problem, self._order, self._bound)

    def normaliser(self, problem: Problem) -> Any:
        r"""$\nu$, the level of utility at which $w = 1$."""
        threshold = self.threshold(problem)
        return threshold + (float(self._bound) if isinstance(threshold, float) else self._bound)

    @property
    def _order(self) -> Fraction:
        return 1 / (self.alpha - 1)

    @property
    def _bound(self) -> Fraction:
        return self.beta / (self.alpha - 1)

    @property
    def _estimand(self) -> Estimand:
        return Estimand("tsallis", (("alpha", str(self.alpha)), ("beta", str(self.beta))))
