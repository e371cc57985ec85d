r"""# Catastrophic Goodhart

Within a divergence the mean error is bounded by every exponential moment that is finite (Donsker and Varadhan). Under a power
tail none is, and a little mass moved far out makes the mean as large as one likes at a divergence that vanishes. The density
ratio sees it: it is $c/q_t$.
"""

from functools import cache

import sympy as sp

from qtheory.claims.catastrophic_goodhart import (
    BEYOND,
    CLAIM,
    HIGH,
    LOW,
    beta,
    error,
    fall,
    mass,
    mean,
    power,
    rate,
    spread,
    tail,
)
from qtheory.claims.exponential_moment_bound import CLAIM as MOMENT
from qtheory.claims.exponential_moment_bound import moment
from qtheory.prover.lemmas.entropy import TWO_LEVELS, XLOGY_IS_PRODUCT
from qtheory.prover.lemmas.equals import LOG_OF_EQUALS
from qtheory.prover.lemmas.lemma import N, X, Y
from qtheory.prover.lemmas.logarithms import LOG_INCREASES, LOG_TANGENT
from qtheory.prover.locate import script
from qtheory.prover.proof import carry_out
from qtheory.symbols import E, Scalar, c, eq, q, t, u, v, w, xlogy

MOMENT_DERIVATION = script("exponential_moment_bound").DERIVATION
log_partition, high, low = Scalar("log_partition"), Scalar("high"), Scalar("low")


def bounded(d, most):
    """Donsker and Varadhan's bound, with this bound on the exponential moment."""
    bound = carry_out(MOMENT.slug, MOMENT.part("any-policy"), MOMENT_DERIVATION["any-policy"])
    return d.theorem(bound, {c: error, moment: most}, "at this rate")


def ball(d):
    d.conclude(bounded(d, moment))


def ball_attained(d):
    named = d.let(log_partition, sp.log(E(sp.exp(u / beta))))
    product = d.lemma(XLOGY_IS_PRODUCT, {X: w, Y: w}, "the density ratio is positive")
    local = d.pointwise(eq(xlogy(w, w), w * (u / beta - log_partition)), "its logarithm", [product, named])
    d.conclude([d.integrate(local), named], "E[w] = 1")


def small_ball(d):
    exponent = rate * mean + rate**2 * spread / 2
    known = bounded(d, sp.exp(exponent))
    d.conclude(
        [known, d.identity(sp.log(sp.exp(exponent), evaluate=False), exponent, "the logarithm of an exponential")]
    )


def levels(d):
    """The moved law as a function of the indicator; its mass is one."""
    room = d.arithmetic(1 - tail > 0, "something lies below")
    local = d.pointwise(eq(v, HIGH * BEYOND + LOW * (1 - BEYOND)), "one of two levels", [room])
    beyond = d.pointwise(eq(v * BEYOND, HIGH * BEYOND), "the upper level", [room])
    return d.integrate(local), d.integrate(beyond)


def moved_is_a_policy(d):
    d.conclude(levels(d))


def moved_divergence(d):
    mass_one = d.arithmetic(eq(E(v), 1), "a policy", levels(d))
    named = [d.let(high, HIGH), d.let(low, LOW)]
    signs = [d.pointwise(sp.And(high > low, low > 0), "c is above q_t, and below one", named)]
    signs += [d.arithmetic(sp.And(high > low, low > 0), "c is above q_t, and below one", named)]
    either = d.pointwise(eq((v - high) * (v - low), 0), "one of two levels", named)
    local = d.lemma(TWO_LEVELS, {X: v, Y: high, N: low}, using=[either, *signs], alone=True)
    known = d.integrate(local)
    upper = d.arithmetic(eq((1 - low) * high, (high - low) * mass), "multiply out", named)
    lower = d.arithmetic(eq((high - 1) * low, (high - low) * (1 - mass)), "multiply out", named)
    first = d.arithmetic(
        eq((1 - low) * high * sp.log(high), (high - low) * mass * sp.log(high)), "times a number", [upper, *signs]
    )
    second = d.arithmetic(
        eq((high - 1) * low * sp.log(low), (high - low) * (1 - mass) * sp.log(low)), "times a number", [lower, *signs]
    )
    value = mass * sp.log(high) + (1 - mass) * sp.log(low)
    scaled = d.arithmetic(
        eq((high - low) * E(xlogy(v, v)), (high - low) * value), "E[v] = 1", [known, mass_one, first, second, *signs]
    )
    plain = d.arithmetic(eq(E(xlogy(v, v)), value), "divide", [scaled, *signs])
    logs = [d.lemma(LOG_OF_EQUALS, {X: x, Y: y}, using=[*named, *signs]) for x, y in ((high, HIGH), (low, LOW))]
    d.conclude([plain, *logs, *signs, *named], "without the names")


