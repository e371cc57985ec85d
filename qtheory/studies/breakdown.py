r"""A finite problem laid out action by action: who plays what, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qtheory.base.abstract import AbstractAtomicBase
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.values import dot
from qtheory.policies.atom import AtomPolicy
from qtheory.problem import Problem


@dataclass(frozen=True)
class Shares:
    r"""One distribution over the actions.

    Attributes:
        name: what a figure calls it.
        probabilities: one an action.
        value: the expected utility.
        cost: the expected cost; None without one.
    """

    name: str
    probabilities: tuple[Any, ...]
    value: Any
    cost: Any


@dataclass(frozen=True)
class Breakdown:
    """The base and policies for one problem.

    Attributes:
        actions: their names.
        utility: one an action.
        costs: one an action; None without a cost.
        columns: the base first, then the policies.
    """

    actions: tuple[str, ...]
    utility: tuple[Any, ...]
    costs: tuple[Any, ...] | None
    columns: tuple[Shares, ...]


def breakdown(problem: Problem, policies: Mapping[str, AtomPolicy], names: Sequence[str] | None = None) -> Breakdown:
    """The base and some policies on finitely many actions, with expected utility and cost.

    Args:
        problem: finite, with at most one cost.
        policies: for this problem, by name.
        names: of the actions; a, b, ... if left out.

    Raises:
        NotAvailable: the base has no atoms.
        InvalidInput: several costs, names that are not one an action, or a policy of another problem.

    >>> from qtheory.base.finite import Finite
    >>> from qtheory.optimizers.quantilizer import Quantilizer
    >>> problem = Problem(Finite(["1/2", "1/2"]), utility=[1, 0], cost=[4, 0])
    >>> table = breakdown(problem, {"quantilizer": Quantilizer("1/2")(problem)})
    >>> [(column.name, str(column.value), str(column.cost)) for column in table.columns]
    [('base', '1/2', '2'), ('quantilizer', '1', '4')]
    """
    if not isinstance(problem.base, AbstractAtomicBase):
        raise NotAvailable("a breakdown is by action", got=problem.base, remedy="use a finite base")
    if len(problem.costs) > 1:
        raise InvalidInput("a breakdown is for one cost", got=sorted(problem.costs), remedy="take one cost at a time")
    weights, costs = tuple(problem.base.weights), tuple(problem.cost) if problem.costs else None
    labels = tuple(_letters(len(weights)) if names is None else names)
    if len(labels) != len(weights):
        raise InvalidInput("not one name an action", got=labels, allowed=f"{len(weights)} names")
    base = Shares("base", weights, dot(weights, problem.utility), None if costs is None else dot(weights, costs))
    others = (_shares(problem, name, policy) for name, policy in policies.items())
    return Breakdown(labels, tuple(problem.utility), costs, (base, *others))


def _shares(problem: Problem, name: str, policy: AtomPolicy) -> Shares:
    if not isinstance(policy, AtomPolicy) or policy.problem is not problem:
        raise InvalidInput("not a policy for this problem", got=policy, allowed="an optimizer applied to it")
    cost = policy.expect(problem.cost) if problem.costs else None
    return Shares(name, tuple(policy.probabilities), policy.value(), cost)


def _letters(count: int) -> list[str]:
    return [chr(ord("a") + i) if count <= 26 else str(i + 1) for i in range(count)]
