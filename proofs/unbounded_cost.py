r"""# Costs without a bound

The cost bound integrates a pointwise inequality, and no step asks for a largest cost. More is known where the tail is
lighter: each of these bounds is a tangent of a convex function at the policy's own mean cost.
"""

import sympy as sp

from qtheory.claims.unbounded_cost import CLAIM, X, mean, order, scale
from qtheory.prover.lemmas.lemma import P
from qtheory.prover.lemmas.lemma import X as AT
from qtheory.prover.lemmas.lemma import Y as OTHER
from qtheory.prover.lemmas.logarithms import EXP_OF_SUM, EXP_TANGENT, LOG_INCREASES, LOG_OF_PRODUCT
from qtheory.prover.lemmas.powers import POWER_TANGENT
from qtheory.symbols import C, E, Scalar, c, q, w

tilt = Scalar("tilt")


def positive_part(d):
    d.conclude(d.integrate(d.pointwise(w * c <= sp.Max(c, 0) / q, "the density ratio is at most 1/q")))


def infinite_mean(d):
    (integral,) = CLAIM.part("infinite-mean").conclusion.atoms(sp.Integral)
    value = d.integral(integral, sp.log(X))
    quotient = d.identity(
        sp.log(integral.limits[0][2]) - sp.log(integral.limits[0][1]), CLAIM.part("infinite-mean").conclusion.rhs
    )
    d.conclude([value, quotient])


def truncated_mean(d):
    (integral,) = CLAIM.part("truncated-mean").conclusion.atoms(sp.Integral)
    d.conclude([d.integral(integral, 2 * sp.sqrt(X))])


def moment(d):
    tangent = d.lemma(POWER_TANGENT, {AT: c, OTHER: mean, P: order})
    power, slope = mean**order, order * mean ** (order - 1)
    below = d.pointwise(w * (power + slope * (c - mean)) <= w * c**order, "above the tangent", [tangent])
    above = d.pointwise(w * c**order <= c**order / q, "the density ratio is at most 1/q")
    d.conclude([d.integrate(below), d.integrate(above)], "E[w] = 1")


def exponential_moment(d):
    named = d.let(tilt, E(w * c) / scale)
    whole = d.lemma(EXP_TANGENT, {AT: c / scale - tilt})
    product = d.lemma(EXP_OF_SUM, {AT: c / scale - tilt, OTHER: tilt})
    tangent = d.pointwise(sp.exp(c / scale) >= sp.exp(tilt) * (1 + c / scale - tilt), "times e^tilt", [whole, product])
    below = d.integrate(
        d.pointwise(w * sp.exp(tilt) * (1 + c / scale - tilt) <= w * sp.exp(c / scale), "above the tangent", [tangent])
    )
    above = d.integrate(d.pointwise(w * sp.exp(c / scale) <= sp.exp(c / scale) / q, "the density ratio is at most 1/q"))
    total = d.arithmetic(sp.exp(tilt) <= E(sp.exp(c / scale)) * (1 / q), "E[w] = 1", [named, below, above])
    moment_positive = d.arithmetic(E(sp.exp(c / scale)) > 0, "an exponential", [total])
    logs = d.lemma(LOG_INCREASES, {AT: sp.exp(tilt), OTHER: E(sp.exp(c / scale)) * (1 / q)}, using=[total])
    right = d.lemma(LOG_OF_PRODUCT, {AT: E(sp.exp(c / scale)), OTHER: 1 / q}, using=[moment_positive])
    d.conclude([named, logs, right, moment_positive], "take logarithms")


def cap(d):
    amplified = d.integrate(d.pointwise(w * c <= c / q, "the density ratio is at most 1/q"))
    capped = d.integrate(d.pointwise(w * c <= C * w, "the cap"))
    d.conclude([amplified, capped], "E[w] = 1")


def exponential_law(d):
    level = sp.log(1 / q)
    amplified = d.integrate(d.pointwise(w * c <= c / q, "the density ratio is at most 1/q"))
    excess = d.integrate(d.pointwise(w * (c - level) <= sp.Max(c - level, 0) / q, "0 <= w <= 1/q"))
    d.conclude([amplified, excess], "E[w] = 1, and the mean excess over q is at most one")


DERIVATION = {
    "positive-part": positive_part,
    "infinite-mean": infinite_mean,
    "truncated-mean": truncated_mean,
    "moment": moment,
    "exponential-moment": exponential_moment,
    "cap": cap,
    "exponential-law": exponential_law,
}
