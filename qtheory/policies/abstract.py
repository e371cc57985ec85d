r"""What every policy is: a density ratio $w = d\pi/d\gamma$ that knows its problem."""

from __future__ import annotations

from abc import ABC, abstractmethod
from fractions import Fraction
from typing import Any

from qtheory.aliases import Json
from qtheory.errors import InvalidInput
from qtheory.exact.enclosure import Enclosure
from qtheory.policies.estimand import Estimand
from qtheory.problem import Problem


def check_count(n: Any) -> None:
    """Refuse a number of draws that is not one."""
    if isinstance(n, bool) or not isinstance(n, int) or n < 1:
        raise InvalidInput("not a number of actions to draw", got=n, allowed="an integer >= 1")


Divergence = Fraction | Enclosure | float


class AbstractPolicy(ABC):
    r"""A policy $\pi$ for a problem, through its density ratio $w = d\pi/d\gamma$, with $E_\gamma w = 1$.

    Rational functionals of exact problems are `Fraction`; irrational ones, such as logarithms and roots, are
    `Enclosure`; every functional of a float problem is a float. Divergences are of the policy from the base unless
    they say otherwise, and in nats.
    """

    problem: Problem

    @property
    @abstractmethod
    def estimand(self) -> Estimand:
        """Which distribution this is: ideal(q), rule(n, k) or weights(w)."""

    @abstractmethod
    def expect(self, function: Any) -> Any:
        r"""$E_\pi[f]$ of a function of the action."""

    def value(self) -> Any:
        r"""$E_\pi[U]$, the expected proxy utility."""
        return self.expect(self.problem.utility)

    @abstractmethod
    def sup_ratio(self) -> Any:
        r"""$\operatorname{ess\,sup} w$: the factor by which a nonnegative cost can grow; infinite if not $\pi\ll\gamma$."""

    @abstractmethod
    def power_norm(self, order: Any) -> Divergence:
        r"""$\lVert w\rVert_p = (\int \pi^p\gamma^{1-p})^{1/p}$ for an order $p \in (0, \infty]$.

        It is 1 at $p = 1$ and `sup_ratio` at infinity; from $p > 1$ on it is infinite if not $\pi\ll\gamma$.
        """

    @abstractmethod
    def renyi(self, order: Any) -> Divergence:
        r"""$D_\alpha(\pi\|\gamma) = \frac1{\alpha-1}\log\int \pi^\alpha\gamma^{1-\alpha}$ for $\alpha \in [0, \infty]$.

        The ends are limits: $D_0 = -\log\gamma\{w > 0\}$, $D_1 = \mathrm{KL}$, $D_\infty = \log\operatorname{ess\,sup}w$.
        """

    @abstractmethod
    def kl(self) -> Divergence:
        r"""$\mathrm{KL}(\pi\|\gamma) = E_\gamma[w\log w]$."""

    @abstractmethod
    def reverse_kl(self) -> Divergence:
        r"""$\mathrm{KL}(\gamma\|\pi) = -E_\gamma[\log w]$; infinite if an action of the base is never played."""

    @abstractmethod
    def chi2(self) -> Divergence:
        r"""$\chi^2(\pi\|\gamma) = E_\gamma[w^2] - 1$."""

    @abstractmethod
    def total_variation(self) -> Divergence:
        r"""$\mathrm{TV}(\pi, \gamma) = E_\gamma(w-1)^+$, plus the mass that $\pi$ has where $\gamma$ has none."""

    @abstractmethod
    def bhattacharyya(self) -> Divergence:
        r"""The coefficient $E_\gamma\sqrt w \in [0, 1]$; 1 for the base itself."""

    @abstractmethod
    def sample(self, key: Any, n: int) -> Any:
        """Draw `n` independent actions with an explicit JAX key; a leading axis of length `n`."""

    @abstractmethod
    def to_json(self) -> Json:
        """The policy with its problem as a JSON object."""
