r"""The exact worst case over one free function, where statement and hypotheses are linear in it.

With everything else fixed the worst cost, or the worst rival, is then a linear programme. It is solved exactly, and its
multipliers prove that no other choice of that function does more harm on the same problem.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import sympy as sp
from sympy.core.relational import Relational

from qtheory import symbols as s
from qtheory.aliases import Json
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.certificate import Certificate, check_certificate
from qtheory.exact.enclosure import Undefined
from qtheory.exact.linear_program import LinearProgram
from qtheory.exact.simplex import solve_exactly
from qtheory.instances.complete import Choices, complete, free_functions, functions_of_feature
from qtheory.instances.repairs import COMPUTED_ROLES
from qtheory.statements.claim import Part
from qtheory.statements.instance import Instance, Row
from qtheory.statements.well_posed import is_pointwise
from qtheory.symbols import E, OfAction

# Where nothing else bounds a function, values beyond this are not looked at, and the result says so.
BOX = Fraction(20)
MOST_VARIABLES = 16
# Computed functions that no free function enters into; others would move with it, unseen by the programme.
INDEPENDENT_ROLES = {"utility", "ratio", "feature_ratio", "win_chance"}


@dataclass(frozen=True)
class _Aim:
    gradient: tuple[Fraction, ...]
    constant: Fraction


Affine = tuple[tuple[Fraction, ...], Fraction]


@dataclass(frozen=True)
class LinearWorst:
    """A worst row of one function, with the programme and the certificate that prove it.

    Attributes:
        violation: the lesser side less the greater one there, for an equation the larger difference.
        held: whether only rows were allowed that leave the greater side as it is.
        boxed: whether only values up to `BOX` were allowed.
    """

    function: OfAction
    row: Row
    violation: Fraction
    held: bool
    boxed: bool
    programme: LinearProgram
    certificate: Certificate

    def to_json(self) -> Json:
        proof = {"programme": self.programme.to_json(), "certificate": self.certificate.to_json()}
        return {"function": self.function.name, "held": self.held, "boxed": self.boxed, **proof}


def linear_functions(part: Part) -> list[OfAction]:
    """The free functions in which a part's conclusion and all its hypotheses are linear."""
    conclusion = _pieces(part.conclusion)
    simple = len(conclusion) == 1 and not isinstance(conclusion[0], sp.Ne)
    computed = {x.role for x in part.symbols if isinstance(x, OfAction) and x.role in COMPUTED_ROLES}
    if not computed <= INDEPENDENT_ROLES:
        return []
    return [f for f in free_functions(part) if simple and f in part.conclusion.free_symbols and _is_linear(part, f)]


def worst_rows(part: Part, choices: Choices, function: OfAction, held: Fraction = Fraction(1)) -> list[LinearWorst]:
    """The rows of a linear function that harm the conclusion most on the problem that the other choices make.

    Args:
        held: the value at which the greater side is held in a second programme, since a statement that only compares
            sides of one scale is otherwise least true where both vanish.
    """
    try:
        relaxed = complete(_without(part, function), choices)
        if relaxed is None or min(relaxed.weights) == 0 or len(relaxed.weights) > MOST_VARIABLES:
            return []
        return list(_solved(part, relaxed, function, held))
    except (InvalidInput, NotAvailable, Undefined):
        return []


def proof_of_worst(
    part: Part, choices: Choices, function: OfAction, violation: Fraction, held: Fraction
) -> list[LinearWorst]:
    """Programmes that prove that no other row of the function leads to more than this violation; empty if none do."""
    solutions = worst_rows(part, choices, function, held)
    for family in ([x for x in solutions if not x.held], [x for x in solutions if x.held]):
        if family and max(x.violation for x in family) == violation:
            return family
    return []


def _solved(part: Part, instance: Instance, function: OfAction, held: Fraction) -> Iterator[LinearWorst]:
    groups = _groups(part, instance, function)
    at_most, equal = _constraints(part, instance, function, groups)
    shift = Fraction(0) if sp.Ge(function, 0) in _stated(part) else BOX
    box = [(_unit(i, len(groups)), BOX) for i in range(len(groups))]
    for aim, extra in _aims(part, instance, function, groups, held):
        equations = [_shifted(row, shift) for row in (*equal, *extra)]
        # A function of either sign is shifted by the box, so it has to stay inside of it.
        for bounds in ([], box) if not shift else (box,):
            programme = LinearProgram(aim.gradient, [_shifted(row, shift) for row in (*at_most, *bounds)], equations)
            certificate = solve_exactly(programme)
            if certificate.status != "unbounded":
                break
        if certificate.status == "optimal":
            value = check_certificate(programme, certificate)
            assert isinstance(value, Fraction)
            row = _spread([x - shift for x in certificate.primal], groups, len(instance.weights))
            violation = value - shift * sum(aim.gradient, Fraction(0)) + aim.constant
            yield LinearWorst(function, row, violation, bool(extra), bool(bounds), programme, certificate)


def _stated(part: Part) -> list[sp.Basic]:
    costs = part.cost.axioms(s.c) if part.cost is not None else ()
    return [h for h in (*costs, *part.given) if h not in (True, sp.true)]


def _without(part: Part, function: OfAction) -> Part:
    """The part with only those hypotheses that leave a function alone, so that any row of it may be tried."""
    given = tuple(h for h in part.given if function not in h.free_symbols)
    keeps_cost = function != s.c or part.cost is None
    return replace(part, given=given, cost=part.cost if keeps_cost else None)


