r"""The words of the formula language: each function by name, how many arguments it takes, and what they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import sympy as sp

from qtheory.symbols import E, indicator, xlogy

Kind = Literal["number", "statement"]
ANY_NUMBER = 64


@dataclass(frozen=True)
class Word:
    """A function of the language.

    Args:
        build: makes the SymPy object; statements are built unevaluated, so that nothing is simplified away.
        takes: what each argument is.
        gives: what the result is.
        least: the fewest arguments.
        most: the most arguments.
    """

    build: Callable[..., sp.Basic]
    takes: Kind = "number"
    gives: Kind = "number"
    least: int = 1
    most: int = 1


def _unevaluated(head: type) -> Callable[..., sp.Basic]:
    return lambda *arguments: head(*arguments, evaluate=False)


def _relation(head: type) -> Word:
    return Word(_unevaluated(head), gives="statement", least=2, most=2)


def _connective(head: type, least: int, most: int = ANY_NUMBER) -> Word:
    return Word(_unevaluated(head), takes="statement", gives="statement", least=least, most=most)


_EXTREMES = {
    "Max": Word(_unevaluated(sp.Max), most=ANY_NUMBER),
    "Min": Word(_unevaluated(sp.Min), most=ANY_NUMBER),
}

RELATIONS: Mapping[str, Word] = {
    name: _relation(head)
    for name, head in {"Eq": sp.Eq, "Ne": sp.Ne, "Le": sp.Le, "Lt": sp.Lt, "Ge": sp.Ge, "Gt": sp.Gt}.items()
}

CONNECTIVES: Mapping[str, Word] = {
    "And": _connective(sp.And, 1),
    "Or": _connective(sp.Or, 1),
    "Not": _connective(sp.Not, 1, 1),
    "Implies": _connective(sp.Implies, 2, 2),
    "Equivalent": _connective(sp.Equivalent, 2),
}

FUNCTIONS: Mapping[str, Word] = {
    **{name: Word(getattr(sp, name)) for name in ("exp", "log", "sqrt", "sin", "cos", "tanh", "atan", "erf", "erfc")},
    **{name: Word(getattr(sp, name)) for name in ("gamma", "loggamma", "sign", "Abs")},
    "abs": Word(sp.Abs),
    **_EXTREMES,
    "max": _EXTREMES["Max"],
    "min": _EXTREMES["Min"],
    "E": Word(E),
    "xlogy": Word(xlogy, least=2, most=2),
    "indicator": Word(indicator, takes="statement"),
}

WORDS: Mapping[str, Word] = {**FUNCTIONS, **RELATIONS, **CONNECTIVES}

CONSTANTS: Mapping[str, sp.Expr] = {"pi": sp.pi}

# `Piecewise` takes pairs, which no other word does; the reader handles it by itself.
PIECEWISE = "Piecewise"
# `Integral(f, (s, a, b))` binds its variable, which no other word does either.
INTEGRAL = "Integral"

# The SymPy classes a formula can be made of: what can be written, and read back.
HEADS: frozenset[type] = frozenset(
    {sp.Add, sp.Mul, sp.Pow, sp.exp, sp.log, sp.sin, sp.cos, sp.tanh, sp.atan, sp.erf, sp.erfc, sp.gamma, sp.loggamma}
    | {sp.Integral, sp.Tuple}
    | {sp.sign, sp.Abs, sp.Max, sp.Min, E, xlogy, sp.Piecewise, sp.functions.elementary.piecewise.ExprCondPair}
    | {sp.Eq, sp.Ne, sp.Le, sp.Lt, sp.Ge, sp.Gt, sp.And, sp.Or, sp.Not, sp.Implies, sp.Equivalent}
)
