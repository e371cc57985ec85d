r"""KL regularisation: the Boltzmann policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from qtheory.exact.binding import as_sympy, substitute
from qtheory.exact.elementary import exp
from qtheory.optimizers.abstract import AbstractOptimizer, require_numbers
from qtheory.optimizers.from_weights import depths, is_atomic, policy_from_weights
from qtheory.optimizers.parameters import read_above
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.estimand import Estimand
from qtheory.problem import Problem

if TYPE_CHECKING:
    import sympy as sp


@dataclass(frozen=True)
class KLRegularized(AbstractOptimizer):
    r"""Maximises $E_\pi U - \beta\,\mathrm{KL}(\pi\|\gamma)$: $w = e^{U/\beta}/Z$ with $Z = E_\gamma e^{U/\beta}$.

    The maximum is $\beta\log Z$. Every action of the base is played; the largest density ratio is infinite where $U$
    is unbounded above. On exact problems the probabilities are enclosures.

    Args:
        beta: the strength $\beta > 0$ of the penalty, in units of utility; or a symbol, in claims.

    Source:
        donsker1975 for the variational formula.

    >>> from qtheory.base.finite import Finite
    >>> problem = Problem(Finite(["1/2", "1/4", "1/8", "1/16", "1/16"]), utility=[0, 1, 2, 3, 10])
    >>> print(KLRegularized(1)(problem).kl())
    2.7503749733924... +- 2e-37
    """

    beta: Any

    def __post_init__(self) -> None:
        remedy = "as beta tends to 0 the policy tends to Maximizer()"
        object.__setattr__(self, "beta", read_above(self.beta, "beta", remedy=remedy))

    def __call__(self, problem: Problem) -> AbstractPolicy:
        require_numbers(self, problem)
        estimand = Estimand("kl-regularized", (("beta", str(self.beta)),))
        if not is_atomic(problem):
            from qtheory.optimizers.from_scores import tilted_policy

            return tilted_policy(problem, self.beta, estimand)
        _, below = depths(problem)
        if problem.exact:
            return policy_from_weights(problem, [exp(-d / self.beta) for d in below], estimand)
        return policy_from_weights(problem, list(np.exp(-np.array(below) / float(self.beta))), estimand)

    def axioms(self, ratio: sp.Symbol, utility: sp.Symbol, threshold: sp.Symbol) -> tuple[sp.Basic, ...]:
        import sympy as sp

        from qtheory.symbols import E

        beta = as_sympy(self.beta)
        partition = E(sp.exp(utility / beta))
        proportional = sp.Eq(ratio * partition, sp.exp(utility / beta))
        log_linear = sp.Eq(sp.log(ratio), utility / beta - sp.log(partition))
        bounds = (sp.Gt(beta, 0), sp.Gt(ratio, 0), sp.Eq(E(ratio), 1), sp.Gt(partition, 0))
        return (*bounds, proportional, log_linear)

    def parameters(self) -> dict[str, Any]:
        return {"beta": self.beta}

    def bind(self, values: dict[sp.Symbol, Any]) -> KLRegularized:
        return KLRegularized(substitute(self.beta, values))
