"""What an audit says, as values."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from qtheory.auditing.best_of import BestOf
from qtheory.auditing.floor import FloorCurve
from qtheory.auditing.ranking import TopK
from qtheory.auditing.tail import Tail
from qtheory.inference.interval import Interval

Evidence = Literal["rigorous", "asymptotic", "plug-in"]
Outcome = Literal["holds", "inconclusive", "violated"]


@dataclass(frozen=True)
class Estimate:
    """A number from the samples with the interval for what it estimates.

    Attributes:
        value: the point estimate; None where the samples do not give one.
        interval: for the estimand, at the error rate of each statement; None where there is none.
        evidence: "rigorous" at every sample size, "asymptotic", or "plug-in" where there is no interval.
    """

    value: float | None
    interval: Interval | None
    evidence: Evidence


@dataclass(frozen=True)
class CostAudit:
    r"""The hidden cost at one level.

    Attributes:
        mean: of the top k, ties shared; the interval is for $E_Q[c]$ of the ideal quantilizer at q.
        amplification: $E_Q[c] / E_\gamma[c]$, which never exceeds the cost factor.
    """

    mean: Estimate
    amplification: Estimate


@dataclass(frozen=True)
class LevelAudit:
    r"""The rule "one of the top $k = \lceil qn \rceil$ of n" on the samples, with the ideal quantilizer it stands for.

    Attributes:
        cut: q, n, k, the threshold and the ties at it.
        utility: mean of the top k; the interval is for $E_Q[U]$ of the ideal quantilizer at q.
        bits: $\log_2(n/k)$.
        kl: $\log(n/k)$ nats, the divergence of the ideal quantilizer at k/n; an upper bound for the rule.
        best_of: best-of-m at the largest whole cost factor $m = \lfloor n/k \rfloor$.
        cost: None where there is no cost column.
        floor: $E_Q[U] - \varepsilon n/k$ at a declared mean bound $\varepsilon$, plug-in; None without one.
    """

    cut: TopK
    utility: Estimate
    bits: float
    kl: float
    best_of: BestOf
    cost: CostAudit | None
    floor: float | None

    @property
    def cost_factor(self) -> Fraction:
        """n/k, exactly."""
        return self.cut.cost_factor


@dataclass(frozen=True)
class AuditVerdict:
    """A statement about a hidden cost that the samples may bear out or refute.

    Attributes:
        statement: what is claimed.
        outcome: "holds", "inconclusive" or "violated".
        evidence: the interval it rests on, in words; always a rigorous one.
        alpha: probability that this outcome is "holds" or "violated" wrongly, at most.
        samples: how many samples were used.
        slack: interval for the limit minus the expected cost; below zero means violated.
        q: the level, or None for a statement about the base distribution.
    """

    statement: str
    outcome: Outcome
    evidence: str
    alpha: float
    samples: int
    slack: Interval
    q: Fraction | None = None


@dataclass(frozen=True)
class Audit:
    r"""The audit of one set of scored samples.

    Attributes:
        samples: n.
        repeats: samples whose utility another sample before them has.
        base_utility: mean utility of the base samples.
        base_cost: mean cost of the base samples with its interval; None without a cost column.
        cost_mean: the declared bound on $E_\gamma[c]$, or None.
        levels: one entry a level, in the order asked for.
        verdicts: on the stated mean and limit of the cost.
        floor: the guaranteed floor over k; None without a declared mean bound.
        tail: Hill estimates of the upper tail of the utilities.
        alpha: error rate of the whole run.
        statements: how many statements share it (Bonferroni).
        key: seed of the tie-break.
        utility_range: the declared range, or None.
        cost_max: the declared cap, or None.
        cost_limit: the stated limit of $E_Q[c]$, or None.
    """

    samples: int
    repeats: int
    base_utility: float
    base_cost: Estimate | None
    cost_mean: float | None
    levels: tuple[LevelAudit, ...]
    verdicts: tuple[AuditVerdict, ...]
    floor: FloorCurve | None
    tail: Tail
    alpha: float
    statements: int
    key: int
    utility_range: tuple[float, float] | None
    cost_max: float | None
    cost_limit: float | None

    @property
    def alpha_each(self) -> float:
        """The error rate of each statement: alpha split evenly."""
        return self.alpha / max(self.statements, 1)

    @property
    def violated(self) -> bool:
        """Whether any verdict is "violated"."""
        return any(verdict.outcome == "violated" for verdict in self.verdicts)


def verdict_on(
    statement: str, limit: float, cost: Interval, alpha: float, samples: int, q: Fraction | None = None
) -> AuditVerdict:
    """The verdict on "the expected cost is at most the limit", from a rigorous interval for that expected cost.

    >>> verdict_on("E[c] <= 1/2", 0.5, Interval(0.625, 0.75), 1e-6, 1000).outcome
    'violated'
    """
    slack = Interval(limit - cost.high, limit - cost.low)
    outcome: Outcome = "holds" if slack.low >= 0 else "violated" if slack.high < 0 else "inconclusive"
    evidence = f"the expected cost lies in [{cost.low:.6g}, {cost.high:.6g}] (rigorous interval)"
    return AuditVerdict(statement, outcome, evidence, alpha, samples, slack, q)
