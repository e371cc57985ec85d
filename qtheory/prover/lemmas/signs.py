"""Lemmas about signs, which solvers know but lose themselves in when the factors are large."""

from __future__ import annotations

import sympy as sp

from qtheory.prover.lemmas.lemma import Lemma, X, Y
from qtheory.prover.smt import valid

_SAME_SIGN = (sp.Implies(sp.Gt(Y, 0), sp.Ge(X, 0)), sp.Implies(sp.Lt(Y, 0), sp.Le(X, 0)))

SAME_SIGN = Lemma(
    "same-sign",
    _SAME_SIGN,
    sp.Ge(X * Y, 0),
    "two factors of the same sign; as a lemma, because solvers lose themselves in expanding large factors",
    lambda: valid(list(_SAME_SIGN), sp.Ge(X * Y, 0)),
)

SHARE = Lemma(
    "share-below-positive-part",
    (sp.Ge(X, 0), sp.Le(X, 1)),
    sp.Le(X * Y, sp.Max(Y, 0)),
    "a share of a number is at most its positive part",
    lambda: valid([sp.Ge(X, 0), sp.Le(X, 1)], sp.Le(X * Y, sp.Max(Y, 0))),
)

CANCEL = Lemma(
    "cancel",
    (sp.Gt(X, 0), sp.Ge(X * Y, 0)),
    sp.Ge(Y, 0),
    "a positive factor is divided out",
    lambda: valid([sp.Gt(X, 0), sp.Ge(X * Y, 0)], sp.Ge(Y, 0)),
)
