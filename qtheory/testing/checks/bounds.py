r"""What bounds have to be: never below what happens, and no larger than what can happen."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise, product

from qtheory.testing import oracles
from qtheory.testing.check import CLOSE, Subject, agree, check, disagree
from qtheory.testing.small_problems import cases, small_problems

_LEVELS = tuple(Fraction(x) for x in ("1", "1/2", "1/3", "3/7", "9/10", "1/10", "1/100", "1/1000000", "999/1000"))
_RULES = tuple((n, k) for n in (1, 2, 3, 5, 10, 37, 400) for k in (1, 2, 3, 7, 19, 36, 200, 400) if k <= n)
_COUNTS = (1, 2, 3, 4, 7, 16, 100, 1000, 10**6)
# So many equal actions without a tie are as good as a continuous base, up to one part in as many.
_FINE = 2000


@check("cost-factor", says="no quantilizer multiplies a nonnegative cost by more: it is at least every density ratio")
def holds_at_every_problem(subject: Subject) -> None:
    for weights, utility, q in cases():
        ratio = oracles.sup_ratio(oracles.quantilizer(weights, utility, q), weights)
        got = subject(q)
        if not float(got) >= float(ratio) * (1 - CLOSE):
            disagree("a quantilizer does worse than the bound", (q,), f"at least {ratio}", got)


@check("cost-factor", says="a cost on a rare best action is multiplied by as much: it is exactly 1/q")
def is_attained(subject: Subject) -> None:
    for q in _LEVELS:
        _exactly(subject, (q,), 1 / q)


@check("rule-factor", says="the rule does no worse at any problem, and as badly in the limit: exactly n/k")
def is_that_of_the_rule(subject: Subject) -> None:
    for n, k in _RULES:
        _exactly(subject, (n, k), Fraction(n, k))


@check(
    "estimated-factor", says="it is the mean of 1/S over the rank S of the k-th best of n: n/(k-1), infinite at k = 1"
)
def counts_the_noise_of_the_threshold(subject: Subject) -> None:
    for n, k in _RULES:
        # E[1/S] of a Beta(k, n-k+1) variable, as a quotient of factorials.
        expected = math.inf if k == 1 else Fraction(math.factorial(k - 2) * math.factorial(n), math.factorial(k - 1))
        expected = expected if k == 1 else expected / math.factorial(n - 1)
        _exactly(subject, (n, k), expected)


@check("stopping-factor", says="whoever chooses the level may choose the smallest: it is the largest of the factors")
def is_that_of_the_worst_choice(subject: Subject) -> None:
    for size in (1, 2, 3):
        for levels in product(_LEVELS, repeat=size):
            _exactly(subject, (levels,), max(1 / q for q in levels))


@check("composition-factor", says="both quantilizers may meet the same rare action: exactly 1/(q q')")
def multiplies(subject: Subject) -> None:
    for q, second in product(_LEVELS, repeat=2):
        _exactly(subject, (q, second), 1 / (q * second))


@check("tv-bound", says="the total variation is never larger, and as large where an action is exactly full: 1 - q")
def is_the_mass_left_out(subject: Subject) -> None:
    for weights, utility, q in cases():
        distance = oracles.total_variation(oracles.quantilizer(weights, utility, q), weights)
        if not float(subject(q)) >= float(distance) - CLOSE:
            disagree("a quantilizer is further from its base than the bound", (q,), f"at least {distance}", subject(q))
    for q in _LEVELS:
        _exactly(subject, (q,), 1 - q)


@check("kl-bound", says="the KL divergence is never larger, and as large where an action is exactly full: log(1/q)")
def is_the_surprise_of_the_top(subject: Subject) -> None:
    for weights, utility, q in cases():
        distance = oracles.kl(oracles.quantilizer(weights, utility, q), weights)
        if not float(subject(q)) >= distance - CLOSE:
            disagree("a quantilizer is further from its base than the bound", (q,), f"at least {distance}", subject(q))
    for q in _LEVELS:
        _exactly(subject, (q,), -math.log(q))


@check("best-of-n-kl", says="best-of-n is never further from its base, at any small problem")
def holds_of_best_of_n(subject: Subject) -> None:
    for problem in small_problems():
        for n in (1, 2, 3, 6) if len(problem.weights) <= 8 else ():
            distance = oracles.kl(oracles.best_of_n(problem.weights, problem.utility, n), problem.weights)
            if not float(subject(n)) >= distance - CLOSE:
                disagree("best-of-n is further from its base than the bound", (n,), f"at least {distance}", subject(n))


@check("best-of-n-kl", says="without ties it is attained: log n - (n-1)/n, in nats")
def is_that_of_a_fine_base(subject: Subject) -> None:
    for n in (2, 3, 10):
        # The law of the best of n among equal actions, without summing over draws.
        ranks = [Fraction(i, _FINE) for i in range(_FINE + 1)]
        best = [float((1 - a) ** n - (1 - b) ** n) for a, b in pairwise(ranks)]
        distance = sum(p * math.log(p * _FINE) for p in best if p > 0)
        got = float(subject(n))
        if not distance - CLOSE <= got <= distance + n / _FINE:
            disagree("the bound is not that of a base without ties", (n,), f"about {distance:.6f}", got)
    for n in _COUNTS:
        _exactly(subject, (n,), math.log(n) - (n - 1) / n)


def _exactly(subject: Subject, case: tuple, expected: Fraction | float) -> None:
    got = subject(*case)
    if not agree(got, expected):
        disagree("the bound is another", case, expected, got)
