r"""# The buffered probability of exceedance

No policy can make more of $l(U - s) + 1$ than its positive part allows, and on average it is at least one for a policy
that reaches $s$. At the slope for which it vanishes at the threshold the quantilizer makes all of it.
"""

import sympy as sp

from qtheory.claims.buffered_exceedance import factor, gap, s, slope
from qtheory.claims.utility_antitone import CLAIM as ANTITONE
from qtheory.prover.lemmas.lemma import X, Y
from qtheory.prover.lemmas.signs import SHARE
from qtheory.prover.locate import script
from qtheory.prover.proof import carry_out
from qtheory.symbols import E, eq, ge, indicator, q, tau, u, v, w

ANTITONE_DERIVATION = script("utility_antitone").DERIVATION
LINE = slope * (u - s) + 1


def necessary(d):
    share = d.pointwise(sp.And(q * w >= 0, q * w <= 1, evaluate=False), "the density ratio is between 0 and 1/q")
    local = d.integrate(d.lemma(SHARE, {X: q * w, Y: LINE}, using=[share], alone=True))
    steep = d.arithmetic(ge(slope * (E(w * u) - s), 0), "the policy reaches s")
    scaled = d.arithmetic(ge(q * (slope * (E(w * u) - s)), 0), "a level is positive", [steep])
    d.conclude([local, scaled], "E[w] = 1")


def smallest_factor(d):
    local = d.integrate(d.pointwise(v * LINE <= factor * sp.Max(LINE, 0), "no density above the factor"))
    steep = d.arithmetic(ge(slope * (E(v * u) - s), 0), "the policy reaches s")
    d.conclude([local, steep], "E[v] = 1")


def attained(d):
    room = d.arithmetic(sp.Gt(s - tau, 0), "a hypothesis")
    made = d.pointwise(eq(q * w * (u - tau), sp.Max(u - tau, 0)), "full above the threshold, empty below")
    line = sp.Max((u - tau) / (s - tau), 0)
    scaled = d.pointwise(eq((s - tau) * line, sp.Max(u - tau, 0)), "the same sign", [room], alone=True)
    d.conclude([d.integrate(made), d.integrate(scaled), room], "the expected utility is s; divide by s - tau")


def smaller_levels_reach_it(d):
    antitone = carry_out(ANTITONE.slug, ANTITONE.part("antitone"), ANTITONE_DERIVATION["antitone"])
    d.conclude(d.theorem(antitone, {}, "stricter levels have no lower expected utility"))


def whole_base(d):
    local = d.integrate(d.pointwise(sp.Max(LINE, 0) >= LINE, "a positive part"))
    steep = d.arithmetic(ge(slope * (E(u) - s), 0), "the base reaches s")
    d.conclude([local, steep])


def more_than_the_tail(d):
    d.conclude(d.integrate(d.pointwise(sp.Max(LINE, 0) >= indicator(u >= s), "at least one from s on")))


def top(d):
    d.conclude(d.integrate(d.pointwise(eq(sp.Max((u - s) / gap + 1, 0), indicator(u >= s)), "zero below the best")))


def infeasible(d):
    zero = d.integrate(d.pointwise(eq(sp.Max((u - s) / gap + 1, 0), 0), "every action is below s by the gap"))
    short = d.integrate(d.pointwise(v * u <= v * (s - gap), "every action is below s by the gap"))
    d.conclude([zero, short], "E[v] = 1")


DERIVATION = {
    "necessary": necessary,
    "smallest-factor": smallest_factor,
    "attained": attained,
    "smaller-levels-reach-it": smaller_levels_reach_it,
    "whole-base": whole_base,
    "more-than-the-tail": more_than_the_tail,
    "top": top,
    "infeasible": infeasible,
}
