r"""# Composition

The qr-quantilizer satisfies, relative to the q-quantilizer, everything that makes an r-quantilizer. It is nested in
the laxer one, and its threshold is no lower.
"""

from functools import cache

import sympy as sp

from qtheory.claims.cost_bound import CLAIM as COST_BOUND
from qtheory.claims.quantilizer_optimality import CLAIM as OPTIMALITY
from qtheory.claims.same_ranking_composition import share, share2
from qtheory.claims.utility_antitone import CLAIM as ANTITONE
from qtheory.claims.utility_antitone import share as stricter_share
from qtheory.claims.utility_antitone import share2 as laxer_share
from qtheory.prover.locate import script
from qtheory.prover.proof import carry_out
from qtheory.symbols import c, indicator, k, q, r, tau, tau2, v, w, w2

# The stricter level is qr, of ratio w2; the laxer one is q, of ratio w.
LEVELS = {q: q * r, r: q, w: w2, w2: w, tau: tau2, tau2: tau, stricter_share: share2, laxer_share: share}


@cache
def _proved(claim, name):
    return carry_out(claim.slug, claim.part(name), script(claim.slug.replace("-", "_")).DERIVATION[name])


def _nested(d):
    smaller = d.pointwise(sp.Lt(q * r, q), "r is below one")
    between = d.theorem(_proved(ANTITONE, "nested"), LEVELS, "the quantilizers are nested", [smaller])
    return d.pointwise(w2 <= w / r, "divide by qr", [between])


def fits(d):
    d.conclude(_nested(d))


def full_and_empty(d):
    fitted = _nested(d)
    wrong = indicator(tau2 < tau)
    # Below the laxer threshold nothing is left of it, and above the stricter one that is full.
    less = d.integrate(d.pointwise(wrong * q * w <= wrong * q * r * w2, "full above the lower threshold"))
    order = d.arithmetic(tau <= tau2, "but q is larger than qr", [less])
    d.conclude([fitted, order], "both are full above the higher threshold")


def ties_in_proportion(d):
    d.conclude(note="each plays its own share of the whole level")


def same_value(d):
    capped = d.pointwise(v <= 1 / (q * r), "the first step is at most 1/q, the second at most 1/r of it")
    optimal = _proved(OPTIMALITY, "optimal")
    best = d.theorem(optimal, {q: q * r, w: w2, tau: tau2}, "the quantilizer is the best of those that fit", [capped])
    d.conclude(best)


def factor(d):
    capped = d.pointwise(v <= 1 / (q * r), "the first step is at most 1/q, the second at most 1/r of it")
    d.conclude(d.integrate(d.pointwise(v * c <= c / (q * r), "so no action grows by more", [capped])))


def rounds(d):
    d.conclude(d.theorem(_proved(COST_BOUND, "bound"), {q: q**k}, "the cost bound at that level"))


DERIVATION = {
    "fits": fits,
    "full-and-empty": full_and_empty,
    "ties-in-proportion": ties_in_proportion,
    "same-value": same_value,
    "factor": factor,
    "rounds": rounds,
}
