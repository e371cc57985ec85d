r"""# Windows

Quantilizers are nested: what the laxer one has beyond the stricter one fits under the base. So a window is a policy
that fits under the base times 1 over its width, and the quantilizer is the best of those.
"""

from functools import cache

import sympy as sp

from qtheory.claims.quantilizer_optimality import CLAIM as OPTIMALITY
from qtheory.claims.utility_antitone import CLAIM as ANTITONE
from qtheory.claims.utility_antitone import share
from qtheory.claims.utility_antitone import share2 as laxer_share
from qtheory.claims.windowed_quantilizer import budget, free, low, share2, share3
from qtheory.prover.locate import script
from qtheory.prover.proof import carry_out
from qtheory.symbols import E, c, eq, ge, q, r, t, tau, tau2, tau3, u, v, w, w2, w3

NESTED = script("utility_antitone").DERIVATION["nested"]
OPTIMAL = script("quantilizer_optimality").DERIVATION["optimal"]
ENDS = {q: low, r: low + q, w: w2, w2: w3, tau: tau2, tau2: tau3, share: share2, laxer_share: share3}


@cache
def _nested():
    return carry_out(ANTITONE.slug, ANTITONE.part("nested"), NESTED)


def _fits(d):
    between = d.theorem(_nested(), ENDS, "the quantilizers at the two ends are nested")
    return d.pointwise(sp.And(v >= 0, v <= 1 / q, evaluate=False), "divide by the width", [between])


def density(d):
    d.conclude(_fits(d))


def value(d):
    d.conclude(d.integrate(d.pointwise(eq(v * u, ((low + q) * w3 * u - low * w2 * u) / q), "the window")))


def cost(d):
    d.conclude(d.integrate(d.pointwise(v * c <= c / q, "no density above 1 over the width", [_fits(d)])))


def cost_attained(d):
    d.conclude(d.integrate(d.pointwise(eq(v * c, c / q), "full wherever there is a cost", [_fits(d)])))


def optimizer_cost(d):
    fits = d.pointwise(w * q <= 1, "the width is q")
    d.conclude(d.integrate(d.pointwise(w * c <= c / q, "no density above 1 over the width", [fits])))


def no_gain(d):
    fits = _fits(d)
    mass = d.integrate(d.pointwise(eq(q * v, (low + q) * w3 - low * w2), "the window"))
    one = d.arithmetic(eq(E(v), 1), "the ends have mean one", [mass])
    optimal = carry_out(OPTIMALITY.slug, OPTIMALITY.part("optimal"), OPTIMAL)
    d.conclude(d.theorem(optimal, {}, "the quantilizer is the best of those that fit", [fits, one]))


def top_without_budget(d):
    free_of_charge = d.pointwise(eq(budget * t * free, 0), "no weight where the cost is")
    whole = d.pointwise(ge(free * v, 0), "a density times a share")
    d.conclude([d.integrate(free_of_charge), d.integrate(whole)])


DERIVATION = {
    "density": density,
    "value": value,
    "cost": cost,
    "cost-attained": cost_attained,
    "optimizer-cost": optimizer_cost,
    "no-gain": no_gain,
    "top-without-budget": top_without_budget,
}
