r"""# The threshold of a robust policy

A cost that leaves no action worth more than $t$ lies above $(U - t)^+$. So if the class contains costs together with
all lower ones, the cost $(U - t)^+$ decides, for each $t$, whether the adversary can hold every policy to $t$. A policy on
$\{U \ge t\}$ whose worst cost it is meets the adversary there. For each class that policy comes from a tangent.
"""

import sympy as sp

from qtheory.claims.robust_threshold import CLAIM, LEAST, LEAST_ABOVE, f_c, f_t, p, slope
from qtheory.prover.lemmas.lemma import P, X, Y
from qtheory.prover.lemmas.logarithms import EXP_OF_SUM, EXP_TANGENT
from qtheory.prover.lemmas.powers import POWER_TANGENT_FROM_ZERO
from qtheory.prover.proof import carry_out
from qtheory.symbols import E, b, c, eq, ge, q, t, tau, u, v, w


def least_cost(d):
    d.conclude(note="a cost is not negative, and at least U - t")


def no_more(d):
    d.conclude(d.integrate(d.pointwise(v * (u - LEAST) <= t * v, "what is left of u is at most t")), "E[v] = 1")


def guaranteed(d):
    left = d.pointwise(eq(v * (u - LEAST), t * v), "where the policy plays, exactly t is left")
    d.conclude(d.integrate(left), "E[v] = 1, and no cost is worse")


def worst_true_value(d):
    d.conclude(note="either side of t")


def sign_free(d):
    left = d.pointwise(eq(v * (u - (u - t)), t * v), "everywhere t is left")
    d.conclude(d.integrate(left), "E[v] = 1, and no cost is worse")


def least_cost_above(d):
    d.conclude(note="a cost is at least -b, and at least U - t")


def no_more_above(d):
    d.conclude(d.integrate(d.pointwise(v * (u - LEAST_ABOVE) <= t * v, "what is left of u is at most t")), "E[v] = 1")


def _guaranteed(d, terms, note, using):
    return d.theorem(carry_out(CLAIM.slug, CLAIM.part("guaranteed"), guaranteed), terms, note, using)


def mean_class(d):
    excess = sp.Max(u - tau, 0)
    loss = d.integrate(d.pointwise(w * c <= c / q, "the density ratio is at most 1/q"))
    most = d.integrate(d.pointwise(eq(w * excess, excess / q), "full wherever u exceeds the threshold"))
    level = d.arithmetic(ge(q, 0), "a level is positive")
    worst = d.arithmetic(E(w * c) <= E(w * excess), "no cost of that mean is worse", [loss, most, level])
    d.conclude(_guaranteed(d, {v: w, t: tau}, "the quantilizer plays at its threshold and above", [worst]))


def signed_class(d):
    mean = carry_out(CLAIM.slug, CLAIM.part("mean-class"), mean_class)
    d.conclude(d.theorem(mean, {c: c + b}, "the shifted cost is not negative"), "E[w] = 1")


def capped_class(d):
    left = d.pointwise(v * (u - c) >= t * v, "the cap leaves t where the policy plays")
    d.conclude(d.integrate(left), "E[v] = 1")


def convex_class(d):
    tangent = d.integrate(d.pointwise(f_c - f_t >= slope * c - slope * LEAST, "the penalty lies above its tangent"))
    left = d.integrate(d.pointwise(eq(slope * (u - LEAST), t * slope), "exactly t is left where the slope is not zero"))
    d.conclude([tangent, left], "the penalty is bounded by that of the least cost")


def square_class(d):
    convex = carry_out(CLAIM.slug, CLAIM.part("convex-class"), convex_class)
    terms = {slope: 2 * LEAST, f_c: c**2, f_t: LEAST**2}
    d.conclude(d.theorem(convex, terms, "the square and its tangent"), "divide by two")


def power_class(d):
    tangent = d.lemma(POWER_TANGENT_FROM_ZERO, {X: c, Y: LEAST, P: p})
    convex = carry_out(CLAIM.slug, CLAIM.part("convex-class"), convex_class)
    terms = {slope: p * LEAST ** (p - 1), f_c: c**p, f_t: LEAST**p}
    d.conclude(d.theorem(convex, terms, "the power and its tangent", [tangent]), "divide by p")


def exponential_class(d):
    tangent = d.lemma(EXP_TANGENT, {X: c - (u - t)})
    whole = d.lemma(EXP_OF_SUM, {X: u - t, Y: c - (u - t)})
    scaled = sp.exp(u - t) * (1 + c - (u - t))
    above = d.pointwise(sp.exp(c) >= scaled, "the exponential lies above its tangent", [tangent, whole])
    d.conclude(d.integrate(above), "the moment is bounded by that of U - t")


DERIVATION = {
    "least-cost": least_cost,
    "no-more": no_more,
    "guaranteed": guaranteed,
    "worst-true-value": worst_true_value,
    "sign-free": sign_free,
    "least-cost-above": least_cost_above,
    "no-more-above": no_more_above,
    "mean-class": mean_class,
    "signed-class": signed_class,
    "capped-class": capped_class,
    "convex-class": convex_class,
    "square-class": square_class,
    "power-class": power_class,
    "exponential-class": exponential_class,
}
