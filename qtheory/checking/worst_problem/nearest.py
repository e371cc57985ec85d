r"""The row nearest to a wanted one that meets hypotheses which are affine in it, by an exact linear programme.

With $x = x_0 + p - m$ and $p, m \ge 0$, the weighted distance $\sum_j a_j (p_j + m_j)$ is least at a vertex: few values are
moved, and by simple rationals.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from random import Random

import sympy as sp

from qtheory.checking.worst_problem.affine import active, groups_of, spread
from qtheory.exact.linear_program import LinearProgram
from qtheory.exact.simplex import solve_exactly
from qtheory.statements.claim import Part
from qtheory.statements.instance import Instance, Row
from qtheory.symbols import OfAction

# By how much a strict bound is kept away from.
MARGINS = (Fraction(1, 4), Fraction(1, 50))
_PRICES = (1, 2, 3, 5)


def nearest(
    part: Part, instance: Instance, function: OfAction, hypotheses: Sequence[sp.Basic], random: Random
) -> Row | None:
    """The row of a function nearest to the one it has at which these relations hold; `None` if there is none.

    Args:
        hypotheses: relations that are affine in the function.
        random: for what it costs to move each value.
    """
    groups = groups_of(part, instance, function)
    wanted = [instance.functions[function][group[0]] for group in groups]
    at_most, equal = _rows(instance, function, hypotheses, groups, random.choice(MARGINS))
    if all(_total(a, wanted) <= b for a, b in at_most) and all(_total(a, wanted) == b for a, b in equal):
        return instance.functions[function]
    prices = [Fraction(-random.choice(_PRICES)) for _ in groups]
    programme = LinearProgram(prices * 2, _moves(at_most, wanted), _moves(equal, wanted))
    certificate = solve_exactly(programme)
    if certificate.status != "optimal":
        return None
    up, down = certificate.primal[: len(groups)], certificate.primal[len(groups) :]
    moved = [x + p - m for x, p, m in zip(wanted, up, down, strict=True)]
    return spread(moved, groups, len(instance.weights))


def _rows(
    instance: Instance, function: OfAction, hypotheses: Sequence[sp.Basic], groups: list, margin: Fraction
) -> tuple[list, list]:
    at_most: list[tuple] = []
    equal: list[tuple] = []
    for hypothesis in hypotheses:
        for relation, (gradient, constant) in active(hypothesis, instance, function, groups):
            away = margin if isinstance(relation, (sp.Lt, sp.Gt)) else 0
            (equal if isinstance(relation, sp.Eq) else at_most).append((gradient, -constant - away))
    return at_most, equal


def _total(gradient: Sequence[Fraction], row: Sequence[Fraction]) -> Fraction:
    return sum((a * x for a, x in zip(gradient, row, strict=True)), Fraction(0))


def _moves(rows: list[tuple], wanted: list[Fraction]) -> list[tuple]:
    """Rows for a function as rows for how far its values are moved up and down."""
    return [((*a, *(-x for x in a)), bound - _total(a, wanted)) for a, bound in rows]
