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
