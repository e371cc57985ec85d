r"""Named facts about real numbers and logarithms, each at its honest trust.

A lemma is used by substituting terms for its symbols; its hypotheses must then follow from what is known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sympy as sp

from qtheory.prover.calculus import identical, increasing, nonnegative_with_minimum
from qtheory.prover.smt import valid
from qtheory.prover.trust import Trust
from qtheory.symbols import Scalar, xlogy

X, Y, N = Scalar("x_"), Scalar("y_"), Scalar("n_")
_T = sp.Symbol("s", positive=True)


@dataclass(frozen=True)
class Lemma:
    """A fact about real numbers: hypotheses, conclusion, and how it is established.

    Attributes:
        name: how derivations refer to it.
        given, conclusion: relations in the symbols X, Y, N of this module.
        why: the argument in words, with its source if it is cited.
        check: establishes it, or the part of it that can be checked here, and says at what trust.
    """

    name: str
    given: tuple[sp.Basic, ...]
    conclusion: sp.Basic
    why: str
    check: Callable[[], Trust]


def _log_tangent() -> Trust:
    return nonnegative_with_minimum(X - 1 - sp.log(X), X, sp.Integer(1))


def _gibbs() -> Trust:
    # x log x - x log y - x + y = x (t - 1 - log t) with t = y/x, for x, y > 0.
    ratio = Y / X
    left = X * sp.log(X) - X * sp.log(Y) - X + Y
    return min(_log_tangent(), identical(left, X * (ratio - 1 - sp.log(ratio)), (X, Y)))


_SAME_SIGN = (sp.Implies(sp.Gt(Y, 0), sp.Ge(X, 0)), sp.Implies(sp.Lt(Y, 0), sp.Le(X, 0)))

SAME_SIGN = Lemma(
    "same-sign",
    _SAME_SIGN,
    sp.Ge(X * Y, 0),
    "two factors of the same sign; as a lemma, because solvers lose themselves in expanding large factors",
    lambda: valid(list(_SAME_SIGN), sp.Ge(X * Y, 0)),
)

LOG_TANGENT = Lemma(
    "log-tangent",
    (sp.Gt(X, 0),),
    sp.Le(sp.log(X), X - 1),
    "x - 1 - log x vanishes at 1, falls before and rises after",
    _log_tangent,
)

LOG_INCREASES = Lemma(
    "log-increases",
    (sp.Gt(X, 0), sp.Le(X, Y)),
    sp.Le(sp.log(X), sp.log(Y)),
    "the derivative 1/x is positive",
    lambda: increasing(sp.log(X), X),
)

XLOGX_CHORD = Lemma(
    "x-log-x-below-its-chord",
    (sp.Ge(X, 0), sp.Le(X, Y), sp.Gt(Y, 0)),
    sp.Le(xlogy(X, X), X * sp.log(Y)),
    "log x <= log y times x; both sides are 0 at x = 0",
    lambda: increasing(sp.log(X), X),
)

XLOGX_AT_LEVEL = Lemma(
    "x-log-x-on-two-levels",
    (sp.Gt(Y, 0), sp.Eq(X * (Y - X), 0)),
    sp.Eq(xlogy(X, X), X * sp.log(Y)),
    "x is 0 or y, and both sides agree there",
    lambda: identical(Y * sp.log(Y), xlogy(Y, Y).replace(xlogy, lambda a, b: a * sp.log(b)), (Y,)),
)

GIBBS = Lemma(
    "gibbs",
    (sp.Ge(X, 0), sp.Ge(Y, 0), sp.Implies(sp.Eq(Y, 0), sp.Eq(X, 0))),
    sp.Ge(xlogy(X, X), xlogy(X, Y) + X - Y),
    "x log(x/y) >= x - y, which is log t <= t - 1 at t = y/x; at x = 0 it says 0 >= -y",
    _gibbs,
)


def _best_of_n_entropy() -> Trust:
    t, n = sp.Symbol("t", positive=True), sp.Symbol("n", positive=True)
    density = n * t ** (n - 1)
    antiderivative = t**n * (sp.log(n) + (n - 1) * sp.log(t)) - (n - 1) / n * t**n
    integrand = density * (sp.log(n) + (n - 1) * sp.log(t))
    differentiated = identical(sp.diff(antiderivative, t), integrand)
    at_one = identical(antiderivative.subs(t, 1), sp.log(n) - (n - 1) / n)
    # At 0 the antiderivative vanishes: 0 <= -t^n log t <= t^(n-1) for 0 < t <= 1, by log-tangent at 1/t, and the
    # case n = 1 has no logarithm, so the limit needs no computer algebra.
    return min(differentiated, at_one, _log_tangent())


def best_of_n_entropy(n: sp.Expr) -> sp.Integral:
    r"""$\int_0^1 g \log g$ for the rank density $g(s) = n s^{n-1}$ of the best of n (rank 1 being best), unevaluated."""
    density = n * _T ** (n - 1)
    return sp.Integral(density * (sp.log(n) + (n - 1) * sp.log(_T)), (_T, 0, 1))


BEST_OF_N_ENTROPY = Lemma(
    "best-of-n-entropy",
    (sp.Ge(N, 1),),
    sp.Eq(best_of_n_entropy(N), sp.log(N) - (N - 1) / N),
    "the antiderivative t^n (log n + (n-1) log t) - (n-1)/n t^n is differentiated, and vanishes at 0",
    _best_of_n_entropy,
)

LEMMAS = (SAME_SIGN, LOG_TANGENT, LOG_INCREASES, XLOGX_CHORD, XLOGX_AT_LEVEL, GIBBS, BEST_OF_N_ENTROPY)
