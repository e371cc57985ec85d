r"""What a simulation says, as values."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from qtheory.aliases import Json
from qtheory.inference.interval import Interval
from qtheory.policies.estimand import Estimand
from qtheory.statements.verdict import Verdict

Evidence = Literal["rigorous", "asymptotic"]


@dataclass(frozen=True)
class Estimate:
    """A sampled number, the interval for what it estimates, and the truth where it is known.

    Attributes:
        value: the point estimate; None for a ratio of which the denominator was never seen.
        interval: at the error rate of one statement.
        evidence: "rigorous" at every sample size, or "asymptotic": a normal approximation without a guarantee.
        truth: by quadrature; None where the problem does not rank as the action does.
    """

    value: float | None
    interval: Interval
    evidence: Evidence
    truth: float | None = None


@dataclass(frozen=True)
class BaseCost:
    r"""A cost under the base.

    Attributes:
        name: the cost.
        cost_max: its declared cap.
        mean: $E_\gamma[c]$.
    """

    name: str
    cost_max: float
    mean: Estimate


@dataclass(frozen=True)
class CostAtLevel:
    r"""A cost under the ideal quantilizer at one level.

    Attributes:
        name: the cost.
        mean: $E_Q[c]$.
        amplification: $E_Q[c]/E_\gamma[c]$, which the cost bound keeps below $1/q$.
        verdict: on $E_Q[c] \le E_\gamma[c]/q$; its slack is right side minus left side.
        detectable_gap: how far $E_Q[c]$ would have to exceed the bound for this run to say so, in 99 % of runs.
    """

    name: str
    mean: Estimate
    amplification: Estimate
    verdict: Verdict
    detectable_gap: float


@dataclass(frozen=True)
class LevelSimulation:
    r"""The ideal quantilizer at one level.

    Attributes:
        q: the level.
        threshold: the utility at top rank q, an estimate.
        threshold_truth: by quantile function, where known.
        value: $E_Q[U]$.
        costs: one entry a cost.
    """

    q: Fraction
    threshold: float
    threshold_truth: float | None
    value: Estimate
    costs: tuple[CostAtLevel, ...]

    @property
    def estimand(self) -> Estimand:
        return Estimand.ideal(self.q)

    @property
    def factor(self) -> Fraction:
        """The cost factor 1/q."""
        return 1 / self.q


@dataclass(frozen=True)
class WorldSimulation:
    """One streaming run: every level and every cost from the same draws.

    Attributes:
        samples: draws of the main stream.
        pilot: draws of the independent pilot stream, which places the bins and checks the means of the base.
        base_value: the mean utility of the base, asymptotic unless a range was declared.
        base_costs: one entry a cost.
        levels: one entry a level, in the order asked for.
        utility_range: as declared, or None.
        alpha: error rate of the whole run.
        statements: how many intervals share it.
        key: the seed.
    """

    samples: int
    pilot: int
    base_value: Estimate
    base_costs: tuple[BaseCost, ...]
    levels: tuple[LevelSimulation, ...]
    utility_range: tuple[float, float] | None
    alpha: float
    statements: int
    key: int

    @property
    def alpha_each(self) -> float:
        """The error rate of each interval: alpha split evenly (Bonferroni)."""
        return self.alpha / self.statements

    def to_json(self) -> Json:
        from qtheory.montecarlo.document import simulation_json

        return simulation_json(self)

    @property
    def violated(self) -> bool:
        """Whether the cost bound was contradicted at any level."""
        return any(cost.verdict.outcome == "violated" for level in self.levels for cost in level.costs)
