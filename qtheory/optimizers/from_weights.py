r"""Policies on finitely many actions from weights that need not sum to one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from qtheory.base.abstract import AbstractAtomicBase
from qtheory.exact import nonnegative
from qtheory.exact.enclosure import Value
from qtheory.exact.values import as_float
from qtheory.policies.atom import AtomPolicy
from qtheory.policies.estimand import Estimand
from qtheory.problem import Problem


def is_atomic(problem: Problem) -> bool:
    """Whether the base is a list of actions."""
    return isinstance(problem.base, AbstractAtomicBase)


def best_level(problem: Problem) -> Any:
    """The highest utility among the actions that an atomic base takes."""
    return max(u for g, u in zip(problem.base.weights, problem.utility, strict=True) if g > 0)  # type: ignore[attr-defined]


def depths(problem: Problem) -> tuple[list[Any], list[Any]]:
    """The mass of each action the base takes, and how far its utility lies below the best."""
    top = best_level(problem)
    pairs = zip(problem.base.weights, problem.utility, strict=True)  # type: ignore[attr-defined]
    masses, below = zip(*((g, top - u) for g, u in pairs if g > 0), strict=True)
    return list(masses), list(below)


def policy_from_weights(problem: Problem, weights: Sequence[Any], estimand: Estimand) -> AtomPolicy:
    r"""The policy $\pi \propto \gamma v$ on an atomic base, given $v \ge 0$ of each action that the base takes.

    >>> from fractions import Fraction
    >>> from qtheory.base.finite import Finite
    >>> problem = Problem(Finite(["1/2", "0", "1/2"]), [0, 1, 2])
    >>> [str(p) for p in policy_from_weights(problem, [Fraction(1), Fraction(3)], Estimand.weights()).probabilities]
    ['1/4', '0', '3/4']
    """
    given = iter(weights)
    full = [next(given) if g > 0 else 0 * g for g in problem.base.weights]  # type: ignore[attr-defined]
    return AtomPolicy(problem, (_exact if problem.exact else _float)(problem, full), estimand)


def _exact(problem: Problem, weights: Sequence[Value]) -> tuple[Value, ...]:
    return nonnegative.shares([g * v for g, v in zip(problem.base.weights, weights, strict=True)])  # type: ignore[attr-defined]


def _float(problem: Problem, weights: Sequence[float]) -> np.ndarray:
    masses = as_float(problem.base.weights) * np.asarray(weights, dtype=float)  # type: ignore[attr-defined]
    return masses / masses.sum()
