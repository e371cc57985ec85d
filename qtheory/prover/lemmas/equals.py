"""Equals may stand for equals under a power, a logarithm or an exponential, which solvers take for opaque numbers."""

from __future__ import annotations

import sympy as sp

from qtheory.prover.lemmas.lemma import Lemma, P, X, Y
from qtheory.prover.trust import Trust
from qtheory.symbols import eq

_WHY = "equals for equals"

POWER_OF_EQUALS = Lemma("power-of-equals", (sp.Gt(X, 0), eq(X, Y)), eq(X**P, Y**P), _WHY, lambda: Trust.SMT2)
LOG_OF_EQUALS = Lemma("log-of-equals", (sp.Gt(X, 0), eq(X, Y)), eq(sp.log(X), sp.log(Y)), _WHY, lambda: Trust.SMT2)
EXP_OF_EQUALS = Lemma("exp-of-equals", (eq(X, Y),), eq(sp.exp(X), sp.exp(Y)), _WHY, lambda: Trust.SMT2)
