r"""What has to be right about the top of a finite sample: how many, which, in what order, and their average."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise
from random import Random

from qtheory.testing import oracles
from qtheory.testing.check import Disagreement, Subject, agree, check, disagree, expect

_LEVELS = tuple(
    Fraction(x)
    for x in ("1/10", "1/100", "3/10", "7/10", "1/3", "2/3", "1/7", "29/100", "7/100", "11/20", "1/1000", "1")
)
_SIZES = (*range(1, 41), 70, 100, 101, 333, 1000)
_HUGE = ((10**15, Fraction(1, 10)), (10**15 - 1, Fraction(1, 3)), (10**14 + 3, Fraction(7, 10)))
# Just above a whole number: only exact arithmetic rounds these up.
_HAIR_ABOVE = tuple((n, Fraction(k, n) + Fraction(1, 10**12)) for n, k in ((10, 1), (3, 1), (1000, 70)))
_NO_FLOAT = ((10, Fraction(1, 10) + Fraction(1, 10**20)), (7, Fraction(3, 7) + Fraction(1, 10**18)))
_NOT_FINITE = (math.nan, math.inf, -math.inf)


@check("count", says="it is n q rounded up, in exact arithmetic, also where floats would be off by one")
def rounds_up_exactly(subject: Subject) -> None:
    exact = () if subject.floats else _NO_FLOAT
    for n, q in (*((n, q) for n in _SIZES for q in _LEVELS), *_HUGE, *_HAIR_ABOVE, *exact):
        expected, got = oracles.count(n, q), subject(n, q)
        if got != expected:
            disagree("the count is another", (n, q), expected, got)


@check("top", says="it is n q, rounded up, different items, none of which is beaten by one that is left")
def is_the_top(subject: Subject) -> None:
    for scores in _samples():
        for q in _LEVELS:
            got = _indices(subject, scores, q)
            k = oracles.count(len(scores), q)
            expect(len(got) == k, "the top has another size", (scores, q), k, len(got))
            expect(len(set(got)) == k, "an item is taken twice", (scores, q), None, got)
            expect(
                all(0 <= i < len(scores) for i in got), "these are not indices of the sample", (scores, q), None, got
            )
            left = [score for i, score in enumerate(scores) if i not in set(got)]
            if left and min(scores[i] for i in got) < max(left):
                disagree("an item is left that beats one that is taken", (scores, q), None, got)


@check(
    "top", says="scores that are not finite are refused, wherever they stand: not ranked, and not dropped in silence"
)
def refuses_what_is_no_score(subject: Subject) -> None:
    for bad in _NOT_FINITE:
        for place in (0, 3, 6):
            scores = tuple(bad if i == place else float(i * 5 % 7) for i in range(7))
            _must_raise(subject, scores, Fraction(1, 2))


@check("ranking", says="it is a permutation of the indices, and along it scores never rise")
def is_best_first(subject: Subject) -> None:
    for scores in _samples():
        got = [int(i) for i in subject(scores)]
        expect(sorted(got) == list(range(len(scores))), "this is no permutation of the indices", (scores,), None, got)
        ordered = [scores[i] for i in got]
        if any(a < b for a, b in pairwise(ordered)):
            disagree("a worse item comes before a better one", (scores,), sorted(ordered, reverse=True), ordered)


@check("estimate", says="it is the average cost of the top n q, rounded up, over exactly as many")
def averages_over_as_many(subject: Subject) -> None:
    random = Random("estimates")
    for n in (1, 2, 3, 7, 10, 30, 101):
        scores = tuple(Fraction(x) for x in random.sample(range(10 * n), n))
        costs = tuple(Fraction(random.randint(0, 8), 8) for _ in range(n))
        for q in _LEVELS:
            best = sorted(range(n), key=lambda i: -scores[i])[: oracles.count(n, q)]
            expected = sum((costs[i] for i in best), Fraction(0)) / len(best)
            got = subject(scores, costs, q)
            if not agree(got, expected):
                disagree("the average is another", (scores, costs, q), expected, got)


def _samples() -> list[tuple[float, ...]]:
    random = Random("samples")
    plain = [tuple(float(x) for x in random.sample(range(-n, n), n)) for n in (1, 2, 3, 7, 10, 30, 100, 101)]
    tied = [tuple(float(random.randint(-1, 1)) for _ in range(n)) for n in (2, 5, 10, 40)]
    ordered = [tuple(map(float, range(9))), tuple(map(float, range(9, 0, -1))), (2.0, 0.0, 1.0), (1e-9, 2e-9, 0.0)]
    # Scores that only double precision tells apart.
    close = [(1.0, 1 + 2.0**-52, 1 - 2.0**-53), (2.0**53, 2.0**53 + 2, 2.0**53 - 1), (0.0, 5e-324, -5e-324)]
    return sorted([*plain, *tied, *ordered, *close, (0.0, -0.0, -1.0)], key=len)


def _indices(subject: Subject, scores: tuple[float, ...], q: Fraction) -> list[int]:
    return [int(i) for i in subject(scores, q)]


def _must_raise(subject: Subject, scores: tuple[float, ...], q: Fraction) -> None:
    try:
        got = subject(scores, q)
    except Disagreement:
        return
    disagree("a score that is not finite is accepted", (scores, q), "a refusal", got)
