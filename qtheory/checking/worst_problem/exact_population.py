r"""Exact problems of more actions than one would draw by chance, shaped to hurt.

It needs no arrays and no compiler, so it serves every optimizer, and `falsify` as its last round.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import accumulate
from random import Random

from qtheory import symbols as s
from qtheory.instances.complete import Choices, free_functions, free_scalars, functions_of_feature
from qtheory.statements.claim import Part
from qtheory.statements.instance import Row
from qtheory.symbols import OfAction, Scalar

MOST_ACTIONS = 12
FEATURE_VALUES = 3
_MASSES = ((1,), (1, 2, 3, 4), (1, 1, 1, 30), (0, 1, 2, 5))
_SMALL = tuple(Fraction(x) for x in ("0", "1", "1/2", "2", "3", "1/3", "5", "10", "1/10"))
_LEVELS = tuple(Fraction(x) for x in ("1/2", "1/4", "1/3", "3/4", "1/10", "1/20", "1/100", "2/3", "1"))
_COUNTS = (1, 2, 3, 4, 5, 8, 12, 20, 50)


def exact_choices(part: Part, count: int, key: int, fewest: int = 2, most: int = MOST_ACTIONS) -> Iterator[Choices]:
    """So many random choices; some of them can be completed to instances that meet the part's hypotheses.

    Args:
        fewest, most: the numbers of actions they have; half of them have at most two more than the fewest.
    """
    random = Random(f"worst problem {key}")
    for _ in range(count):
        few = random.random() < 0.5
        yield _choices(part, random, random.randint(min(fewest, most), min(fewest + 2, most) if few else most))


def edges(weights: Row, utility: Row) -> list[Fraction]:
    """The levels at which a number of the best actions is exactly full."""
    best_first = sorted(zip(utility, weights, strict=True), reverse=True)
    return [mass for mass in accumulate(g for _, g in best_first) if mass > 0]


def needs_feature(part: Part) -> bool:
    """Whether the statement speaks of a feature of the action."""
    ratios = any(isinstance(x, OfAction) and x.role == "feature_ratio" for x in part.symbols)
    return ratios or bool(functions_of_feature(part)) or s.alpha in part.symbols


def _choices(part: Part, random: Random, size: int) -> Choices:
    counts = random.choices(random.choice(_MASSES), k=size)
    total = sum(counts)
    weights = tuple(Fraction(g, total) for g in counts) if total else (Fraction(1, size),) * size
    different = random.choice((2, 3, size))
    utility = tuple(sorted((Fraction(random.randint(0, different - 1)) for _ in range(size)), reverse=True))
    feature = tuple(random.randrange(FEATURE_VALUES) for _ in range(size)) if needs_feature(part) else (0,) * size
    scalars = {x: _scalar(x, random, weights, utility) for x in free_scalars(part)}
    functions = {f: _function(f, random, weights) for f in free_functions(part)}
    return Choices(weights, utility, feature, scalars, functions)


def _scalar(symbol: Scalar, random: Random, weights: Row, utility: Row) -> Fraction:
    if symbol.domain == "level":
        return random.choice(edges(weights, utility) if random.random() < 0.5 else _LEVELS)
    if symbol.domain == "count":
        return Fraction(random.choice(_COUNTS))
    if symbol.domain == "unit":
        return Fraction(random.randint(0, 6), 6)
    value = random.choice(_SMALL)
    if symbol.domain == "positive":
        return value or Fraction(1)
    # A number without a sign may be a level of utility, a price, or a bound on a ratio, which is mostly above one.
    signed = symbol.domain == "real"
    return random.choice((value, -value, *utility, 1 + value)) if signed else value


def _function(symbol: OfAction, random: Random, weights: Row) -> Row:
    size = len(weights)
    kind = random.randrange(5)
    if kind == 0:
        best = random.randint(1, size)
        return tuple(Fraction(int(i < best)) for i in range(size))
    if kind == 1:
        spike = random.randrange(size)
        return tuple(Fraction(int(i == spike)) for i in range(size))
    row = tuple(random.choice(_SMALL) for _ in range(size))
    if symbol.role == "rival":
        mean = sum((g * x for g, x in zip(weights, row, strict=True)), Fraction(0))
        return tuple(x / mean for x in row) if mean else (Fraction(1),) * size
    return tuple(x * random.choice((1, 1, -1)) for x in row) if kind == 4 else row
