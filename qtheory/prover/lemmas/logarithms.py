"""Lemmas about logarithms and exponentials."""

from __future__ import annotations

import sympy as sp

from qtheory.prover.calculus import identical, increasing, nonnegative_with_minimum
from qtheory.prover.lemmas.lemma import Lemma, X, Y
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
