r"""# How the expected utility depends on the level

A laxer quantilizer is one of the rivals of a stricter one. And a mixture of two quantilizers, weighted by their
levels, is a rival of the quantilizer at the mixed level, which gives concavity of $q\,E_{Q_q}[U]$.
"""

import sympy as sp

from qtheory.claims.quantilizer_optimality import CLAIM as OPTIMALITY
from qtheory.claims.utility_antitone import BETWEEN
from qtheory.prover.lemmas.lemma import X, Y
from qtheory.prover.lemmas.signs import SAME_SIGN
from qtheory.prover.locate import script
from qtheory.prover.proof import carry_out
from qtheory.symbols import E, eq, ge, lam, q, r, tau, u, v, w, w2, w3

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


DERIVATION = {"antitone": antitone, "concave": concave, "whole-base": whole_base}
