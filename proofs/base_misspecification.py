r"""# Errors of the base

The quantilizer multiplies the cost under the base that it was given by at most $1/q$, and that cost differs from the true
one by at most $C$ times the total variation. Pinsker's inequality bounds this by a divergence; it is derived here from its
pointwise form.
"""

import sympy as sp

from qtheory.claims.base_misspecification import divergence
from qtheory.claims.fits_under import g
from qtheory.prover.lemmas.divergences import PINSKER
from qtheory.prover.lemmas.entropy import XLOGY_IS_PRODUCT
from qtheory.prover.lemmas.lemma import N, X, Y
from qtheory.symbols import C, E, Scalar, c, q, t, w

MISSING = sp.Max(1 - g, 0)
root = Scalar("root")


def bounded_ratio(d):
    d.conclude(d.integrate(d.pointwise(w * c <= t / q * g * c, "w <= 1/q, and 1 <= t g")))


def chained(d):
    """The cost under the policy is at most the true cost and the missing mass, over q."""
    amplified = d.integrate(d.pointwise(w * c <= c / q, "the density ratio is at most 1/q"))
    moved = d.integrate(
        d.pointwise(c <= g * c + C * MISSING, "a cost up to C on the mass that the truth does not have")
    )
    return d.arithmetic(q * E(w * c) <= E(g * c) + C * E(MISSING), "chain them", [amplified, moved])


def total_variation(d):
    bound = chained(d)
    capped = d.integrate(d.pointwise(w * c <= C * w, "the cap"))
    below = d.integrate(d.pointwise(c <= C, "the cap"))
    sign = d.integrate(d.pointwise(c >= 0, "a cost"))
    d.conclude([bound, capped, below, sign], "E[w] = 1")


def by_pinsker(d, split):
    """From 2 n |g - 1| <= n^2 (2g + 4)/3 + f(g) and E f(g) <= divergence, with n the root of half the divergence."""
    bound = chained(d)
    cap = d.integrate(d.pointwise(c <= C, "the cap"))
    sign = d.integrate(d.pointwise(c >= 0, "a cost"))
    named, size = split
    square = d.arithmetic(sp.Eq(2 * root**2, divergence, evaluate=False), "a root", [named])
    positive = d.arithmetic(root > 0, "a root", [named])
    missing = d.arithmetic(E(MISSING) <= root, "divide by the root", [size, square, positive])
    total = d.arithmetic(q * E(w * c) <= E(g * c) + C * root, "the missing mass", [bound, missing, cap, sign])
    d.conclude([total, named])


def divergence_of_the_truth(d):
    named = d.let(root, sp.sqrt(divergence / 2))
    positive = d.arithmetic(root > 0, "a root", [named])
    split = d.lemma(PINSKER, {X: g, Y: sp.Integer(1), N: root}, using=[positive])
    no_log = d.lemma(XLOGY_IS_PRODUCT, {X: g, Y: sp.Integer(1)})
    integrand = split.statement.rhs
    missing = d.pointwise(
        4 * root * MISSING <= integrand + 2 * root * (1 - g),
        "twice the missing mass is |g - 1| + 1 - g",
        [split, positive],
    )
    size = d.arithmetic(
        4 * root * E(MISSING) <= 2 * root**2 + divergence, "E[g] = 1", [d.integrate(missing), d.integrate(no_log)]
    )
    by_pinsker(d, (named, size))


def divergence_of_the_model(d):
    named = d.let(root, sp.sqrt(divergence / 2))
    positive = d.arithmetic(root > 0, "a root", [named])
    split = d.lemma(PINSKER, {X: sp.Integer(1), Y: g, N: root}, using=[positive])
    log = d.lemma(XLOGY_IS_PRODUCT, {X: sp.Integer(1), Y: g})
    no_log = d.lemma(XLOGY_IS_PRODUCT, {X: sp.Integer(1), Y: sp.Integer(1)})
    integrand = root**2 * (2 + 4 * g) / 3 - sp.log(g) - 1 + g
    missing = d.pointwise(
        4 * root * MISSING <= integrand + 2 * root * (1 - g),
        "twice the missing mass is |g - 1| + 1 - g",
        [split, positive, log, no_log],
    )
    size = d.arithmetic(4 * root * E(MISSING) <= 2 * root**2 + divergence, "E[g] = 1", [d.integrate(missing)])
    by_pinsker(d, (named, size))


DERIVATION = {
    "bounded-ratio": bounded_ratio,
    "total-variation": total_variation,
    "divergence-of-the-truth": divergence_of_the_truth,
    "divergence-of-the-model": divergence_of_the_model,
}
