r"""# Costs known by mean and variance

The shift is $E[(w-1)(c - E c)]$, so Cauchy and Schwarz bound it. Against such costs the best policy is proportional to
the excess $(U-t)^+$: with $e$ the excess and $m$ its mean, $2(e-m)(c - Ec) \le (e-m)^2 + (c-Ec)^2$ pointwise.
"""

import sympy as sp

from qtheory.claims.variance_bound import excess, gain, level, other, slope
from qtheory.prover.theorems import F, G, cauchy_schwarz
from qtheory.symbols import E, Scalar, c, eq, ge, q, t, u, v, w

mean = Scalar("mean")


def shift_bound(d, ratio):
    name = d.let(mean, E(c))
    product = d.theorem(cauchy_schwarz(), {F: ratio - 1, G: c - mean}, "the shift as a mean product")
    return [name, product]


def any_policy(d):
    d.conclude(shift_bound(d, v))


def quantilizer(d):
    square, variance, divergence = Scalar("square"), Scalar("variance"), Scalar("divergence")
    name, product = shift_bound(d, w)
    names = [
        name,
        d.let(square, (E(w * c) - E(c)) ** 2),
        d.let(variance, E(c**2) - E(c) ** 2),
        d.let(divergence, E(w**2) - 1),
    ]
    short = d.arithmetic(square <= variance * divergence, "in these names", [product, *names])
    chord = d.integrate(d.pointwise(w**2 <= w / q, "the density ratio is between 0 and 1/q"))
    small = d.arithmetic(divergence <= 1 / q - 1, "the ratio has mean one", [chord, *names])
    spread = d.integrate(d.pointwise(ge((c - mean) ** 2, 0), "a square"))
    positive = d.arithmetic(variance >= 0, "the mean of a square", [spread, *names])
    bounded = d.arithmetic(variance * divergence <= variance * (1 / q - 1), "times the variance", [small, positive])
    result = d.arithmetic(square <= variance * (1 / q - 1), "so the square of the shift", [short, bounded])
    d.conclude([result, *names])


def attained(d):
    affine = level + slope * (v - 1)
    facts = [
        d.integrate(d.pointwise(eq(c, affine), "a hypothesis")),
        d.integrate(d.pointwise(eq(c**2, affine**2), "a hypothesis")),
        d.integrate(d.pointwise(eq(v * c, v * affine), "a hypothesis")),
    ]
    d.conclude(facts, "all moments in those of the density ratio")


def guaranteed(d):
    name = d.let(mean, E(c))
    square = d.integrate(d.pointwise(ge((excess - gain - (c - mean)) ** 2, 0), "a square"))
    played = d.integrate(
        d.pointwise(eq(gain * v * (u - c), excess * (u - c)), "the policy is the excess over its mean")
    )
    level_ = d.integrate(
        d.pointwise(eq(excess * u, excess**2 + t * excess), "where there is excess, u is t and the excess")
    )
    top = d.integrate(d.pointwise(eq(sp.Max(u, t), t + excess), "the maximum is the level and the excess"))
    d.conclude([name, square, played, level_, top], "collect, and divide by the mean excess")


def no_more(d):
    local = d.pointwise(other * (u - excess) <= t * other, "what is left of u is at most t")
    top = d.integrate(d.pointwise(eq(sp.Max(u, t), t + excess), "the maximum is the level and the excess"))
    d.conclude([d.integrate(local), top], "the policy has mean one")


DERIVATION = {
    "any-policy": any_policy,
    "quantilizer": quantilizer,
    "attained": attained,
    "guaranteed": guaranteed,
    "no-more": no_more,
}
