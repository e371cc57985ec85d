r"""The problems that the kit tries: every tiny one, edge cases, and random larger ones, smallest first.

They are few enough for exact arithmetic and many enough that a wrong rule has nowhere to hide: ties, actions of mass
zero, listed in no order, atoms that straddle the boundary, negative and huge utilities, one action, a hundred and fifty actions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import product
from random import Random

from qtheory.instances.tables import MASSES, UTILITIES
from qtheory.testing.oracles import Row

_SEED = "the small problems of the kit"
_RANDOM_SIZES = (3, 4, 5, 6, 7, 8) * 20
_LARGE_SIZES = (12, 17, 25, 40, 60, 150)
_AGAINST_THE_EDGE = Fraction(1, 1000)
TINIEST = Fraction(1, 10_000)
# Below this, rounding errors of sums in floats would count.
_LOWEST = TINIEST / 10
_LARGEST_PAIR = 12


@dataclass(frozen=True)
class SmallProblem:
    """Masses that sum to one, and utilities."""

    weights: Row
    utility: Row


@lru_cache(maxsize=1)
def small_problems() -> tuple[SmallProblem, ...]:
    """About three hundred problems, always the same, smallest first.

    >>> problems = small_problems()
    >>> len(problems) > 250, len(problems[0].weights), len(problems[-1].weights)
    (True, 1, 150)
    """
    random = Random(_SEED)
    drawn = [_random(random, size) for size in _RANDOM_SIZES]
    large = [_random(random, size) for size in _LARGE_SIZES]
    found = dict.fromkeys([*_tiny(), *_extreme(), *drawn, *large])
    return tuple(sorted(found, key=lambda problem: len(problem.weights)))


def levels_of(problem: SmallProblem) -> tuple[Fraction, ...]:
    """Levels that matter for a problem: where an action is exactly full, just beside that, below every mass, and one."""
    edges = sorted(set(_edges(problem)))
    beside = [edge + way * _AGAINST_THE_EDGE for edge in edges for way in (-1, 1)]
    between = [(a + b) / 2 for a, b in zip([Fraction(0), *edges], edges, strict=False)]
    everything = [TINIEST, Fraction(3, 10), *_some(edges), *_some(between), *_some(beside), Fraction(1)]
    return tuple(dict.fromkeys(q for q in everything if _LOWEST <= q <= 1))


def cases() -> Iterator[tuple[Row, Row, Fraction]]:
    """Every small problem at each of its levels."""
    for problem in small_problems():
        for q in levels_of(problem):
            yield problem.weights, problem.utility, q


@lru_cache(maxsize=1)
def pairs() -> tuple[tuple[Row, Row], ...]:
    """Policies beside their base: random rows, rows that leave the base or part of it, and the base itself."""
    random = Random(_SEED + ", pairs")
    found = []
    for problem in small_problems():
        size = len(problem.weights)
        if size <= _LARGEST_PAIR:
            mine = normalised([random.choice(MASSES) for _ in range(size)]) or problem.weights
            inside = normalised([p * (g > 0) for p, g in zip(mine, problem.weights, strict=True)])
            found += [(mine, problem.weights), (problem.weights, problem.weights)]
            found += [(inside, problem.weights)] if inside else []
    # The last of many is the one that is played most.
    rising = normalised([Fraction(i) for i in range(1, _LARGEST_PAIR + 1)])
    assert rising is not None
    found.append((rising, (Fraction(1, _LARGEST_PAIR),) * _LARGEST_PAIR))
    return tuple(dict.fromkeys(found))


def normalised(counts: list[Fraction]) -> Row | None:
    """Masses in proportion to counts, unless all are zero."""
    total = sum(counts, Fraction(0))
    return tuple(Fraction(x) / total for x in counts) if total else None


def _tiny() -> Iterator[SmallProblem]:
    for size in (1, 2):
        for counts in product((0, 1, 3), repeat=size):
            for utility in product((0, 1), repeat=size):
                if any(counts):
                    yield _problem(counts, utility)
    for counts in product((0, 1, 2), repeat=3):
        for utility in ((0, 0, 1), (1, 0, 0), (0, 1, 0), (1, 0, 1), (2, 0, 1), (0, 1, 2), (0, 0, 0)):
            if any(counts):
                yield _problem(counts, utility)


def _extreme() -> Iterator[SmallProblem]:
    yield _problem((1, 1, 1), (10**9, -(10**9), 0))
    yield _problem((1, 1, 1, 1), (-5, -4, -3, -4))
    yield _problem((1, 10**4, 10**4), (3, 2, 1))
    yield _problem((10**4, 1, 1), (3, 2, 1))
    yield _problem((1, 10**9, 10**9), (3, 2, 1))
    yield SmallProblem((Fraction(1, 2), Fraction(1, 2)), (Fraction(1, 2), Fraction(500001, 1000000)))
    yield SmallProblem((Fraction(1, 3), Fraction(2, 3)), (Fraction(1), Fraction(10**9 + 1, 10**9)))
    yield _problem((0, 1, 0, 1), (9, 1, 9, 2))


def _problem(counts: tuple[int, ...], utility: tuple[int, ...]) -> SmallProblem:
    weights = normalised([Fraction(x) for x in counts])
    assert weights is not None
    return SmallProblem(weights, tuple(Fraction(x) for x in utility))


def _random(random: Random, size: int) -> SmallProblem:
    weights = normalised([random.choice(MASSES) for _ in range(size)]) or (Fraction(1, size),) * size
    distinct = random.random() < 0.3
    values = random.sample(range(-size, 2 * size), size) if distinct else random.choices(UTILITIES, k=size)
    return SmallProblem(weights, tuple(Fraction(x) for x in values))


def _edges(problem: SmallProblem) -> Iterator[Fraction]:
    for level in set(problem.utility):
        yield sum((g for g, u in zip(problem.weights, problem.utility, strict=True) if u >= level), Fraction(0))


def _some(levels: list[Fraction], most: int = 3) -> list[Fraction]:
    """The first ones, and the last."""
    return levels if len(levels) <= most else [*levels[: most - 1], levels[-1]]
