r"""How often a policy's action beats a fresh draw of the base."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from qtheory.base.continuous import Continuous
from qtheory.errors import NotAvailable
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.atom import AtomPolicy
from qtheory.policies.rank import RankPolicy
from qtheory.policies.score_density import ScoreDensity
from qtheory.problem import Problem


def win_rate(policy: AbstractPolicy) -> Any:
    r"""$E_\pi[F(U^-) + \frac12\gamma(U)]$: the chance of more utility than a fresh base draw, ties counted one half.

    For best-of-n it is at most $\frac n{n+1}$, with equality where no two draws tie.

    Returns:
        A `Fraction` or an `Enclosure` on exact problems, else a float.

    Source:
        beirami2024, Theorem 5.3.

    >>> from qtheory.base.finite import Finite
    >>> from qtheory.optimizers.best_of_n import BestOfN
    >>> win_rate(BestOfN(2)(Problem(Finite(["1/2", "1/2"]), utility=[0, 1])))
    Fraction(5, 8)
    """
    if isinstance(policy, AtomPolicy):
        return policy.expect(win_chances(policy.base.weights, policy.problem.utility))
    if isinstance(policy, RankPolicy) and isinstance(policy.density, ScoreDensity):
        return policy.density.expect(policy.density.base.cdf)
    if isinstance(policy, RankPolicy):
        # Without atoms a draw of rank s, 0 being best, beats the share 1 - s.
        return RankPolicy(Problem(Continuous("uniform(0, 1)")), policy.density).value()
    raise NotAvailable("the chance of winning needs ranks", got=policy, remedy="use a finite base or a rank density")


def win_chances(weights: Any, utility: Any) -> tuple:
    """For each action the mass of lower utility, and half the mass of the same.

    >>> win_chances([Fraction(1, 4), Fraction(3, 4)], [1, 0])
    (Fraction(7, 8), Fraction(3, 8))
    """
    pairs = list(zip(weights, utility, strict=True))
    return tuple(sum((g if v < level else g / 2 for g, v in pairs if v <= level), Fraction(0)) for level in utility)
