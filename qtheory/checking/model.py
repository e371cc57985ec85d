r"""Models: values for the symbols of a statement on a grid, and what is certain of the statement there.

Means of functions that are constant on cells are exact sums, as in an exact instance. Where one smooth function
enters linearly, its exact averages do the same. Anything else is enclosed by interval arithmetic on panels of ranks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

import sympy as sp

from qtheory.checking.grid import Grid, OnGrid, Seen, Table
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.enclosure import Enclosure, Value, simplest
from qtheory.exact.evaluate import compile_exact, compile_truth
from qtheory.prover.expectation import expand_integrand
from qtheory.statements.instance import leaves_of
from qtheory.statements.well_posed import is_pointwise
from qtheory.symbols import E, OfAction, Scalar

PANELS = 32
Certain = bool | None


class Unknown(NotAvailable):
    """A mean or a value that the model does not determine."""


@dataclass(frozen=True)
class Model:
    """A grid, the functions of the action on it, and the numbers.

    Attributes:
        functions, scalars: by symbol, in a fixed order.
    """

    grid: Grid
    functions: tuple[tuple[OfAction, OnGrid], ...]
    scalars: tuple[tuple[Scalar, Value], ...]

    @cached_property
    def function(self) -> dict[OfAction, OnGrid]:
        return dict(self.functions)

    @cached_property
    def scalar(self) -> dict[Scalar, Value]:
        return dict(self.scalars)

    def about(self, statement: sp.Basic) -> Model:
        """What of the model matters for a statement."""
        used = statement.free_symbols
        functions = tuple(pair for pair in self.functions if pair[0] in used)
        return Model(self.grid, functions, tuple(pair for pair in self.scalars if pair[0] in used))


def model_of(grid: Grid, functions: dict[OfAction, OnGrid], scalars: dict[Scalar, Value]) -> Model:
    """The model with these values."""
    by_name = lambda pair: pair[0].name
    return Model(grid, tuple(sorted(functions.items(), key=by_name)), tuple(sorted(scalars.items(), key=by_name)))


def certain(statement: sp.Basic, model: Model) -> Certain:
    """Whether a statement certainly holds (True) or fails (False) in a model; `None` where that is not known."""
    return _certain(statement, model.about(statement))


def mean(integrand: sp.Expr, model: Model) -> Value:
    """The mean of an integrand under the base.

    Raises:
        NotAvailable, InvalidInput: it is not determined, or has no value.
    """
    return _known_mean(integrand, model.about(integrand))


def number(expression: sp.Expr, model: Model) -> Value:
    """A number made of expectations and scalars.

    Raises:
        NotAvailable, InvalidInput: it is not determined, or has no value.
    """
    run, leaves = _compiled(expression, False)
    return simplest(run(_leaf_values(leaves, model)))


def values_on(expression: sp.Expr, model: Model, cell: int) -> Value:
    """A function of the action on a cell, as a value or an enclosure of its values.

    Raises:
        NotAvailable, InvalidInput: it is not bounded there, or has no value.
    """
    run, leaves = _compiled(expression, False)
    return simplest(run(_leaf_values(leaves, model, (cell, *model.grid.rows[model.grid.cells[cell][0]]))))


def is_constant_on_cells(expression: sp.Basic, model: Model) -> bool:
    """Whether every function in an expression is a table."""
    return all(isinstance(model.function.get(x), Table) for x in expression.free_symbols if isinstance(x, OfAction))


@lru_cache(maxsize=20_000)
def _certain(statement: sp.Basic, model: Model) -> Certain:
    try:
        return _decided(statement, model)
    except (InvalidInput, NotAvailable, KeyError):
        return None


def _decided(statement: sp.Basic, model: Model) -> Certain:
    run, leaves = _compiled(statement, True)
    if not is_pointwise(statement):
        return run(_leaf_values(leaves, model))
    # On a cell where something varies, "not everywhere" may still be "almost everywhere".
    exact = is_constant_on_cells(statement, model)
    unknown = False
    for place in _places(statement, model):
        answer = run(_leaf_values(leaves, model, place))
        if answer is not True and (answer is False or not exact):
            return False if exact else None
        unknown = unknown or answer is None
    return None if unknown else True


def _places(expression: sp.Basic, model: Model) -> Iterator[tuple[int, Fraction, Fraction]]:
    """The cells of positive mass; in panels where something varies inside of them."""
    count = 1 if is_constant_on_cells(expression, model) else PANELS
    seen = set()
    for cell, weight in enumerate(model.grid.weights):
        values = tuple(f.values[cell] for _, f in model.functions if isinstance(f, Table))
        if weight == 0 or (count == 1 and values in seen):
            continue
        seen.add(values)
        low, high = model.grid.rows[model.grid.cells[cell][0]]
        step = (high - low) / count
        yield from ((cell, low + i * step, low + (i + 1) * step) for i in range(count))


def _known_mean(integrand: sp.Expr, model: Model) -> Value:
    found = _mean_or_error(integrand, model)
    if isinstance(found, Exception):
        raise found
    return found


@lru_cache(maxsize=20_000)
def _mean_or_error(integrand: sp.Expr, model: Model) -> Value | Exception:
    """The mean, or why there is none, which takes as long to find out and is remembered as well."""
    try:
        return _mean(integrand, model)
    except (InvalidInput, NotAvailable, KeyError) as error:
        return error


def _mean(integrand: sp.Expr, model: Model) -> Value:
    if is_constant_on_cells(integrand, model):
        return _sum_over_cells(integrand, model)
    try:
        return _by_averages(_expanded(integrand), model)
    except Unknown:
        return _by_panels(integrand, model)


@lru_cache(maxsize=2048)
def _expanded(integrand: sp.Expr) -> sp.Expr:
    return expand_integrand(integrand)


def _sum_over_cells(integrand: sp.Expr, model: Model) -> Value:
    run, leaves = _compiled(integrand, False)
    total: Value = Fraction(0)
    known: dict[tuple, Value] = {}
    for cell, weight in enumerate(model.grid.weights):
        if weight > 0:
            values = _leaf_values(leaves, model, (cell, Fraction(0), Fraction(1)))
            if values not in known:
                known[values] = run(values)
            total = total + known[values] * weight
    return simplest(total)


def _by_averages(expanded: sp.Expr, model: Model) -> Value:
    """A sum of means, each of a product in which at most one factor varies inside cells."""
    moments = tuple(expanded.atoms(E))
    values = {moment: _mean_of_product(moment.args[0], model) for moment in moments}
    values |= {x: v for x, v in model.scalars if x in expanded.free_symbols}
    return simplest(compile_exact(expanded, tuple(values))(tuple(values.values())))


def _mean_of_product(monomial: sp.Expr, model: Model) -> Value:
    varying = [x for x in monomial.free_symbols if isinstance(x, OfAction) and not isinstance(model.function[x], Table)]
    if not varying:
        return _known_mean(monomial, model.about(monomial))
    (symbol, *more) = varying
    rest = monomial / symbol
    if more or symbol in rest.free_symbols or isinstance(model.function[symbol], Seen):
        raise Unknown("the mean of a product of two functions that vary inside cells")
    total: Value = Fraction(0)
    for cell, weight in enumerate(model.grid.weights):
        factor = values_on(rest, model, cell)
        if weight > 0 and factor != 0:
            average = model.function[symbol].average(cell, *model.grid.rows[model.grid.cells[cell][0]])
            assert average is not None
            total = total + average * factor * weight
    return simplest(total)


def _by_panels(integrand: sp.Expr, model: Model) -> Value:
    run, leaves = _compiled(integrand, False)
    total: Value = Fraction(0)
    for cell, low, high in _places(integrand, model):
        row_low, row_high = model.grid.rows[model.grid.cells[cell][0]]
        share = model.grid.weights[cell] * (high - low) / (row_high - row_low)
        total = total + run(_leaf_values(leaves, model, (cell, low, high))) * share
    return simplest(total)


def _leaf_values(
    leaves: tuple[sp.Basic, ...], model: Model, place: tuple[int, Fraction, Fraction] | None = None
) -> tuple:
    return tuple(_leaf(leaf, model, place) for leaf in leaves)


def _leaf(leaf: sp.Basic, model: Model, place: tuple[int, Fraction, Fraction] | None) -> Value:
    if isinstance(leaf, E):
        return _known_mean(leaf.args[0], model.about(leaf))
    if isinstance(leaf, Scalar):
        return model.scalar[leaf]
    if place is None or leaf not in model.function:
        raise Unknown("a function of the action without values here", got=leaf)
    box = model.function[leaf].box(*place)
    if box is None:
        raise Unknown("a function of the action without bounds here", got=leaf)
    return simplest(Enclosure.of(box))


@lru_cache(maxsize=4096)
def _compiled(expression: sp.Basic, is_statement: bool) -> tuple:
    leaves = leaves_of(expression)
    return (compile_truth if is_statement else compile_exact)(expression, leaves), leaves
