r"""Making a counterexample smaller until no single simplification keeps it one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import chain
from typing import Any

from qtheory.instances.complete import Choices, choices_of, complete
from qtheory.instances.repairs import unrepaired
from qtheory.statements.claim import Part
from qtheory.statements.instance import Instance, Row

_SIMPLE = [Fraction(x) for x in ("0", "1", "1/2", "2", "-1", "1/3")]


# More than any simple rational takes: an instance without irrational numbers is the simpler one.
INK_OF_IRRATIONAL = 100


def shrink(part: Part, instance: Instance, breaks: Callable[[Instance], bool]) -> Instance:
    """The smallest instance that single simplifications lead to: fewer actions first, then simpler numbers."""
    improved = True
    while improved:
        improved = False
        start = choices_of(part, instance)
        # An equation that ties values to each other is broken by moving one, and mostly not by a change of scale.
        for choices in chain(_simpler(start), _scaled(start) if unrepaired(part) else ()):
            candidate = complete(part, choices)
            if candidate is not None and size(candidate) < size(instance) and breaks(candidate):
                instance, improved = candidate, True
                break
    return instance


def size(instance: Instance) -> tuple[int, int]:
    """How large an instance is: its number of actions, then how much ink its numbers take."""
    rows = [instance.weights, *instance.functions.values(), tuple(instance.scalars.values())]
    return len(instance.weights), sum(_ink(x) for row in rows for x in row)


def _ink(x: Any) -> int:
    if not isinstance(x, (Fraction, int)):
        return INK_OF_IRRATIONAL  # an enclosure; or infinity, the ratio of an action that the base never takes
    return 2 * abs(x.numerator) + 2 * (x.denominator - 1) + (x < 0)


def _simpler(choices: Choices) -> Iterator[Choices]:
    yield from _without_an_action(choices)
    yield from _with_two_actions_merged(choices)
    yield from _with_simpler_weights(choices)
    for row in _simpler_rows(choices.utility):
        yield replace(choices, utility=row)
    for symbol, row in choices.functions.items():
        for simpler in _simpler_rows(row):
            yield replace(choices, functions={**choices.functions, symbol: simpler})
    for symbol, value in choices.scalars.items():
        for simpler_value in _simpler_numbers(value):
            yield replace(choices, scalars={**choices.scalars, symbol: simpler_value})
    if any(choices.feature):
        for i, label in enumerate(choices.feature):
            if label:
                yield replace(choices, feature=_put(choices.feature, i, label - 1))


def _scaled(choices: Choices) -> Iterator[Choices]:
    """The utility, or a function, on another scale, in which its numbers are simpler."""
    for row in _scaled_rows(choices.utility):
        yield replace(choices, utility=row)
    for symbol, row in choices.functions.items():
        for simpler in _scaled_rows(row):
            yield replace(choices, functions={**choices.functions, symbol: simpler})


def _scaled_rows(row: Row) -> Iterator[Row]:
    for unit in sorted({abs(x) for x in row if x != 0}, reverse=True):
        yield tuple(x / unit for x in row)


def _without_an_action(choices: Choices) -> Iterator[Choices]:
    for i, mass in enumerate(choices.weights):
        if mass == 1:
            continue
        rest = tuple(g / (1 - mass) for g in _drop(choices.weights, i))
        functions = {f: _drop(row, i) for f, row in choices.functions.items()}
        yield Choices(rest, _drop(choices.utility, i), _drop(choices.feature, i), choices.scalars, functions)


def _with_two_actions_merged(choices: Choices) -> Iterator[Choices]:
    for i, mass in enumerate(choices.weights):
        if mass == 0:
            continue
        functions = {f: _drop(row, i) for f, row in choices.functions.items()}
        for j, other in enumerate(choices.weights):
            if i != j and other > 0:
                weights = _drop(_put(choices.weights, j, other + mass), i)
                yield Choices(weights, _drop(choices.utility, i), _drop(choices.feature, i), choices.scalars, functions)


def _with_simpler_weights(choices: Choices) -> Iterator[Choices]:
    positive = [int(g > 0) for g in choices.weights]
    yield replace(choices, weights=tuple(Fraction(x, sum(positive)) for x in positive))
    common = max(g.denominator for g in choices.weights)
    counts = [int(g * common) for g in choices.weights]
    for i, count in enumerate(counts):
        if count > 0:
            fewer = _put(tuple(counts), i, count - 1)
            if any(fewer):
                yield replace(choices, weights=tuple(Fraction(x, sum(fewer)) for x in fewer))


def _simpler_rows(row: Row) -> Iterator[Row]:
    for i, value in enumerate(row):
        for simpler in _simpler_numbers(value):
            yield _put(row, i, simpler)


def _simpler_numbers(value: Fraction) -> Iterator[Fraction]:
    towards_zero = value - 1 if value > 0 else value + 1
    for simpler in (
        *_SIMPLE,
        Fraction(round(value)),
        towards_zero,
        value.limit_denominator(max(1, value.denominator - 1)),
    ):
        if _ink(simpler) < _ink(value):
            yield simpler


def _drop(row: tuple, i: int) -> tuple:
    return row[:i] + row[i + 1 :]


def _put(row: tuple, i: int, value: object) -> tuple:
    return (*row[:i], value, *row[i + 1 :])
