r"""# The worst cost under a cap is a test

A cost in $[0, C]$ pays a price $t$ per unit of base cost, and gains at most $C(w-t)^+$ beyond that. The test that
rejects where the density ratio exceeds $t$ loses nothing in either step, and $(c - c')(w - t) \ge 0$ for any other cost
$c'$ of the class: that is the Neyman-Pearson lemma.
"""

import sympy as sp

from qtheory.claims.neyman_pearson_cost import cap, normal_above, other, s, second, size, tilt, weight, z
from qtheory.prover.lemmas.lemma import X, Y
from qtheory.prover.lemmas.signs import SAME_SIGN
from qtheory.symbols import C, E, c, epsilon, eq, ge, lam, n, q, t, v, w


def prices(d):
    local = d.pointwise(v * c <= t * c + C * sp.Max(v - t, 0), "split the ratio into the price and what exceeds it")
    paid = d.integrate(local)
    mean = d.arithmetic(t * E(c) <= t * epsilon, "the mean cost is at most epsilon")
    d.conclude([paid, mean])


def attained(d):
    local = d.pointwise(eq(v * c, t * c + C * sp.Max(v - t, 0)), "the cap where v > t and 0 where v < t")
    d.conclude(d.integrate(local), "the mean is used up")


def exchange(d, rival, price):
    above = d.pointwise(sp.Implies(v - price > 0, c - rival >= 0), "the test is at the cap there")
    below = d.pointwise(sp.Implies(v - price < 0, c - rival <= 0), "the test is 0 there")
    return d.integrate(d.lemma(SAME_SIGN, {X: c - rival, Y: v - price}, "of the same sign", [above, below]))


def most_powerful(d):
    better = exchange(d, other, t)
    mean = d.arithmetic(t * E(other) <= t * E(c), "the mean is not larger")
    d.conclude([better, mean])


def concave(d):
    mixed = lam * other + (1 - lam) * second
    nonnegative = d.pointwise(sp.And(mixed >= 0, mixed <= C), "a mixture of costs of the class")
    above = d.pointwise(sp.Implies(v - t > 0, c - mixed >= 0), "the test is at the cap there", [nonnegative])
    below = d.pointwise(sp.Implies(v - t < 0, c - mixed <= 0), "the test is 0 there", [nonnegative])
    better = d.integrate(d.lemma(SAME_SIGN, {X: c - mixed, Y: v - t}, "of the same sign", [above, below]))
    mean = d.arithmetic(t * (lam * E(other) + (1 - lam) * E(second)) <= t * E(c), "the mean is not larger")
    d.conclude([better, mean])


def whole(d):
    below = d.integrate(d.pointwise(c <= C, "a hypothesis"))
    gap = d.pointwise(ge(C - c, 0), "a hypothesis")
    same = d.vanishes(gap, d.arithmetic(eq(E(c), C), "the mean is at the cap", [below]))
    d.conclude(d.integrate(d.pointwise(eq(v * c, C * v), "the cost is the cap almost everywhere", [same])))


def quantilizer(d):
    reached = sp.Min(C, epsilon / q)
    square = d.integrate(d.pointwise(eq(q * w**2, w), "each action is full or empty"))
    under = d.pointwise(c <= C, "the ratio is at most 1/q")
    mean = d.integrate(d.pointwise(eq(c, q * w * reached), "a hypothesis"))
    played = d.integrate(d.pointwise(eq(w * c, q * w**2 * reached), "a hypothesis"))
    small = d.arithmetic(E(c) <= epsilon, "E[w] = 1", [mean])
    value = d.arithmetic(eq(E(w * c), reached), "E[w] = 1", [played, square])
    d.conclude([under, small, value])


def quantilizer_no_more(d):
    amplified = d.integrate(d.pointwise(w * c <= c / q, "the density ratio is at most 1/q"))
    capped = d.integrate(d.pointwise(w * c <= C * w, "the cost is at most C"))
    by_mean = d.arithmetic(E(w * c) <= epsilon / q, "the mean cost is at most epsilon", [amplified])
    by_cap = d.arithmetic(E(w * c) <= C, "E[w] = 1", [capped])
    d.conclude([by_mean, by_cap])


def best_of_n(d):
    d.conclude(d.integral(sp.Integral(n * (1 - s) ** (n - 1), (s, 0, size)), -((1 - s) ** n)))


def normal_tilt(d):
    (integral,) = d.part.conclusion.atoms(sp.Integral)
    d.conclude(d.integral(integral, -normal_above(z - tilt)))


def caps_and_weights(d):
    local = d.pointwise(
        eq(v * c, t * weight * c + cap * sp.Max(v - t * weight, 0)), "the cap above the price, and 0 below it"
    )
    d.conclude(d.integrate(local))


def caps_and_weights_no_more(d):
    better = exchange(d, other, t * weight)
    mean = d.arithmetic(t * E(weight * other) <= t * E(weight * c), "the weighted mean is not larger")
    d.conclude([better, mean])


DERIVATION = {
    "prices": prices,
    "attained": attained,
    "most-powerful": most_powerful,
    "concave": concave,
    "whole": whole,
    "quantilizer": quantilizer,
    "quantilizer-no-more": quantilizer_no_more,
    "best-of-n": best_of_n,
    "normal-tilt": normal_tilt,
    "normal-tilt-between": normal_tilt,
    "caps-and-weights": caps_and_weights,
    "caps-and-weights-no-more": caps_and_weights_no_more,
}
