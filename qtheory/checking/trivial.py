r"""Cells in which both sides of a relation are the same by construction, so that a sample of them tells nothing.

At level 1 a quantilizer is the base, and $E[wc] \ge E[c]$ is an equality; so it is for a cost that is constant.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

import sympy as sp
from sympy.core.relational import Relational

from qtheory.checking.bindings import largest_ratio
from qtheory.checking.contrast import is_identity
from qtheory.checking.grid import Table
from qtheory.checking.scene import Scene
from qtheory.symbols import E, OfAction


def is_equality_by_construction(relation: Relational, scene: Scene) -> bool:
    """Whether a relation holds in a scene with equality, whatever the draws, because of a constant function in it.

    A strict relation that comes to an equality is broken and not trivial.

    Args:
        relation: one that is linear in its means; scene: where.
    """
    constants = {x: value for x in relation.free_symbols if (value := _constant(x, scene)) is not None}
    if not constants:
        return False
    numbers = {x: _number(value) for x, value in scene.scalars.items() if isinstance(value, Fraction)}
    sides = [_with(side, {**numbers, **constants}, scene) for side in relation.args]
    return not any(side.has(sp.nan, sp.zoo, sp.oo, -sp.oo) for side in sides) and _is_equality(relation.func, *sides)


def _constant(symbol: sp.Basic, scene: Scene) -> sp.Rational | None:
    """The value of a function of the action that has one alone."""
    if symbol in scene.policies:
        return sp.Integer(1) if largest_ratio(scene.policies[symbol]) == 1 else None  # type: ignore[index]
    table = scene.model.function.get(symbol) if isinstance(symbol, OfAction) else None
    if not isinstance(table, Table):
        return None
    pairs = zip(table.values, scene.model.grid.weights, strict=True)
    values = {value for value, weight in pairs if weight > 0}
    (value, *others) = values
    return _number(value) if not others and isinstance(value, Fraction) else None


def _number(value: Fraction) -> sp.Rational:
    return sp.Rational(value.numerator, value.denominator)


def _with(side: sp.Expr, known: dict[sp.Basic, sp.Rational], scene: Scene) -> sp.Expr:
    """A side with what is known put in, and the mean of every density ratio, which is 1."""
    return sp.sympify(side).xreplace(known).xreplace({E(ratio): sp.Integer(1) for ratio in scene.policies})


@lru_cache(maxsize=4096)
def _is_equality(kind: type, left: sp.Expr, right: sp.Expr) -> bool:
    return is_identity(kind(left, right, evaluate=False))
