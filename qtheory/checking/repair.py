r"""Functions of the action that hypotheses define or bound: they are moved so that the hypothesis holds.

Only functions that are constant on the cells of a grid are moved. What comes out is a proposal, checked like any other.
"""

from __future__ import annotations

from fractions import Fraction

import sympy as sp

from qtheory.checking.grid import OnGrid, Table
from qtheory.checking.model import Model, certain, is_constant_on_cells, mean, model_of, number, values_on
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.enclosure import Value
from qtheory.exact.evaluate import compile_truth
from qtheory.statements.instance import leaves_of
from qtheory.statements.well_posed import is_pointwise
from qtheory.symbols import E, OfAction

Free = frozenset[OfAction]


def repaired(hypothesis: sp.Basic, model: Model, free: Free) -> Model:
    """The model with one free function moved so that a simple hypothesis holds; the same one where that is not done."""
    try:
        moved = _moved(hypothesis, model, free)
    except (InvalidInput, NotAvailable, KeyError):
        return model
    return model if moved is None else _with(model, *moved)


def _moved(hypothesis: sp.Basic, model: Model, free: Free) -> tuple[OfAction, OnGrid] | None:
    if certain(hypothesis, model) is True:
        return None
    if isinstance(hypothesis, sp.And):
        return next(filter(None, (_moved(part, model, free) for part in hypothesis.args)), None)
    if isinstance(hypothesis, sp.Implies) and is_pointwise(hypothesis):
        return _set_where(hypothesis.args[0], hypothesis.args[1], model, free)
    if not isinstance(hypothesis, (sp.Le, sp.Ge, sp.Eq)):
        return None
    lesser, greater = (hypothesis.rhs, hypothesis.lhs) if isinstance(hypothesis, sp.Ge) else hypothesis.args
    equal = isinstance(hypothesis, sp.Eq)
    if is_pointwise(hypothesis):
        return _clipped(lesser, greater, equal, model, free)
    return _with_mean(lesser, greater, equal, model, free) or (
        _with_mean(greater, lesser, True, model, free) if equal else None
    )


def _set_where(condition: sp.Basic, consequence: sp.Basic, model: Model, free: Free) -> tuple[OfAction, OnGrid] | None:
    """Where a condition certainly holds, give a free function the value that the consequence demands."""
    if not isinstance(consequence, sp.Eq) or not is_constant_on_cells(sp.And(condition, consequence), model):
        return None
    for symbol, wanted in (consequence.args, consequence.args[::-1]):
        if symbol in free and symbol not in condition.free_symbols | wanted.free_symbols:
            values = list(_table(model, symbol))
            for cell in range(len(values)):
                if _holds_on(condition, model, cell):
                    values[cell] = values_on(wanted, model, cell)
            return symbol, Table(tuple(values))
    return None


def _clipped(
    lesser: sp.Expr, greater: sp.Expr, equal: bool, model: Model, free: Free
) -> tuple[OfAction, OnGrid] | None:
    for symbol, other, choose in ((lesser, greater, min), (greater, lesser, max)):
        if symbol not in free or symbol in other.free_symbols:
            continue
        if equal and isinstance(other, OfAction):
            return symbol, model.function[other]
        if not is_constant_on_cells(other, model) or not (equal or isinstance(model.function.get(symbol), Table)):
            continue
        bounds = [values_on(other, model, cell) for cell in range(len(model.grid.weights))]
        if equal:
            return symbol, Table(tuple(bounds))
        if all(isinstance(bound, Fraction) for bound in bounds):
            pairs = zip(_table(model, symbol), bounds, strict=True)
            return symbol, Table(tuple(choose(value, bound) for value, bound in pairs))  # type: ignore[type-var]
    return None


def _with_mean(
    lesser: sp.Expr, greater: sp.Expr, equal: bool, model: Model, free: Free
) -> tuple[OfAction, OnGrid] | None:
    """A function scaled, or shifted where its mean is to vanish, so that its own mean is what is demanded."""
    symbol = lesser.args[0] if isinstance(lesser, E) else None
    if symbol not in free or symbol in greater.free_symbols or not isinstance(model.function.get(symbol), Table):
        return None
    found, target = mean(symbol, model), number(greater, model)
    if not isinstance(found, Fraction) or not isinstance(target, Fraction) or (not equal and found <= target):
        return None
    if target == 0 or found == 0:
        values = tuple(x + (target - found) for x in _table(model, symbol))
    else:
        values = tuple(x * (target / found) for x in _table(model, symbol))
    return symbol, Table(values)


def _table(model: Model, symbol: OfAction) -> tuple[Value, ...]:
    function = model.function[symbol]
    assert isinstance(function, Table)
    return function.values


def _holds_on(condition: sp.Basic, model: Model, cell: int) -> bool:
    leaves = leaves_of(condition)
    values = tuple(values_on(leaf, model, cell) for leaf in leaves)
    return compile_truth(condition, leaves)(values) is True


def _with(model: Model, symbol: OfAction, function: OnGrid) -> Model:
    return model_of(model.grid, {**model.function, symbol: function}, model.scalar)
