r"""# Costs that are bounded given the utility

The worst case separates over the levels of utility, and within a level it is the cost bound: what counts is how far a
policy departs from the base *within* a level. A policy that only reweights levels does not depart from it there.
"""

from qtheory.claims.conditional_cost import peak
from qtheory.symbols import c, epsilon, eq, m, tau, u, v, w


def unamplified(d):
    local = d.pointwise(w * m <= epsilon * w, "on each level the mean cost is at most epsilon")
    d.conclude(d.integrate(local), "E[w] = 1, and w cannot tell c from m")


def support_function(d):
    worst = d.integrate(d.pointwise(v * c <= peak * c, "the largest density ratio of the level"))
    mean = d.integrate(d.pointwise(peak * m <= epsilon * peak, "on each level the mean cost is at most epsilon"))
    d.conclude([worst, mean], "the largest ratio cannot tell c from m")


def support_attained(d):
    local = d.pointwise(eq(v * c, peak * c), "the cost sits on the densest actions")
    d.conclude(d.integrate(local), "the largest ratio cannot tell c from m")


def guaranteed(d):
    loss = d.integrate(d.pointwise(w * m <= epsilon * w, "on each level the mean cost is at most epsilon"))
    gain = d.integrate(d.pointwise(eq(w * u, tau * w), "the maximiser is at the best level"))
    d.conclude([loss, gain], "E[w] = 1, and w cannot tell c from m")


def no_more(d):
    local = d.pointwise(v * (u - epsilon) <= v * (tau - epsilon), "nothing is better than the best level")
    d.conclude(d.integrate(local), "E[v] = 1")


DERIVATION = {
    "unamplified": unamplified,
    "maximiser-too": unamplified,
    "support-function": support_function,
    "support-attained": support_attained,
    "guaranteed": guaranteed,
    "no-more": no_more,
}
