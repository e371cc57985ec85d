r"""Frontiers and comparisons, as values."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from qtheory.aliases import Json, Number
from qtheory.inference.interval import Interval
from qtheory.montecarlo.document import interval_json, number_json
from qtheory.montecarlo.result import excludes

Source = Literal["exact", "float64", "quadrature", "simulated", "declared"]
Match = Literal["factor", "kl"]


@dataclass(frozen=True)
class Quantity:
    """A number and how it is known.

    Attributes:
        value: exact on exact problems, else a float; nan where it is known not to exist.
        source: "exact", "float64" (a finite sum), "quadrature", "simulated", or "declared" by the caller.
        sampled: the sampled estimate, where there was a simulation.
        interval: for the number, from the simulation.
        evidence: of the interval, "rigorous" or "asymptotic"; "plug-in" where it is withheld.
        withheld: why there is no interval.
    """

    value: Number
    source: Source
    sampled: float | None = None
    interval: Interval | None = None
    evidence: str | None = None
    withheld: str | None = None

    @property
    def excluded(self) -> bool:
        """Whether the interval misses the value by quadrature it stands beside."""
        return self.source == "quadrature" and excludes(self.interval, float(self.value))

    def to_json(self) -> Json:
        document: Json = {"value": value_json(self.value), "source": self.source, "sampled": number_json(self.sampled)}
        document |= {"interval": interval_json(self.interval), "evidence": self.evidence}
        return {**document, "excludes_value": self.excluded, "withheld": self.withheld}


@dataclass(frozen=True)
class FrontierPoint:
    r"""The ideal quantilizer at one level.

    Attributes:
        q: the level.
        value: $E_Q[U]$.
        cost: $E_Q[c]$ of the problem's own cost; None without one.
        worst_cost: $\varepsilon/q$, the most that any cost $c \ge 0$ with $E_\gamma[c] \le \varepsilon$ can reach; None
            without $\varepsilon$.
        guarantee: $E_Q[U] - \varepsilon/q$.
    """

    q: Fraction
    value: Quantity
    cost: Quantity | None
    worst_cost: Number | None
    guarantee: Number | None

    @property
    def factor(self) -> Fraction:
        """The cost factor 1/q."""
        return 1 / self.q

    def to_json(self) -> Json:
        return {
            "q": str(self.q),
            "cost_factor": str(self.factor),
            "utility": self.value.to_json(),
            "cost": None if self.cost is None else self.cost.to_json(),
            "worst_cost": value_json(self.worst_cost),
            "guarantee": value_json(self.guarantee),
        }


@dataclass(frozen=True)
class Frontier:
    r"""Value against worst-case cost over the levels asked for.

    Attributes:
        points: from the greatest level to the least.
        epsilon: the mean cost the bound rests on: declared, or $E_\gamma[c]$; None without either.
        best: the point of greatest guarantee among those asked for; None without a bound, and where a guarantee is
            infinite, so that it ranks nothing.
        reservation: the greatest guarantee over *all* levels and the greatest level that has it, where the base gives
            it.
        samples: draws of the simulation, 0 if there was none.
        alpha: the error rate of all intervals together; None without a simulation.
        pilot: draws that only placed the bins of the simulation.
        base: the base measure, in words.
    """

    points: tuple[FrontierPoint, ...]
    epsilon: Quantity | None
    best: FrontierPoint | None
    reservation: tuple[Number, Number] | None
    samples: int = 0
    alpha: float | None = None
    pilot: int = 0
    base: str = ""

    @property
    def unbounded(self) -> tuple[FrontierPoint, ...]:
        """The points whose expected utility is not finite."""
        return tuple(point for point in self.points if not math.isfinite(point.value.value))

    def to_json(self) -> Json:
        return {
            "epsilon": None if self.epsilon is None else self.epsilon.to_json(),
            "points": [point.to_json() for point in self.points],
            "best_q": None if self.best is None else str(self.best.q),
            "reservation": self._reservation_json(),
            "samples": self.samples,
            "pilot": self.pilot,
            "alpha": self.alpha,
        }

    def _reservation_json(self) -> Json | None:
        if self.reservation is None:
            return None
        return {"value": value_json(self.reservation[0]), "q": value_json(self.reservation[1])}


@dataclass(frozen=True)
class ComparisonRow:
    r"""One optimizer at one target.

    Attributes:
        target: the cost factor that was matched, or whose KL was.
        optimizer: its name and parameters.
        estimand: the distribution it stands for.
        value: $E_\pi[U]$; None where it cannot be computed.
        factor: the cost factor $\sup w$.
        kl: $\mathrm{KL}(\pi\|\gamma)$, nats.
        chi2: $\chi^2(\pi\|\gamma)$.
        cost: $E_\pi[c]$ of the problem's own cost.
        draws: base draws per action: what a rule takes, and $1/q$ for the ideal quantilizer, which also needs its
            threshold.
        source: how value and cost are known.
    """

    target: Fraction
    optimizer: str
    estimand: str
    value: Number | None
    factor: Number
    kl: float
    chi2: Number
    cost: Number | None
    draws: Fraction
    source: Source

    def to_json(self) -> Json:
        numbers = {name: value_json(getattr(self, name)) for name in ("value", "factor", "kl", "chi2", "cost")}
        names = {"target": str(self.target), "optimizer": self.optimizer, "estimand": self.estimand}
        return {**names, **numbers, "draws": str(self.draws), "source": self.source}


@dataclass(frozen=True)
class Comparison:
    """Optimizers at equal cost factor or equal divergence.

    Attributes:
        match: "factor" or "kl".
        rows: by target, in the order asked for.
    """

    match: Match
    rows: tuple[ComparisonRow, ...]

    def to_json(self) -> Json:
        return {"match": self.match, "rows": [row.to_json() for row in self.rows]}


def value_json(value: Number | None) -> str | float | None:
    """A rational as text, a float as a number, infinity as "inf", what does not exist as null."""
    if isinstance(value, Fraction):
        return str(value)
    return None if value is None or math.isnan(value) else number_json(value)
