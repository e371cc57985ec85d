r"""Integrands in a scene: their values at draws, and rigorous bounds on all their values."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache

import numpy as np
import sympy as sp

from qtheory.checking.at_draws import cells_of, values_of
from qtheory.checking.careful import Between, evaluate_between
from qtheory.checking.model import Model, is_constant_on_cells, number, values_on
from qtheory.checking.solving import NARROW
from qtheory.errors import NotAvailable
from qtheory.exact.elementary import xlogy as exact_xlogy
from qtheory.exact.enclosure import Enclosure, Value
from qtheory.exact.evaluate import compile_exact
from qtheory.symbols import Scalar, xlogy
from qtheory.worlds.world import Draws

LARGEST = Fraction(2) ** 500  # what is beyond is refused and not rounded to infinity
ENTROPY_LEAST = Fraction(-37, 100)  # x log x is at least -1/e


def evaluate_at(integrand: sp.Expr, whole: Model, draws: Draws) -> Between:
    """An integrand at every draw: exactly where it is constant on cells, else in float64, careful at comparisons.

    Raises:
        NotAvailable: it has no value at some draw, or is not known in this world.
    """
    model = whole.about(integrand)
    if is_constant_on_cells(integrand, model):
        values = np.array([float(value) for value in _on_cells(integrand, model)])[cells_of(model.grid, draws)]
        result = Between(values, values)
    else:
        result = evaluate_between(integrand, values_of(model, draws, integrand.free_symbols), model, draws.utility.size)
    if not (np.isfinite(result.low).all() and np.isfinite(result.high).all()):
        raise NotAvailable("an integrand is not finite at some draw", got=str(integrand))
    return result


def range_in(integrand: sp.Expr, model: Model) -> Enclosure:
    """Bounds on an integrand that hold for almost every action.

    Raises:
        NotAvailable, InvalidInput: interval arithmetic finds none.
    """
    return _range(integrand, model.about(integrand))


def narrow_number(expression: sp.Expr, model: Model) -> Fraction:
    """A number of a model, known far more sharply than anything that is sampled.

    Raises:
        NotAvailable: it is not.
    """
    value = Enclosure.of(number(expression, model))
    if not -LARGEST < value.low <= value.high < LARGEST:
        raise NotAvailable("a number too large to compute with", got=str(expression))
    if value.width > NARROW * max(Fraction(1), abs(value.midpoint)):
        raise NotAvailable("a number that is only roughly known", got=str(expression))
    return value.midpoint


@lru_cache(maxsize=4096)
def _on_cells(integrand: sp.Expr, model: Model) -> tuple[Value, ...]:
    """The exact value on every cell; zero on those of mass zero, which nothing is drawn from."""
    weights = model.grid.weights
    return tuple(values_on(integrand, model, i) if mass > 0 else Fraction(0) for i, mass in enumerate(weights))


@lru_cache(maxsize=4096)
def _range(integrand: sp.Expr, model: Model) -> Enclosure:
    if is_constant_on_cells(integrand, model):
        pairs = zip(_on_cells(integrand, model), model.grid.weights, strict=True)
        boxes = [Enclosure.of(value) for value, mass in pairs if mass > 0]
    else:
        cells = [i for i, mass in enumerate(model.grid.weights) if mass > 0]
        boxes = [_box(integrand, model, cell) for cell in cells]
    found = Enclosure(min(box.low for box in boxes), max(box.high for box in boxes))
    if not -LARGEST < found.low <= found.high < LARGEST:
        raise NotAvailable("values too large to compute with", got=str(integrand))
    return found


def _box(integrand: sp.Expr, model: Model, cell: int) -> Enclosure:
    return enclosed(integrand, lambda x: model.scalar[x] if isinstance(x, Scalar) else values_on(x, model, cell))


def enclosed(expression: sp.Expr, value_of: Callable[[sp.Symbol], Value]) -> Enclosure:
    """Bounds on an expression from bounds on its symbols; x log x of one x is taken whole.

    >>> from qtheory.symbols import x
    >>> enclosed(xlogy(x, x), lambda symbol: Enclosure(Fraction(0), Fraction(1))).high
    Fraction(0, 1)
    """
    entropies = {node: sp.Dummy() for node in expression.atoms(xlogy) if node.args[0] == node.args[1]}
    boxes: dict[sp.Basic, Value] = {
        dummy: _entropy_box(enclosed(node.args[0], value_of)) for node, dummy in entropies.items()
    }
    plain = expression.xreplace(entropies)
    boxes |= {symbol: value_of(symbol) for symbol in plain.free_symbols if symbol not in boxes}
    return Enclosure.of(compile_exact(plain, tuple(boxes))(tuple(boxes.values())))


def _entropy_box(x: Enclosure) -> Enclosure:
    """The range of x log x over [0, b]: it falls to -1/e and is convex."""
    if x.low < 0:
        raise NotAvailable("x log x of a value that may be negative")
    top = Enclosure.of(exact_xlogy(x.high, x.high)).high
    return Enclosure(ENTROPY_LEAST, max(top, Fraction(0)))
