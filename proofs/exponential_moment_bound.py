r"""# Costs with an exponential moment

$v\log v \ge v\log y + v - y$ with $y = e^{sc}/M$, where $M$ bounds the moment, so that $E[y] \le 1$.
"""

import sympy as sp

from qtheory.claims.exponential_moment_bound import CLAIM, moment, rate
from qtheory.prover.lemmas.entropy import GIBBS, XLOGX_CHORD, XLOGY_IS_PRODUCT
from qtheory.prover.lemmas.equals import LOG_OF_EQUALS
from qtheory.prover.lemmas.lemma import X, Y
from qtheory.prover.lemmas.logarithms import LOG_OF_QUOTIENT
from qtheory.prover.proof import carry_out
from qtheory.symbols import E, c, eq, q, v, w, xlogy

GROWTH = sp.exp(rate * c)


def any_policy(d):
    tilted = GROWTH / moment
    gibbs = d.lemma(GIBBS, {X: v, Y: tilted}, "the divergence from the tilted base")
    product = d.lemma(XLOGY_IS_PRODUCT, {X: v, Y: tilted}, "the tilted density is positive")
    quotient = d.lemma(LOG_OF_QUOTIENT, {X: GROWTH, Y: moment})
    exponent = d.identity(sp.log(GROWTH, evaluate=False), rate * c, "the logarithm of an exponential")
    local = d.pointwise(
        xlogy(v, v) >= v * (rate * c - sp.log(moment)) + v - tilted,
        "in terms of the cost",
        [gibbs, product, quotient, exponent],
    )
    d.conclude(d.integrate(local), "the tilted density has mean at most one")


def quantilizer(d):
    nats = d.integrate(d.lemma(XLOGX_CHORD, {X: w, Y: 1 / q}, "the density ratio is at most 1/q"))
    bound = carry_out(CLAIM.slug, CLAIM.part("any-policy"), any_policy)
    d.conclude([nats, d.theorem(bound, {v: w}, "a quantilizer is a policy")], "E[w] = 1")


def attained(d):
    product = d.lemma(XLOGY_IS_PRODUCT, {X: v, Y: v}, "the density ratio is positive")
    local = d.pointwise(eq(v * sp.log(v), xlogy(v, v)), "by definition", [product])
    same = d.integrate(local)
    mass = d.arithmetic(E(v) > 0, "E[v] = 1")
    d.conclude([same, d.lemma(LOG_OF_EQUALS, {X: E(v), Y: sp.Integer(1)}, "log 1 = 0", [mass])])


DERIVATION = {"any-policy": any_policy, "quantilizer": quantilizer, "attained": attained}
