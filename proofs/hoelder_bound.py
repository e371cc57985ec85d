r"""# Costs known by a higher moment

With $m = E[wc]$ the power $c^p$ lies above its tangent at $m$; averaged with weights $w$ that is
$m^p \le E[w c^p] \le E[c^p]/q$ (Jensen). For any policy it is Young's inequality, integrated.
"""

import sympy as sp

from qtheory.claims.hoelder_bound import p
from qtheory.prover.lemmas.equals import POWER_OF_EQUALS
from qtheory.prover.lemmas.lemma import P, X, Y
from qtheory.prover.lemmas.powers import POWER_TANGENT, YOUNG
from qtheory.prover.theorems import F, G, cauchy_schwarz
from qtheory.symbols import E, Scalar, c, eq, q, t, tau, u, v, w

mean = Scalar("mean")


def quantilizer(d):
    name = d.let(mean, E(w * c))
    positive = d.arithmetic(mean > 0, "a hypothesis", [name])
    tangent = d.lemma(POWER_TANGENT, {X: c, Y: mean, P: p}, "at the mean", [positive])
    weighted = d.pointwise(
        w * c**p >= w * (mean**p + p * mean ** (p - 1) * (c - mean)), "times the density ratio", [tangent, positive]
    )
    bounded = d.pointwise(w * c**p <= c**p / q, "the density ratio is at most 1/q")
    jensen = d.arithmetic(
        E(w * c**p) >= mean**p, "E[w] = 1, and the mean is E[wc]", [d.integrate(weighted), name, positive]
    )
    same = d.lemma(POWER_OF_EQUALS, {X: mean, Y: E(w * c), P: p}, "by its name", [name, positive])
    d.conclude([jensen, d.integrate(bounded), same, name, positive])


def any_policy(d):
    d.conclude(d.integrate(d.lemma(YOUNG, {X: c, Y: v, P: p}, "Young's inequality")))


def second_moment(d):
    d.conclude(d.theorem(cauchy_schwarz(), {F: v, G: c}, "Cauchy and Schwarz"))


def attained_second_moment(d):
    facts = [
        d.integrate(d.pointwise(eq(c**2, t**2 * v**2), "a hypothesis")),
        d.integrate(d.pointwise(eq(v * c, t * v**2), "a hypothesis")),
    ]
    d.conclude(facts)


def norm_of_a_quantilizer(d):
    d.conclude(d.integrate(d.pointwise(q * w**2 <= w, "the density ratio is between 0 and 1/q")), "E[w] = 1")


def exact_given_the_law(d):
    local = d.pointwise(w * (c - t) <= sp.Max(c - t, 0) / q, "0 <= w <= 1/q")
    d.conclude(d.integrate(local), "E[w] = 1")


def comonotone(d):
    local = d.pointwise(eq(w * (u - tau), sp.Max(u - tau, 0) / q), "full above the threshold, empty below")
    d.conclude(d.integrate(local), "E[w] = 1")


DERIVATION = {
    "quantilizer": quantilizer,
    "any-policy": any_policy,
    "second-moment": second_moment,
    "attained-second-moment": attained_second_moment,
    "norm-of-a-quantilizer": norm_of_a_quantilizer,
    "exact-given-the-law": exact_given_the_law,
    "comonotone": comonotone,
}
