r"""The exact worst case over one free function, where statement and hypotheses are linear in it.

With everything else fixed the worst cost, or the worst rival, is then a linear programme. It is solved exactly, and its
multipliers prove that no other choice of that function does more harm on the same problem.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import sympy as sp

from qtheory import symbols as s
from qtheory.aliases import Json
from qtheory.checking.worst_problem.affine import (
    aims,
    constraints,
    groups_of,
    is_linear,
    pieces,
    shifted,
    spread,
    stated,
    unit,
)
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.certificate import Certificate, check_certificate
from qtheory.exact.enclosure import Undefined
from qtheory.exact.linear_program import LinearProgram
from qtheory.exact.simplex import solve_exactly
from qtheory.instances.complete import Choices, complete, free_functions
from qtheory.instances.repairs import COMPUTED_ROLES
from qtheory.statements.claim import Part
from qtheory.statements.instance import Instance, Row
from qtheory.symbols import OfAction

# Where nothing else bounds a function, values beyond this are not looked at, and the result says so.
BOX = Fraction(20)
MOST_VARIABLES = 16
# Computed functions that no free function enters into; others would move with it, unseen by the programme.
INDEPENDENT_ROLES = {"utility", "ratio", "feature_ratio", "win_chance"}


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
    conclusion = pieces(part.conclusion)
    simple = len(conclusion) == 1 and not isinstance(conclusion[0], sp.Ne)
    computed = {x.role for x in part.symbols if isinstance(x, OfAction) and x.role in COMPUTED_ROLES}
    if not computed <= INDEPENDENT_ROLES:
        return []
    return [f for f in free_functions(part) if simple and f in part.conclusion.free_symbols and is_linear(part, f)]


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
        return list(worst_at(part, relaxed, function, held))
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


def worst_at(
    part: Part, instance: Instance, function: OfAction, held: Fraction = Fraction(1), near: bool = False
) -> Iterator[LinearWorst]:
    """The worst rows of one function with all else as in an instance, under the hypotheses that are affine in it.

    Args:
        near: whether to aim by rationals near the irrational coefficients of the conclusion.
    """
    groups = groups_of(part, instance, function)
    at_most, equal = constraints(part, instance, function, groups)
    shift = Fraction(0) if sp.Ge(function, 0) in stated(part) else BOX
    box = [(unit(i, len(groups)), BOX) for i in range(len(groups))]
    for aim, extra in aims(part, instance, function, groups, held, near):
        equations = [shifted(row, shift) for row in (*equal, *extra)]
        # A function of either sign is shifted by the box, so it has to stay inside of it.
        for bounds in ([], box) if not shift else (box,):
            programme = LinearProgram(aim.gradient, [shifted(row, shift) for row in (*at_most, *bounds)], equations)
            certificate = solve_exactly(programme)
            if certificate.status != "unbounded":
                break
        if certificate.status == "optimal":
            value = check_certificate(programme, certificate)
            assert isinstance(value, Fraction)
            row = spread([x - shift for x in certificate.primal], groups, len(instance.weights))
            violation = value - shift * sum(aim.gradient, Fraction(0)) + aim.constant
            yield LinearWorst(function, row, violation, bool(extra), bool(bounds), programme, certificate)


def _without(part: Part, function: OfAction) -> Part:
    """The part with only those hypotheses that leave a function alone, so that any row of it may be tried."""
    given = tuple(h for h in part.given if function not in h.free_symbols)
    keeps_cost = function != s.c or part.cost is None
    return replace(part, given=given, cost=part.cost if keeps_cost else None)
