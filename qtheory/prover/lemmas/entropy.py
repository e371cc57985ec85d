"""Lemmas about x log x, on which divergences rest."""

from __future__ import annotations

import sympy as sp

from qtheory.prover.calculus import identical, increasing
from qtheory.prover.lemmas.lemma import Lemma, N, P, X, Y
from qtheory.prover.lemmas.logarithms import log_tangent
from qtheory.prover.smt import valid
from qtheory.prover.trust import Trust
from qtheory.symbols import xlogy

_T = sp.Symbol("s", real=True)


def _gibbs() -> Trust:
    # x log x - x log y - x + y = x (t - 1 - log t) with t = y/x, for x, y > 0.
    ratio = Y / X
    left = X * sp.log(X) - X * sp.log(Y) - X + Y
    return min(log_tangent(), identical(left, X * (ratio - 1 - sp.log(ratio)), (X, Y)))


def _split_at(event: int) -> Trust:
    pieces = xlogy(X * Y, X * Y) + xlogy(X * (1 - Y), X * (1 - Y))
    return identical(pieces.subs(Y, event).subs(xlogy(0, 0), 0), xlogy(X, X))


def _at_level(level: sp.Symbol) -> Trust:
    """The two sides of the lemma about two levels, at one of them."""
    right = (level - N) * Y * sp.log(Y) - (level - Y) * N * sp.log(N)
    return identical((Y - N) * level * sp.log(level), right, (Y, N))


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

TWO_LEVELS = Lemma(
    "x-log-x-on-two-positive-levels",
    (sp.Gt(Y, 0), sp.Gt(N, 0), sp.Eq((X - Y) * (X - N), 0)),
    sp.Eq((Y - N) * xlogy(X, X), (X - N) * Y * sp.log(Y) - (X - Y) * N * sp.log(N)),
    "x is y or n, and both sides agree at either",
    lambda: min(_at_level(Y), _at_level(N)),
)

XLOGY_IS_PRODUCT = Lemma(
    "x-log-y-is-a-product",
    (sp.Gt(Y, 0),),
    sp.Eq(xlogy(X, Y), X * sp.log(Y)),
    "by definition, where the logarithm exists",
    lambda: identical(xlogy(X, Y).replace(xlogy, lambda a, b: a * sp.log(b)), X * sp.log(Y), (Y,)),
)

XLOGY_AT_ZERO = Lemma(
    "x-log-y-at-zero",
    (sp.Eq(X, 0),),
    sp.Eq(xlogy(X, Y), 0),
    "by definition",
    lambda: Trust.SMT,
)

XLOGX_SPLIT = Lemma(
    "x-log-x-on-an-event",
    (sp.Eq(Y * (1 - Y), 0),),
    sp.Eq(xlogy(X, X), xlogy(X * Y, X * Y) + xlogy(X * (1 - Y), X * (1 - Y))),
    "y is 0 or 1: one of the two terms is the whole, and the other is 0 log 0 = 0",
    lambda: min(_split_at(0), _split_at(1)),
)

GIBBS = Lemma(
    "gibbs",
    (sp.Ge(X, 0), sp.Ge(Y, 0), sp.Implies(sp.Eq(Y, 0), sp.Eq(X, 0))),
    sp.Ge(xlogy(X, X), xlogy(X, Y) + X - Y),
    "x log(x/y) >= x - y, which is log t <= t - 1 at t = y/x; at x = 0 it says 0 >= -y",
    _gibbs,
)


def _log_of_mixture() -> Trust:
    # For x > 0 and m = (1-p)x + p: (1-p) log(x/m) + p log(1/m) <= ((1-p)x + p)/m - 1 = 0. At x = 0 both sides are 0.
    m, to_m, from_m = (sp.Dummy(name, real=True) for name in ("m", "to_m", "from_m"))
    facts = [sp.Gt(m, 0), sp.Eq(m, (1 - P) * X + P), sp.Ge(P, 0), sp.Le(P, 1), m * to_m <= X - m, m * from_m <= 1 - m]
    both = identical(sp.log(X / Y) - sp.log(1 / Y), sp.log(X), (X, Y))
    return min(valid(facts, sp.Le((1 - P) * to_m + P * from_m, 0)), both, log_tangent())


LOG_OF_MIXTURE = Lemma(
    "log-of-a-mixture",
    (sp.Ge(X, 0), sp.Gt(P, 0), sp.Le(P, 1)),
    sp.Ge(X * sp.log((1 - P) * X + P), (1 - P) * xlogy(X, X)),
    "the logarithm is concave, and log 1 = 0; at x = 0 both sides are 0",
    _log_of_mixture,
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
    return min(differentiated, at_one, log_tangent())


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
