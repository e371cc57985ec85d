r"""What best-of-n, top-k-of-n and the KL-regularised policy have to do on finitely many actions."""

from __future__ import annotations

from fractions import Fraction

from qtheory.testing import oracles
from qtheory.testing.check import CLOSE, Subject, agree_rows, check, disagree
from qtheory.testing.oracles import Row
from qtheory.testing.small_problems import SmallProblem, small_problems

_COUNTS = (1, 2, 3, 5, 8)
_RULES = ((1, 1), (2, 1), (2, 2), (3, 2), (5, 2), (6, 5), (8, 3))
_BETAS = tuple(Fraction(x) for x in ("1", "1/10", "7", "1/1000", "1000"))


@check("best-of-n", says="the probabilities are the exact ones at every small problem")
def plays_the_best_of_n(subject: Subject) -> None:
    for problem in _moderate():
        for n in _COUNTS:
            _compare(subject, (problem.weights, problem.utility, n), oracles.best_of_n)


@check("best-of-n", says="with 50 draws, and with 1000, the probabilities are still the exact ones")
def plays_the_best_of_many(subject: Subject) -> None:
    for problem in _moderate()[::20]:
        _compare(subject, (problem.weights, problem.utility, 50), oracles.best_of_n)
    for problem in _moderate()[::40]:
        _compare(subject, (problem.weights, problem.utility, 1000), oracles.best_of_n)


@check("top-k-of-n", says="the probabilities are the exact ones at every small problem")
def plays_one_of_the_k_best(subject: Subject) -> None:
    for problem in _moderate():
        for n, k in _RULES:
            _compare(subject, (problem.weights, problem.utility, n, k), oracles.top_k_of_n)


@check("top-k-of-n", says="with 30 draws, and with 200, the probabilities are still the exact ones")
def plays_one_of_the_k_best_of_many(subject: Subject) -> None:
    for problem in _moderate()[::20]:
        for k in (1, 7, 29, 30):
            _compare(subject, (problem.weights, problem.utility, 30, k), oracles.top_k_of_n)
    for problem in _moderate()[::60]:
        _compare(subject, (problem.weights, problem.utility, 200, 20), oracles.top_k_of_n)


@check("kl-regularized", says="the probabilities are those of mass times exp(u/beta), at every scale of the utility")
def tilts_the_base(subject: Subject) -> None:
    for problem in _moderate()[::2]:
        for beta in _BETAS:
            case = (problem.weights, problem.utility, beta)
            expected, got = oracles.kl_regularized(*case), subject(*case)
            if not agree_rows(got, expected):
                disagree("the probabilities are others", case, expected, got)


@check("kl-regularized", says="adding a constant to the utility changes nothing, however large it is")
def does_not_see_where_zero_is(subject: Subject) -> None:
    for problem in _moderate()[::10]:
        for shift in (Fraction(-(10**5)), Fraction(10**4), Fraction(10**6)):
            moved = tuple(u + shift for u in problem.utility)
            expected = oracles.kl_regularized(problem.weights, problem.utility, Fraction(1))
            got = subject(problem.weights, moved, Fraction(1))
            if not agree_rows(got, expected):
                disagree("a constant added to the utility matters", (problem.weights, moved, 1), expected, got)


@check("best-of-n", says="no density ratio is above n, and the probabilities sum to one")
def fits_under_n(subject: Subject) -> None:
    for problem in _moderate()[::3]:
        for n in _COUNTS:
            _fits(subject, (problem.weights, problem.utility, n), Fraction(n))


@check("top-k-of-n", says="no density ratio is above n/k, and the probabilities sum to one")
def fits_under_n_over_k(subject: Subject) -> None:
    for problem in _moderate()[::3]:
        for n, k in _RULES:
            _fits(subject, (problem.weights, problem.utility, n, k), Fraction(n, k))


def _fits(subject: Subject, case: tuple, bound: Fraction) -> None:
    got = list(subject(*case))
    inside = all(-CLOSE <= p <= g * bound + CLOSE for p, g in zip(got, case[0], strict=True))
    if not inside or abs(sum(got) - 1) > CLOSE:
        disagree(f"these are not probabilities of at most {bound} times the mass", case, None, got)


def _compare(subject: Subject, case: tuple, oracle) -> None:  # type: ignore[no-untyped-def]
    expected: Row = oracle(*case)
    got = subject(*case)
    if not agree_rows(got, expected):
        disagree("the probabilities are others", case, expected, got)


def _moderate() -> tuple[SmallProblem, ...]:
    """Powers of many masses with long fractions take long."""
    return tuple(problem for problem in small_problems() if len(problem.weights) <= 8)
