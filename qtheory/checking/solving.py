r"""Numbers that hypotheses define: `eq(m, E(x*y))` or `E(c) <= epsilon` is solved for its number, not guessed.

What is found here is only a proposal. Whether the hypotheses hold with it is checked afterwards like everything else.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache

import sympy as sp
from sympy.core.relational import Relational

from qtheory.checking.model import Model, certain, is_constant_on_cells, model_of, number, values_on
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.enclosure import Enclosure, Value, simplest
from qtheory.statements.well_posed import is_pointwise
from qtheory.symbols import E, Scalar

# An enclosure may stand for a number where it is this much narrower than anything that is sampled.
NARROW = Fraction(1, 2**60)
_DOUBLINGS, _BISECTIONS = 8, 16
# Where a mean has to be enclosed afresh for every value, only these powers of two are tried.
_FEW = (0, -3, 3)
_NUDGE = Fraction(1, 64)


def solved(symbol: Scalar, hypothesis: sp.Basic, model: Model) -> Value | None:
    """A value of a number with which a hypothesis certainly holds, as tightly as can be; `None` if none is found.

    An equation between the number and an irrational mean gives an enclosure, of which the equation is true.
    """
    for value in _proposals(symbol, hypothesis, model):
        if in_domain(symbol, value) and (
            _defines(hypothesis, value) or certain(hypothesis, with_number(model, symbol, value))
        ):
            return value
    return None


def with_number(model: Model, symbol: Scalar, value: Value) -> Model:
    """The model with one more number, or with another value for it."""
    return model_of(model.grid, model.function, {**model.scalar, symbol: value})


def in_domain(symbol: Scalar, value: Value) -> bool:
    """Whether a value certainly lies in the domain that a symbol declares.

    >>> from qtheory.symbols import q, n
    >>> in_domain(q, Fraction(3, 2)), in_domain(n, Fraction(4)), in_domain(n, Fraction(1, 2))
    (False, True, False)
    """
    box = Enclosure.of(value)
    if symbol.domain in ("level", "positive") and box.low <= 0:
        return False
    if symbol.domain in ("nonnegative", "unit") and box.low < 0:
        return False
    if symbol.domain in ("level", "unit") and box.high > 1:
        return False
    return symbol.domain != "count" or (box.is_point and box.low.denominator == 1 and box.low >= 1)


def _defines(hypothesis: sp.Basic, value: Value) -> bool:
    return isinstance(hypothesis, sp.Eq) and isinstance(value, Enclosure)


def _proposals(symbol: Scalar, hypothesis: sp.Basic, model: Model) -> Iterator[Value]:
    if not isinstance(hypothesis, (sp.Le, sp.Ge, sp.Lt, sp.Gt, sp.Eq)):
        return
    root = _affine_root(symbol, hypothesis)
    if root is not None:
        yield from _around(_values(root, model), isinstance(hypothesis, (sp.Lt, sp.Gt)))
    elif not isinstance(hypothesis, sp.Eq) and not is_pointwise(hypothesis):
        yield from _by_bisection(symbol, hypothesis, model)
    yield from (Fraction(0), Fraction(1))


@lru_cache(maxsize=2048)
def _affine_root(symbol: Scalar, hypothesis: Relational) -> sp.Expr | None:
    """The value at which both sides agree, where their difference is affine in the symbol."""
    difference = hypothesis.lhs - hypothesis.rhs
    means = {moment: sp.Dummy() for moment in difference.atoms(E)}
    if any(symbol in moment.free_symbols for moment in means):
        return None
    plain = difference.xreplace(means)
    slope = sp.expand(sp.diff(plain, symbol))
    if slope == 0 or symbol in slope.free_symbols:
        return None
    root = -plain.xreplace({symbol: sp.Integer(0)}) / slope
    return None if symbol in root.free_symbols else root.xreplace({dummy: moment for moment, dummy in means.items()})


def _values(root: sp.Expr, model: Model) -> list[Value]:
    """The value of a number, or the ends of the values of a function of the action."""
    try:
        if not is_pointwise(root):
            value = number(root, model)
            narrow = isinstance(value, Fraction) or value.width <= NARROW * max(Fraction(1), abs(value.midpoint))
            return [value] if narrow else [value.low, value.high]  # type: ignore[union-attr]
        cells = [cell for cell, weight in enumerate(model.grid.weights) if weight > 0]
        boxes = [Enclosure.of(values_on(root, model, cell)) for cell in cells]
        return [min(box.low for box in boxes), max(box.high for box in boxes)]
    except (InvalidInput, NotAvailable, KeyError):
        return []


def _around(values: list[Value], strict: bool) -> Iterator[Value]:
    for value in values:
        if not strict:
            yield simplest(value)
    ends = [end for value in values for end in (Enclosure.of(value).low, Enclosure.of(value).high)]
    for end in ends:
        nudge = _NUDGE * max(Fraction(1), abs(end))
        yield from (end, end + nudge, end - nudge)


def _by_bisection(symbol: Scalar, hypothesis: sp.Basic, model: Model) -> Iterator[Value]:
    """Where a hypothesis begins to hold or ceases to, on the side where it does."""
    holds = lambda x: certain(hypothesis, with_number(model, symbol, x)) is True
    if not is_constant_on_cells(hypothesis, model):
        yield from (x for x in (Fraction(2) ** k for k in _FEW) if holds(x))
        return
    points = [Fraction(2) ** k for k in range(-_DOUBLINGS, _DOUBLINGS + 1)]
    answers = [holds(x) for x in points]
    for (a, good_a), (b, good_b) in zip(list(zip(points, answers)), list(zip(points, answers))[1:]):  # noqa: B905
        if good_a != good_b:
            good, bad = (a, b) if good_a else (b, a)
            for _ in range(_BISECTIONS):
                middle = (good + bad) / 2
                good, bad = (middle, bad) if holds(middle) else (good, middle)
            yield good
    yield from (x for x, good in zip(points, answers, strict=True) if good)
