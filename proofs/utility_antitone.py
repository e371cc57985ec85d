r"""# How the expected utility depends on the level

A laxer quantilizer is one of the rivals of a stricter one. And a mixture of two quantilizers, weighted by their
levels, is a rival of the quantilizer at the mixed level, which gives concavity of $q\,E_{Q_q}[U]$.
"""

from functools import cache

import sympy as sp

from qtheory.claims.quantilizer_optimality import CLAIM as OPTIMALITY
from qtheory.claims.utility_antitone import BETWEEN, CLAIM, event, f, share, share2
from qtheory.prover.lemmas.lemma import X, Y
from qtheory.prover.lemmas.signs import SAME_SIGN
from qtheory.prover.locate import script
from qtheory.prover.proof import carry_out
from qtheory.symbols import C, E, eq, ge, indicator, lam, q, r, t, tau, tau2, u, v, w, w2, w3

OPTIMALITY_DERIVATION = script("quantilizer_optimality").DERIVATION


def antitone(d):
    optimal = carry_out(OPTIMALITY.slug, OPTIMALITY.part("optimal"), OPTIMALITY_DERIVATION["optimal"])
    fits = d.pointwise(w2 <= 1 / q, "1/r is at most 1/q, so the laxer quantilizer is a rival")
    d.theorem(optimal, {v: w2}, "the stricter quantilizer beats its rivals", [fits])
    d.conclude(d.facts[-1])


def concave(d):
    first = d.pointwise(lam * q * w2 <= lam, "the density ratio is at most 1/q")
    second = d.pointwise((1 - lam) * r * w3 <= 1 - lam, "the density ratio is at most 1/r")
    first_sign = d.pointwise(lam * q * w2 >= 0, "no density ratio is negative")
    second_sign = d.pointwise((1 - lam) * r * w3 >= 0, "no density ratio is negative")
    full = d.pointwise(sp.Implies(u > tau, eq(BETWEEN * w, 1)), "the middle quantilizer is full above its threshold")
    empty = d.pointwise(sp.Implies(u < tau, eq(BETWEEN * w, 0)), "and empty below it")
    gain = BETWEEN * w - lam * q * w2 - (1 - lam) * r * w3
    above = sp.Implies(u - tau > 0, ge(gain, 0))
    more = d.pointwise(above, "above, it has at least the mixture's mass", [first, second, full], alone=True)
    below = sp.Implies(u - tau < 0, gain <= 0)
    less = d.pointwise(below, "and below at most", [first_sign, second_sign, empty], alone=True)
    exchange = d.lemma(SAME_SIGN, {X: gain, Y: u - tau}, using=[more, less], alone=True)
    d.conclude(d.integrate(exchange), "all three density ratios have mean one, so the threshold cancels")


def whole_base(d):
    room = d.pointwise(ge(1 - w, 0), "at q = 1 the density ratio is at most one")
    none = d.arithmetic(eq(E(1 - w), 0), "and has mean one")
    one = d.vanishes(room, none)
    same = d.pointwise(eq(w * u, u), "so it is one", [one])
    d.conclude(d.integrate(same))


def law_antitone(d):
    dominates = carry_out(OPTIMALITY.slug, OPTIMALITY.part("dominates"), OPTIMALITY_DERIVATION["dominates"])
    fits = d.pointwise(w2 <= 1 / q, "1/r is at most 1/q, so the laxer quantilizer is a rival")
    d.conclude(d.theorem(dominates, {v: w2}, "the stricter quantilizer dominates its rivals", [fits]))


def reaches_the_top(d):
    # Where the threshold is at least t nothing below t is played; elsewhere everything at t or above is full.
    local = d.pointwise(w * (u - t) >= sp.Min(0, tau - t) * (w - indicator(u >= t) / q), "by place of the threshold")
    d.conclude(d.integrate(local), "E[w] = 1, and the mass at t or above is at least q")


def stays_below_the_top(d):
    d.conclude(d.integrate(d.pointwise(w * u <= t * w, "no utility is above t")), "E[w] = 1")


def _thresholds_in_order(d):
    """A laxer level has no higher threshold; and where both are the same, a larger share of its level."""
    rise = r * w2 - q * w
    wrong = indicator(tau2 > tau)
    none = d.integrate(d.pointwise(wrong * rise <= 0, "with a higher threshold it would be full on less"))
    order = d.arithmetic(tau2 <= tau, "but its mass is larger", [none])
    same, level = indicator(eq(tau, tau2)), indicator(eq(u, tau))
    more = r * share2 - q * share
    shared = d.integrate(d.pointwise(eq(same * rise, same * more * level), "off one common threshold both agree"))
    mass = d.integrate(d.pointwise(ge(level, 0), "an indicator"))
    positive = d.arithmetic(sp.Implies(eq(tau, tau2), more >= 0), "its mass is larger", [shared, mass])
    return order, positive


def nested(d):
    order, positive = _thresholds_in_order(d)
    d.conclude([order, positive], "above, at and below either threshold")


@cache
def _nested_proof():
    return carry_out(CLAIM.slug, CLAIM.part("nested"), nested)


def _nested(d):
    return d.theorem(_nested_proof(), {}, "the quantilizers are nested")


def policy_lipschitz(d):
    fits = _nested(d)
    rise = r * w2 - q * w
    chance = d.pointwise(sp.And(event >= 0, event <= 1, evaluate=False), "a chance")
    up = d.integrate(d.pointwise(ge(event * rise, 0), "nested", [fits, chance], alone=True))
    most = d.integrate(d.pointwise(event * rise <= rise, "a chance is at most one", [fits, chance], alone=True))
    d.conclude([up, most], "both density ratios have mean one")


def expectations_lipschitz(d):
    fits = _nested(d)
    rise = r * w2 - q * w
    bounds = d.pointwise(sp.And(f <= C, f >= -C, evaluate=False), "a hypothesis")
    above = d.integrate(d.pointwise(rise * f <= C * rise, "nested", [fits, bounds], alone=True))
    below = d.integrate(d.pointwise(rise * f >= -C * rise, "nested", [fits, bounds], alone=True))
    d.conclude([above, below], "both density ratios have mean one")


DERIVATION = {
    "antitone": antitone,
    "concave": concave,
    "whole-base": whole_base,
    "law-antitone": law_antitone,
    "reaches-the-top": reaches_the_top,
    "stays-below-the-top": stays_below_the_top,
    "nested": nested,
    "policy-lipschitz": policy_lipschitz,
    "expectations-lipschitz": expectations_lipschitz,
}