@cache
def the_divergence():
    return carry_out(CLAIM.slug, CLAIM.part("moved-divergence"), moved_divergence)


def moved_divergence_bound(d):
    value = d.theorem(the_divergence(), {}, "the divergence of c from q_t")
    signs = [d.arithmetic(HIGH > 0, "positive"), d.arithmetic(LOW > 0, "positive")]
    order = d.arithmetic(HIGH <= 1 / tail, "c is at most one")
    upper = d.lemma(LOG_INCREASES, {X: HIGH, Y: 1 / tail}, using=[*signs, order])
    lower = d.lemma(LOG_TANGENT, {X: LOW}, using=signs)
    less = d.arithmetic(LOW <= 1, "c is above q_t")
    d.conclude([value, upper, lower, less], "the second logarithm is not positive")


def moved_mean(d):
    room = d.arithmetic(1 - tail > 0, "something lies below")
    local = v * error >= HIGH * t * BEYOND + LOW * error * (1 - BEYOND)
    scaled = d.arithmetic(eq(HIGH * t * tail, mass * t), "divide")
    d.conclude([d.integrate(d.pointwise(local, "beyond t at least t", [room])), scaled])


def moved_ratio(d):
    order = d.arithmetic(LOW <= HIGH, "c is above q_t")
    d.conclude(order)


def moved_mean_bound(d):
    signs = [d.arithmetic(LOW <= HIGH, "c is above q_t"), d.arithmetic(LOW > 0, "positive")]
    between = d.pointwise(sp.And(v <= HIGH, v >= 0, evaluate=False), "one of two levels", signs)
    d.conclude(d.integrate(d.pointwise(v * error <= HIGH * sp.Max(error, 0), "at most the upper level", [between])))


def power_tail_mean(d):
    tangent = d.lemma(LOG_TANGENT, {X: t ** (1 - power)}, "at the mean")
    exponent = d.identity(sp.log(t ** (1 - power)), (1 - power) * sp.log(t), "the logarithm of a power")
    d.conclude([tangent, exponent])


def power_tail_divergence(d):
    tangent = d.lemma(LOG_TANGENT, {X: t ** (power / 2)}, "at half of the power")
    half = d.identity(sp.log(t ** (power / 2)), power / 2 * sp.log(t), "the logarithm of a power")
    whole = d.identity(sp.log(t**fall), fall * sp.log(t), "the logarithm of a power")
    local = d.arithmetic(power / 2 * sp.log(t) <= t ** (power / 2), "in these terms", [tangent, half])
    d.conclude([local, whole], "times 2b/a")


def quantilizer(d):
    d.conclude(d.integrate(d.pointwise(w * error <= sp.Max(error, 0) / q, "the density ratio is at most 1/q")))


DERIVATION = {
    "ball": ball,
    "ball-attained": ball_attained,
    "small-ball": small_ball,
    "moved-is-a-policy": moved_is_a_policy,
    "moved-divergence": moved_divergence,
    "moved-divergence-bound": moved_divergence_bound,
    "moved-mean": moved_mean,
    "moved-ratio": moved_ratio,
    "moved-mean-bound": moved_mean_bound,
    "power-tail-mean": power_tail_mean,
    "power-tail-divergence": power_tail_divergence,
    "quantilizer": quantilizer,
}
