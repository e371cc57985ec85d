r"""Lemmas about powers with a real exponent, $x^p$ with $0^p = 0$ for $p > 0$."""

from __future__ import annotations

import sympy as sp

from qtheory.prover.calculus import identical
from qtheory.prover.lemmas.lemma import Lemma, P, X, Y
from qtheory.prover.lemmas.logarithms import exp_tangent, log_tangent
from qtheory.prover.smt import valid
from qtheory.prover.trust import Trust
from qtheory.symbols import eq

_LOG, _LOG_INVERSE, _POWER, _INVERSE = (sp.Dummy(name, real=True) for name in ("log", "log_inv", "power", "inverse"))


def _bernoulli() -> Trust:
    # f(x) = x^p - 1 - p (x - 1) vanishes at 1, and f'(x) = p (x^(p-1) - 1) has the sign of x - 1, because
    # x^(p-1) = e^z at z = (p-1) log x, which has the sign of log x, and so of x - 1. At x = 0, f = p - 1.
    x = sp.Symbol("x", positive=True)
    slope = identical(sp.diff(x**P - 1 - P * (x - 1), x), P * (x ** (P - 1) - 1))
    exponent = (P - 1) * _LOG
    facts = [
        sp.Ge(P, 1),
        sp.Gt(X, 0),
        sp.Le(_LOG, X - 1),
        sp.Le(-_LOG, 1 / X - 1),
        sp.Ge(_POWER, 1 + exponent),
        sp.Ge(_INVERSE, 1 - exponent),
        eq(_POWER * _INVERSE, 1),
    ]
    falls = valid([*facts, sp.Le(X, 1)], sp.Le(_POWER, 1))
    rises = valid([*facts, sp.Ge(X, 1)], sp.Ge(_POWER, 1))
    return min(slope, falls, rises, log_tangent(), exp_tangent())


def _tangent() -> Trust:
    # Bernoulli at x/y, times y^p.
    x, y = sp.Symbol("x", positive=True), sp.Symbol("y", positive=True)
    scaled = identical(y**P * ((x / y) ** P - 1 - P * (x / y - 1)), x**P - y**P - P * y ** (P - 1) * (x - y))
    return min(_bernoulli(), scaled)


def _young() -> Trust:
    # With z = y^(1/(p-1)) the tangent says x^p >= z^p + p y (x - z), and z^p = y z = y^(p/(p-1)).
    y, p = sp.Symbol("y", positive=True), sp.Symbol("p", positive=True)
    z = y ** (1 / (p - 1))
    powers = identical(z**p, y * z), identical(z**p, y ** (p / (p - 1))), identical(z ** (p - 1), y)
    top, point, pair = (sp.Dummy(name, real=True) for name in ("top", "point", "pair"))
    facts = [sp.Gt(P, 1), sp.Ge(top, pair + P * Y * (X - point)), eq(pair, Y * point)]
    return min(_tangent(), *powers, valid(facts, sp.Le(X * Y, top / P + (1 - 1 / P) * pair)), _at_zero())


def _at_zero() -> Trust:
    # Where y is 0 its powers of positive exponent are, and x^p is not negative.
    return valid([sp.Ge(X, 0), sp.Gt(P, 1), eq(Y, 0)], sp.Ge(X**P, Y**P + P * Y ** (P - 1) * (X - Y)))


BERNOULLI = Lemma(
    "bernoulli",
    (sp.Ge(X, 0), sp.Ge(P, 1)),
    sp.Ge(X**P, 1 + P * (X - 1)),
    "x^p - 1 - p(x - 1) vanishes at 1, falls before and rises after",
    _bernoulli,
)

POWER_TANGENT = Lemma(
    "power-above-its-tangent",
    (sp.Ge(X, 0), sp.Gt(Y, 0), sp.Ge(P, 1)),
    sp.Ge(X**P, Y**P + P * Y ** (P - 1) * (X - Y)),
    "bernoulli at x/y, times y^p",
    _tangent,
)

YOUNG = Lemma(
    "young",
    (sp.Ge(X, 0), sp.Ge(Y, 0), sp.Gt(P, 1)),
    sp.Le(X * Y, X**P / P + (1 - 1 / P) * Y ** (P / (P - 1))),
    "the tangent of x^p at y^(1/(p-1)); at y = 0 both powers are at least 0",
    lambda: _young(),
)

POWER_ABOVE_TANGENT_AT_ZERO = Lemma(
    "power-above-its-tangent-from-zero",
    (sp.Ge(X, 0), sp.Ge(Y, 0), sp.Gt(P, 1)),
    sp.Ge(X**P, Y**P + P * Y ** (P - 1) * (X - Y)),
    "the tangent of x^p; at y = 0 it is x^p >= 0",
    lambda: min(_tangent(), _at_zero()),
)

POWER_TANGENT_FROM_ZERO = POWER_ABOVE_TANGENT_AT_ZERO

POWER_OF_SUM = Lemma(
    "power-of-sum",
    (sp.Gt(X, 0),),
    eq(X ** (P + Y), X**P * X**Y),
    "the functional equation of the exponential",
    lambda: identical(X ** (P + Y), X**P * X**Y, (X,)),
)

POWER_OF_POWER = Lemma(
    "power-of-power",
    (sp.Gt(X, 0),),
    sp.Eq(sp.Pow(sp.Pow(X, P, evaluate=False), Y, evaluate=False), X ** (P * Y), evaluate=False),
    "the functional equation of the exponential",
    lambda: identical(sp.Pow(X, P) ** Y, X ** (P * Y), (X,)),
)

POWER_OF_PRODUCT = Lemma(
    "power-of-product",
    (sp.Gt(X, 0), sp.Gt(Y, 0)),
    sp.Eq(sp.Pow(X * Y, P, evaluate=False), X**P * Y**P, evaluate=False),
    "the functional equation of the logarithm",
    lambda: identical((X * Y) ** P, X**P * Y**P, (X, Y)),
)

POWER_IS_EXPONENTIAL = Lemma(
    "power-is-an-exponential",
    (sp.Gt(X, 0),),
    eq(sp.exp(P * sp.log(X)), X**P),
    "the definition of a power with a real exponent",
    lambda: identical(sp.exp(P * sp.log(X)), X**P, (X,)),
)
