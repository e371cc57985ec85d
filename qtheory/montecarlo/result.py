r"""What a simulation says, as values."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from qtheory.aliases import Json
from qtheory.inference.interval import Interval
from qtheory.montecarlo.ranges import ARITHMETIC_ERROR
from qtheory.policies.estimand import Estimand
from qtheory.statements.verdict import Verdict

Evidence = Literal["rigorous", "asymptotic", "plug-in"]
Quantiles = Literal["exact", "binned"]


@dataclass(frozen=True)
class Estimate:
    """A sampled number, the interval for what it estimates, and the truth where it is known.

    Attributes:
        value: the point estimate; None for a ratio of which the denominator was never seen.
        interval: at the error rate of one statement; None where one would mislead.
        evidence: "rigorous" at every sample size; "asymptotic", a normal approximation without a guarantee; or
            "plug-in" where there is no interval.
        truth: by quadrature; None where the problem does not rank as the action does.
        withheld: why there is no interval.
    """

    value: float | None
    interval: Interval | None
    evidence: Evidence
    truth: float | None = None
    withheld: str | None = None

    @property
    def excludes_truth(self) -> bool:
        """Whether the interval misses the truth by more than float32 arithmetic explains."""
        return excludes(self.interval, self.truth)


def excludes(interval: Interval | None, truth: float | None) -> bool:
    """Whether an interval misses the truth by more than float32 arithmetic explains.

    >>> excludes(Interval(0.0, 1.0), 1 + 1e-9), excludes(Interval(0.0, 1.0), 1.5), excludes(None, 1.5)
    (False, True, False)
    """
    if interval is None or truth is None:
        return False
    allowance = ARITHMETIC_ERROR * max(abs(interval.low), abs(interval.high))
    return not interval.low - allowance <= truth <= interval.high + allowance


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
        detectable_gap: how far $E_Q[c]$ would have to exceed the bound for this run to say so, in 99 % of runs; None
            where too few draws carry information for the formula.
        bracket: where the mean cost of the sample's own best qn lies for certain, costs being rounded to their levels:
            a point where quantiles are exact, and wider the more the order inside one bin matters. `mean.interval` is for
            the quantilizer, and holds either way.
    """

    name: str
    mean: Estimate
    amplification: Estimate
    verdict: Verdict
    detectable_gap: float | None
    bracket: Interval


@dataclass(frozen=True)
class LevelSimulation:
    r"""The ideal quantilizer at one level.

    Attributes:
        q: the level.
        threshold: the utility at top rank q, an estimate.
        threshold_bracket: where the sample's own threshold lies for certain.
        threshold_truth: by quantile function, where known.
        value: $E_Q[U]$.
        costs: one entry a cost.
    """

    q: Fraction
    threshold: float
    threshold_bracket: Interval
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
    r"""One streaming run: every level and every cost from the same draws.

    Attributes:
        samples: draws of the main stream.
        pilot: draws of the independent pilot stream, which places the bins and gives the verdicts their $E_\gamma[c]$.
        base_value: the mean utility of the base, asymptotic unless a range was declared.
        base_costs: one entry a cost.
        levels: one entry a level, in the order asked for.
        utility_range: as declared, or None.
        alpha: error rate of the whole run.
        statements: how many intervals share it.
        key: the seed.
        quantiles: whether the sample's quantiles were found exactly, or to the width of a bin.
        costs_counted: whether draws were counted on each level of a cost, or costs added up.
        base: the base measure, in words, for captions.
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
    quantiles: Quantiles = "binned"
    costs_counted: bool = True
    base: str = ""

    @property
    def alpha_each(self) -> float:
        """The error rate of each interval: alpha split evenly (Bonferroni)."""
        return self.alpha / max(self.statements, 1)

    def to_json(self) -> Json:
        from qtheory.montecarlo.document import simulation_json

        return simulation_json(self)

    @property
    def violated(self) -> bool:
        """Whether the cost bound was contradicted at any level."""
        return any(cost.verdict.outcome == "violated" for level in self.levels for cost in level.costs)
