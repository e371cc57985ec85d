r"""Second reading: another algorithm, which constrains only the features one cares about."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from qtheory.aliases import Json, Number
from qtheory.exact.documents import number_to_json
from qtheory.impact.feature import Feature, exact_masses
from qtheory.impact.plain import amplification_of
from qtheory.optimizers.feature_constrained import FeatureConstrained
from qtheory.problem import Problem


@dataclass(frozen=True)
class ConstrainedReading:
    r"""The best policy that amplifies no value of the feature by more than a budget.

    Attributes:
        feature_budget: the most that a value of the feature may be amplified, $t_Z$.
        action_budget: the most that an action may be, $t_A$, or None.
        probabilities: the policy.
        value: its expected utility.
        alpha: the largest amplification of a value.
        factor: the largest of an action, which is its factor for costs of any kind.
    """

    feature_budget: Fraction
    action_budget: Fraction | None
    probabilities: tuple[Fraction, ...]
    value: Fraction
    alpha: Fraction
    factor: Number

    def to_json(self) -> Json:
        return {
            "feature_budget": str(self.feature_budget),
            "action_budget": None if self.action_budget is None else str(self.action_budget),
            "probabilities": [str(p) for p in self.probabilities],
            "value": str(self.value),
            "alpha": str(self.alpha),
            "factor": number_to_json(self.factor),
        }


def constrained_reading(
    problem: Problem, feature: Feature, feature_budget: Any, action_budget: Any = None
) -> ConstrainedReading:
    """The optimum under one budget for the values of the feature, and one for actions if it is given."""
    gamma = exact_masses(problem, len(feature.kernel))
    # A feature that the action determines is filled greedily; a noisy one takes a linear programme.
    kernel = None if _is_label(problem, feature) else feature.kernel
    optimizer = FeatureConstrained(feature_budget, action_budget, kernel)
    policy = optimizer.solve(problem).policy
    return ConstrainedReading(
        feature_budget=optimizer.feature_budget,
        action_budget=optimizer.action_budget,
        probabilities=tuple(policy.probabilities),
        value=policy.value(),
        alpha=max(amplification_of(feature, gamma, policy.probabilities).values()),
        factor=max(_factor(p, g) for p, g in zip(policy.probabilities, gamma, strict=True)),
    )


def _factor(p: Any, g: Fraction) -> Number:
    return p / g if g > 0 else math.inf if p > 0 else Fraction(0)


def _is_label(problem: Problem, feature: Feature) -> bool:
    return problem.feature is not None and Feature.of(problem) == feature
