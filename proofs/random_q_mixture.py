r"""# Best-of-n is a quantilizer of random level

Given the runner-up, the best of $n$ draws is a uniform draw from above it. So best-of-$n$ is a quantilizer at the rank
of the runner-up, which has the law Beta$(2, n-1)$; the mean of $1/q$ over it is $n$. At equal cost factor the
quantilizer of fixed level has more utility, because it is the best of all policies of that factor.
"""

import sympy as sp

from qtheory.claims.quantilizer_optimality import CLAIM as OPTIMALITY
from qtheory.claims.random_q_mixture import RUNNER_UP, level, s
from qtheory.prover.lemmas.lemma import X, Y
from qtheory.prover.lemmas.signs import SAME_SIGN
from qtheory.prover.locate import script
from qtheory.prover.proof import carry_out
from qtheory.symbols import c, lam, n, q, r, t, tau, tau2, u, v, w, w2

OPTIMALITY_DERIVATION = script("quantilizer_optimality").DERIVATION
ABOVE = -n * (1 - level) ** (n - 1)


def levels(d):
    d.conclude(d.integral(sp.Integral(RUNNER_UP / level, (level, s, 1)), ABOVE))


def law(d):
    antiderivative = -n * level * (1 - level) ** (n - 1) - (1 - level) ** n
    d.conclude(d.integral(sp.Integral(RUNNER_UP, (level, 0, 1)), antiderivative))


def factor(d):
    d.conclude(d.integral(sp.Integral(RUNNER_UP / level, (level, 0, 1)), ABOVE))


def mixture_cost(d):
    first = d.pointwise(lam * w * c <= lam / q * c, "w is at most 1/q")
    second = d.pointwise((1 - lam) * w2 * c <= (1 - lam) / r * c, "w2 is at most 1/r")
    d.conclude([d.integrate(first), d.integrate(second)])


def mixture_dominated(d):
    mixed = lam * w + (1 - lam) * w2
    first = d.pointwise(lam * w <= lam / q, "w is at most 1/q")
    second = d.pointwise((1 - lam) * w2 <= (1 - lam) / r, "w2 is at most 1/r")
    above = d.pointwise(sp.Implies(u - t > 0, v - mixed >= 0), "full above the threshold", [first, second])
    below = d.pointwise(sp.Implies(u - t < 0, v - mixed <= 0), "empty below it")
    exchange = d.lemma(SAME_SIGN, {X: v - mixed, Y: u - t}, "of the same sign", [above, below])
    d.conclude(d.integrate(exchange), "all three have mean one")


def dominated(d):
    optimal = carry_out(OPTIMALITY.slug, OPTIMALITY.part("optimal"), OPTIMALITY_DERIVATION["optimal"])
    d.conclude(d.theorem(optimal, {q: 1 / n, w: w2, tau: tau2, v: w}, "best-of-n is a rival of the 1/n-quantilizer"))


DERIVATION = {
    "levels": levels,
    "law": law,
    "factor": factor,
    "mixture-cost": mixture_cost,
    "mixture-dominated": mixture_dominated,
    "dominated": dominated,
}
