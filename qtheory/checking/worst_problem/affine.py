r"""Statements that are affine in one function of the action: which they are, and their rows at an instance.

With everything else fixed, such a statement is a row of coefficients, one for each action, or each value of the feature.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import sympy as sp
from sympy.core.relational import Relational

from qtheory import symbols as s
from qtheory.errors import NotAvailable
from qtheory.exact.enclosure import Enclosure
from qtheory.instances.complete import functions_of_feature
from qtheory.statements.claim import Part
from qtheory.statements.instance import Instance, Row
from qtheory.statements.well_posed import is_pointwise
from qtheory.symbols import E, OfAction


@dataclass(frozen=True)
class Aim:
    """What a programme maximises, up to a constant."""

    gradient: tuple[Fraction, ...]
    constant: Fraction


# Denominators of what stands in for an irrational coefficient.
FINEST = 10**6

Affine = tuple[tuple[Fraction, ...], Fraction]


def stated(part: Part) -> list[sp.Basic]:
    """The axioms of the cost class and what is given, without what is already decided."""
    costs = part.cost.axioms(s.c) if part.cost is not None else ()
    return [h for h in (*costs, *part.given) if h not in (True, sp.true)]


def pieces(statement: sp.Basic) -> list[sp.Basic]:
    """The relations of a statement, each with its condition left on: `And` is taken apart."""
    return [p for arg in statement.args for p in pieces(arg)] if isinstance(statement, sp.And) else [statement]


def is_linear(part: Part, function: OfAction) -> bool:
    """Whether a part's conclusion and all hypotheses about a function are affine in it."""
    statements = [part.conclusion, *(h for h in stated(part) if function in h.free_symbols)]
    return all(linear_piece(piece, function) for statement in statements for piece in pieces(statement))


def linear_piece(piece: sp.Basic, function: OfAction) -> bool:
    """Whether a relation, under its condition if it has one, is affine in a function."""
    if isinstance(piece, sp.Implies):
        return function not in piece.args[0].free_symbols and linear_piece(piece.args[1], function)
    if not isinstance(piece, Relational) or isinstance(piece, sp.Ne):
        return False
    return all(_affine(side, function) for side in piece.args)


def _affine(expression: sp.Basic, function: OfAction) -> bool:
    if expression == function or function not in expression.free_symbols:
        return True
    if isinstance(expression, (sp.Add, E)):
        return all(_affine(arg, function) for arg in expression.args)
    if isinstance(expression, sp.Mul):
        dependent = [arg for arg in expression.args if function in arg.free_symbols]
        return len(dependent) == 1 and _affine(dependent[0], function)
    return False


def groups_of(part: Part, instance: Instance, function: OfAction) -> list[tuple[int, ...]]:
    """The actions that share one value of the function: single ones, or all of one feature value."""
    everything = range(len(instance.weights))
    if function not in functions_of_feature(part):
        return [(i,) for i in everything]
    assert instance.feature is not None
    labels = sorted(set(instance.feature))
    return [tuple(i for i in everything if instance.feature[i] == label) for label in labels]


def spread(values: list[Fraction], groups: list[tuple[int, ...]], size: int) -> Row:
    """A row from one value for each group of actions."""
    row = [Fraction(0)] * size
    for value, group in zip(values, groups, strict=True):
        for i in group:
            row[i] = value
    return tuple(row)


def coefficients(
    expression: sp.Basic, instance: Instance, function: OfAction, groups: list, near: bool = False
) -> list[Affine]:
    """An affine expression as coefficients and a constant, at each action where it depends on the action.

    Args:
        near: whether rationals near irrational coefficients will do, as they do where one only aims.
    """

    def read(row: Row) -> tuple:
        moved = replace(instance, functions={**instance.functions, function: row})
        values = moved.values(expression) if is_pointwise(expression) else (moved.value(expression),)
        if near:
            values = tuple(x.midpoint.limit_denominator(FINEST) if isinstance(x, Enclosure) else x for x in values)
        if not all(isinstance(value, Fraction) for value in values):
            raise NotAvailable("a coefficient is not rational", got=str(expression))
        return values

    size = len(instance.weights)
    start = read((Fraction(0),) * size)
    ones = [read(spread(list(unit(j, len(groups))), groups, size)) for j in range(len(groups))]
    return [(tuple(one[i] - constant for one in ones), constant) for i, constant in enumerate(start)]


def unit(place: int, size: int) -> tuple[Fraction, ...]:
    """One at a place, and zero elsewhere."""
    return tuple(Fraction(int(i == place)) for i in range(size))


def differences(
    relation: Relational, instance: Instance, function: OfAction, groups: list, near: bool = False
) -> list[Affine]:
    """The lesser side less the greater one; an equation keeps its order."""
    low, high = relation.args if not isinstance(relation, (sp.Ge, sp.Gt)) else relation.args[::-1]
    left, right = (coefficients(side, instance, function, groups, near) for side in (low, high))
    length = max(len(left), len(right))
    pairs = [(left[i % len(left)], right[i % len(right)]) for i in range(length)]
    return [(tuple(x - y for x, y in zip(a, b, strict=True)), c - d) for (a, c), (b, d) in pairs]


def constraints(part: Part, instance: Instance, function: OfAction, groups: list) -> tuple[list, list]:
    """The rows of the hypotheses that are affine in a function: those at most a bound, and those equal to one."""
    at_most: list[tuple] = []
    equal: list[tuple] = []
    for hypothesis in (h for h in stated(part) if function in h.free_symbols):
        for piece in (p for p in pieces(hypothesis) if linear_piece(p, function)):
            for relation, row in active(piece, instance, function, groups):
                (equal if isinstance(relation, sp.Eq) else at_most).append((row[0], -row[1]))
    return at_most, equal


def active(
    piece: sp.Basic, instance: Instance, function: OfAction, groups: list, near: bool = False
) -> Iterator[tuple[sp.Basic, Affine]]:
    """The rows of a relation at the actions where its condition, if it has one, holds."""
    condition, relation = piece.args if isinstance(piece, sp.Implies) else (sp.true, piece)
    for i, row in enumerate(differences(relation, instance, function, groups, near)):
        if _holds(condition, instance, i):
            yield relation, row


def _holds(condition: sp.Basic, instance: Instance, action: int) -> bool:
    if condition == sp.true or not is_pointwise(condition):
        return condition == sp.true or instance.truth(condition) is True
    functions = {f: (row[action],) for f, row in instance.functions.items()}
    return Instance((Fraction(1),), functions, instance.scalars).truth(condition) is True


def aims(
    part: Part, instance: Instance, function: OfAction, groups: list, held: Fraction, near: bool = False
) -> Iterator[tuple[Aim, list]]:
    """What to maximise: by how much the conclusion fails, with the greater side held and without."""
    (piece,) = pieces(part.conclusion)
    relation = piece.args[1] if isinstance(piece, sp.Implies) else piece
    for _, (gradient, constant) in active(piece, instance, function, groups, near):
        for sign in (1, -1) if isinstance(relation, sp.Eq) else (1,):
            aim = Aim(tuple(sign * x for x in gradient), sign * constant)
            yield aim, []
            if not is_pointwise(relation):
                high = relation.lhs if isinstance(relation, (sp.Ge, sp.Gt)) else relation.rhs
                ((row, rest),) = coefficients(high, instance, function, groups, near)
                yield from [(aim, [(row, held - rest)])] if any(row) else []


def shifted(row: tuple, shift: Fraction) -> tuple:
    """A row in the variables of the programme, which are not negative: the function plus a shift."""
    gradient, bound = row
    return gradient, bound + shift * sum(gradient, Fraction(0))
