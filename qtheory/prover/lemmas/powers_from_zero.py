r"""The laws of powers for bases that may be zero: $0^p = 0$ for $p > 0$ on both sides."""

from __future__ import annotations

import sympy as sp

from qtheory.prover.calculus import identical
from qtheory.prover.lemmas.lemma import Lemma, N, P, X, Y
from qtheory.prover.smt import valid
from qtheory.prover.trust import Trust
from qtheory.symbols import eq, xlogy


def _at_zero(left: sp.Expr, right: sp.Expr) -> Trust:
    """Both sides vanish with X, given that the powers that occur in them do."""
    return valid([eq(X, 0), sp.Gt(Y, 0), sp.Gt(P, 0)], eq(left, right), second_opinion=False)


_PRODUCT = sp.Pow(X * Y, P, evaluate=False), X**P * Y**P
_POWER = sp.Pow(sp.Pow(X, P, evaluate=False), Y, evaluate=False), X ** (P * Y)

POWER_OF_EQUALS_FROM_ZERO = Lemma(
    "power-of-equals-from-zero",
    (sp.Ge(X, 0), sp.Gt(P, 0), eq(X, Y)),
    eq(X**P, Y**P),
    "equals for equals",
    lambda: Trust.SMT2,
)

POWER_OF_PRODUCT_FROM_ZERO = Lemma(
    "power-of-product-from-zero",
    (sp.Ge(X, 0), sp.Gt(Y, 0), sp.Gt(P, 0)),
    sp.Eq(*_PRODUCT, evaluate=False),
    "the functional equation of the logarithm; at 0 both sides vanish",
    lambda: min(identical((X * Y) ** P, X**P * Y**P, (X, Y)), _at_zero(*_PRODUCT)),
)

POWER_OF_POWER_FROM_ZERO = Lemma(
    "power-of-power-from-zero",
    (sp.Ge(X, 0), sp.Gt(P, 0), sp.Gt(Y, 0)),
    sp.Eq(*_POWER, evaluate=False),
    "the functional equation of the exponential; at 0 both sides vanish",
    lambda: min(identical(sp.Pow(X, P) ** Y, X ** (P * Y), (X,)), _at_zero(*_POWER)),
)

# With a number that is to be the power: SymPy would merge a power with its base before anybody asks for the law.
_TIMES = N * X, X ** (P + 1) + (N - X**P) * X

POWER_TIMES_BASE = Lemma(
    "power-times-base",
    (sp.Ge(X, 0), sp.Gt(P, 0)),
    eq(*_TIMES),
    "the functional equation of the exponential; at 0 all terms vanish",
    lambda: min(identical(*_TIMES, (X,)), valid([eq(X, 0), sp.Gt(P, 0)], eq(*_TIMES), second_opinion=False)),
)

XLOGY_OF_POWER = Lemma(
    "x-log-of-its-power",
    (sp.Ge(X, 0), sp.Gt(P, 0)),
    eq(xlogy(X, X**P), P * xlogy(X, X)),
    "log x^p = p log x; at 0 both sides vanish by definition",
    lambda: identical(X * sp.log(X**P), P * X * sp.log(X), (X,)),
)
