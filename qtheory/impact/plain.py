r"""First reading: the plain quantilizer, and costs that depend on the action through a feature alone."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from qtheory.aliases import Json
from qtheory.impact.feature import Feature, exact_masses
from qtheory.optimizers.maximizer import Maximizer
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.policies.atom import AtomPolicy
from qtheory.problem import Problem


@dataclass(frozen=True)
class PlainReading:
    r"""What the plain quantilizer does to the costs of a feature.

    Attributes:
        q: the level.
        probabilities: the quantilizer.
        value: its expected utility.
        factors: for each value of the feature, by how much its chance grows.
        alpha: the largest of them, which is the exact factor of the worst cost of the feature.
        wholly_top: the values that come from full actions only; the bound is $1/q$ exactly if there is one.
        improves_below: the bound is better than $1/q$ exactly at levels below this.
        saturates_at: the mass of the best level of utility; below it nothing moves any more.
        saturated_alpha: the factor there, however small $q$ is.
    """

    q: Fraction
    probabilities: tuple[Fraction, ...]
    value: Fraction
    factors: dict[Hashable, Fraction]
    alpha: Fraction
    wholly_top: tuple[Hashable, ...]
    improves_below: Fraction
    saturates_at: Fraction
    saturated_alpha: Fraction

    @property
    def plain_factor(self) -> Fraction:
        """1/q, the factor for costs of any kind."""
        return 1 / self.q

    @property
    def improves(self) -> bool:
        """Whether the bound for costs of the feature is better than 1/q."""
        return self.alpha < self.plain_factor

    def to_json(self) -> Json:
        return {
            "q": str(self.q),
            "probabilities": [str(p) for p in self.probabilities],
            "value": str(self.value),
            "factors": [[str(z), str(x)] for z, x in self.factors.items()],
            "alpha": str(self.alpha),
            "plain_factor": str(self.plain_factor),
            "improves": self.improves,
            "wholly_top": [str(z) for z in self.wholly_top],
            "improves_below": str(self.improves_below),
            "saturates_at": str(self.saturates_at),
            "saturated_alpha": str(self.saturated_alpha),
        }


def plain_reading(problem: Problem, q: Any, feature: Feature) -> PlainReading:
    """The plain quantilizer's reading of an exact finite problem, for a feature that may be noisy."""
    gamma = exact_masses(problem, len(feature.kernel))
    policy, best = Quantilizer(q)(problem), Maximizer()(problem)
    assert isinstance(policy, AtomPolicy) and isinstance(best, AtomPolicy)
    factors = amplification_of(feature, gamma, policy.probabilities)
    turning = {z: _mass_down_to_worst(problem, column) for z, column in _possible(feature, gamma).items()}
    level = Quantilizer(q).q
    return PlainReading(
        q=level,
        probabilities=tuple(policy.probabilities),
        value=policy.value(),
        factors=factors,
        alpha=max(factors.values()),
        wholly_top=tuple(z for z, mass in turning.items() if mass <= level),
        improves_below=min(turning.values()),
        saturates_at=_best_mass(problem),
        saturated_alpha=max(amplification_of(feature, gamma, best.probabilities).values()),
    )


def amplification_of(feature: Feature, gamma: Any, probabilities: Any) -> dict[Hashable, Fraction]:
    """The factor of each value of a feature that the base can produce."""
    pairs = zip(feature.labels, feature.law(probabilities), feature.law(gamma), strict=True)
    return {z: p / g for z, p, g in pairs if g > 0}


def _best_mass(problem: Problem) -> Fraction:
    """The mass of the best level of utility that the base reaches."""
    pairs = [(g, u) for g, u in zip(problem.base.weights, problem.utility, strict=True) if g > 0]  # type: ignore[attr-defined]
    best = max(u for _, u in pairs)
    return sum((g for g, u in pairs if u == best), Fraction(0))


def _possible(feature: Feature, gamma: Any) -> dict[Hashable, tuple[Fraction, ...]]:
    """The values that the base can produce, with the mass that each action puts on them."""
    columns = zip(feature.labels, feature.columns, strict=True)
    joint = {z: tuple(g * x for g, x in zip(gamma, column, strict=True)) for z, column in columns}
    return {z: masses for z, masses in joint.items() if any(masses)}


def _mass_down_to_worst(problem: Problem, produced: tuple[Fraction, ...]) -> Fraction:
    """The mass of the actions at least as good as the worst that produces a value: from there on all of them are full."""
    worst = min(u for u, mass in zip(problem.utility, produced, strict=True) if mass > 0)
    gamma = problem.base.weights  # type: ignore[attr-defined]
    return sum((g for g, u in zip(gamma, problem.utility, strict=True) if u >= worst), Fraction(0))
