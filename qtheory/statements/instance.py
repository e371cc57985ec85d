r"""An instance: a finite problem with exact numbers for every symbol of a statement."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from itertools import repeat
from operator import is_
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
    _known: dict[sp.Basic, tuple] = field(init=False, repr=False, compare=False, default_factory=dict)

    def value(self, expression: sp.Expr) -> Any:
        """A number built from expectations and scalars: a `Fraction`, or an `Enclosure`."""
        run, leaves = _compiled_value(expression)
        return run(tuple(self._number(leaf) for leaf in leaves))

    def values(self, expression: sp.Expr) -> tuple:
        """An expression's value at each action of positive mass, in their order."""
        run, leaves = _compiled_value(expression)
        return tuple(run(point) for _, point in self._points(leaves, self._sources(leaves)))

    def value_at(self, expression: sp.Expr, action: int) -> Any:
        """An expression's value at one action, of whatever mass."""
        run, leaves = _compiled_value(expression)
        return run(self._at(leaves, action))

    def truth(self, statement: sp.Basic) -> bool | None:
        """Whether a statement holds here, for almost every action if it speaks of one; `None` if undecided."""
        run, leaves = _compiled_truth(statement)
        if not is_pointwise(statement):
            return run(tuple(self._number(leaf) for leaf in leaves))
        answers = {run(point) for _, point in self._points(leaves, self._sources(leaves))}
        return False if False in answers else None if None in answers else True

    def truth_at(self, statement: sp.Basic, action: int) -> bool | None:
        """Whether a statement holds at one action, of whatever mass."""
        run, leaves = _compiled_truth(statement)
        return run(self._at(leaves, action))

    def expectation(self, integrand: sp.Expr) -> Any:
        """The mean of a function of the action under the base."""
        run, leaves = _compiled_value(integrand)
        sources = self._sources(leaves)
        known = self._known.get(integrand)
        # Rows are replaced and never changed, so a mean stands as long as it would be made of the same objects.
        if known is not None and all(map(is_, known[0], sources)):
            return known[1]
        terms = [run(point) * mass for mass, point in self._points(leaves, sources)]
        total = sum(terms[1:], terms[0])
        self._known[integrand] = (sources, total)
        return total

    def _sources(self, leaves: tuple[sp.Basic, ...]) -> tuple[Any, ...]:
        """For each leaf its row, or its value if it is a number."""
        return tuple(self.functions[leaf] if isinstance(leaf, OfAction) else self._number(leaf) for leaf in leaves)

    def _points(self, leaves: tuple[sp.Basic, ...], sources: tuple) -> Iterator[tuple[Fraction, tuple]]:
        """The mass and the values of the leaves at each action of positive mass."""
        size = len(self.weights)
        columns = [x if isinstance(leaf, OfAction) else (x,) * size for leaf, x in zip(leaves, sources, strict=True)]
        points = zip(*columns, strict=True) if columns else repeat((), size)
        return ((mass, point) for mass, point in zip(self.weights, points, strict=True) if mass.numerator > 0)

    def _at(self, leaves: tuple[sp.Basic, ...], action: int) -> tuple:
        return tuple(
            self.functions[leaf][action] if isinstance(leaf, OfAction) else self._number(leaf) for leaf in leaves
        )

    def _number(self, leaf: sp.Basic) -> Any:
        return self.expectation(leaf.args[0]) if isinstance(leaf, E) else self.scalars[leaf]

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
