r"""The quantilizer: a random action from the top q of the base."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from qtheory.base.abstract import AbstractAtomicBase
from qtheory.errors import InvalidInput
from qtheory.exact.binding import as_sympy, substitute
from qtheory.optimizers.abstract import AbstractOptimizer, read_count, read_level, require_few_digits, require_numbers
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.from_ranks import policy_from_ranks
from qtheory.policies.rank import KEPT_BY_DEFAULT
from qtheory.policies.rank_density import AbstractRankDensity, TopOfDraws, TopSlice, top_of_draws
from qtheory.policies.top_selection import cuts_of
from qtheory.problem import Problem

if TYPE_CHECKING:
    import sympy as sp

TIES = ("proportional", "ordered")


@dataclass(frozen=True)
class Quantilizer(AbstractOptimizer):
    r"""The $q$-quantilizer $Q_q$: $\gamma$ restricted to its top $q$ by utility, with density ratio at most $1/q$.

    A level of utility that straddles the boundary is shared in proportion to mass (canonical), or filled in listed
    order. With `draws` given, or where the base only offers draws, it is the *rule*: draw $n$, pick one of the top
    $k = \lceil qn \rceil$; its cost factor is $n/k \le 1/q$, and the policy's `estimand` says so.

    Args:
        q: the level, in $(0, 1]$; or a symbol, in claims.
        ties: "proportional" or "ordered".
        draws: the $n$ of the rule; `None` for the ideal quantilizer wherever it exists.

    Source:
        taylor2016quantilizers, Definition 1; taylor2015conservative for the proportional form.

    >>> from qtheory.base.finite import Finite
    >>> problem = Problem(Finite(["1/4", "1/2", "1/4"]), utility=[3, 2, 1])
    >>> [str(w) for w in Quantilizer(q="3/8")(problem).ratio]
    ['8/3', '2/3', '0']
    """

    q: Any
    ties: str = "proportional"
    draws: Any = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "q", read_level(self.q))
        if self.ties not in TIES:
            raise InvalidInput("unknown way to break ties", got=self.ties, allowed=" or ".join(TIES))
        if self.draws is not None:
            object.__setattr__(self, "draws", read_count(self.draws, "draws"))

    def __call__(self, problem: Problem) -> AbstractPolicy:
        require_numbers(self, problem)
        return policy_from_ranks(problem, self._density(problem), ordered=self.ties == "ordered")

    def expected_draws(self, problem: Problem) -> Any:
        policy = self(problem)
        density = self._density(problem)
        return density.n if isinstance(density, TopOfDraws) else policy.sup_ratio()

    def axioms(self, ratio: sp.Symbol, utility: sp.Symbol, threshold: sp.Symbol) -> tuple[sp.Basic, ...]:
        import sympy as sp

        from qtheory.symbols import E

        q = as_sympy(self.q)
        bounds = (sp.Gt(q, 0), sp.Le(q, 1), sp.Ge(ratio, 0), sp.Le(ratio, 1 / q), sp.Eq(E(ratio), 1))
        if self.draws is not None:
            return bounds
        full = sp.Implies(utility > threshold, sp.Eq(ratio, 1 / q))
        empty = sp.Implies(utility < threshold, sp.Eq(ratio, 0))
        return (*bounds, full, empty)

    def parameters(self) -> dict[str, Any]:
        draws = {} if self.draws is None else {"draws": self.draws}
        return {"q": self.q, **({"ties": self.ties} if self.ties != "proportional" else {}), **draws}

    def bind(self, values: dict[sp.Symbol, Any]) -> Quantilizer:
        return Quantilizer(substitute(self.q, values), self.ties, substitute(self.draws, values))

    def threshold(self, problem: Problem) -> Any:
        r"""$\tau = \max\{t : \gamma\{U \ge t\} \ge q\}$."""
        base = problem.base
        if not isinstance(base, AbstractAtomicBase):
            return base.upper_quantile(float(self.q)) if problem.ranks_as_action else None  # type: ignore[attr-defined]
        weights, utility = base.weights, problem.utility
        if not problem.exact:
            return cuts_of(problem, [self.q])[0].threshold
        above = Fraction(0)
        for i in sorted(range(base.size), key=lambda i: -utility[i]):
            above += weights[i]
            if above >= self.q:
                return utility[i]
        raise AssertionError("weights sum to one")

    def _density(self, problem: Problem) -> AbstractRankDensity:
        only_draws = not isinstance(problem.base, AbstractAtomicBase) and not problem.ranks_as_action
        if self.draws is None and not only_draws:
            return TopSlice(self.q)
        n = self.draws if self.draws is not None else -(-KEPT_BY_DEFAULT // self.q)
        k = int(-(-self.q * n // 1))
        require_few_digits(problem, int(n), k)
        return top_of_draws(int(n), k)