def _pieces(statement: sp.Basic) -> list[sp.Basic]:
    """The relations of a statement, each with its condition left on: `And` is taken apart."""
    return [p for arg in statement.args for p in _pieces(arg)] if isinstance(statement, sp.And) else [statement]


def _is_linear(part: Part, function: OfAction) -> bool:
    statements = [part.conclusion, *(h for h in _stated(part) if function in h.free_symbols)]
    return all(_linear_piece(piece, function) for statement in statements for piece in _pieces(statement))


def _linear_piece(piece: sp.Basic, function: OfAction) -> bool:
    if isinstance(piece, sp.Implies):
        return function not in piece.args[0].free_symbols and _linear_piece(piece.args[1], function)
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


def _groups(part: Part, instance: Instance, function: OfAction) -> list[tuple[int, ...]]:
    """The actions that share one value of the function: single ones, or all of one feature value."""
    everything = range(len(instance.weights))
    if function not in functions_of_feature(part):
        return [(i,) for i in everything]
    assert instance.feature is not None
    labels = sorted(set(instance.feature))
    return [tuple(i for i in everything if instance.feature[i] == label) for label in labels]


def _spread(values: list[Fraction], groups: list[tuple[int, ...]], size: int) -> Row:
    row = [Fraction(0)] * size
    for value, group in zip(values, groups, strict=True):
        for i in group:
            row[i] = value
    return tuple(row)


def _coefficients(expression: sp.Basic, instance: Instance, function: OfAction, groups: list) -> list[Affine]:
    """An affine expression as coefficients and a constant, at each action where it depends on the action."""

    def read(row: Row) -> tuple:
        moved = replace(instance, functions={**instance.functions, function: row})
        values = moved.values(expression) if is_pointwise(expression) else (moved.value(expression),)
        if not all(isinstance(value, Fraction) for value in values):
            raise NotAvailable("a coefficient is not rational", got=str(expression))
        return values

    size = len(instance.weights)
    start = read((Fraction(0),) * size)
    units = [read(_spread(list(_unit(j, len(groups))), groups, size)) for j in range(len(groups))]
    return [(tuple(unit[i] - constant for unit in units), constant) for i, constant in enumerate(start)]


def _unit(place: int, size: int) -> tuple[Fraction, ...]:
    return tuple(Fraction(int(i == place)) for i in range(size))


def _differences(relation: Relational, instance: Instance, function: OfAction, groups: list) -> list[Affine]:
    """The lesser side less the greater one; an equation keeps its order."""
    low, high = relation.args if not isinstance(relation, (sp.Ge, sp.Gt)) else relation.args[::-1]
    left, right = (_coefficients(side, instance, function, groups) for side in (low, high))
    length = max(len(left), len(right))
    pairs = [(left[i % len(left)], right[i % len(right)]) for i in range(length)]
    return [(tuple(x - y for x, y in zip(a, b, strict=True)), c - d) for (a, c), (b, d) in pairs]


def _constraints(part: Part, instance: Instance, function: OfAction, groups: list) -> tuple[list, list]:
    at_most: list[tuple] = []
    equal: list[tuple] = []
    for hypothesis in (h for h in _stated(part) if function in h.free_symbols):
        for piece in _pieces(hypothesis):
            for relation, row in _active(piece, instance, function, groups):
                (equal if isinstance(relation, sp.Eq) else at_most).append((row[0], -row[1]))
    return at_most, equal


def _active(piece: sp.Basic, instance: Instance, function: OfAction, groups: list) -> Iterator[tuple[sp.Basic, Affine]]:
    """The rows of a relation at the actions where its condition, if it has one, holds."""
    condition, relation = piece.args if isinstance(piece, sp.Implies) else (sp.true, piece)
    for i, row in enumerate(_differences(relation, instance, function, groups)):
        if _holds(condition, instance, i):
            yield relation, row


def _holds(condition: sp.Basic, instance: Instance, action: int) -> bool:
    if condition == sp.true or not is_pointwise(condition):
        return condition == sp.true or instance.truth(condition) is True
    functions = {f: (row[action],) for f, row in instance.functions.items()}
    return Instance((Fraction(1),), functions, instance.scalars).truth(condition) is True


def _aims(
    part: Part, instance: Instance, function: OfAction, groups: list, held: Fraction
) -> Iterator[tuple[_Aim, list]]:
    """What to maximise: by how much the conclusion fails, with the greater side held and without."""
    (piece,) = _pieces(part.conclusion)
    relation = piece.args[1] if isinstance(piece, sp.Implies) else piece
    for _, (gradient, constant) in _active(piece, instance, function, groups):
        for sign in (1, -1) if isinstance(relation, sp.Eq) else (1,):
            aim = _Aim(tuple(sign * x for x in gradient), sign * constant)
            yield aim, []
            if not is_pointwise(relation):
                high = relation.lhs if isinstance(relation, (sp.Ge, sp.Gt)) else relation.rhs
                ((row, rest),) = _coefficients(high, instance, function, groups)
                yield from [(aim, [(row, held - rest)])] if any(row) else []


def _shifted(row: tuple, shift: Fraction) -> tuple:
    """A row in the variables of the programme, which are not negative: the function plus a shift."""
    coefficients, bound = row
    return coefficients, bound + shift * sum(coefficients, Fraction(0))
