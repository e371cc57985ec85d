r"""# Tsallis penalties

The power $v^\alpha$ lies above its tangent at $w$, whose slope is $\alpha w^{\alpha-1} = \alpha(\alpha-1)(U-\tau)^+/\beta$: that
is stationarity. Everything about the limits is $1 + x \le e^x$ at multiples of the logarithm.
"""

import sympy as sp

from qtheory.claims.tsallis_family import EXCESS, NORMALISER, beta, order, power
from qtheory.prover.lemmas.entropy import GIBBS, XLOGY_IS_PRODUCT
from qtheory.prover.lemmas.lemma import P, X, Y
from qtheory.prover.lemmas.logarithms import EXP_INCREASES, EXP_TANGENT, LOG_OF_QUOTIENT, LOG_TANGENT
from qtheory.prover.lemmas.powers import POWER_ABOVE_TANGENT_AT_ZERO
from qtheory.prover.lemmas.powers_from_zero import (
    POWER_OF_EQUALS_FROM_ZERO,
    POWER_OF_POWER_FROM_ZERO,
    POWER_OF_PRODUCT_FROM_ZERO,
    XLOGY_OF_POWER,
)
from qtheory.symbols import E, Scalar, c, eq, tau, u, v, w, xlogy

SLOPE = w ** (order - 1)


def optimal(d):
    tangent = d.lemma(POWER_ABOVE_TANGENT_AT_ZERO, {X: v, Y: w, P: order}, "at the optimum")
    slope = d.pointwise(eq(beta * SLOPE, (order - 1) * EXCESS), "stationarity")
    scaled = d.pointwise(
        beta * (v**order - w**order) >= order * (order - 1) * EXCESS * (v - w),
        "the tangent, times beta",
        [tangent, slope],
    )
    level = d.pointwise(EXCESS * (v - w) >= (u - tau) * (v - w), "no mass below the threshold")
    raised = d.pointwise(
        order * (order - 1) * EXCESS * (v - w) >= order * (order - 1) * (u - tau) * (v - w),
        "times a positive number",
        [level],
    )
    gain = d.arithmetic(
        beta * (E(v**order) - E(w**order)) >= order * (order - 1) * (E(v * u) - E(w * u)),
        "both policies have mean one",
        [d.integrate(scaled), d.integrate(raised)],
    )
    d.conclude([gain], "divide by order (order - 1)")


def shape(d):
    slope = d.pointwise(eq(beta * SLOPE, (order - 1) * EXCESS), "stationarity")
    d.conclude([slope], "the normaliser lies beta/(order - 1) above the threshold")


def _shape(d):
    slope = d.pointwise(eq(w ** (1 / power), EXCESS / (power * beta)), "stationarity")
    root = d.lemma(POWER_OF_POWER_FROM_ZERO, {X: w, P: 1 / power, Y: power}, "the root, raised again")
    same = d.lemma(POWER_OF_EQUALS_FROM_ZERO, {X: w ** (1 / power), Y: EXCESS / (power * beta), P: power}, "", [slope])
    return d.pointwise(eq(w, (EXCESS / (power * beta)) ** power), "the power policy", [root, same])


def power_policy(d):
    d.conclude([_shape(d)])


def guaranteed(d):
    factor = Scalar("factor")
    name = d.let(factor, (1 / (power * beta)) ** power)
    apart = d.lemma(POWER_OF_PRODUCT_FROM_ZERO, {X: EXCESS, Y: 1 / (power * beta), P: power}, "the constant factor")
    played = d.pointwise(eq(w, factor * EXCESS**power), "the excess to the power p - 1", [_shape(d), apart, name])
    positive = d.arithmetic(factor > 0, "a power of a positive number", [name])
    tangent = d.lemma(POWER_ABOVE_TANGENT_AT_ZERO, {X: c, Y: EXCESS, P: power + 1}, "at the excess")
    scaled = d.pointwise(
        factor * (c ** (power + 1) - EXCESS ** (power + 1)) >= (power + 1) * w * (c - EXCESS),
        "in terms of the ratio",
        [tangent, played, positive],
    )
    room = d.arithmetic(
        factor * (E(EXCESS ** (power + 1)) - E(c ** (power + 1))) >= 0, "the moment is bounded", [positive]
    )
    loss = d.arithmetic(E(w * c) <= E(w * EXCESS), "so the excess is the worst cost", [d.integrate(scaled), room])
    left = d.integrate(d.pointwise(eq(w * (u - EXCESS), tau * w), "which leaves tau where the policy plays"))
    d.conclude([loss, left], "E[w] = 1")


