r"""Hypothesis strategies for exact instances: small, full of ties and empty actions, and steered to hurt."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import accumulate

from hypothesis import strategies as st

from qtheory import symbols as s
from qtheory.base.finite import Finite
from qtheory.instances.complete import Choices, complete, free_functions, free_scalars, functions_of_feature
from qtheory.instances.tables import (
    COUNTS,
    LEVELS,
    MARKS,
    MASSES,
    NONNEGATIVE,
    OFFSETS,
    POSITIVE,
    SIGNED,
    UNITS,
    UTILITIES,
)
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.problem import Problem
from qtheory.statements.claim import Part
from qtheory.statements.instance import Instance, Row
from qtheory.symbols import OfAction, Scalar

MAX_ACTIONS = 5


@st.composite
def instances(draw: st.DrawFn, part: Part, max_actions: int = MAX_ACTIONS) -> Instance | None:
    """Exact instances that satisfy a part's hypotheses; `None` where a draw could not be made to."""
    size = draw(_integers(1, max_actions))
    weights = draw_masses(draw, size)
    if weights is None:
        return None
    utility = draw_row(draw, UTILITIES, size)
    feature = _digits(draw, 3, size) if _needs_feature(part) else (0,) * size
    scalars = {x: _scalar(draw, x, weights, utility) for x in free_scalars(part)}
    levels = [value for x, value in scalars.items() if x.domain == "level"] or [Fraction(1, 2)]
    functions = {f: draw_function(draw, f, weights, utility, levels) for f in free_functions(part)}
    return complete(part, Choices(weights, utility, feature, scalars, functions))


# Strategies are made once: building and validating them costs more than drawing from them.
@cache
def _integers(low: int, high: int) -> st.SearchStrategy[int]:
    return st.integers(low, high)


def _digits(draw: st.DrawFn, base: int, size: int) -> tuple[int, ...]:
    """So many numbers below a base, drawn together as the digits of one: what a draw costs, it costs once.

    No draw reaches 2^24, from where on small numbers would be drawn more often than large ones.
    """
    together = max(1, 23 // base.bit_length())
    found: list[int] = []
    while len(found) < size:
        count = min(together, size - len(found))
        number = draw(_integers(0, base**count - 1))
        for _ in range(count):
            number, digit = divmod(number, base)
            found.append(digit)
    return tuple(found)


def _pick(draw: st.DrawFn, table: list[Fraction]) -> Fraction:
    return table[draw(_integers(0, len(table) - 1))]


def draw_row(draw: st.DrawFn, table: list[Fraction], size: int) -> Row:
    """So many numbers of a table."""
    return tuple(table[i] for i in _digits(draw, len(table), size))


def draw_masses(draw: st.DrawFn, size: int, zero_mass: bool = True) -> Row | None:
    """Masses that sum to one; `None` where all that was drawn is zero."""
    counts = draw_row(draw, MASSES if zero_mass else [x for x in MASSES if x > 0], size)
    total = sum(counts)
    return tuple(count / total for count in counts) if total else None


def _needs_feature(part: Part) -> bool:
    ratios = [x for x in part.symbols if isinstance(x, OfAction) and x.role == "feature_ratio"]
    return bool(ratios or functions_of_feature(part)) or s.alpha in part.symbols


def _scalar(draw: st.DrawFn, symbol: Scalar, weights: Row, utility: Row) -> Fraction:
    if symbol.domain == "level":
        return draw_level(draw, weights, utility)
    if symbol.domain == "count":
        return _pick(draw, COUNTS)
    if symbol.domain == "real":
        return _real(draw, utility)
    return _pick(draw, {"unit": UNITS, "positive": POSITIVE, "nonnegative": NONNEGATIVE}.get(symbol.domain, SIGNED))


def _real(draw: st.DrawFn, utility: Row) -> Fraction:
    # A number without a sign may be a level of utility, which decides most where it is exactly that of an action.
    place = draw(_integers(0, 2 * len(SIGNED) - 1))
    return SIGNED[place] if place < len(SIGNED) else utility[place % len(utility)]


def draw_level(draw: st.DrawFn, weights: Row, utility: Row) -> Fraction:
    """A level in (0, 1]."""
    # Levels at which an action is exactly full are where bounds are attained, and just off them where they fail.
    place = draw(_integers(0, 2 * len(LEVELS) - 1))
    if place < len(LEVELS):
        return LEVELS[place]
    best_first = sorted(zip(utility, weights, strict=True), reverse=True)
    edges = [mass for mass in accumulate(g for _, g in best_first) if mass > 0]
    return edges[(place - len(LEVELS)) % len(edges)]


def draw_function(draw: st.DrawFn, symbol: OfAction, weights: Row, utility: Row, levels: list[Fraction]) -> Row:
    """The values of a free function of the action, as its role has it."""
    kind = draw(_integers(0, 3))
    if symbol.role == "rival":
        if kind == 0:
            return draw_row(draw, NONNEGATIVE, len(weights))
        return _other_quantilizer(draw, weights, utility if kind == 1 else None, levels)
    if symbol.role in ("cost", "feature_cost") and kind < 2:
        row = _on_the_best(draw, utility) if kind else draw_row(draw, MARKS, len(weights))
        return _shifted(draw, row, weights)
    if kind == 0:
        return draw_row(draw, MARKS, len(weights))
    return draw_row(draw, SIGNED if kind == 3 else NONNEGATIVE, len(weights))


def _shifted(draw: st.DrawFn, row: Row, weights: Row) -> Row:
    """Mostly the row; sometimes with its mean moved to 0 or just above, where signed costs do the most harm."""
    how = draw(_integers(0, len(OFFSETS) + 2))
    if how < 2:
        return row
    if how == 2:
        return tuple(2 * x - 1 for x in row)
    mean = sum((g * x for g, x in zip(weights, row, strict=True)), Fraction(0))
    return tuple(x - mean + OFFSETS[how - 3] for x in row)


def _on_the_best(draw: st.DrawFn, utility: Row) -> Row:
    """A cost on the actions above some level of utility: where an optimiser looks."""
    levels = sorted(set(utility), reverse=True)
    level = levels[draw(_integers(0, MAX_ACTIONS - 1)) % len(levels)]
    return tuple(Fraction(int(value >= level)) for value in utility)


def _other_quantilizer(draw: st.DrawFn, weights: Row, utility: Row | None, levels: list[Fraction]) -> Row:
    """A density ratio that fits under the same bound: a quantilizer of this or another utility, either form of ties."""
    utility = utility or draw_row(draw, UTILITIES[2:], len(weights))
    level = levels[draw(_integers(0, 3)) % len(levels)]
    ties = "ordered" if draw(_integers(0, 1)) else "proportional"
    return Quantilizer(level, ties)(Problem(Finite(weights), utility)).ratio  # type: ignore[attr-defined]
