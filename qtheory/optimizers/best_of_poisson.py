r"""Best-of-Poisson: draw a random number of actions, play the best."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from qtheory.exact.binding import as_sympy, substitute
from qtheory.optimizers.abstract import AbstractOptimizer, require_numbers
from qtheory.optimizers.parameters import read_at_least
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.from_ranks import policy_from_ranks
from qtheory.policies.rank_density import poisson_best
from qtheory.problem import Problem

if TYPE_CHECKING:
    import sympy as sp


@dataclass(frozen=True)
class BestOfPoisson(AbstractOptimizer):
    r"""Draw $1 + \mathrm{Poisson}(\mu)$ actions from $\gamma$ and play the one of highest utility, ties at random.

    Rank density $(1+\mu(1-s))e^{-\mu s}$; density ratio at most $1+\mu$, which is also the number of draws to expect.
    On exact problems the probabilities are enclosures.

    Args:
        mu: the rate, at least 0; or a symbol, in claims.

    Source:
        khalaf2025.

    >>> from qtheory.base.finite import Finite
    >>> print(BestOfPoisson(1)(Problem(Finite(["1/2", "1/2"]), utility=[0, 1])).value())
    0.6967346701436... +- 2e-38
    """

    mu: Any

    def __post_init__(self) -> None:
        object.__setattr__(self, "mu", read_at_least(self.mu, "mu"))

    def __call__(self, problem: Problem) -> AbstractPolicy:
        require_numbers(self, problem)
        return policy_from_ranks(problem, poisson_best(self.mu))

    def expected_draws(self, problem: Problem) -> Fraction:
        require_numbers(self, problem)
        return 1 + self.mu

    def axioms(self, ratio: sp.Symbol, utility: sp.Symbol, threshold: sp.Symbol) -> tuple[sp.Basic, ...]:
        import sympy as sp

        from qtheory.symbols import E

        mu = as_sympy(self.mu)
        return sp.Ge(mu, 0), sp.Ge(ratio, sp.exp(-mu)), sp.Le(ratio, 1 + mu), sp.Eq(E(ratio), 1)

    def parameters(self) -> dict[str, Any]:
        return {"mu": self.mu}

    def bind(self, values: dict[sp.Symbol, Any]) -> BestOfPoisson:
        return BestOfPoisson(substitute(self.mu, values))
