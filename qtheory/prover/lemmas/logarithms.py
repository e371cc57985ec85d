"""Lemmas about logarithms and exponentials."""

from __future__ import annotations

import sympy as sp

from qtheory.prover.calculus import identical, increasing, nonnegative_with_minimum
from qtheory.prover.lemmas.lemma import Lemma, P, X, Y
from qtheory.prover.smt import valid
from qtheory.prover.trust import Trust
from qtheory.symbols import eq

_EXP_X, _EXP_Y, _EXP_DIFFERENCE = (sp.Dummy(name, real=True) for name in ("ex", "ey", "ed"))


def log_tangent() -> Trust:
    return nonnegative_with_minimum(X - 1 - sp.log(X), X, sp.Integer(1))


def exp_tangent() -> Trust:
    return nonnegative_with_minimum(X - 1 - sp.log(X), X, sp.Integer(1))


def _exp_increases() -> Trust:
    # e^y - e^x = e^x (e^(y-x) - 1), and e^(y-x) >= 1 + y - x >= 1.
    facts = [
        sp.Gt(_EXP_X, 0),
        sp.Ge(_EXP_DIFFERENCE, 1 + Y - X),
        sp.Le(X, Y),
        eq(_EXP_Y, _EXP_X * _EXP_DIFFERENCE),
    ]
    product = identical(sp.exp(Y), sp.exp(X) * sp.exp(Y - X))
    return min(valid(facts, sp.Le(_EXP_X, _EXP_Y)), exp_tangent(), product)


LOG_TANGENT = Lemma(
    "log-tangent",
    (sp.Gt(X, 0),),
    sp.Le(sp.log(X), X - 1),
    "x - 1 - log x vanishes at 1, falls before and rises after",
    log_tangent,
)

LOG_INCREASES = Lemma(
    "log-increases",
    (sp.Gt(X, 0), sp.Le(X, Y)),
    sp.Le(sp.log(X), sp.log(Y)),
    "the derivative 1/x is positive",
    lambda: increasing(sp.log(X), X),
)

LOG_OF_PRODUCT = Lemma(
    "log-of-product",
    (sp.Gt(X, 0), sp.Gt(Y, 0)),
    eq(sp.log(X * Y), sp.log(X) + sp.log(Y)),
    "the functional equation of the logarithm",
    lambda: identical(sp.log(X * Y), sp.log(X) + sp.log(Y), (X, Y)),
)

LOG_OF_QUOTIENT = Lemma(
    "log-of-quotient",
    (sp.Gt(X, 0), sp.Gt(Y, 0)),
    eq(sp.log(X / Y), sp.log(X) - sp.log(Y)),
    "the functional equation of the logarithm",
    lambda: identical(sp.log(X / Y), sp.log(X) - sp.log(Y), (X, Y)),
)

EXP_TANGENT = Lemma(
    "exp-tangent",
    (),
    sp.Ge(sp.exp(X), 1 + X),
    "log t <= t - 1 at t = e^x",
    exp_tangent,
)

EXP_INCREASES = Lemma(
    "exp-increases",
    (sp.Le(X, Y),),
    sp.Le(sp.exp(X), sp.exp(Y)),
    "e^y = e^x e^(y-x), and e^(y-x) >= 1 + y - x",
    _exp_increases,
)

EXP_OF_SUM = Lemma(
    "exp-of-sum",
    (),
    eq(sp.exp(X + Y), sp.exp(X) * sp.exp(Y)),
    "the functional equation of the exponential",
    lambda: identical(sp.exp(X + Y), sp.exp(X) * sp.exp(Y)),
)

EXP_OF_LOG = Lemma(
    "exp-of-log",
    (sp.Gt(X, 0),),
    eq(sp.exp(sp.log(X, evaluate=False), evaluate=False), X),
    "the logarithm is the inverse of the exponential",
    lambda: identical(sp.exp(sp.log(X)), X, (X,)),
)

LOG_OF_EXP = Lemma(
    "log-of-exp",
    (),
    eq(sp.log(sp.exp(X, evaluate=False), evaluate=False), X),
    "the logarithm is the inverse of the exponential",
    lambda: identical(sp.log(sp.exp(X)), X),
)


def _chord() -> Trust:
    # Tangents at z = x + p y: e^x >= e^z (1 - p y) and e^(x+y) >= e^z (1 + (1 - p) y), weighted by 1 - p and p.
    middle = _EXP_DIFFERENCE
    facts = [
        sp.Ge(P, 0),
        sp.Le(P, 1),
        sp.Ge(_EXP_X, middle * (1 - P * Y)),
        sp.Ge(_EXP_Y, middle * (1 + (1 - P) * Y)),
    ]
    return min(valid(facts, sp.Le(middle, (1 - P) * _EXP_X + P * _EXP_Y)), exp_tangent())


EXP_CHORD = Lemma(
    "exp-below-its-chord",
    (sp.Ge(P, 0), sp.Le(P, 1)),
    sp.Le(sp.exp(X + P * Y), (1 - P) * sp.exp(X) + P * sp.exp(X + Y)),
    "the tangent at x + p y, at both ends",
    _chord,
)


def _hoeffding() -> Trust:
    # h(x) = log(1 - p + p e^x) - p x has h(0) = h'(0) = 0 and h'' = s (1 - s) <= 1/4, so h(x) <= x^2/8.
    share = sp.Dummy("share", real=True)
    inside = 1 - P + P * sp.exp(X)
    cumulant = sp.log(inside) - P * X
    tilted = P * sp.exp(X) / inside
    facts = [sp.Ge(P, 0), sp.Le(P, 1), sp.Gt(_EXP_X, 0)]
    return min(
        valid(facts, sp.Gt(1 - P + P * _EXP_X, 0)),
        identical(cumulant.subs(X, 0), sp.Integer(0)),
        identical(sp.diff(cumulant, X).subs(X, 0), sp.Integer(0)),
        identical(sp.diff(cumulant, X, 2), tilted * (1 - tilted)),
        valid([], sp.Le(share * (1 - share), sp.Rational(1, 4))),
        identical(sp.exp(-P * X) * inside, (1 - P) * sp.exp(-X * P) + P * sp.exp(X - X * P)),
        exp_tangent(),
    )


HOEFFDING = Lemma(
    "hoeffding",
    (sp.Ge(P, 0), sp.Le(P, 1)),
    sp.Le((1 - P) * sp.exp(-X * P) + P * sp.exp(X - X * P), sp.exp(X**2 / 8)),
    "the logarithm of the left side vanishes at 0 with its slope, and its second derivative s(1 - s) is at most 1/4; "
    "hoeffding1963, inequality (4.16)",
    _hoeffding,
)
