r"""The answer to a maximin problem: the policy, what it guarantees, and the cost against which nothing does better."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from qtheory.errors import NotAvailable
from qtheory.exact.certificate import Certificate
from qtheory.exact.linear_program import LinearProgram
from qtheory.exact.values import as_float
from qtheory.optimizers.from_weights import is_atomic
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.atom import AtomPolicy
from qtheory.policies.estimand import Estimand
from qtheory.problem import Problem

CLOSED_FORM, PROGRAMME = "closed form", "linear programme"


@dataclass(frozen=True)
class MaximinSolution:
    r"""$\max_\pi \min_{c \in \mathcal C} E_\pi[U - c]$.

    Attributes:
        policy: one that attains it.
        value: what it guarantees: a `Fraction`, an `Enclosure` where irrational, or a float as the problem is.
        saddle_cost: a cost of the class with $\max_a (U - c)(a) = $ value: one number per action on finite bases, a
            function of the action on others; `None` where there is none.
        how: "closed form" or "linear programme".
        program: the linear programme whose optimum is the value, where one was solved.
        certificate: what proves that optimum; for `check_certificate`.
    """

    policy: AbstractPolicy
    value: Any
    saddle_cost: Any
    how: str = CLOSED_FORM
    program: LinearProgram | None = None
    certificate: Certificate | None = None


def utilities(problem: Problem) -> list[Any]:
    """The utility of each action as plain numbers."""
    return list(problem.utility) if problem.exact else as_float(problem.utility).tolist()


def masses(problem: Problem) -> list[Any]:
    """The base's mass of each action as plain numbers."""
    weights = problem.base.weights  # type: ignore[attr-defined]
    return list(weights) if problem.exact else as_float(weights).tolist()


def in_kind_of(problem: Problem, value: Any) -> Any:
    """A parameter as the problem computes on atoms: exact, or float."""
    return value if problem.exact else float(value)


def values_of(problem: Problem, numbers: Sequence[Any]) -> Any:
    """One number per action, as the problem's own values are."""
    return tuple(numbers) if problem.exact else np.array([float(x) for x in numbers])


def weighted(problem: Problem, weights: Sequence[Any], name: str) -> AtomPolicy:
    """The policy in proportion to rational or float weights, one per action."""
    whole = sum(weights[1:], weights[0])
    shares = [x / whole for x in weights]
    return AtomPolicy(problem, values_of(problem, shares), Estimand("maximin", (("shape", name),)))


def best_actions(problem: Problem, scores: Sequence[Any]) -> AtomPolicy:
    """The base restricted to the actions of highest score, or an even draw among them if it takes none of them."""
    top = max(scores)
    chosen = [g if score == top else 0 * g for g, score in zip(masses(problem), scores, strict=True)]
    if not any(chosen):
        one: Any = Fraction(1) if problem.exact else 1.0
        chosen = [one if score == top else 0 * one for score in scores]
    return weighted(problem, chosen, "best actions")


def root_of_excess(sizes: Sequence[Any], levels: Sequence[Any], budget: Any) -> Any:
    r"""The largest $t$ with $\sum_a s(a)(u(a)-t)^+ \ge \varepsilon$, the root where $\varepsilon > 0$.

    >>> root_of_excess([Fraction(1, 2), Fraction(1, 2)], [Fraction(1), Fraction(0)], Fraction(1, 4))
    Fraction(1, 2)
    """
    falling = sorted(((u, s) for u, s in zip(levels, sizes, strict=True) if s > 0), key=lambda pair: -pair[0])
    if budget == 0:
        return falling[0][0]
    size, moment = 0 * budget, 0 * budget
    for place, (u, s) in enumerate(falling):
        size, moment = size + s, moment + s * u
        root = (moment - budget) / size
        if place + 1 == len(falling) or root >= falling[place + 1][0]:
            return root
    raise AssertionError("with every action the excess reaches any budget")


def above(problem: Problem, level: Any, shift: Any = 0) -> Any:
    r"""$(U - t)^+ + $ a constant, as a cost on the problem."""
    if is_atomic(problem):
        from qtheory.costs.kinds import excess, plus

        return values_of(problem, [plus(excess(u, level), shift) for u in utilities(problem)])
    if problem.utility.expression is None:
        return None
    import sympy as sp

    from qtheory.action_function import ActionFunction

    exactly = [sp.Rational(str(Fraction(float(x)))) for x in (level, shift)]
    return ActionFunction(sp.Max(problem.utility.expression - exactly[0], 0) + exactly[1])


def no_maximiser(problem: Problem) -> NotAvailable:
    remedy = "no policy attains the best guarantee; Quantilizer(q) with a small q comes near it"
    return NotAvailable("a base without atoms has no policy on its best action", got=problem.base, remedy=remedy)
