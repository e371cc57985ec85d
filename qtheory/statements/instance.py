r"""An instance: a finite problem with exact numbers for every symbol of a statement."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy as sp

from qtheory.exact.evaluate import compile_exact, compile_truth
from qtheory.statements.well_posed import is_pointwise
from qtheory.symbols import E, OfAction, Scalar

# Density ratios, and what is computed from them, may be irrational, and are then known by enclosures.
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Instance:
    r"""Exact values: $\gamma$, the functions of the action, the numbers, and a feature label per action.

    >>> from qtheory.symbols import c
    >>> Instance((Fraction(1, 2), Fraction(1, 2)), {c: (Fraction(0), Fraction(3))}, {}).value(E(c))
    Fraction(3, 2)
    """

    weights: tuple[Fraction, ...]
    functions: Mapping[OfAction, Row]
    scalars: Mapping[Scalar, Any]
    feature: tuple[int, ...] | None = None

    def value(self, expression: sp.Expr) -> Any:
        """A number built from expectations and scalars: a `Fraction`, or an `Enclosure`."""
        run, leaves = _compiled_value(expression)
        return run(self._leaf_values(leaves))

    def values(self, expression: sp.Expr) -> tuple:
        """An expression's value at each action of positive mass, in their order."""
        run, leaves = _compiled_value(expression)
        return tuple(run(self._leaf_values(leaves, i)) for i, mass in enumerate(self.weights) if mass > 0)

    def truth(self, statement: sp.Basic) -> bool | None:
        """Whether a statement holds here, for almost every action if it speaks of one; `None` if undecided."""
        run, leaves = _compiled_truth(statement)
        if not is_pointwise(statement):
            return run(self._leaf_values(leaves))
        answers = {run(self._leaf_values(leaves, i)) for i, mass in enumerate(self.weights) if mass > 0}
        return False if False in answers else None if None in answers else True

    def expectation(self, integrand: sp.Expr) -> Any:
        run, leaves = _compiled_value(integrand)
        terms = [run(self._leaf_values(leaves, i)) * mass for i, mass in enumerate(self.weights) if mass > 0]
        return sum(terms[1:], terms[0])

    def _leaf_values(self, leaves: tuple[sp.Basic, ...], action: int | None = None) -> tuple:
        return tuple(self._leaf(leaf, action) for leaf in leaves)

    def _leaf(self, leaf: sp.Basic, action: int | None) -> Any:
        if isinstance(leaf, E):
            return self.expectation(leaf.args[0])
        if isinstance(leaf, Scalar):
            return self.scalars[leaf]
        assert action is not None and isinstance(leaf, OfAction)
        return self.functions[leaf][action]

    def __hash__(self) -> int:
        return hash((self.weights, tuple(self.scalars.items())))


def leaves_of(expression: sp.Basic) -> tuple[sp.Basic, ...]:
    """The expectations, and the symbols outside of them."""
    found: dict[sp.Basic, None] = {}

    def visit(node: sp.Basic) -> None:
        if isinstance(node, (E, Scalar, OfAction)):
            found[node] = None
        else:
            for arg in node.args:
                visit(arg)

    visit(expression)
    return tuple(found)


@lru_cache(maxsize=4096)
def _compiled_value(expression: sp.Expr) -> tuple[Callable, tuple[sp.Basic, ...]]:
    leaves = leaves_of(expression)
    return compile_exact(expression, leaves), leaves


@lru_cache(maxsize=4096)
def _compiled_truth(statement: sp.Basic) -> tuple[Callable, tuple[sp.Basic, ...]]:
    leaves = leaves_of(statement)
    return compile_truth(statement, leaves), leaves
