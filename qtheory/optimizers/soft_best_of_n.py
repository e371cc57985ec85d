r"""Soft best-of-n: draw n, play one of them with a chance that grows with its utility."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from qtheory.base.abstract import AbstractAtomicBase
from qtheory.costs.kinds import brief
from qtheory.errors import NotAvailable
from qtheory.exact.binding import as_sympy, substitute
from qtheory.exact.enclosure import simplest
from qtheory.exact.values import as_float
from qtheory.optimizers import soft_choice
from qtheory.optimizers.abstract import AbstractOptimizer, read_count, require_numbers
from qtheory.optimizers.imitation import Imitation
from qtheory.optimizers.parameters import read_above
from qtheory.optimizers.score_law import score_law
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.atom import AtomPolicy
from qtheory.policies.estimand import Estimand
from qtheory.policies.weight import WeightPolicy
from qtheory.problem import Problem

if TYPE_CHECKING:
    import sympy as sp


@dataclass(frozen=True)
class SoftBestOfN(AbstractOptimizer):
    r"""Draw $n$ actions from $\gamma$ and play the $i$-th with probability proportional to $e^{U_i/\lambda}$.

    $w(u) = n\int_0^\infty e^{u/\lambda}\exp(-te^{u/\lambda})L(t)^{n-1}dt \le n$ with $L(t) = E_\gamma\exp(-te^{U/\lambda})$.
    It is the base at $n = 1$, best-of-n as $\lambda\to0$, and the Boltzmann policy as $n\to\infty$. On exact problems
    probabilities are rigorous enclosures; on others they are float64 quadratures, of which the total mass is checked.

    Args:
        n: the number of draws, at least 1; or a symbol, in claims.
        temperature: $\lambda > 0$, in units of utility; or a symbol, in claims.

    Raises:
        NotAvailable: a base that only offers draws, or utilities a thousand temperatures apart, when it is applied.

    Source:
        verdun2025.

    >>> from qtheory.base.finite import Finite
    >>> print(SoftBestOfN(2, 1)(Problem(Finite(["1/2", "3/10", "1/5"]), utility=[0, 1, 2])).probabilities[2])
    0.3038864450311... +- 2e-23
    """

    n: Any
    temperature: Any

    def __post_init__(self) -> None:
        object.__setattr__(self, "n", read_count(self.n, "n"))
        remedy = "as the temperature tends to 0 the policy tends to BestOfN(n)"
        object.__setattr__(self, "temperature", read_above(self.temperature, "temperature", remedy=remedy))

    def __call__(self, problem: Problem) -> AbstractPolicy:
        require_numbers(self, problem)
        if self.n == 1:
            return Imitation()(problem)
        if self.n > soft_choice.MOST_DRAWS:
            remedy = "as n grows the policy tends to KLRegularized(temperature)"
            raise NotAvailable("too many draws", got=brief(Fraction(self.n)), allowed="n <= 10^12", remedy=remedy)
        named = Estimand("soft", (("n", str(self.n)), ("temperature", str(self.temperature))))
        if not isinstance(problem.base, AbstractAtomicBase):
            return WeightPolicy(problem, self._ratio_on_line(problem), float(self.n), named)
        return AtomPolicy(problem, (self._exact if problem.exact else self._float)(problem), named)

    def expected_draws(self, problem: Problem) -> int:
        require_numbers(self, problem)
        return int(self.n)

    def axioms(self, ratio: sp.Symbol, utility: sp.Symbol, threshold: sp.Symbol) -> tuple[sp.Basic, ...]:
        import sympy as sp

        from qtheory.symbols import E

        n, temperature = as_sympy(self.n), as_sympy(self.temperature)
        numbers = (sp.Ge(n, 1), sp.Gt(temperature, 0))
        return (*numbers, sp.Ge(ratio, 0), sp.Le(ratio, n), sp.Eq(E(ratio), 1))

    def parameters(self) -> dict[str, Any]:
        return {"n": self.n, "temperature": self.temperature}

    def bind(self, values: dict[sp.Symbol, Any]) -> SoftBestOfN:
        return SoftBestOfN(substitute(self.n, values), substitute(self.temperature, values))

    def _exact(self, problem: Problem) -> list[Any]:
        pairs = list(zip(problem.base.weights, problem.utility, strict=True))  # type: ignore[attr-defined]
        levels = sorted({u for g, u in pairs if g > 0})
        masses = [sum((g for g, u in pairs if u == level), Fraction(0)) for level in levels]
        found = soft_choice.exact_ratios(masses, [level / self.temperature for level in levels], self.n)
        ratio = dict(zip(levels, found, strict=True))
        return [simplest(ratio[u] * g) if g > 0 else Fraction(0) for g, u in pairs]

    def _float(self, problem: Problem) -> np.ndarray:
        weights = as_float(problem.base.weights)  # type: ignore[attr-defined]
        taken = weights > 0
        levels, place = np.unique(as_float(problem.utility)[taken], return_inverse=True)
        scores = (levels - levels[-1]) / float(self.temperature)
        masses = np.bincount(place, weights=weights[taken])
        x = soft_choice.nodes(scores[0], scores[-1], self.n)
        ratio = soft_choice.ratios(x, soft_choice.log_others(x, masses, scores, self.n), scores, self.n)
        played = np.zeros_like(weights)
        played[taken] = weights[taken] * ratio[place]
        return played / played.sum()

    def _ratio_on_line(self, problem: Problem) -> Callable[[Any], Any]:
        """The density ratio of one action, for JAX: a sum over nodes that cover the law of the utility."""
        if not hasattr(problem.base, "upper_quantile"):
            remedy = "use a finite or a Continuous base"
            raise NotAvailable("soft best-of-n needs the law of the utility", got=problem.base, remedy=remedy)
        import jax.numpy as jnp

        masses, scores = score_law(problem, float(self.temperature), self.n)
        x = soft_choice.nodes(float(scores.min()), float(scores.max()), self.n)
        others = soft_choice.log_others(x, masses, scores, self.n)
        utility, temperature, n, step = problem.utility.of_one, float(self.temperature), self.n, soft_choice.STEP

        def ratio(action: Any) -> Any:
            z = utility(action) / temperature + x
            # What lies left of the nodes has weight one, and matters for utilities beyond those tabulated alone.
            kernel = step * jnp.exp(z - jnp.exp(z))
            beyond = jnp.where(z[0] > soft_choice.NEGLIGIBLE, jnp.maximum(1.0 - kernel.sum(), 0.0), 0.0)
            return n * ((kernel * jnp.exp(others)).sum() + beyond)

        return ratio
