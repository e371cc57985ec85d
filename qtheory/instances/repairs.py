r"""Repairs: one free value is moved so that a simple hypothesis holds; what is not simple is left to the final check.

What a part's hypotheses are is looked at once; the repairs are then applied to thousands of instances.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, partial
from typing import Any

import sympy as sp

from qtheory import symbols as s
from qtheory.errors import NotAvailable
from qtheory.exact.enclosure import Enclosure
from qtheory.optimizers.abstract import AbstractOptimizer
from qtheory.statements.claim import Part
from qtheory.statements.instance import Instance
from qtheory.statements.well_posed import is_pointwise
from qtheory.symbols import E, OfAction, Scalar

# Bound by what the instance is, never chosen.
COMPUTED_ROLES = ("utility", "ratio", "feature_ratio", "cost_mean", "win_chance")
# Moved to make a hypothesis hold; a level or a count would leave its domain, or its policy behind.
MOVABLE_DOMAINS = ("real", "nonnegative", "positive")

Repair = Callable[[Instance], None]


@dataclass(frozen=True)
class _Room:
    """What may be moved, and how far: numbers that no policy is made of, functions within their constant bounds."""

    fixed: frozenset[sp.Symbol]
    floored: frozenset[sp.Symbol]
    caps: dict[sp.Symbol, Fraction]

    def movable(self, symbol: sp.Basic, other: sp.Basic) -> bool:
        free = isinstance(symbol, Scalar) and symbol.domain in MOVABLE_DOMAINS and symbol not in self.fixed
        return free and symbol not in other.free_symbols


@lru_cache(maxsize=2048)
def required(part: Part) -> tuple[sp.Basic, ...]:
    """What an instance has to be made to meet: the axioms of the cost class, and what is given."""
    costs = part.cost.axioms(s.c) if part.cost is not None else ()
    return (*costs, *part.given)


@lru_cache(maxsize=2048)
def repairs_of(part: Part) -> tuple[Repair, ...]:
    """The repairs of a part's hypotheses, in their order."""
    room = _room(part)
    return tuple(repair for hypothesis in required(part) for repair in _repairs(hypothesis, room))


@lru_cache(maxsize=2048)
def unrepaired(part: Part) -> tuple[sp.Basic, ...]:
    """The hypotheses about expectations that no single repair makes hold."""
    room = _room(part)
    return tuple(h for h in required(part) if h.has(E) and not any(True for _ in _repairs(h, room)))


def symbols_in(owner: Any) -> frozenset[sp.Symbol]:
    """The symbols in the parameters of an optimizer or a cost class."""
    values = owner.parameters().values()
    return frozenset().union(*(getattr(v, "free_symbols", frozenset()) for v in values))


def _room(part: Part) -> _Room:
    optimizers: Iterable[AbstractOptimizer] = [p.optimizer for p in part.policies]
    floored, caps = set(), {}
    for hypothesis in required(part):
        if (
            isinstance(hypothesis, (sp.Le, sp.Ge, sp.Lt, sp.Gt))
            and isinstance(hypothesis.gts, OfAction)
            and hypothesis.lts.is_Number
        ):
            floored.add(hypothesis.gts)
        if isinstance(hypothesis, sp.Le) and isinstance(hypothesis.lhs, OfAction) and hypothesis.rhs.is_Rational:
            caps[hypothesis.lhs] = Fraction(int(hypothesis.rhs.p), int(hypothesis.rhs.q))
    return _Room(frozenset().union(*map(symbols_in, optimizers)), frozenset(floored), caps)


def _repairs(hypothesis: sp.Basic, room: _Room) -> Iterator[Repair]:
    pointwise = is_pointwise(hypothesis)
    if isinstance(hypothesis, sp.Implies) and pointwise:
        condition, consequence = hypothesis.args
        yield from _where(condition, consequence, room)
    elif isinstance(hypothesis, sp.Eq):
        yield from (_row_equation if pointwise else _equation)(hypothesis.lhs, hypothesis.rhs, room)
    elif isinstance(hypothesis, (sp.Le, sp.Ge, sp.Lt, sp.Gt)):
        strict = isinstance(hypothesis, (sp.Lt, sp.Gt))
        yield from (_row_bound if pointwise else _bound)(hypothesis.lts, hypothesis.gts, strict, room)


def _row_equation(left: sp.Expr, right: sp.Expr, room: _Room) -> Iterator[Repair]:
    for symbol, other in ((left, right), (right, left)):
        if _is_free(symbol, other):
            yield partial(_set_row, symbol, other, _second)
            return


def _equation(left: sp.Expr, right: sp.Expr, room: _Room) -> Iterator[Repair]:
    for symbol, other in ((left, right), (right, left)):
        if room.movable(symbol, other):
            yield partial(_set, symbol, other)
            return
    for mean, other in ((left, right), (right, left)):
        if isinstance(mean, E) and _is_free(mean.args[0], other):
            yield partial(_move_mean, mean, other, True, room)
            return


