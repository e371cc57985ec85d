r"""The satisficer: a random action that is good enough."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from qtheory.base.abstract import AbstractAtomicBase
from qtheory.base.rank_quadrature import SMALLEST_RANK
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.binding import as_sympy, is_symbolic, substitute
from qtheory.exact.rationals import rational
from qtheory.exact.values import as_float
from qtheory.optimizers.abstract import AbstractOptimizer, require_numbers
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.from_ranks import policy_from_ranks
from qtheory.policies.rank_density import TopSlice
from qtheory.problem import Problem

if TYPE_CHECKING:
    import sympy as sp

_ROUNDING = float(np.finfo(np.float64).eps)


@dataclass(frozen=True)
class Satisficer(AbstractOptimizer):
    r"""$\gamma$ given $U \ge r_0$: the quantilizer at $q_0 = \gamma\{U \ge r_0\}$, which never splits a level of utility.

    Args:
        level: the utility $r_0$ that is good enough; or a symbol, in claims.

    Raises:
        InvalidInput: the base never reaches the level, when it is applied to a problem.

    >>> from qtheory.base.finite import Finite
    >>> policy = Satisficer(2)(Problem(Finite(["1/4", "1/2", "1/4"]), utility=[3, 2, 1]))
    >>> [str(p) for p in policy.probabilities], str(policy.estimand)
    (['1/3', '2/3', '0'], 'ideal(q=3/4)')
    """

    level: Any

    def __post_init__(self) -> None:
        if not is_symbolic(self.level):
            object.__setattr__(self, "level", rational(self.level, "level"))

    def __call__(self, problem: Problem) -> AbstractPolicy:
        return policy_from_ranks(problem, TopSlice(self.q(problem)))

    def q(self, problem: Problem) -> Fraction:
        r"""$q_0 = \gamma\{U \ge r_0\}$: exact on exact problems; on others its float64 value.

        >>> from qtheory.base.continuous import Continuous
        >>> Satisficer(1)(Problem(Continuous("uniform(0, 2)"))).density.q
        Fraction(1, 2)
        """
        require_numbers(self, problem)
        reached = _reached(problem, self.level)
        if reached <= 0:
            remedy = "lower the level"
            raise InvalidInput("no action of the base is good enough", got=str(self.level), remedy=remedy)
        return min(rational(reached), Fraction(1))

    def axioms(self, ratio: sp.Symbol, utility: sp.Symbol, threshold: sp.Symbol) -> tuple[sp.Basic, ...]:
        import sympy as sp

        from qtheory.symbols import E, indicator

        good = utility >= as_sympy(self.level)
        reached = E(indicator(good))
        even = sp.Implies(good, sp.Eq(ratio * reached, 1))
        empty = sp.Implies(sp.Not(good), sp.Eq(ratio, 0))
        return sp.Gt(reached, 0), sp.Ge(ratio, 0), sp.Eq(E(ratio), 1), even, empty

    def parameters(self) -> dict[str, Any]:
        return {"level": self.level}

    def bind(self, values: dict[sp.Symbol, Any]) -> Satisficer:
        return Satisficer(substitute(self.level, values))

    def threshold(self, problem: Problem) -> Any:
        return self.level if problem.exact else float(self.level)


def _reached(problem: Problem, level: Fraction) -> Any:
    base = problem.base
    if isinstance(base, AbstractAtomicBase):
        if problem.exact:
            pairs = zip(base.weights, problem.utility, strict=True)
            return sum((g for g, u in pairs if u >= level), Fraction(0))
        return float(as_float(base.weights)[as_float(problem.utility) >= float(level)].sum())
    if not problem.ranks_as_action:
        remedy = "use a finite base, or a utility that increases with the action on a Continuous base"
        raise NotAvailable("how often the level is reached needs the law of the utility", got=base, remedy=remedy)
    if problem.utility.is_identity:
        return float(base.survival(float(level)))  # type: ignore[attr-defined]
    return _rank_of(problem, float(level))


def _rank_of(problem: Problem, level: float) -> float:
    """The largest rank whose utility reaches the level, by bisection: utility never rises with rank."""
    low, high = SMALLEST_RANK, 1.0
    if not _reaches(problem, low, level):
        return 0.0
    while high - low > _ROUNDING * high:
        middle = 0.5 * (low + high) if high < 2.0 * low else float(np.sqrt(low) * np.sqrt(high))
        if not low < middle < high:
            break
        low, high = (middle, high) if _reaches(problem, middle, level) else (low, middle)
    return high if high == 1.0 else low


def _reaches(problem: Problem, rank: float, level: float) -> bool:
    action = problem.base.upper_quantile(np.array([rank]))  # type: ignore[attr-defined]
    return bool(problem.utility.on_host(action)[0] >= level)
