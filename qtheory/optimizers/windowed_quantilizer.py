r"""The windowed quantilizer: a random action from a stretch of ranks, the very best left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qtheory.errors import InvalidInput
from qtheory.exact.binding import as_sympy, is_symbolic, substitute
from qtheory.optimizers.abstract import AbstractOptimizer, read_level, require_numbers
from qtheory.optimizers.parameters import read_at_least
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.from_ranks import policy_from_ranks
from qtheory.policies.rank_density import window
from qtheory.problem import Problem

if TYPE_CHECKING:
    import sympy as sp


@dataclass(frozen=True)
class WindowedQuantilizer(AbstractOptimizer):
    r"""$\gamma$ restricted to the top ranks in $(l, h]$, with density ratio at most $1/(h-l)$.

    Its value is $(A(h)-A(l))/(h-l)$ with $A(q)=\int_0^q u$, never more than that of the quantilizer of the same width.
    Levels of utility that straddle an end are shared in proportion to mass.

    Args:
        low: where the window begins, $0 \le l < h$; or a symbol, in claims.
        high: where it ends, $h \le 1$; or a symbol, in claims.

    >>> from qtheory.base.finite import Finite
    >>> problem = Problem(Finite(["1/2", "1/4", "1/8", "1/16", "1/16"]), utility=[0, 1, 2, 3, 10])
    >>> WindowedQuantilizer("1/16", "3/16")(problem).value()
    Fraction(5, 2)
    """

    low: Any
    high: Any

    def __post_init__(self) -> None:
        object.__setattr__(self, "low", read_at_least(self.low, "low"))
        object.__setattr__(self, "high", read_level(self.high))
        if not is_symbolic(self.low) and not is_symbolic(self.high) and self.low >= self.high:
            got = f"({self.low}, {self.high}]"
            raise InvalidInput("not a window of ranks", got=got, allowed="0 <= low < high <= 1")

    def __call__(self, problem: Problem) -> AbstractPolicy:
        require_numbers(self, problem)
        return policy_from_ranks(problem, window(self.low, self.high))

    def axioms(self, ratio: sp.Symbol, utility: sp.Symbol, threshold: sp.Symbol) -> tuple[sp.Basic, ...]:
        import sympy as sp

        from qtheory.symbols import E

        low, high = as_sympy(self.low), as_sympy(self.high)
        numbers = (sp.Ge(low, 0), sp.Lt(low, high), sp.Le(high, 1))
        below = sp.Implies(utility < threshold, sp.Eq(ratio, 0))
        return (*numbers, sp.Ge(ratio, 0), sp.Le(ratio, 1 / (high - low)), sp.Eq(E(ratio), 1), below)

    def parameters(self) -> dict[str, Any]:
        return {"low": self.low, "high": self.high}

    def bind(self, values: dict[sp.Symbol, Any]) -> WindowedQuantilizer:
        return WindowedQuantilizer(substitute(self.low, values), substitute(self.high, values))

    def threshold(self, problem: Problem) -> Any:
        r"""$\tau = \max\{t : \gamma\{U \ge t\} \ge h\}$: nothing below it is played."""
        return Quantilizer(self.high).threshold(problem)
