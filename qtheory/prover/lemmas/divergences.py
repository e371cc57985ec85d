r"""Lemmas that bound distances by the integrand of a divergence, $x \log(x/y)$, at one action."""

from __future__ import annotations

import sympy as sp

from qtheory.prover.calculus import identical, nonnegative_with_minimum
from qtheory.prover.lemmas.entropy import GIBBS
from qtheory.prover.lemmas.lemma import Lemma, N, P, X, Y
from qtheory.prover.lemmas.logarithms import exp_tangent
from qtheory.prover.smt import valid
from qtheory.prover.trust import Trust
from qtheory.symbols import xlogy

_A, _B, _GAP = (sp.Dummy(name, real=True) for name in ("a", "b", "gap"))
_ABSOLUTELY_CONTINUOUS = (sp.Ge(X, 0), sp.Ge(Y, 0), sp.Implies(sp.Eq(Y, 0), sp.Eq(X, 0)))
_INTEGRAND = xlogy(X, X) - xlogy(X, Y) - X + Y


def _pinsker() -> Trust:
    # With r = x/y and y > 0: (2r + 4)(r log r - r + 1) - 3 (r - 1)^2 = r (2r + 4) g(r), and g has its minimum 0 at 1,
    # its slope being (r - 1)^3 / (r (r + 2))^2. At x = 0 the left side is 4y^2, the right one 3y^2.
    g = sp.log(X) - (X - 1) * (5 * X + 1) / (2 * X * (X + 2))
    minimum = nonnegative_with_minimum(g, X, sp.Integer(1))
    product = identical((2 * X + 4) * (X * sp.log(X) - X + 1) - 3 * (X - 1) ** 2, X * (2 * X + 4) * g, (X,))
    # And 2 n |x - y| <= n^2 a/3 + b where a b >= 3 (x - y)^2.
    facts = [sp.Ge(_A, 0), sp.Ge(_B, 0), sp.Ge(_A * _B, 3 * _GAP**2), sp.Gt(N, 0)]
    means = valid(facts, sp.Le(2 * N * sp.Abs(_GAP), N**2 * _A / 3 + _B), second_opinion=False)
    return min(minimum, product, means, GIBBS.check())


def _hellinger() -> Trust:
    # For x, y > 0: sqrt(xy) = x e^t with t = log(y/x)/2, and e^t = e^(-p/2) e^(t + p/2) >= e^(-p/2) (1 + t + p/2).
    t = sp.log(Y / X) / 2
    return min(exp_tangent(), identical(X * sp.exp(-P / 2) * sp.exp(t + P / 2), sp.sqrt(X) * sp.sqrt(Y), (X, Y)))


PINSKER = Lemma(
    "pinsker-at-one-action",
    (*_ABSOLUTELY_CONTINUOUS, sp.Gt(N, 0)),
    sp.Le(2 * N * sp.Abs(X - Y), N**2 * (2 * X + 4 * Y) / 3 + _INTEGRAND),
    "3 (x - y)^2 <= (2x + 4y)(x log(x/y) - x + y), and the mean of two numbers is at least their geometric mean",
    _pinsker,
)

HELLINGER_TANGENT = Lemma(
    "affinity-above-its-tangent",
    _ABSOLUTELY_CONTINUOUS,
    sp.Ge(sp.sqrt(X) * sp.sqrt(Y), sp.exp(-P / 2) * (X + (xlogy(X, Y) - xlogy(X, X)) / 2 + X * P / 2)),
    "e^t >= e^(-p/2) (1 + t + p/2) at t = log(y/x)/2, times x",
    _hellinger,
)

HALVED_EXPONENT = Lemma(
    "square-of-a-halved-exponent",
    (sp.Ge(X, sp.exp(-P / 2)),),
    sp.Ge(X**2, sp.exp(-P)),
    "the square of e^(-p/2) is e^-p",
    lambda: min(
        valid([sp.Gt(_A, 0), sp.Ge(X, _A), sp.Eq(_B, _A**2)], sp.Ge(X**2, _B), second_opinion=False),
        identical(sp.exp(-P / 2) * sp.exp(-P / 2), sp.exp(-P)),
    ),
)

XLOGY_SCALED = Lemma(
    "x-log-y-of-a-multiple",
    (sp.Ge(X, 0), sp.Gt(N, 0), sp.Eq(P * X * (Y - N * X), 0)),
    sp.Eq(P * xlogy(X, Y), P * (xlogy(X, X) + X * sp.log(N))),
    "x or the weight is 0, or y is n x and log(n x) = log n + log x",
    lambda: identical(X * sp.log(N * X), X * sp.log(X) + X * sp.log(N), (X, N)),
)

GIBBS_SCALED = Lemma(
    "gibbs-against-a-multiple",
    (*_ABSOLUTELY_CONTINUOUS, sp.Gt(N, 0)),
    sp.Ge(xlogy(X, X), xlogy(X, Y) + X * sp.log(N) + X - N * Y),
    "gibbs at n y; log(n y) = log n + log y",
    lambda: min(GIBBS.check(), identical(X * sp.log(N * Y), X * sp.log(Y) + X * sp.log(N), (X, Y, N))),
)
