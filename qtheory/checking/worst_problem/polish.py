r"""Exact improvement of exact candidates: single moves over a rational grid, and linear programmes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from math import lcm
from random import Random

from qtheory.checking.worst_problem.exact_population import edges
from qtheory.checking.worst_problem.linear import worst_rows
from qtheory.checking.worst_problem.pool import Candidate, Pool
from qtheory.instances.complete import Choices
from qtheory.statements.instance import Row
from qtheory.symbols import OfAction, Scalar

LARGEST_DENOMINATOR = 240
_LEVELS = tuple(Fraction(x) for x in ("1", "1/2", "1/4", "3/4", "1/3", "1/10", "1/100"))


def climb(pool: Pool, candidate: Candidate, moves: int, random: Random) -> Candidate:
    """Random single moves, each kept if it leads to a worse problem."""
    for _ in range(moves):
        kind = random.choice(_KINDS)
        moved = kind(candidate.choices, random)
        if moved is None or moved == candidate.choices:
            continue
        found = pool.offer(moved, candidate.origin)
        if found is not None and found.rank < candidate.rank:
            candidate = found
    return candidate


def try_function(pool: Pool, choices: Choices, function: OfAction) -> None:
    """Offer what linear programmes over one function lead to."""
    for solution in worst_rows(pool.part, choices, function):
        moved = replace(choices, functions={**choices.functions, function: solution.row})
        pool.offer(moved, f"a linear programme over {function}")


def _move_mass(choices: Choices, random: Random) -> Choices | None:
    common = lcm(*(g.denominator for g in choices.weights))
    if common > LARGEST_DENOMINATOR:
        return None
    counts = [int(g * common) for g in choices.weights]
    i = random.randrange(len(counts))
    counts[i] = random.choice((0, counts[i] + 1, max(0, counts[i] - 1), 2 * counts[i], 10 * counts[i]))
    total = sum(counts)
    return replace(choices, weights=tuple(Fraction(g, total) for g in counts)) if total else None


def _move_utility(choices: Choices, random: Random) -> Choices:
    i = random.randrange(len(choices.utility))
    old = choices.utility[i]
    value = random.choice((*choices.utility, old + 1, old - 1, Fraction(0), old + Fraction(1, 2)))
    return replace(choices, utility=_put(choices.utility, i, value))


def _move_function(choices: Choices, random: Random) -> Choices | None:
    if not choices.functions:
        return None
    symbol = random.choice(list(choices.functions))
    row = choices.functions[symbol]
    i = random.randrange(len(row))
    value = random.choice((*row, *_near(row[i])))
    return replace(choices, functions={**choices.functions, symbol: _put(row, i, value)})


def _move_scalar(choices: Choices, random: Random) -> Choices | None:
    if not choices.scalars:
        return None
    symbol = random.choice(list(choices.scalars))
    allowed = [x for x in _values(symbol, choices) if _inside(symbol, x)]
    return replace(choices, scalars={**choices.scalars, symbol: random.choice(allowed)}) if allowed else None


def _move_feature(choices: Choices, random: Random) -> Choices | None:
    if not any(choices.feature):
        return None
    i = random.randrange(len(choices.feature))
    return replace(choices, feature=(*choices.feature[:i], random.randrange(3), *choices.feature[i + 1 :]))


def _drop_action(choices: Choices, random: Random) -> Choices | None:
    i = random.randrange(len(choices.weights))
    if choices.weights[i] == 1 or len(choices.weights) <= 2:
        return None
    cut = lambda row: row[:i] + row[i + 1 :]
    weights = tuple(g / (1 - choices.weights[i]) for g in cut(choices.weights))
    functions = {f: cut(row) for f, row in choices.functions.items()}
    return Choices(weights, cut(choices.utility), cut(choices.feature), choices.scalars, functions)


_KINDS: tuple[Callable[[Choices, Random], Choices | None], ...] = (
    _move_mass,
    _move_utility,
    _move_function,
    _move_function,
    _move_scalar,
    _move_scalar,
    _move_feature,
    _drop_action,
)


def _near(value: Fraction) -> tuple[Fraction, ...]:
    return Fraction(0), Fraction(1), 2 * value, value / 2, value + 1, value - 1, value + Fraction(1, 2), -value


def _values(symbol: Scalar, choices: Choices) -> tuple[Fraction, ...]:
    value = choices.scalars[symbol]
    others = tuple(choices.scalars.values())
    if symbol.domain == "level":
        return (*_LEVELS, *edges(choices.weights, choices.utility), value / 2, 2 * value, *others)
    if symbol.domain == "count":
        return (Fraction(1), Fraction(2), value + 1, value - 1, 2 * value, *others)
    return (*_near(value), *others, *choices.utility)


def _inside(symbol: Scalar, value: Fraction) -> bool:
    if value.denominator > LARGEST_DENOMINATOR:
        return False
    if symbol.domain in ("level", "unit"):
        return (value > 0 or symbol.domain == "unit") and 0 <= value <= 1
    if symbol.domain == "count":
        return value >= 1 and value.denominator == 1
    return value > 0 or symbol.domain == "real" or (symbol.domain == "nonnegative" and value == 0)


def _put(row: Row, i: int, value: Fraction) -> Row:
    return (*row[:i], value, *row[i + 1 :])
