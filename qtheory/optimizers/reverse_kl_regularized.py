r"""Reverse-KL regularisation: every action keeps a share."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from qtheory.exact.binding import as_sympy, substitute
from qtheory.exact.enclosure import Value, simplest
from qtheory.exact.roots import compared, root_near
from qtheory.optimizers.abstract import AbstractOptimizer, require_numbers
from qtheory.optimizers.from_weights import best_level, depths, is_atomic, policy_from_weights
from qtheory.optimizers.parameters import read_above
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.estimand import Estimand
from qtheory.policies.exact_divergences import total
from qtheory.problem import Problem

if TYPE_CHECKING:
    import sympy as sp

# Newton steps from a double-precision start double the correct digits: 15, 30, 60.
NEWTON_STEPS = 3
NEWTON_BITS = 200
# Utilities this many betas below the best count for nothing in double precision.
_DEEPEST = Fraction(10**300)


@dataclass(frozen=True)
class ReverseKLRegularized(AbstractOptimizer):
    r"""Maximises $E_\pi U - \beta\,\mathrm{KL}(\gamma\|\pi)$: $w = \beta/(\nu - U)$, with $\nu > U_{\max}$ from $E_\gamma w = 1$.

    Its value is $E_\pi U = \nu - \beta$. Where $U$ has no best level of positive mass, such a $\nu$ need not exist.

    Args:
        beta: the strength $\beta > 0$, in units of utility; or a symbol, in claims.

    Source:
        derived, from stationarity in w.

    >>> from qtheory.base.finite import Finite
    >>> problem = Problem(Finite(["1/3", "2/3"]), utility=[1, 0])
    >>> ReverseKLRegularized("2/3").threshold(problem), ReverseKLRegularized("2/3")(problem).value()
    (Fraction(4, 3), Fraction(2, 3))
    """

    beta: Any

    def __post_init__(self) -> None:
        object.__setattr__(self, "beta", read_above(self.beta, "beta"))

    def __call__(self, problem: Problem) -> AbstractPolicy:
        require_numbers(self, problem)
        estimand = Estimand("reverse-kl", (("beta", str(self.beta)),))
        if not is_atomic(problem):
            from qtheory.optimizers.from_scores import reciprocal_policy

            return reciprocal_policy(problem, self.beta, estimand)
        _, below = depths(problem)
        height = self._height(problem)
        if problem.exact:
            return policy_from_weights(problem, [self.beta / (height + d) for d in below], estimand)
        return policy_from_weights(problem, list(float(self.beta) / (height + np.array(below))), estimand)

    def axioms(self, ratio: sp.Symbol, utility: sp.Symbol, threshold: sp.Symbol) -> tuple[sp.Basic, ...]:
        import sympy as sp

        from qtheory.symbols import E

        beta = as_sympy(self.beta)
        stationary = sp.Eq(ratio * (threshold - utility), beta)
        return sp.Gt(beta, 0), sp.Gt(ratio, 0), sp.Eq(E(ratio), 1), sp.Lt(utility, threshold), stationary

    def parameters(self) -> dict[str, Any]:
        return {"beta": self.beta}

    def bind(self, values: dict[sp.Symbol, Any]) -> ReverseKLRegularized:
        return ReverseKLRegularized(substitute(self.beta, values))

    def threshold(self, problem: Problem) -> Any:
        r"""The normaliser $\nu$, above every utility."""
        require_numbers(self, problem)
        if is_atomic(problem):
            return simplest(best_level(problem) + self._height(problem))
        from qtheory.optimizers.from_scores import reciprocal_threshold

        return reciprocal_threshold(problem, self.beta)

    def _height(self, problem: Problem) -> Any:
        r"""$\nu - U_{\max}$, between $\beta\gamma_*$ and $\beta$: with more, or less, the ratios are all too small or large."""
        masses, below = depths(problem)
        if not problem.exact:
            with np.errstate(over="ignore"):
                scaled = np.array(below) / float(self.beta)
            return float(self.beta) * _float_share(np.array(masses), scaled)
        best = sum((g for g, d in zip(masses, below, strict=True) if d == 0), Fraction(0))
        depth = [d / self.beta for d in below]
        start = _float_share(np.array([float(g) for g in masses]), np.array([float(min(d, _DEEPEST)) for d in depth]))
        guess = _polished(masses, depth, min(max(Fraction(start), best), Fraction(1)))

        def sign(share: Fraction) -> int | None:
            mass: Value = total(g / (share + d) for g, d in zip(masses, depth, strict=True))
            return compared(Fraction(1), mass)

        return simplest(root_near(sign, guess, best, Fraction(1)) * self.beta)


def _float_share(masses: np.ndarray, depth: np.ndarray) -> float:
    r"""The root of $E_\gamma\,1/(y + d) = 1$ between $\gamma_*$ and 1: heights and depths in units of beta."""
    from scipy.optimize import brentq

    def excess(y: float) -> float:
        return float(np.log(masses @ (1 / (y + depth))))

    low, high = float(masses[depth == 0].sum()), 1.0
    if excess(low) <= 0 or excess(high) >= 0:
        return low if excess(low) <= 0 else high
    return float(brentq(excess, low, high, xtol=low * 1e-16, rtol=4 * np.finfo(float).eps))


def _polished(masses: list[Fraction], depth: list[Fraction], start: Fraction) -> Fraction:
    """Newton for E w = 1, cut to a fixed number of bits; only a guess, so nothing hangs on its rounding."""
    y = start
    for _ in range(NEWTON_STEPS):
        terms = [(g, y + d) for g, d in zip(masses, depth, strict=True)]
        step = (sum(g / z for g, z in terms) - 1) / sum(g / z**2 for g, z in terms)
        y = Fraction(int((y + step) * (1 << NEWTON_BITS)), 1 << NEWTON_BITS)
    return min(max(y, Fraction(0)), Fraction(1))
