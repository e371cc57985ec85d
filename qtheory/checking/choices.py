r"""What the free symbols of a statement are tried as: numbers from short lists, functions from the library."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from itertools import islice, product

import sympy as sp

from qtheory import symbols as s
from qtheory.checking.bindings import parameters_of
from qtheory.exact.evaluate import compile_truth
from qtheory.statements.claim import Part
from qtheory.symbols import OfAction, Scalar
from qtheory.worlds.library import FEATURE_COSTS, constant, costs, functions, rivals
from qtheory.worlds.shapes import AbstractShape

LEVELS = (Fraction(1, 2), Fraction(1, 10), Fraction(1, 100))
COMPUTED_DOMAINS = ("threshold", "sup_ratio", "worst_cost", "amplification")
FREE_ROLES = ("cost", "feature_cost", "rival", "real", "utility")
MOST_COMBINATIONS = 1000
# How many values of a number a policy is tried at in all, and how many of those in one world.
MOST_VALUES, MOST_PARAMETERS = 5, 3
_TABLES = {
    "nonnegative": ("1/2", "0", "1", "2", "10"),
    "positive": ("1", "2", "1/2", "1/10", "10"),
    "unit": ("1/2", "1/4", "1", "0", "9/10"),
    "count": ("2", "5", "3", "1", "10"),
}
# A typical value, a large one and a small one, and then the others.
_OWN = {s.n: ("5", "20", "2", "3", "10", "1"), s.k: ("2", "1", "3", "5")}
_OF_POLICIES = {
    "nonnegative": ("1", "10", "1/10", "0", "2"),
    "positive": ("1", "1/10", "10", "2", "1/2"),
    "count": ("5", "20", "2", "3", "1"),
}


def numbers_for(symbol: Scalar, level: Fraction) -> tuple[Fraction, ...]:
    """Values to try for a number, the most telling first."""
    if symbol == s.q:
        return (level, 3 * level / 2, Fraction(1)) if level == LEVELS[0] else (level, 3 * level / 2)
    if symbol.domain == "level":
        return (min(2 * level, Fraction(1)), level, level / 2, Fraction(1))
    if symbol.domain == "real":
        return (Fraction(1, 2), 1 / level, Fraction(2), Fraction(0), Fraction(-1))
    return tuple(map(Fraction, _OWN.get(symbol, _TABLES.get(symbol.domain, ("1",)))))


def of_policies(symbol: Scalar, level: Fraction) -> tuple[Fraction, ...]:
    """Values to try for a parameter of a policy: besides a typical one a large and a small one.

    >>> from qtheory.symbols import n
    >>> [int(value) for value in of_policies(n, LEVELS[0])]
    [5, 20, 2, 3, 10]
    """
    if symbol in _OWN or symbol.domain not in _OF_POLICIES:
        return numbers_for(symbol, level)[:MOST_VALUES]
    return tuple(map(Fraction, _OF_POLICIES[symbol.domain]))


def parameter_choices(part: Part, level: Fraction, most: int = MOST_PARAMETERS) -> Iterator[dict[Scalar, Fraction]]:
    """Values for the parameters of the policies with which the hypotheses about them alone hold."""
    symbols = sorted(parameters_of(part), key=lambda x: x.name)
    numeric = [h for h in part.hypotheses if h.free_symbols and h.free_symbols <= set(symbols) and not h.has(s.E)]
    tables = [of_policies(x, level) for x in symbols]
    order = sorted(islice(product(*(range(len(t)) for t in tables)), MOST_COMBINATIONS), key=sum)
    found = 0
    for places in order:
        values = {x: t[i] for x, t, i in zip(symbols, tables, places, strict=True)}
        if all(_holds(h, values) for h in numeric):
            yield values
            found += 1
        if found == most:
            return


def _holds(hypothesis: sp.Basic, values: dict[Scalar, Fraction]) -> bool:
    return compile_truth(hypothesis, tuple(values))(tuple(values.values())) is True


def free_functions(part: Part) -> list[OfAction]:
    """The functions that nothing computes, costs first."""
    free = [x for x in part.stated_symbols if isinstance(x, OfAction) and x.role in FREE_ROLES and x != s.u]
    return sorted(free, key=lambda x: (FREE_ROLES.index(x.role), x.name))


def of_feature(part: Part, symbol: OfAction) -> bool:
    """Whether a function depends on the action through the feature alone."""
    measurable = part.cost is not None and part.cost.depends_on_feature()
    return symbol.role == "feature_cost" or (measurable and symbol == s.c)


def shapes_for(symbol: OfAction, level: Fraction, masses: tuple[Fraction, ...] = ()) -> tuple[AbstractShape, ...]:
    """What a free function is tried as, what is likeliest to break a bound first.

    Args:
        symbol: the function; level: the quantile level.
        masses: those that the policies are concentrated on, which costs are aimed at.
    """
    if symbol.role == "cost":
        return costs(*(masses or (level,)))
    return (rivals if symbol.role == "rival" else functions)(level)


def feature_costs() -> tuple[AbstractShape, ...]:
    """Stand-ins for costs of a feature, which are made on the grid: their place in the list is what counts."""
    return tuple(constant(Fraction(i)) for i in range(len(FEATURE_COSTS)))


def combinations(tables: list[tuple[AbstractShape, ...]], start: int, most: int) -> Iterator[tuple[AbstractShape, ...]]:
    """Combinations of one shape for each function, those with all early in their tables first.

    Args:
        tables: for each function its shapes.
        start: which combination of the first few comes first, so that worlds do not all begin alike.
        most: how many.
    """
    if not tables:
        yield ()
        return
    places = _early_first(tuple(len(table) for table in tables), most)
    begin = start % min(len(places), 8)
    for place in [*places[begin : begin + 1], *places[:begin], *places[begin + 1 :]]:
        yield tuple(table[i] for table, i in zip(tables, place, strict=True))


@lru_cache(maxsize=256)
def _early_first(sizes: tuple[int, ...], most: int) -> tuple[tuple[int, ...], ...]:
    return tuple(sorted(islice(product(*map(range, sizes)), 20_000), key=lambda p: (sum(p), p))[:most])


def levels_of(part: Part) -> tuple[Fraction, ...]:
    """The levels to try: those the part states, or a few where its level is a symbol."""
    stated = [p.optimizer.parameters().get("q") for p in part.policies]
    numbers = tuple(dict.fromkeys(q for q in stated if isinstance(q, Fraction)))
    if s.q in part.stated_symbols | parameters_of(part) or not numbers:
        return LEVELS if speaks_of_levels(part) else LEVELS[:1]
    return numbers


def stated_parameters(part: Part) -> dict[str, str]:
    """The parameters of the policies that a part states as numbers, in words; several where they differ."""
    found: dict[str, list[str]] = {}
    for policy in part.policies:
        for name, value in policy.optimizer.parameters().items():
            if isinstance(value, (int, Fraction)) and str(value) not in found.setdefault(name, []):
                found[name].append(str(value))
    return {name: " and ".join(values) for name, values in found.items() if values}


def speaks_of_levels(part: Part) -> bool:
    """Whether a quantile level occurs in a part."""
    return s.q in part.stated_symbols | parameters_of(part) or any(
        "q" in p.optimizer.parameters() for p in part.policies
    )
