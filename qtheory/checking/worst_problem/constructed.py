r"""Exact problems made to meet hypotheses about expectations, such as $E[uc] = E[u]\,E[c]$, that random ones meet badly.

What random problems meet such an equation are nearly all degenerate: one action, a constant cost, a policy that is the
base. Here a problem is drawn with several actions, and then one function after the other is moved to the nearest row
that meets the hypotheses affine in it. The last is also moved to where it harms the conclusion most.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from itertools import islice
from random import Random

import sympy as sp

from qtheory import symbols as s
from qtheory.checking.worst_problem.affine import groups_of, linear_piece, pieces, spread
from qtheory.checking.worst_problem.exact_population import edges, exact_choices
from qtheory.checking.worst_problem.linear import worst_at
from qtheory.checking.worst_problem.nearest import nearest
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.enclosure import Undefined
from qtheory.instances.complete import COMPUTED_DOMAINS, Choices, bound, free_functions
from qtheory.instances.repairs import COMPUTED_ROLES, required, unrepaired
from qtheory.statements.claim import Part
from qtheory.statements.instance import Row
from qtheory.symbols import E, OfAction, Scalar

# Small problems suffice, and are read easily; with two actions an equation mostly leaves constants alone.
FEWEST, MOST = 3, 4
# What the last function is near to as well: values that lie far apart.
WILD = tuple(Fraction(x) for x in (0, 1, 3, 10))
# A mean given the utility, or a ratio of feature laws: relations about these mostly say what they are, and hold anyway.
DEFINED_BY_HYPOTHESES = ("cost_mean", "feature_ratio")
# At a conclusion about almost every action there is a programme for each of them.
MOST_AIMS = 4


def constructed_choices(part: Part, count: int, key: int, fewest: int = FEWEST, most: int = MOST) -> Iterator[Choices]:
    """Choices, up to so many random problems, made to meet the hypotheses that are affine in one function.

    None at all where no hypothesis needs it. What comes out is a proposal, to be completed and checked like any other.
    """
    if not steered(part):
        return
    random = Random(f"constructed {key}")
    for choices in exact_choices(part, count, key, fewest, most):
        yield from _constructed(part, _varied(choices, random), random)


@lru_cache(maxsize=2048)
def steered(part: Part) -> frozenset[OfAction]:
    """The functions by which a hypothesis about expectations can be met that nothing else makes hold."""
    hard = [piece for h in unrepaired(part) for piece in pieces(h) if piece.has(E)]
    return frozenset(f for f in (s.u, *free_functions(part)) if any(_serves(piece, f) for piece in hard))


def is_steered(part: Part, piece: sp.Basic) -> bool:
    """Whether some function can be moved to meet a relation."""
    return any(_serves(piece, f) for f in (s.u, *free_functions(part)))


def _serves(piece: sp.Basic, function: OfAction) -> bool:
    """Whether a function may be moved to meet a relation, and nothing else that the relation speaks of moves with it."""
    if function not in piece.free_symbols or not linear_piece(piece, function):
        return False
    if any(isinstance(x, OfAction) and x.role in DEFINED_BY_HYPOTHESES for x in piece.free_symbols):
        return False
    return function != s.u or not any(map(_is_computed, piece.free_symbols))


def _is_computed(symbol: sp.Basic) -> bool:
    if isinstance(symbol, Scalar):
        return symbol.domain in COMPUTED_DOMAINS
    return isinstance(symbol, OfAction) and symbol.role in COMPUTED_ROLES and symbol != s.u


def _varied(choices: Choices, random: Random) -> Choices:
    """No empty actions; often utilities that all differ and a level at which some of the actions are exactly full."""
    size = len(choices.weights)
    weights = choices.weights if min(choices.weights) > 0 else (Fraction(1, size),) * size
    choices = replace(choices, weights=weights)
    if random.random() < 0.5:
        steps = [Fraction(random.choice((1, 1, 2))) for _ in range(size)]
        choices = replace(choices, utility=tuple(sum(steps[i:], Fraction(-1)) for i in range(size)))
    if random.random() < 0.25:
        choices = _mirrored(choices)
    levels = edges(choices.weights, choices.utility)
    scalars = {x: random.choice(levels) if _any_level(x, random) else y for x, y in choices.scalars.items()}
    return replace(choices, scalars=scalars)


def _any_level(symbol: Scalar, random: Random) -> bool:
    return symbol.domain == "level" and random.random() < 0.5


def _mirrored(choices: Choices) -> Choices:
    """A utility symmetric about zero and all else the same on both sides: uncorrelated, also for functions of two values."""
    even = lambda row: tuple((x + y) / 2 for x, y in zip(row, row[::-1], strict=True))
    fold = lambda row: tuple(row[min(i, len(row) - 1 - i)] for i in range(len(row)))
    utility = tuple((x - y) / 2 for x, y in zip(choices.utility, choices.utility[::-1], strict=True))
    functions = {f: fold(row) for f, row in choices.functions.items()}
    return Choices(even(choices.weights), utility, fold(choices.feature), choices.scalars, functions)


def _constructed(part: Part, choices: Choices, random: Random) -> Iterator[Choices]:
    order = _order(part, random)
    done = {f for f in (s.u, *free_functions(part)) if f not in order}
    try:
        for function in order:
            rows = list(_rows(part, choices, function, done, random, function == order[-1]))
            for row in rows[1:]:
                yield _with(choices, function, row)
            choices = _with(choices, function, rows[0])
            done.add(function)
        yield choices
    except (InvalidInput, NotAvailable, Undefined, KeyError):
        return


def _order(part: Part, random: Random) -> list[OfAction]:
    """The functions that are moved, in a random order: mostly the utility first, and last one to aim with."""
    moved = [f for f in (s.u, *free_functions(part)) if f in steered(part) or _aimed(part, f)]
    # What has to be of two values, say, is mostly left as it was drawn, and the others moved to fit it.
    moved = [f for f in moved if not _is_rough(part, f) or random.random() < 0.25] or moved
    places = {f: (_aimed(part, f), random.random()) for f in moved}
    early = random.random() < 0.75
    return sorted(moved, key=lambda f: (f != s.u or not early, places[f]))


@lru_cache(maxsize=2048)
def _is_rough(part: Part, function: OfAction) -> bool:
    """Whether some hypothesis about single actions is not affine in a function."""
    local = [p for h in required(part) for p in pieces(h) if function in p.free_symbols and not p.has(E)]
    return not all(linear_piece(p, function) for p in local)


@lru_cache(maxsize=2048)
def _aimed(part: Part, function: OfAction) -> bool:
    """Whether the conclusion is one relation that is affine in a function."""
    piece, *others = pieces(part.conclusion)
    return not others and function in piece.free_symbols and function != s.u and linear_piece(piece, function)


def _rows(
    part: Part, choices: Choices, function: OfAction, done: set[OfAction], random: Random, last: bool
) -> Iterator[Row]:
    """The nearest row that meets the hypotheses, and for the last function those that harm the conclusion most."""
    instance = bound(part, choices)
    if instance is None:
        raise NotAvailable("the policies do not apply to this problem")
    affine = [p for h in required(part) for p in pieces(h) if _serves(p, function) and _is_ready(p, function, done)]
    row = nearest(part, instance, function, affine, random)
    if row is None:
        raise NotAvailable("no row of this function meets the hypotheses")
    yield row
    if last and function != s.u:
        groups = groups_of(part, instance, function)
        wild = spread(random.choices(WILD, k=len(groups)), groups, len(row))
        far = nearest(part, bound(part, _with(choices, function, wild)) or instance, function, affine, random)
        yield from [] if far is None else [far]
    if last and _aimed(part, function):
        yield from (worst.row for worst in islice(worst_at(part, instance, function, near=True), MOST_AIMS))


def _is_ready(piece: sp.Basic, function: OfAction, done: set[OfAction]) -> bool:
    """Whether all else that a relation speaks of stands already; what policies make of the utility stands when it does."""
    others = {x for x in piece.free_symbols if x != function}
    functions = {x for x in others if (isinstance(x, OfAction) and x.role not in COMPUTED_ROLES) or x == s.u}
    return functions <= done and (s.u in done or not any(map(_is_computed, others)))


def _with(choices: Choices, function: OfAction, row: Row) -> Choices:
    if function == s.u:
        return replace(choices, utility=row)
    return replace(choices, functions={**choices.functions, function: row})
