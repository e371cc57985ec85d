r"""What a quantilizer on finitely many actions has to do."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from qtheory.testing import oracles
from qtheory.testing.check import CLOSE, Subject, agree, agree_rows, check, disagree, expect
from qtheory.testing.oracles import Row
from qtheory.testing.small_problems import cases, levels_of, small_problems

EVERY = ("quantilizer", "ordered-quantilizer", "any-quantilizer")
SYMMETRIC = ("quantilizer",)
_EVERY_FIFTH = 5


@check("quantilizer", says="the probabilities are the exact ones at every small problem")
def gives_the_exact_law(subject: Subject) -> None:
    _same_law(subject, oracles.quantilizer)


@check("ordered-quantilizer", says="the probabilities are the exact ones at every small problem, ties as listed")
def gives_the_exact_law_in_order(subject: Subject) -> None:
    _same_law(subject, oracles.ordered_quantilizer)


@check("any-quantilizer", says="every level of utility gets its exact probability at every small problem")
def gives_every_level_its_due(subject: Subject) -> None:
    for weights, utility, q in cases():
        got = list(subject(weights, utility, q))
        expect(len(got) == len(weights), "a probability for each action", (weights, utility, q), None, got)
        right = oracles.quantilizer(weights, utility, q)
        for level in set(utility):
            there = [i for i, u in enumerate(utility) if u == level]
            due = sum((right[i] for i in there), Fraction(0))
            if not agree(sum(got[i] for i in there), due):
                disagree(f"the actions of utility {level} get the wrong probability", (weights, utility, q), due, got)


@check(*EVERY, says="no action is played more than 1/q times as often as under the base, none less than never")
def fits_under_the_bound(subject: Subject) -> None:
    for weights, utility, q in cases():
        got = list(subject(weights, utility, q))
        for p, g in zip(got, weights, strict=True):
            slack = CLOSE if isinstance(p, float) else 0
            if not (-slack <= p <= g / q + slack):
                disagree("a probability lies outside [0, mass/q]", (weights, utility, q), g / q, p)


@check(*EVERY, says="at q = 1 it is the base")
def is_the_base_at_one(subject: Subject) -> None:
    for problem in small_problems():
        got = subject(problem.weights, problem.utility, Fraction(1))
        if not agree_rows(got, problem.weights):
            disagree("at q = 1 it is not the base", (problem.weights, problem.utility, 1), problem.weights, got)


@check(*SYMMETRIC, says="listing the actions in another order changes nothing else")
def does_not_see_the_order(subject: Subject) -> None:
    random = Random("orders")
    for weights, utility, q in _some_cases():
        order = random.sample(range(len(weights)), len(weights))
        moved = subject(_at(weights, order), _at(utility, order), q)
        expected = _at(oracles.quantilizer(weights, utility, q), order)
        if not agree_rows(moved, expected):
            disagree("another order of the actions changes the policy", (weights, utility, q), expected, moved)


@check(*SYMMETRIC, says="only the order of utilities counts: neither their scale, nor where zero is, nor gaps")
def does_not_see_the_scale(subject: Subject) -> None:
    for weights, utility, q in _some_cases():
        expected = oracles.quantilizer(weights, utility, q)
        for transform in (lambda u: 1000 * u + 7, lambda u: u**3 - 50, lambda u: u / 1024, lambda u: u - 10**6):
            moved = tuple(map(transform, utility))
            got = subject(weights, moved, q)
            if not agree_rows(got, expected):
                disagree("the same order of utilities gives another policy", (weights, moved, q), expected, got)


@check(*SYMMETRIC, says="splitting each action into two of the same utility splits its probability")
def does_not_see_splitting(subject: Subject) -> None:
    for weights, utility, q in _some_cases():
        parts = tuple(part for g in weights for part in (g / 4, 3 * g / 4))
        doubled = tuple(u for u in utility for _ in range(2))
        expected = oracles.quantilizer(parts, doubled, q)
        got = subject(parts, doubled, q)
        if not agree_rows(got, expected):
            disagree("split actions are treated otherwise", (parts, doubled, q), expected, got)


@check(*EVERY, says="called again with the same arguments it gives the same, whatever came between")
def remembers_nothing(subject: Subject) -> None:
    listed = list(_some_cases())[:40]
    first = [list(subject(*case)) for case in listed]
    again = [list(subject(*case)) for case in reversed(listed)][::-1]
    for case, one, other in zip(listed, first, again, strict=True):
        expect(one == other, "a second call gives something else", case, one, other)


@check("threshold", says="it is the largest utility that actions of mass at least q reach")
def is_the_quantile(subject: Subject) -> None:
    for weights, utility, q in cases():
        expected, got = oracles.threshold(weights, utility, q), subject(weights, utility, q)
        if not agree(got, expected) and not _rounds_at_an_edge(subject, weights, utility, q):
            disagree("the threshold is another", (weights, utility, q), expected, got)


@check("top-mean", says="it is the exact expected utility of the ideal quantilizer at every small problem")
def is_the_exact_value(subject: Subject) -> None:
    for weights, utility, q in cases():
        expected = oracles.mean(oracles.quantilizer(weights, utility, q), utility)
        got = subject(weights, utility, q)
        if not agree(got, expected, max(map(abs, utility))):
            disagree("the value is another", (weights, utility, q), expected, got)


@check("composition", says="it is the quantilizer of the policy that quantilizing the base gives, exactly")
def quantilizes_the_first_policy(subject: Subject) -> None:
    random = Random("compositions")
    for weights, utility, q in _some_cases():
        second = tuple(Fraction(random.randint(-2, 3)) for _ in weights)
        for second_utility, second_q in ((utility, Fraction(1, 2)), (second, Fraction(1, 3)), (second, Fraction(1))):
            case = (weights, utility, q, second_utility, second_q)
            expected = oracles.quantilizer(oracles.quantilizer(weights, utility, q), second_utility, second_q)
            got = subject(*case)
            if not agree_rows(got, expected):
                disagree("the composed policy is another", case, expected, got)


def _same_law(subject: Subject, oracle) -> None:  # type: ignore[no-untyped-def]
    for case in cases():
        expected, got = oracle(*case), subject(*case)
        if not agree_rows(got, expected):
            disagree("the probabilities are others", case, expected, got)


def _some_cases():  # type: ignore[no-untyped-def]
    for problem in small_problems()[::_EVERY_FIFTH]:
        for q in levels_of(problem)[::2]:
            yield problem.weights, problem.utility, q


def _at(row: Row, order: list[int]) -> Row:
    return tuple(row[i] for i in order)


def _rounds_at_an_edge(subject: Subject, weights: Row, utility: Row, q: Fraction) -> bool:
    """Whether q is the mass of some best actions: in floats either neighbour is right there."""
    return subject.floats and any(
        sum((g for g, u in zip(weights, utility, strict=True) if u >= level), Fraction(0)) == q for level in utility
    )
