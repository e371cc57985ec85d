r"""# Targeted impact: costs of a feature

A cost that is a function of the feature $Z$ cannot tell $w$ from its conditional mean $h = E[w \mid Z]$, which is the
density ratio of the feature's law. So the cost bound holds with $\max h$ in place of $1/q$.
"""

from qtheory.symbols import E, alpha, eq, ge, h, kappa, q, w


def bound(d):
    local = d.pointwise(h * kappa <= alpha * kappa, "no value of the feature is amplified more than alpha")
    d.conclude(d.integrate(local), "the cost cannot tell w from h")


def attained(d):
    local = d.pointwise(eq(h * kappa, alpha * kappa), "the cost sits on the most amplified values")
    d.conclude(d.integrate(local), "the cost cannot tell w from h")


def range_(d):
    at_least = d.integrate(d.pointwise(h <= alpha, "a hypothesis"))
    amplified = d.integrate(d.pointwise(eq(h * kappa, alpha * kappa), "the cost sits on the most amplified values"))
    bounded = d.integrate(d.pointwise(w * kappa <= kappa / q, "the density ratio is at most 1/q"))
    one = d.arithmetic(alpha >= 1, "E[h] = 1", [at_least])
    top = d.arithmetic(alpha * E(kappa) <= E(kappa) / q, "both are the policy's mean cost", [amplified, bounded])
    d.conclude([one, top], "divide by the mean cost, which is positive")


def unmoved(d):
    room = d.pointwise(ge(1 - h, 0), "alpha is at most one")
    none = d.arithmetic(eq(E(1 - h), 0), "E[h] = 1")
    d.conclude(d.vanishes(room, none))


DERIVATION = {"bound": bound, "attained": attained, "range": range_, "unmoved": unmoved}
