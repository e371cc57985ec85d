r"""Expectations under base and quantilizer by quadrature, to stand beside what was sampled."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from qtheory.base.continuous import Continuous
from qtheory.errors import NotAvailable
from qtheory.problem import Problem


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