def order_two(d):
    d.conclude(note="E[v] = 1")


def above_kl(d):
    gibbs = d.lemma(GIBBS, {X: v, Y: v**order}, "against its own power")
    whole = d.lemma(XLOGY_OF_POWER, {X: v, P: order})
    local = d.pointwise((order - 1) * xlogy(v, v) <= v**order - v, "in terms of v log v", [gibbs, whole])
    d.conclude(d.integrate(local), "E[v] = 1")


def below_its_kl(d):
    gibbs = d.lemma(GIBBS, {X: v**order, Y: v}, "of its own power")
    own = d.lemma(XLOGY_IS_PRODUCT, {X: v**order, Y: v**order})
    cross = d.lemma(XLOGY_IS_PRODUCT, {X: v**order, Y: v})
    log = d.identity(sp.log(v**order, evaluate=False), order * sp.log(v), "the logarithm of a power")
    local = d.pointwise(
        (order - 1) * v**order * sp.log(v) >= v**order - v, "in terms of log v", [gibbs, own, cross, log]
    )
    d.conclude(d.integrate(local), "E[v] = 1")


def below_boltzmann(d):
    tangent = d.lemma(EXP_TANGENT, {X: (order - 1) * (u - NORMALISER) / beta}, "the exponential lies above 1 + x")
    slope = d.pointwise(eq(SLOPE, sp.Max(1 + (order - 1) * (u - NORMALISER) / beta, 0)), "its shape")
    d.conclude([tangent, slope])


def above_boltzmann_slowed(d):
    slope, exponent = (order - 1) * (u - tau) / beta, (u - NORMALISER) / (u - tau)
    tangent = d.lemma(LOG_TANGENT, {X: 1 / slope}, "the logarithm lies above 1 - 1/x")
    quotient = d.lemma(LOG_OF_QUOTIENT, {X: sp.Integer(1), Y: slope})
    inverse = d.pointwise(eq(1 - 1 / slope, exponent), "the exponent")
    least = d.pointwise(exponent <= sp.log(slope), "in these terms", [tangent, quotient, inverse])
    power_ = d.lemma(EXP_INCREASES, {X: exponent, Y: sp.log(slope)}, "the exponential increases", [least])
    shape_ = d.pointwise(eq(SLOPE, slope), "stationarity")
    d.conclude([power_, shape_])


def reverse_kl(d):
    tangent = d.lemma(LOG_TANGENT, {X: v / w}, "the logarithm is concave")
    quotient = d.lemma(LOG_OF_QUOTIENT, {X: v, Y: w})
    local = d.pointwise(
        beta * sp.log(v) - beta * sp.log(w) <= (tau - u) * (v - w),
        "the tangent has slope (nu - U)/beta",
        [tangent, quotient],
    )
    d.conclude(d.integrate(local), "both policies have mean one")


DERIVATION = {
    "optimal": optimal,
    "shape": shape,
    "power-policy": power_policy,
    "guaranteed": guaranteed,
    "order-two": order_two,
    "above-kl": above_kl,
    "below-its-kl": below_its_kl,
    "below-boltzmann": below_boltzmann,
    "above-boltzmann-slowed": above_boltzmann_slowed,
    "reverse-kl": reverse_kl,
}
