r"""Best-of-n: draw n, play the best."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qtheory.exact.binding import as_sympy, substitute
from qtheory.optimizers.abstract import AbstractOptimizer, read_count, require_few_digits, require_numbers
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.from_ranks import policy_from_ranks
from qtheory.policies.rank_density import top_of_draws
from qtheory.problem import Problem

if TYPE_CHECKING:
    import sympy as sp


@dataclass(frozen=True)
class BestOfN(AbstractOptimizer):
    r"""Draw $n$ actions from $\gamma$ and play the one of highest utility, ties at random.

    Rank density $n(1-s)^{n-1}$; density ratio at most $n$.

    Args:
        n: the number of draws, at least 1; or a symbol, in claims.

    >>> from qtheory.base.finite import Finite
    >>> [str(p) for p in BestOfN(2)(Problem(Finite(["1/2", "1/2"]), utility=[0, 1])).probabilities]
    ['1/4', '3/4']
    """

    n: Any

    def __post_init__(self) -> None:
        object.__setattr__(self, "n", read_count(self.n, "n"))

    def __call__(self, problem: Problem) -> AbstractPolicy:
        require_numbers(self, problem)
        require_few_digits(problem, self.n)
        return policy_from_ranks(problem, top_of_draws(self.n, 1))

    def expected_draws(self, problem: Problem) -> int:
        require_numbers(self, problem)
        return int(self.n)

    def axioms(self, ratio: sp.Symbol, utility: sp.Symbol, threshold: sp.Symbol) -> tuple[sp.Basic, ...]:
        import sympy as sp

        from qtheory.symbols import E

        n = as_sympy(self.n)
        return sp.Ge(n, 1), sp.Ge(ratio, 0), sp.Le(ratio, n), sp.Eq(E(ratio), 1)

    def parameters(self) -> dict[str, Any]:
        return {"n": self.n}

    def bind(self, values: dict[sp.Symbol, Any]) -> BestOfN:
        return BestOfN(substitute(self.n, values))
