r"""# Targeted impact: costs of a feature

A cost that is a function of the feature $Z$ cannot tell $w$ from its conditional mean $h = E[w \mid Z]$, which is the
density ratio of the feature's law. So the cost bound holds with $\max h$ in place of $1/q$. The two bounds are the same
exactly if some value of the feature comes from full actions only.
"""

import sympy as sp

from qtheory.claims.feature_cost import NORMAL_AMPLIFICATION, TOP, TOP2, X, a
from qtheory.symbols import E, alpha, eq, ge, h, indicator, kappa, q, tau, tau2, u, w, w2


def bound(d):
    local = d.pointwise(h * kappa <= alpha * kappa, "no value of the feature is amplified more than alpha")
    d.conclude(d.integrate(local), "the cost cannot tell w from h")


def attained(d):
    local = d.pointwise(eq(h * kappa, alpha * kappa), "the cost sits on the most amplified values")
    d.conclude(d.integrate(local), "the cost cannot tell w from h")


def at_least_one(d):
    return d.arithmetic(alpha >= 1, "E[h] = 1", [d.integrate(d.pointwise(h <= alpha, "a hypothesis"))])


def range_(d):
    one = at_least_one(d)
    amplified = d.integrate(d.pointwise(eq(h * kappa, alpha * kappa), "the cost sits on the most amplified values"))
    bounded = d.integrate(d.pointwise(w * kappa <= kappa / q, "the density ratio is at most 1/q"))
    top = d.arithmetic(alpha * E(kappa) <= E(kappa) / q, "both are the policy's mean cost", [amplified, bounded])
    d.conclude([one, top], "divide by the mean cost, which is positive")


def share_of_the_top(d):
    local = d.pointwise(eq(w * kappa, indicator(u >= tau) * kappa / q), "full from the threshold on, empty below")
    d.conclude(d.integrate(local), "the cost cannot tell w from h")


def no_gain(d):
    full = d.integrate(d.pointwise(eq(w * kappa, kappa / q), "the cost sits on full actions"))
    amplified = d.integrate(d.pointwise(h * kappa <= alpha * kappa, "no value is amplified more than alpha"))
    at_least = d.arithmetic(E(kappa) / q <= alpha * E(kappa), "both are the policy's mean cost", [full, amplified])
    d.conclude([at_least], "divide by the mean cost, which is positive")


def no_gain_only_then(d):
    room = d.pointwise(ge((1 / q - w) * kappa, 0), "the density ratio is at most 1/q")
    amplified = d.integrate(d.pointwise(eq(h * kappa, alpha * kappa), "the cost sits on the most amplified values"))
    costly = d.integrate(d.pointwise(alpha * kappa >= kappa / q, "alpha is at least 1/q"))
    bounded = d.integrate(d.pointwise(w * kappa <= kappa / q, "the density ratio is at most 1/q"))
    none = d.arithmetic(eq(E((1 / q - w) * kappa), 0), "nothing is missing on average", [amplified, costly, bounded])
    d.conclude(d.vanishes(room, none))


def unmoved(d):
    room = d.pointwise(ge(1 - h, 0), "alpha is at most one")
    none = d.arithmetic(eq(E(1 - h), 0), "E[h] = 1")
    d.conclude(d.vanishes(room, none))


def unmoved_only_then(d):
    one = at_least_one(d)
    same = d.integrate(d.pointwise(eq(h * kappa, kappa), "h is one"))
    amplified = d.integrate(d.pointwise(eq(h * kappa, alpha * kappa), "the cost sits on the most amplified values"))
    d.conclude([one, same, amplified], "divide by the mean cost, which is positive")


def saturation(d):
    here = d.integrate(d.pointwise(eq(w * u, tau * w), "the first policy plays at its threshold only"))
    there = d.integrate(d.pointwise(eq(w2 * u, tau2 * w2), "so does the second"))
    up = d.integrate(d.pointwise(w2 * u <= tau * w2, "and nothing lies above either threshold"))
    down = d.integrate(d.pointwise(w * u <= tau2 * w, "and nothing lies above either threshold"))
    same = d.arithmetic(eq(tau, tau2), "so the thresholds agree", [here, there, up, down])
    all_of_it = d.integrate(d.pointwise(eq(w * TOP, w), "all of the first policy is on the top level"))
    all_of_that = d.integrate(d.pointwise(eq(w2 * TOP2, w2), "and all of the second"))
    it = d.arithmetic(eq(E(w * TOP), 1), "E[w] = 1", [all_of_it])
    that = d.arithmetic(eq(E(w2 * TOP2), 1), "E[w] = 1", [all_of_that])
    first = d.pointwise(eq(w * E(TOP), TOP), "the top level is shared in proportion to mass", [it])
    second = d.pointwise(eq(w2 * E(TOP2), TOP2), "by both", [that])
    common = d.integrate(d.pointwise(eq(TOP, TOP2), "the same level", [same]))
    some = d.integrate(d.pointwise(w <= TOP / q, "the density ratio is at most 1/q"))
    positive = d.arithmetic(E(TOP) > 0, "which is not empty", [some])
    d.conclude([first, second, common, positive, same], "divide by its mass")


def saturated_value(d):
    within = d.integrate(d.pointwise(eq(w * kappa, w), "all of the policy is within the value"))
    amplified = d.integrate(d.pointwise(eq(h * kappa, alpha * kappa), "where the amplification is alpha"))
    product = d.arithmetic(eq(alpha * E(kappa), 1), "both are the policy's mean cost", [within, amplified])
    d.conclude([product], "divide by the value's mass")


def normal(d):
    antiderivative = -sp.erfc((X - a) / sp.sqrt(2)) / 2
    d.conclude([d.integral(NORMAL_AMPLIFICATION, antiderivative, "complete the square")])


DERIVATION = {
    "bound": bound,
    "attained": attained,
    "range": range_,
    "share-of-the-top": share_of_the_top,
    "no-gain": no_gain,
    "no-gain-only-then": no_gain_only_then,
    "unmoved": unmoved,
    "unmoved-only-then": unmoved_only_then,
    "saturation": saturation,
    "saturated-value": saturated_value,
    "normal": normal,
}
