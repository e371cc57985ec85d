r"""Top-k-of-n: draw n, pick one of the k best at random."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qtheory.errors import InvalidInput
from qtheory.exact.binding import as_sympy, is_symbolic, substitute
from qtheory.optimizers.abstract import AbstractOptimizer, read_count, require_few_digits, require_numbers
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.from_ranks import policy_from_ranks
from qtheory.policies.rank_density import top_of_draws
from qtheory.problem import Problem

if TYPE_CHECKING:
    import sympy as sp


@dataclass(frozen=True)
class TopKOfN(AbstractOptimizer):
    r"""Draw $n$ actions from $\gamma$, keep the $k$ of highest utility (ties at random), play one of them at random.

    Rank density $\frac nk P(\mathrm{Bin}(n-1, s) \le k-1)$; density ratio at most $n/k$. It is what one can do with
    a sampler, and it is not the $k/n$-quantilizer.

    Args:
        n: the number of draws; k: the number kept, $1 \le k \le n$; or symbols, in claims.

    >>> from qtheory.base.finite import Finite
    >>> TopKOfN(5, 2)(Problem(Finite(["1/2", "1/2"]), utility=[0, 1])).value()
    Fraction(57, 64)
    """

    n: Any
    k: Any

    def __post_init__(self) -> None:
        object.__setattr__(self, "n", read_count(self.n, "n"))
        object.__setattr__(self, "k", read_count(self.k, "k"))
        if not is_symbolic(self.n) and not is_symbolic(self.k) and self.k > self.n:
            raise InvalidInput("one cannot keep k of n draws", got=f"k={self.k}, n={self.n}", allowed="1 <= k <= n")

    def __call__(self, problem: Problem) -> AbstractPolicy:
        require_numbers(self, problem)
        require_few_digits(problem, self.n, self.k)
        return policy_from_ranks(problem, top_of_draws(self.n, self.k))

    def expected_draws(self, problem: Problem) -> int:
        require_numbers(self, problem)
        return int(self.n)

    def axioms(self, ratio: sp.Symbol, utility: sp.Symbol, threshold: sp.Symbol) -> tuple[sp.Basic, ...]:
        import sympy as sp

        from qtheory.symbols import E

        n, k = as_sympy(self.n), as_sympy(self.k)
        return sp.Ge(k, 1), sp.Ge(n, k), sp.Ge(ratio, 0), sp.Le(ratio, n / k), sp.Eq(E(ratio), 1)

    def parameters(self) -> dict[str, Any]:
        return {"n": self.n, "k": self.k}

    def bind(self, values: dict[sp.Symbol, Any]) -> TopKOfN:
        return TopKOfN(substitute(self.n, values), substitute(self.k, values))
