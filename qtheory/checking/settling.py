r"""From chosen functions to a model in which the hypotheses may hold: numbers solved for, functions moved, the rest guessed."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

import sympy as sp

from qtheory import symbols as s
from qtheory.checking.bindings import symbols_of, with_cost_mean
from qtheory.checking.choices import COMPUTED_DOMAINS, free_functions, numbers_for
from qtheory.checking.model import Model
from qtheory.checking.repair import repaired
from qtheory.checking.solving import solved, with_number
from qtheory.exact.enclosure import Enclosure
from qtheory.statements.claim import Part
from qtheory.symbols import OfAction, Scalar


@lru_cache(maxsize=20_000)
def settled(part: Part, model: Model, level: Fraction, guess: int) -> tuple[Model | None, frozenset[sp.Basic]]:
    """A model with a value for every number, made to satisfy the simple hypotheses.

    Args:
        part, model: the part, and the model so far.
        level: the quantile level, for guesses.
        guess: which guess to make for the numbers that no hypothesis defines.

    Returns:
        The model, and the equations that define one of its numbers as an irrational mean; or `None` if a number that
        only a policy could give is missing.
    """
    hypotheses = _repairable(part)
    free = frozenset(free_functions(part))
    defined: dict[sp.Basic, Scalar] = {}
    unknown = _unknown(part, model)
    if any(x.domain in COMPUTED_DOMAINS and x != s.worst for x in unknown):
        return None, frozenset()
    unknown = [x for x in unknown if x != s.worst]
    while unknown:
        model = _all_repaired(hypotheses, model, free, unknown)
        symbol, value, source = _next(hypotheses, model, unknown, level, guess)
        if isinstance(value, Enclosure) and source is not None:
            defined[source] = symbol
        model = with_number(model, symbol, value)
        unknown.remove(symbol)
    for _ in range(2):
        model = _all_repaired(hypotheses, model, free, [])
    # What was moved after a number was defined may have changed the mean that defined it.
    if any(solved(symbol, source, model) != model.scalar[symbol] for source, symbol in defined.items()):
        return None, frozenset()
    return model, frozenset(defined)


def _repairable(part: Part) -> list[sp.Basic]:
    return [*(part.cost.axioms(s.c) if part.cost is not None else ()), *part.given]


def _unknown(part: Part, model: Model) -> list[Scalar]:
    symbols = {x for x in symbols_of(part) if isinstance(x, Scalar)}
    return sorted(symbols - set(model.scalar), key=lambda x: x.name)


def _all_repaired(hypotheses: list[sp.Basic], model: Model, free: frozenset[OfAction], unknown: list[Scalar]) -> Model:
    for hypothesis in hypotheses:
        if not hypothesis.free_symbols & set(unknown):
            model = with_cost_mean(repaired(hypothesis, model, free))
    return model


def _next(
    hypotheses: list[sp.Basic], model: Model, unknown: list[Scalar], level: Fraction, guess: int
) -> tuple[Scalar, Fraction | Enclosure, sp.Basic | None]:
    """The next number: first one that nothing defines, then one that a hypothesis with no other unknown defines."""
    defining = {x: [h for h in hypotheses if x in h.free_symbols and _may_define(h)] for x in unknown}
    for symbol in unknown:
        if not defining[symbol]:
            return symbol, _guess(symbol, level, guess), None
    for wanted in (sp.Eq, (sp.Le, sp.Ge, sp.Lt, sp.Gt)):
        for hypothesis in hypotheses:
            here = [x for x in unknown if x in hypothesis.free_symbols]
            if len(here) == 1 and isinstance(hypothesis, wanted) and _may_define(hypothesis):
                value = solved(here[0], hypothesis, model)
                if value is not None:
                    return here[0], value, hypothesis
    return unknown[0], _guess(unknown[0], level, guess), None


def _may_define(hypothesis: sp.Basic) -> bool:
    """Equations, and bounds on something that depends on the functions; `t >= 0` defines nothing."""
    if isinstance(hypothesis, sp.Eq):
        return True
    about_functions = bool(hypothesis.atoms(OfAction))
    return isinstance(hypothesis, (sp.Le, sp.Ge, sp.Lt, sp.Gt)) and about_functions


def _guess(symbol: Scalar, level: Fraction, guess: int) -> Fraction:
    table = numbers_for(symbol, level)
    return table[guess % len(table)]
