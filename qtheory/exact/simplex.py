r"""Solving linear programmes exactly: a floating-point guess of the basis, then the simplex method over the rationals.

HiGHS says which variables are at work; everything after that is exact. Where the guess is right, two rational linear
systems give the answer; where it is degenerate or wrong, the exact simplex method goes on from it, which always ends
(Bland's rule breaks ties). Nothing here needs to be trusted: the result is a certificate.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from qtheory.exact.certificate import Certificate
from qtheory.exact.linear_program import LinearProgram
from qtheory.exact.rational_algebra import (
    any_solution,
    pivots,
    require_flint_for,
    solve,
    to_flint,
    to_fraction,
    transposed,
)


def solve_exactly(program: LinearProgram) -> Certificate:
    r"""The exact value of a linear programme, with what proves it.

    Args:
        program: rational data.

    Returns:
        A certificate of optimality, of infeasibility, or of unboundedness, for `check_certificate`.

    Raises:
        MissingExtra: the programme is large, and python-flint, the extra `exact`, is not installed.

    >>> certificate = solve_exactly(LinearProgram([1, "1/2"], at_most=[([1, 1], 1), ({0: 1}, "1/3")]))
    >>> certificate.status, certificate.value, [str(x) for x in certificate.primal]
    ('optimal', Fraction(2, 3), ['1/3', '2/3'])
    """
    require_flint_for(len(program.objective) + len(program.at_most) + len(program.equal))
    clash = _clash(program)
    if clash is not None:
        return Certificate("infeasible", -math.inf, dual=(Fraction(0),) * len(program.at_most), dual_equal=clash)
    form = _standard_form(program)
    basis = _independent(form, preferred_columns(program, form))
    basis, farkas = _feasible_basis(form, basis)
    if farkas is not None:
        dual, dual_equal = _multipliers(program, form, farkas)
        return Certificate("infeasible", -math.inf, dual=dual, dual_equal=dual_equal)
    basis, levels, prices, ray = _climb(form, basis)
    primal = _point(program, basis, levels)
    if ray is not None:
        return Certificate("unbounded", math.inf, primal=primal, ray=ray[: len(program.objective)])
    dual, dual_equal = _multipliers(program, form, prices)
    value = sum((c * x for c, x in zip(program.objective, primal, strict=True)), Fraction(0))
    return Certificate("optimal", value, primal=primal, dual=dual, dual_equal=dual_equal)


@dataclass(frozen=True)
class StandardForm:
    """$\\max c x$ subject to $Mx = b$, $x \\ge 0$ with independent rows: variables first, then one slack per bound.

    `kept` lists the equations that are not implied by others; `columns` are sparse, in flint's rationals.
    """

    columns: tuple[tuple[tuple[int, Any], ...], ...]
    bounds: tuple[Any, ...]
    gains: tuple[Any, ...]
    kept: tuple[int, ...]


def _standard_form(program: LinearProgram) -> StandardForm:
    kept = _independent_equations(program)
    rows = [*program.at_most, *(program.equal[i] for i in kept)]
    columns: list[list[tuple[int, Any]]] = [[] for _ in program.objective]
    for i, constraint in enumerate(rows):
        for j, coefficient in constraint.row:
            columns[j].append((i, to_flint(coefficient)))
    slacks = [[(i, to_flint(1))] for i in range(len(program.at_most))]
    gains = [*map(to_flint, program.objective), *[to_flint(0)] * len(slacks)]
    bounds = tuple(to_flint(row.bound) for row in rows)
    return StandardForm(tuple(map(tuple, [*columns, *slacks])), bounds, tuple(gains), kept)


def _clash(program: LinearProgram) -> tuple[Fraction, ...] | None:
    """Multipliers of the equations that add up to the impossible $0 = -1$."""
    if not program.equal:
        return None
    rows = [dict(c.row) for c in program.equal]
    matrix = [[row.get(j, 0) for row in rows] for j in range(len(program.objective))]
    found = any_solution([*matrix, [c.bound for c in program.equal]], [*[0] * len(matrix), -1])
    return None if found is None else tuple(map(to_fraction, found))


def _independent_equations(program: LinearProgram) -> tuple[int, ...]:
    if not program.equal:
        return ()
    rows = [dict(c.row) for c in program.equal]
    return tuple(pivots([[row.get(j, 0) for row in rows] for j in range(len(program.objective))]))


def preferred_columns(program: LinearProgram, form: StandardForm) -> list[int]:
    """The columns in the order in which a basis should take them, by a floating-point solution if there is one."""
    everything = list(range(len(form.columns)))
    try:
        levels, prices = _float_solution(program)
    except (OverflowError, ValueError):
        # A coefficient beyond the range of floats, or no optimum: start from the slacks.
        return everything[::-1]
    scale = max(map(abs, levels), default=0.0) or 1.0
    return sorted(everything, key=lambda j: (-(levels[j] > scale * 1e-9), abs(prices[j]), j))


def _float_solution(program: LinearProgram) -> tuple[list[float], list[float]]:
    """Levels and reduced costs of variables and slacks."""
    import numpy as np
    from scipy.optimize import linprog

    gains = [-float(c) for c in program.objective]
    upper, equal = (_float_rows(kind, len(gains)) for kind in (program.at_most, program.equal))
    found = linprog(gains, *upper, *equal, bounds=(0, None), method="highs-ds")
    if found.status != 0:
        raise ValueError(found.message)
    slack, prices = np.asarray(found.slack).tolist(), np.asarray(found.ineqlin.marginals).tolist()
    return [*found.x.tolist(), *slack], [*found.lower.marginals.tolist(), *prices]


def _float_rows(kind: tuple, size: int) -> tuple[Any, Any]:
    if not kind:
        return None, None
    from scipy.sparse import csr_array

    entries = [(i, j, float(x)) for i, constraint in enumerate(kind) for j, x in constraint.row]
    rows, columns, values = zip(*entries, strict=True) if entries else ((), (), ())
    return csr_array((values, (rows, columns)), shape=(len(kind), size)), [float(c.bound) for c in kind]


def _independent(form: StandardForm, order: list[int]) -> list[int]:
    """A basis, from the columns taken in this order."""
    return [order[place] for place in pivots(_dense(form, order))]


def _feasible_basis(form: StandardForm, basis: list[int]) -> tuple[list[int], list | None]:
    """A basis with nonnegative levels, or prices that show there is none: one artificial column lifts all of them."""
    levels = solve(_dense(form, basis), form.bounds)
    if all(level >= 0 for level in levels):
        return basis, None
    short = [j for j, level in zip(basis, levels, strict=True) if level < 0]
    totals: dict[int, Any] = {}
    for i, x in itertools.chain.from_iterable(form.columns[j] for j in short):
        totals[i] = totals.get(i, to_flint(0)) - x
    artificial = len(form.columns)
    gains = (*(to_flint(0) for _ in form.gains), to_flint(-1))
    lifted = replace(form, columns=(*form.columns, tuple(totals.items())), gains=gains)
    lowest = min(range(len(levels)), key=lambda i: levels[i])
    basis, levels, prices, _ = _climb(lifted, [artificial if i == lowest else j for i, j in enumerate(basis)])
    if artificial not in basis:
        return basis, None
    place = basis.index(artificial)
    if levels[place] > 0:
        return basis, prices
    return _without(form, lifted, basis, place), None


def _without(form: StandardForm, lifted: StandardForm, basis: list[int], place: int) -> list[int]:
    """The same point without the column at a place, whose level is zero."""
    unit = [to_flint(int(i == place)) for i in range(len(basis))]
    row = solve(transposed(_dense(lifted, basis)), unit)
    entering = next(j for j in range(len(form.columns)) if j not in basis and _price(form, row, j) != 0)
    return [entering if i == place else j for i, j in enumerate(basis)]


def _climb(form: StandardForm, basis: list[int]) -> tuple[list[int], list, list, tuple[Fraction, ...] | None]:
    """The simplex method from a feasible basis: the last basis, its levels and prices, and a ray if there is one."""
    stuck = False
    while True:
        matrix = _dense(form, basis)
        levels, prices = solve(matrix, form.bounds), solve(transposed(matrix), [form.gains[j] for j in basis])
        entering = _entering(form, basis, prices, stuck)
        if entering is None:
            return basis, levels, prices, None
        change = solve(matrix, _column(form, entering))
        falling = [i for i, fall in enumerate(change) if fall > 0]
        if not falling:
            return basis, levels, prices, _ray(form, basis, change, entering)
        leaving = min(falling, key=lambda i: (levels[i] / change[i], basis[i]))
        stuck = levels[leaving] == 0
        basis = [entering if i == leaving else j for i, j in enumerate(basis)]


def _entering(form: StandardForm, basis: list[int], prices: list, stuck: bool) -> int | None:
    """The column that gains most; after a step of length zero the first that gains, so that no basis comes again."""
    used = set(basis)
    gains = ((j, form.gains[j] - _price(form, prices, j)) for j in range(len(form.columns)) if j not in used)
    better = ((j, gain) for j, gain in gains if gain > 0)
    best = next(better, None) if stuck else max(better, key=lambda pair: pair[1], default=None)
    return None if best is None else best[0]


def _ray(form: StandardForm, basis: list[int], change: list, entering: int) -> tuple[Fraction, ...]:
    ray = [Fraction(0)] * len(form.columns)
    ray[entering] = Fraction(1)
    for j, fall in zip(basis, change, strict=True):
        ray[j] = -to_fraction(fall)
    return tuple(ray)


def _price(form: StandardForm, prices: list, j: int) -> Any:
    return sum((prices[i] * x for i, x in form.columns[j]), to_flint(0))


def _point(program: LinearProgram, basis: list[int], levels: list) -> tuple[Fraction, ...]:
    point = [Fraction(0)] * len(program.objective)
    for j, level in zip(basis, levels, strict=True):
        if j < len(point):
            point[j] = to_fraction(level)
    return tuple(point)


def _multipliers(program: LinearProgram, form: StandardForm, prices: list) -> tuple[tuple, tuple]:
    count = len(program.at_most)
    equal = dict(zip(form.kept, prices[count:], strict=True))
    dual = tuple(map(to_fraction, prices[:count]))
    return dual, tuple(to_fraction(equal[i]) if i in equal else Fraction(0) for i in range(len(program.equal)))


def _column(form: StandardForm, j: int) -> list:
    entries = dict(form.columns[j])
    return [entries.get(i, 0) for i in range(len(form.bounds))]


def _dense(form: StandardForm, columns: list[int]) -> list[list]:
    zero = to_flint(0)
    matrix = [[zero] * len(columns) for _ in form.bounds]
    for place, j in enumerate(columns):
        for i, x in form.columns[j]:
            matrix[i][place] = x
    return matrix
