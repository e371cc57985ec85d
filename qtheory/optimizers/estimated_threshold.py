r"""A threshold estimated from calibration draws, and a fresh draw that passes it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby, pairwise
from math import comb
from typing import TYPE_CHECKING, Any

import numpy as np

from qtheory.base.abstract import AbstractAtomicBase
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.binding import as_sympy, is_symbolic, substitute
from qtheory.exact.values import as_float
from qtheory.optimizers.abstract import AbstractOptimizer, read_count, require_few_digits, require_numbers
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.atom import AtomPolicy
from qtheory.policies.estimand import Estimand
from qtheory.policies.rank import RankPolicy
from qtheory.policies.rank_density import AbstractRankDensity, BeyondDraws, top_of_draws
from qtheory.problem import Problem

if TYPE_CHECKING:
    import sympy as sp


@dataclass(frozen=True)
class EstimatedThreshold(AbstractOptimizer):
    r"""Set $\hat\tau$ to the $k$-th largest utility of $n$ calibration draws, then play a fresh draw given $U \ge \hat\tau$.

    Given $\hat\tau$ this is the quantilizer at $\hat q = \gamma\{U \ge \hat\tau\}$, so $w = E[\mathbf 1\{U \ge
    \hat\tau\}/\hat q] \le E[1/\hat q] \le n/(k-1)$. Without ties $\hat q\sim\mathrm{Beta}(k, n-k+1)$, the bound is attained
    in the limit of the best rank, and the law is that of picking one of the $k-1$ best of $n$; for $k = 1$ the density
    ratio is unbounded. With ties a fresh draw takes levels whole, and it is another law than the push-forward of that.

    Args:
        n: the number of calibration draws; k: the place of the threshold among them, $1 \le k \le n$; or symbols.

    >>> from qtheory.base.finite import Finite
    >>> EstimatedThreshold(2, 2)(Problem(Finite(["1/2", "1/2"]), utility=[0, 1])).value()
    Fraction(5, 8)
    """

    n: Any
    k: Any

    def __post_init__(self) -> None:
        object.__setattr__(self, "n", read_count(self.n, "n"))
        object.__setattr__(self, "k", read_count(self.k, "k"))
        if not is_symbolic(self.n) and not is_symbolic(self.k) and self.k > self.n:
            raise InvalidInput("n draws have no k-th", got=f"k={self.k}, n={self.n}", allowed="1 <= k <= n")

    def __call__(self, problem: Problem) -> AbstractPolicy:
        require_numbers(self, problem)
        if not isinstance(problem.base, AbstractAtomicBase):
            return RankPolicy(problem, self._density(problem))
        require_few_digits(problem, self.n, self.k)
        ratio = (_exact if problem.exact else _float)(problem, self.n, self.k)
        estimand = Estimand("threshold", (("n", str(self.n)), ("k", str(self.k))))
        probabilities = [g * ratio[u] for g, u in zip(problem.base.weights, problem.utility, strict=True)]
        if problem.exact:
            return AtomPolicy(problem, probabilities, estimand)
        played = np.array(probabilities)
        return AtomPolicy(problem, played / played.sum(), estimand)

    def expected_draws(self, problem: Problem) -> Any:
        """The calibration draws, and $E[1/\\hat q]$ fresh ones until one passes."""
        return self.n + self(problem).sup_ratio()

    def axioms(self, ratio: sp.Symbol, utility: sp.Symbol, threshold: sp.Symbol) -> tuple[sp.Basic, ...]:
        import sympy as sp

        from qtheory.symbols import E

        n, k = as_sympy(self.n), as_sympy(self.k)
        return sp.Ge(k, 1), sp.Ge(n, k), sp.Ge(ratio, 0), sp.Le(ratio * (k - 1), n), sp.Eq(E(ratio), 1)

    def parameters(self) -> dict[str, Any]:
        return {"n": self.n, "k": self.k}

    def bind(self, values: dict[sp.Symbol, Any]) -> EstimatedThreshold:
        return EstimatedThreshold(substitute(self.n, values), substitute(self.k, values))

    def _density(self, problem: Problem) -> AbstractRankDensity:
        if not problem.ranks_as_action:
            remedy = f"without ties TopKOfN({self.n}, {self.k - 1}) has the same law" if self.k > 1 else ""
            raise NotAvailable("a fresh draw given a threshold needs ranks", got=problem.base, remedy=remedy)
        return top_of_draws(self.n, self.k - 1) if self.k > 1 else BeyondDraws(self.n)


def _exact(problem: Problem, n: int, k: int) -> dict[Fraction, Fraction]:
    """The density ratio of each level: the mean of 1/q over the thresholds that it passes."""
    pairs = sorted(zip(problem.utility, problem.base.weights, strict=True), reverse=True)  # type: ignore[attr-defined]
    ratio: dict[Fraction, Fraction] = {}
    passing, levels = Fraction(0), [(u, sum(g for _, g in group)) for u, group in groupby(pairs, key=lambda p: p[0])]
    cumulative = [Fraction(0)]
    for _, mass in levels:
        cumulative.append(cumulative[-1] + mass)
    for (u, _), (above, upto) in reversed(list(zip(levels, pairwise(cumulative), strict=True))):
        if upto > above:
            passing += (_at_least(n, k, upto) - _at_least(n, k, above)) / upto
        ratio[u] = passing
    return ratio


def _at_least(n: int, k: int, s: Fraction) -> Fraction:
    """The chance that at least k of n draws lie among ranks up to s."""
    return 1 - sum((comb(n, i) * s**i * (1 - s) ** (n - i) for i in range(k)), Fraction(0))


def _float(problem: Problem, n: int, k: int) -> dict[float, float]:
    from scipy.special import bdtrc

    levels, place = np.unique(-as_float(problem.utility), return_inverse=True)
    masses = np.bincount(place, weights=as_float(problem.base.weights))  # type: ignore[attr-defined]
    upto = np.minimum(np.cumsum(masses), 1.0)
    upto[-1] = 1.0
    chance = np.diff(bdtrc(k - 1, n, upto), prepend=0.0)
    terms = np.divide(np.maximum(chance, 0.0), upto, out=np.zeros_like(upto), where=upto > 0)
    return dict(zip((-levels).tolist(), np.cumsum(terms[::-1])[::-1].tolist(), strict=True))