def _row_bound(lesser: sp.Expr, greater: sp.Expr, strict: bool, room: _Room) -> Iterator[Repair]:
    if _is_free(lesser, greater):
        yield partial(_set_row, lesser, greater, _below if strict else min)
    elif _is_free(greater, lesser):
        yield partial(_set_row, greater, lesser, _above if strict else max)


def _bound(lesser: sp.Expr, greater: sp.Expr, strict: bool, room: _Room) -> Iterator[Repair]:
    if room.movable(greater, lesser):
        yield partial(_move, greater, lesser, _above if strict else max, 1)
    elif isinstance(lesser, E) and _is_free(lesser.args[0], greater) and not strict:
        yield partial(_move_mean, lesser, greater, False, room)
    elif room.movable(lesser, greater):
        yield partial(_move, lesser, greater, _below if strict else min, -1)


def _where(condition: sp.Basic, consequence: sp.Basic, room: _Room) -> Iterator[Repair]:
    """Where a condition holds, a free function takes the value that the consequence demands, or a number does."""
    if not isinstance(consequence, sp.Eq):
        return
    symbol, wanted = consequence.args
    if _is_free(symbol, wanted) and symbol not in condition.free_symbols:
        yield partial(_set_row_where, condition, symbol, wanted)
    elif room.movable(symbol, wanted):
        yield partial(_set_number_where, condition, symbol, wanted)


def _second(value: Any, wanted: Fraction) -> Any:
    return wanted


def _above(value: Any, bound: Fraction) -> Any:
    return value if value > bound else bound + 1


def _below(value: Any, bound: Fraction) -> Any:
    # A half, so that what is to be positive as well stays so.
    return value if value < bound else bound / 2 if bound > 0 else bound - 1


def _is_free(symbol: sp.Basic, other: sp.Basic) -> bool:
    """Whether this is a function that may be chosen, and that the other side does not speak of."""
    free = isinstance(symbol, OfAction) and symbol.role not in COMPUTED_ROLES
    return free and symbol not in other.free_symbols


def _set_row(symbol: OfAction, other: sp.Expr, choose: Callable[[Any, Fraction], Any], instance: Instance) -> None:
    moved = [choose(x, _rational(instance.value_at(other, i))) for i, x in enumerate(instance.functions[symbol])]
    instance.functions[symbol] = tuple(moved)  # type: ignore[index]


def _set_row_where(condition: sp.Basic, symbol: OfAction, wanted: sp.Expr, instance: Instance) -> None:
    row = list(instance.functions[symbol])
    for i in range(len(row)):
        if instance.truth_at(condition, i):
            row[i] = _rational(instance.value_at(wanted, i))
    instance.functions[symbol] = tuple(row)  # type: ignore[index]


def _set_number_where(condition: sp.Basic, symbol: Scalar, wanted: sp.Expr, instance: Instance) -> None:
    """Give a number the value that the first action demands at which a condition holds."""
    for i, mass in enumerate(instance.weights):
        if mass > 0 and instance.truth_at(condition, i):
            instance.scalars[symbol] = _rational(instance.value_at(wanted, i))  # type: ignore[index]
            return


def _set(symbol: Scalar, other: sp.Expr, instance: Instance) -> None:
    instance.scalars[symbol] = _rational(instance.value(other))  # type: ignore[index]


def _move(
    symbol: Scalar, other: sp.Expr, choose: Callable[[Any, Fraction], Any], side: int, instance: Instance
) -> None:
    bound = instance.value(other)
    if isinstance(bound, Enclosure):
        bound = bound.high if side > 0 else bound.low  # the end by which the number itself is passed for certain
    if isinstance(bound, Fraction):
        instance.scalars[symbol] = choose(instance.scalars[symbol], bound)  # type: ignore[index]


def _rational(value: Any) -> Fraction:
    if not isinstance(value, Fraction):
        raise NotAvailable("a value to move to that is not rational")
    return value


def _move_mean(mean_of: E, other: sp.Expr, equal: bool, room: _Room, instance: Instance) -> None:
    """Give a function a mean, or bring it down to one, within its constant bounds."""
    symbol, mean, target = mean_of.args[0], instance.value(mean_of), instance.value(other)
    if not isinstance(mean, Fraction) or not isinstance(target, Fraction) or (not equal and mean <= target):
        return
    cap = room.caps.get(symbol)
    row = instance.functions[symbol]
    if cap is not None and mean < target < cap:
        row = tuple(cap - (cap - x) * (cap - target) / (cap - mean) for x in row)
    elif mean > 0 and (target != 0 or symbol in room.floored):
        row = tuple(x * target / mean for x in row)
    else:
        row = tuple(x + target - mean for x in row)
    instance.functions[symbol] = row  # type: ignore[index]
