r"""How far an exact instance is from breaking a statement."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import sympy as sp
from sympy.core.relational import Relational

from qtheory.checking.worst_problem.identity import is_identically_zero
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.enclosure import Enclosure
from qtheory.statements.claim import Part
from qtheory.statements.instance import Instance
from qtheory.statements.well_posed import is_pointwise

OUTCOMES = VIOLATED, TIGHT, SLACK = "violated", "tight", "slack"
ZERO, ONE = Enclosure.of(0), Enclosure.of(1)


@dataclass(frozen=True)
class Margin:
    r"""How a statement fares at an instance.

    Attributes:
        outcome: "violated" if it is certainly false; "tight" if it holds with slack exactly zero on at least two
            actions and with sides that are not both zero; else "slack".
        slack: the greater side less the lesser one, minus a distance for an equation, and for joined relations the
            least (`And`) or the greatest (`Or`); for almost every action the least.
        relative: the same with every relation's slack divided by the larger of its sides.
        trivial: whether all sides are zero or there is but one action.
        moved: whether some policy differs from its base, where there are policies.
    """

    outcome: str
    slack: Fraction | Enclosure
    relative: Fraction
    trivial: bool
    moved: bool

    @property
    def rank(self) -> tuple:
        """Lower is worse for the statement; violations within a percent of each other count as equal."""
        if self.outcome == VIOLATED:
            # Beyond minus one the sides have opposite signs, and the ratio says nothing more.
            return 0, max(round(self.relative, 2), Fraction(-1))
        if self.outcome == TIGHT:
            return 1, int(not self.moved)
        return 2, int(self.trivial), self.relative


@dataclass(frozen=True)
class _Gap:
    slack: Enclosure
    relative: Fraction
    trivial: bool


def margin(part: Part, instance: Instance) -> Margin | None:
    """The margin of a part's conclusion, or `None` where the conclusion has no value."""
    try:
        holds = instance.truth(part.conclusion)
        gaps = _gaps(part.conclusion, instance)
    except (InvalidInput, NotAvailable):
        return None
    gap = _least(gaps)
    trivial = gap.trivial or sum(mass > 0 for mass in instance.weights) < 2
    slack = gap.slack.low if gap.slack.is_point else gap.slack
    if isinstance(slack, Enclosure) and slack.contains(0):
        zero = isinstance(part.conclusion, (sp.Le, sp.Ge, sp.Eq)) and not is_pointwise(part.conclusion)
        slack = (
            Fraction(0) if zero and is_identically_zero(part.conclusion.lhs - part.conclusion.rhs, instance) else slack
        )
        gap = replace(gap, relative=Fraction(0))
    tight = holds is not False and slack == 0 and not trivial
    outcome = VIOLATED if holds is False else TIGHT if tight else SLACK
    return Margin(outcome, slack, gap.relative, trivial, _moved(part, instance))


def _moved(part: Part, instance: Instance) -> bool:
    ratios = [instance.functions[p.ratio] for p in part.policies]
    return not ratios or any(w != 1 for row in ratios for w, g in zip(row, instance.weights, strict=True) if g > 0)


def _gaps(statement: sp.Basic, instance: Instance) -> list[_Gap]:
    """The gap of a statement, at every action of positive mass where it speaks of one."""
    if isinstance(statement, Relational):
        return _relation(statement, instance)
    if isinstance(statement, sp.Not):
        return [_Gap(-gap.slack, -gap.relative, gap.trivial) for gap in _gaps(statement.args[0], instance)]
    if isinstance(statement, sp.Implies):
        premise, conclusion = statement.args
        return _gaps(sp.Or(sp.Not(premise, evaluate=False), conclusion, evaluate=False), instance)
    if isinstance(statement, (sp.And, sp.Or)):
        parts = [_gaps(part, instance) for part in statement.args]
        length = max(map(len, parts))
        join = _least if isinstance(statement, sp.And) else _greatest
        return [join([part[i % len(part)] for part in parts]) for i in range(length)]
    if statement in (sp.true, sp.false):
        return [_Gap(ONE, Fraction(1), True) if statement == sp.true else _Gap(-ONE, Fraction(-1), True)]
    raise NotAvailable("this statement has no slack", got=statement, allowed="relations, And, Or, Not, Implies")


def _relation(relation: Relational, instance: Instance) -> list[_Gap]:
    read: Callable = instance.values if is_pointwise(relation) else lambda side: (instance.value(side),)
    left, right = ([*map(Enclosure.of, read(side))] for side in relation.args)
    if isinstance(relation, (sp.Ge, sp.Gt)):
        left, right = right, left
    # A side that is one number for all actions is read once for each of them.
    return [_gap(relation, low, high) for low, high in zip(left, right, strict=True)]


def _gap(relation: Relational, low: Enclosure, high: Enclosure) -> _Gap:
    slack = high - low
    if isinstance(relation, (sp.Eq, sp.Ne)):
        slack = abs(slack) if isinstance(relation, sp.Ne) else -abs(slack)
    larger = max(abs(low.midpoint), abs(high.midpoint))
    return _Gap(slack, slack.midpoint / larger if larger else Fraction(0), low == high == ZERO)


def _least(gaps: Iterable[_Gap]) -> _Gap:
    return _joined(list(gaps), min)


def _greatest(gaps: Iterable[_Gap]) -> _Gap:
    return _joined(list(gaps), max)


def _joined(gaps: list[_Gap], choose: Callable[..., Any]) -> _Gap:
    slack = Enclosure(choose(gap.slack.low for gap in gaps), choose(gap.slack.high for gap in gaps))
    return _Gap(slack, choose(gap.relative for gap in gaps), all(gap.trivial for gap in gaps))
