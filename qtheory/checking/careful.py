r"""Evaluating statements at draws without being misled by rounding at a comparison.

Inside an indicator, two sides that are equal in exact arithmetic may differ in the last place. Where they are that
close, both outcomes of the comparison are carried along, and a value becomes a pair of bounds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import sympy as sp
from sympy.core.relational import Relational

from qtheory.checking.grid import Curve
from qtheory.checking.model import Model
from qtheory.checking.streams import evaluate
from qtheory.errors import NotAvailable
from qtheory.symbols import Scalar

# Sides of a comparison that agree to this share of the terms they are made of may be equal.
AGREEMENT = 2.0**-40
MOST_UNCLEAR = 4
Values = dict[sp.Symbol, Any]


@dataclass(frozen=True, eq=False)
class Between:
    """Bounds on a value at every draw; the same array twice where no comparison is unclear."""

    low: np.ndarray
    high: np.ndarray

    @property
    def is_clear(self) -> bool:
        return self.low is self.high


def evaluate_between(expression: sp.Expr, values: Values, model: Model, size: int) -> Between:
    """An expression at every draw.

    Raises:
        NotAvailable: too many of its comparisons are unclear at once.
    """
    expression = _without_signs(expression)
    comparisons = tuple(sorted(_comparisons(expression), key=str))
    if not comparisons:
        result = evaluate(expression, values, size).astype(float)
        return Between(result, result)
    outcomes = list(_outcomes(expression, comparisons, values, model, size))
    if len(outcomes) == 1:
        result = outcomes[0].astype(float)
        return Between(result, result)
    stacked = np.stack([outcome.astype(float) for outcome in outcomes])
    return Between(stacked.min(axis=0), stacked.max(axis=0))


def holds_at_all(statement: sp.Basic, values: Values, model: Model, size: int) -> bool:
    """Whether a statement holds at every draw, however its unclear comparisons come out.

    Raises:
        NotAvailable: too many of its comparisons are unclear at once.
    """
    statement = _without_signs(statement)
    comparisons = tuple(sorted(_comparisons(statement), key=str))
    return all(bool(np.all(outcome)) for outcome in _outcomes(statement, comparisons, values, model, size))


def _outcomes(
    expression: sp.Basic, comparisons: tuple[Relational, ...], values: Values, model: Model, size: int
) -> Iterator[np.ndarray]:
    """The expression for every way in which the unclear comparisons may come out."""
    # Named and not dummies, so that the same statement compiles to the same program.
    flags = {relation: sp.Symbol(f"?{i}", real=True) for i, relation in enumerate(comparisons)}
    plain = _replaced(expression, flags)
    judged = {relation: _judged(relation, values, model, size) for relation in comparisons}
    unclear = [relation for relation in comparisons if judged[relation][1].any()]
    if len(unclear) > MOST_UNCLEAR:
        raise NotAvailable("too many comparisons are within rounding of equality", got=str(expression))
    for answers in product((0.0, 1.0), repeat=len(unclear)):
        chosen = dict(zip(unclear, answers, strict=True))
        arrays = {
            flags[relation]: np.where(near, chosen[relation], truth) if relation in chosen else truth
            for relation, (truth, near) in judged.items()
        }
        yield evaluate(plain, {**values, **arrays}, size)


def _judged(relation: Relational, values: Values, model: Model, size: int) -> tuple[np.ndarray, np.ndarray]:
    """A comparison at every draw, and where it is within rounding of equality."""
    if relation.lhs == relation.rhs:
        same = isinstance(relation, (sp.Le, sp.Ge, sp.Eq))
        return np.full(size, float(same)), np.zeros(size, dtype=bool)
    truth = evaluate(relation, values, size).astype(float)
    if _is_exact(relation.lhs, model) and _is_exact(relation.rhs, model):
        return truth, np.zeros(size, dtype=bool)
    gap = evaluate(relation.lhs - relation.rhs, values, size)
    scale = evaluate(_majorant(relation.lhs) + _majorant(relation.rhs), values, size)
    return truth, ~(np.abs(gap) > AGREEMENT * scale)


def _is_exact(side: sp.Expr, model: Model) -> bool:
    """Whether a side is one symbol or number of which the float is the nearest, so that equal values compare equal."""
    if isinstance(side, (sp.Integer, Scalar)):
        return True
    return side.is_Symbol and not isinstance(model.function.get(side), Curve)


def _majorant(expression: sp.Expr) -> sp.Expr:
    """What the rounding error of an expression is at most a small multiple of: its terms, without their signs."""
    if isinstance(expression, (sp.Add, sp.Mul)):
        return expression.func(*map(_majorant, expression.args))
    if isinstance(expression, sp.Pow) and expression.exp.is_Integer and expression.exp > 0:
        return _majorant(expression.base) ** expression.exp
    if expression.is_Symbol or expression.is_number:
        return sp.Abs(expression)
    return sp.Abs(expression) + 1


def _comparisons(node: sp.Basic) -> set[Relational]:
    """The outermost comparisons of a statement.

    Raises:
        NotAvailable: one comparison stands inside a side of another.
    """
    if isinstance(node, Relational):
        if node.lhs.atoms(Relational) or node.rhs.atoms(Relational):
            raise NotAvailable("a comparison stands inside a comparison", got=str(node))
        return {node}
    return set().union(*map(_comparisons, node.args)) if node.args else set()


def _replaced(node: sp.Basic, flags: dict[Relational, sp.Symbol]) -> sp.Basic:
    if node in flags:
        return sp.Gt(flags[node], sp.Rational(1, 2), evaluate=False)  # type: ignore[index]
    if not node.args or not node.atoms(Relational):
        return node
    if isinstance(node, sp.Piecewise):
        return sp.Piecewise(*((_replaced(v, flags), _replaced(c, flags)) for v, c in node.args), evaluate=False)
    return node.func(*(_replaced(arg, flags) for arg in node.args))


def _without_signs(node: sp.Basic) -> sp.Basic:
    """The same with every sign written as comparisons."""
    signs = {x: sp.Piecewise((1, x.args[0] > 0), (-1, x.args[0] < 0), (0, True)) for x in node.atoms(sp.sign)}
    return node.xreplace(signs) if signs else node
