r"""# A wrong utility

The quantilizer is one of the policies that compete for the best expected $U'$, and conversely. What a policy thinks of
the difference of two utilities is at most $1/q$ times what the base thinks of its positive part.
"""

import sympy as sp

from qtheory.claims.quantilizer_optimality import CLAIM as OPTIMALITY
from qtheory.claims.utility_lipschitz import eta, g, top, u2
from qtheory.prover.locate import script
from qtheory.prover.proof import carry_out
from qtheory.symbols import eq, q, t, u, v, w

OPTIMALITY_DERIVATION = script("quantilizer_optimality").DERIVATION


def _best(d):
    optimal = carry_out(OPTIMALITY.slug, OPTIMALITY.part("optimal"), OPTIMALITY_DERIVATION["optimal"])
    return d.theorem(optimal, {}, "the quantilizer is best for the utility it ranks by")


def not_far_above(d):
    local = d.pointwise(w * (u - u2) <= sp.Max(u - u2, 0) / q, "the density ratio is at most 1/q")
    d.conclude(d.integrate(local), "the quantilizer competes for the best expected u2")


def not_far_below(d):
    local = d.pointwise(v * (u2 - u) <= sp.Max(u2 - u, 0) / q, "the density ratio is at most 1/q")
    d.conclude([d.integrate(local), _best(d)])


def uniformly_close(d):
    mine = d.integrate(d.pointwise(w * u2 >= w * (u - t), "the utilities are close"))
    theirs = d.integrate(d.pointwise(v * u2 <= v * (u + t), "the utilities are close"))
    d.conclude([mine, theirs, _best(d)], "both ratios have mean one")


def regret(d):
    local = d.pointwise((v - w) * (u2 - u) <= sp.Abs(u - u2) / q, "two density ratios differ by at most 1/q")
    d.conclude([d.integrate(local), _best(d)])


def regret_uniform(d):
    mine = d.integrate(d.pointwise(w * u2 >= w * (u - t), "the utilities are close"))
    theirs = d.integrate(d.pointwise(v * u2 <= v * (u + t), "the utilities are close"))
    d.conclude([mine, theirs, _best(d)], "both ratios have mean one")


def constant_one(d):
    all_of_it = d.integrate(d.pointwise(eq(top / g * top, top / g), "the top is there or not"))
    nothing = d.integrate(d.pointwise(eq(v * top, 0), "the policy avoids the top"))
    apart = d.integrate(
        d.pointwise(eq(sp.Abs(top - eta * (1 - top)) / g, (top + eta * (1 - top)) / g), "of either kind")
    )
    d.conclude([all_of_it, nothing, apart], "the top has mass g")


DERIVATION = {
    "not-far-above": not_far_above,
    "not-far-below": not_far_below,
    "uniformly-close": uniformly_close,
    "regret": regret,
    "regret-uniform": regret_uniform,
    "constant-one": constant_one,
}
