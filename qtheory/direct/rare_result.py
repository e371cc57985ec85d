r"""What sampling a rare event says, as values."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Literal

from qtheory.aliases import Json
from qtheory.direct.means import Mean
from qtheory.direct.result import mean_json
from qtheory.direct.weighted import Diagnostics
from qtheory.policies.estimand import Estimand

RareMethod = Literal["importance", "splitting"]


@dataclass(frozen=True)
class RareEvent:
    r"""The ideal quantilizer at a small level.

    Attributes:
        q: the level.
        threshold: the utility at top rank q.
        exceedance: the probability of reaching the threshold that the other half of the run found; near q.
        value: $E_Q[U]$.
        costs: $E_Q[c]$ by name.
        diagnostics: of the weights; None for splitting.
        method: "importance" or "splitting".
        samples: evaluations of the utility.
        alpha: error rate of the whole run.
        statements: how many intervals share it (Bonferroni).
        key: the seed.
    """

    q: Fraction
    threshold: Mean
    exceedance: Mean
    value: Mean
    costs: dict[str, Mean]
    diagnostics: Diagnostics | None
    method: RareMethod
    samples: int
    alpha: float
    statements: int
    key: int

    @property
    def estimand(self) -> Estimand:
        return Estimand.ideal(self.q)

    def to_json(self) -> Json:
        named = {"threshold": self.threshold, "exceedance": self.exceedance, "utility": self.value}
        return {
            "estimand": str(self.estimand),
            "method": self.method,
            "samples": self.samples,
            "key": self.key,
            "alpha": self.alpha,
            "statements": self.statements,
            "multiplicity": "bonferroni",
            **{name: mean_json(mean) for name, mean in named.items()},
            "costs": {name: mean_json(mean) for name, mean in self.costs.items()},
            "diagnostics": None if self.diagnostics is None else asdict(self.diagnostics),
        }
