r"""What drawing from a policy says, as values."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from qtheory.aliases import Json
from qtheory.direct.means import Mean
from qtheory.montecarlo.document import estimate_json, number_json
from qtheory.policies.estimand import Estimand

Method = Literal["independent", "stratified", "sobol"]


@dataclass(frozen=True)
class PolicyMeans:
    r"""One policy.

    Attributes:
        estimand: which.
        value: $E_\pi[U]$.
        costs: $E_\pi[c]$ by name.
        law_error: a bound on the Kolmogorov distance of the law drawn from, where it is more than rounding.
    """

    estimand: Estimand
    value: Mean
    costs: dict[str, Mean]
    law_error: float = 0.0

    def to_json(self) -> Json:
        costs = {name: mean_json(mean) for name, mean in self.costs.items()}
        return {
            "estimand": str(self.estimand),
            "utility": mean_json(self.value),
            "costs": costs,
            "law_error": self.law_error,
        }


@dataclass(frozen=True)
class PolicySimulation:
    r"""Policies sampled themselves: no draw of the base is rejected.

    Attributes:
        policies: one entry a policy, in the order asked for.
        method: how the ranks were drawn.
        samples: actions drawn for each policy, or for all levels together where they share strata.
        alpha: error rate of the whole run.
        statements: how many intervals share it (Bonferroni).
        key: the seed.
    """

    policies: tuple[PolicyMeans, ...]
    method: Method
    samples: int
    alpha: float
    statements: int
    key: int

    @property
    def alpha_each(self) -> float:
        """The error rate of each interval."""
        return self.alpha / max(self.statements, 1)

    def to_json(self) -> Json:
        return {
            "method": self.method,
            "samples": self.samples,
            "key": self.key,
            "alpha": self.alpha,
            "alpha_each": self.alpha_each,
            "statements": self.statements,
            "multiplicity": "bonferroni",
            "policies": [policy.to_json() for policy in self.policies],
        }


def mean_json(mean: Mean) -> Json:
    """A mean as plain values; a standard error that does not exist is null."""
    error = None if math.isnan(mean.standard_error) else number_json(mean.standard_error)
    return {**estimate_json(mean.estimate), "standard_error": error}
