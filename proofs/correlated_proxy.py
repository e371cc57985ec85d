r"""# What a proxy's correlation with the truth guarantees

Take the truth and the density ratio apart into a multiple of the proxy and a rest. The true gain is the product of the
multiples and the mean product of the rests, which Cauchy and Schwarz bound; truths affine in proxy and ratio attain it.
"""

import sympy as sp

from qtheory.claims.correlated_proxy import (
    CHI_SQUARE,
    EXACT,
    PROXY_GAIN,
    PROXY_VARIANCE,
    TOGETHER,
    TRUE_GAIN,
    TRUE_VARIANCE,
    p,
    r,
    rest,
    slope,
    truth,
)
from qtheory.claims.correlated_proxy import d as divergence
from qtheory.prover.lemmas.lemma import X, Y
from qtheory.prover.lemmas.signs import CANCEL
from qtheory.prover.theorems import F, G, cauchy_schwarz
from qtheory.symbols import E, Scalar, eq, ge, t, u, v

mean_u, mean_t, var_u, var_t, cov, gain_u, gain_t, chi = (
    Scalar(name) for name in ("mean_u", "mean_t", "var_u", "var_t", "cov", "gain_u", "gain_t", "chi")
)
NAMED = {
    mean_u: E(u),
    mean_t: E(truth),
    var_u: PROXY_VARIANCE,
    var_t: TRUE_VARIANCE,
    cov: TOGETHER,
    gain_u: PROXY_GAIN,
    gain_t: TRUE_GAIN,
    chi: CHI_SQUARE,
}


def exact(d):
    names = [d.let(name, value) for name, value in NAMED.items()]
    of_truth = var_u * (truth - mean_t) - cov * (u - mean_u)
    of_ratio = var_u * (v - 1) - gain_u * (u - mean_u)
    product = d.theorem(cauchy_schwarz(), {F: of_truth, G: of_ratio}, "the rests")
    mass = d.arithmetic(eq(E(v), 1), "a hypothesis")
    plain = d.rewrite(d.rewrite(product, names), [mass], "in moments")
    spread = d.arithmetic(PROXY_VARIANCE**2 > 0, "a hypothesis")
    smaller, larger = d.part.conclusion.args
    d.conclude(d.lemma(CANCEL, {X: PROXY_VARIANCE**2, Y: larger - smaller}, "divide", [plain, spread], alone=True))


def attained(d):
    affine = t + slope * u + rest * v
    facts = [
        d.integrate(d.pointwise(eq(truth, affine), "a hypothesis")),
        d.integrate(d.pointwise(eq(truth * u, affine * u), "a hypothesis")),
        d.integrate(d.pointwise(eq(truth * v, affine * v), "a hypothesis")),
        d.integrate(d.pointwise(eq(truth**2, affine**2), "a hypothesis")),
    ]
    mass = d.arithmetic(eq(E(v), 1), "a hypothesis")
    known = [mass, *(d.rewrite(fact, [mass], "the ratio has mean one") for fact in facts)]
    d.conclude(d.identity(*d.part.conclusion.args, "all moments in those of proxy and ratio", known))


def roots(d):
    """The root of the product, and the root in the published bound, with their squares."""
    first, second = Scalar("first"), Scalar("second")
    names = [d.let(first, sp.sqrt((1 - r**2) * (divergence - p**2))), d.let(second, sp.sqrt((1 - r**2) * divergence))]
    squares = [
        d.arithmetic(sp.And(ge(first, 0), eq(first**2, (1 - r**2) * (divergence - p**2))), "a root", names),
        d.arithmetic(sp.And(ge(second, 0), eq(second**2, (1 - r**2) * divergence)), "a root", names),
    ]
    return first, second, names, squares


def published_is_valid(d):
    first, second, names, squares = roots(d)
    # Both sides to the square: second >= r first + (1 - r^2) p, the inner product of two unit vectors.
    inner = d.arithmetic(ge(second**2 - (r * first + (1 - r**2) * p) ** 2, 0), "a square", squares)
    order = d.arithmetic(second >= r * first + (1 - r**2) * p, "take the root", [inner, *squares])
    d.conclude([order, *names, *squares], "divide by the correlation")


def same_sign(d):
    first, _, names, squares = roots(d)
    above = d.arithmetic(
        sp.Equivalent(r * p > first, (r * p) ** 2 > first**2, evaluate=False), "both sides are not negative", squares
    )
    value = d.arithmetic(eq(EXACT, r * p - first), "by its name", names)
    d.conclude([above, value, *squares])


def published_is_loose(d):
    first, second, names, squares = roots(d)
    agree = sp.Implies(eq(second, r * first + (1 - r**2) * p), eq((1 - r**2) * (r * p - first) ** 2, 0))
    gap = d.arithmetic(agree, "what the square leaves", squares)
    d.conclude([gap, *names, *squares])


DERIVATION = {
    "exact": exact,
    "attained": attained,
    "published-is-valid": published_is_valid,
    "same-sign": same_sign,
    "published-is-loose": published_is_loose,
}
