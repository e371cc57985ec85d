r"""# Which policies protect against every cost

Here $E$ is the expectation under a measure that dominates the base and the policy, and $g$, $p$ are their
densities. Actions that the base never takes are those with $g = 0$; the printed proof of the lemma divides by the
base's mass and so passes over them, and no division is needed.
"""

from qtheory.claims.fits_under import bad, delta, g, p
from qtheory.symbols import E, c, eq, ge, t


def sufficient(d):
    local = d.pointwise(p * c <= t * g * c, "the policy is below t times the base, and costs are not negative")
    d.conclude(d.integrate(local), "and t is not negative")


def necessary(d):
    local = d.pointwise(p * bad >= t * g * bad + delta * bad, "on the bad set p exceeds t g by delta")
    d.conclude(d.integrate(local), "the bad set has positive mass")


def factor_below_one(d):
    local = d.pointwise(p <= t * g, "a hypothesis")
    d.conclude(d.integrate(local), "both densities have mean one")


def factor_one(d):
    gap = d.pointwise(ge(g - p, 0), "a hypothesis")
    none = d.arithmetic(eq(E(g - p), 0), "both densities have mean one")
    same = d.vanishes(gap, none)
    d.conclude(same)


DERIVATION = {
    "sufficient": sufficient,
    "necessary": necessary,
    "factor-below-one": factor_below_one,
    "factor-one": factor_one,
}
