r"""Expectations under base and quantilizer by quadrature, to stand beside what was sampled."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from qtheory.base.continuous import Continuous
from qtheory.errors import NotAvailable
from qtheory.problem import Problem
from qtheory.quadrature.rank_means import settled_means


@dataclass(frozen=True)
class LevelTruth:
    """What quadrature knows of one quantilizer; `None` for what it does not know.

    Args:
        q: the level.
        threshold: the utility at top rank q.
        value: E_Q[U]; infinite where the tail is too heavy.
        costs: E_Q[c] of each cost by name.
    """

    q: Fraction
    threshold: float | None
    value: float | None
    costs: dict[str, float | None]


def true_levels(problem: Problem, levels: Sequence[Fraction]) -> dict[Fraction, LevelTruth]:
    """All levels and all functions of a problem in one go, and from one set of actions.

    It knows more than the functions for one level below: the level sets of a utility that rises and falls.

    >>> problem = Problem(Continuous("normal(0, 1)"), utility="x**2", cost="1/(1+x**2)")
    >>> found = true_levels(problem, [Fraction(1, 2)])[Fraction(1, 2)]
    >>> round(found.threshold, 12), round(found.value, 12), round(found.costs["cost"], 12)
    (0.45493642312, 1.857348164511, 0.425119148236)
    """
    unknown = {q: LevelTruth(q, None, None, dict.fromkeys(problem.costs)) for q in levels}
    known = [q for q in dict.fromkeys(levels) if float(q) > 0]
    if not isinstance(problem.base, Continuous) or not known:
        return unknown
    try:
        values, thresholds = settled_means(problem, known, [problem.utility, *problem.costs.values()])
    except NotAvailable:
        # at q = 1 no level sets are needed
        return {
            q: LevelTruth(q, true_threshold(problem, q), true_value(problem, q), _costs(problem, q)) for q in levels
        }
    if problem.utility.is_identity:
        values[0] = _means_of_actions(problem.base, known)
    return unknown | {q: _truth(problem, q, *row) for q, *row in zip(known, thresholds, values.T, strict=True)}


def _truth(problem: Problem, q: Fraction, threshold: float, values: np.ndarray) -> LevelTruth:
    value, *costs = (None if math.isnan(x) else float(x) for x in values)
    place = None if math.isnan(threshold) else float(threshold)
    return LevelTruth(q, place, value, dict(zip(problem.costs, costs, strict=True)))


def _costs(problem: Problem, q: Fraction) -> dict[str, float | None]:
    return {name: true_mean(problem, cost, q) for name, cost in problem.costs.items()}


def _means_of_actions(base: Continuous, levels: Sequence[Fraction]) -> np.ndarray:
    """In closed form; level by level where there is none at some."""
    try:
        return np.asarray(base.upper_mean(np.array([float(q) for q in levels])))
    except NotAvailable:
        found = [_known(lambda q=q: base.upper_mean(q)) for q in levels]  # type: ignore[misc]
        return np.array([math.nan if value is None else value for value in found])


def true_threshold(problem: Problem, q: Fraction) -> float | None:
    """The utility at top rank q, where the utility ranks as the action does."""
    if not _is_ranked(problem):
        return None
    return float(problem.utility.on_host(problem.base.upper_quantile([float(q)]))[0])  # type: ignore[attr-defined]


def true_value(problem: Problem, q: Fraction) -> float | None:
    """E_Q[U] of the ideal quantilizer; infinite where the tail is too heavy."""
    if isinstance(problem.base, Continuous) and problem.utility.is_identity:
        return _known(lambda: problem.base.upper_mean(q))  # type: ignore[attr-defined]
    return true_mean(problem, problem.utility, q)


def true_mean(problem: Problem, function: Any, q: Fraction) -> float | None:
    """E_Q[f] of the ideal quantilizer; at q = 1 the mean under the base, for every Continuous base."""
    base = problem.base
    if not isinstance(base, Continuous) or not (q == 1 or _is_ranked(problem)):
        return None
    return _known(lambda: base.expect(function.on_host, high_rank=float(q)) / float(q))


def _is_ranked(problem: Problem) -> bool:
    return isinstance(problem.base, Continuous) and problem.ranks_as_action


def _known(compute: Callable[[], float]) -> float | None:
    """The number, or None where quadrature does not settle: jumps, or a mean that does not exist."""
    try:
        value = float(compute())
    except NotAvailable:
        return None
    return None if math.isnan(value) else value
