r"""# What a KL budget promises

$v\log v \ge v\log y + v - y$ for every $y > 0$. Weighted with the cost's share $c/C$ at $y = p/g$, and with the rest
$1 - c/C$ at $y = (1-p)/(1-g)$, it integrates to the divergence of two coins. Two-level densities on an event attain it.
An event of mass $g$ raised by a factor $f$ has at most $g f\log f$ nats, which is as little as one likes while the cost
on the event grows by $f$.
"""

from functools import cache

import sympy as sp

from qtheory.claims.fits_under import bad
from qtheory.claims.kl_is_not_enough import CLAIM, base_share, factor, height, low, order, share, top
from qtheory.prover.lemmas.entropy import (
    GIBBS,
    XLOGX_AT_LEVEL,
    XLOGX_CHORD,
    XLOGX_SPLIT,
    XLOGY_AT_ZERO,
    XLOGY_IS_PRODUCT,
)
from qtheory.prover.lemmas.equals import LOG_OF_EQUALS
from qtheory.prover.lemmas.lemma import P, X, Y
from qtheory.prover.lemmas.logarithms import LOG_OF_QUOTIENT, LOG_TANGENT
from qtheory.prover.lemmas.powers import POWER_ABOVE_TANGENT_AT_ZERO
from qtheory.prover.lemmas.signs import SAME_SIGN
from qtheory.prover.proof import carry_out
from qtheory.prover.theorems import F, G, cauchy_schwarz
from qtheory.statements.claim import Part
from qtheory.symbols import C, E, Scalar, c, epsilon, eq, ge, v, xlogy

mean, inside, outside = Scalar("mean"), Scalar("inside"), Scalar("outside")


# The divergence from a density of two heights, weighted with the cost and with what it lacks to the cap.
HEIGHTS = Part(
    "two-heights",
    C * E(xlogy(v, v))
    >= E(v * c) * (sp.log(inside) + 1) + (C - E(v * c)) * (sp.log(outside) + 1) - inside * E(c) - outside * (C - E(c)),
    given=(v >= 0, eq(E(v), 1), c >= 0, c <= C, inside > 0, outside > 0),
)


def two_heights(d):
    facts = []
    for weight, level in ((c, inside), (C - c, outside)):
        gibbs = d.lemma(GIBBS, {X: v, Y: level}, "the divergence from this height")
        product = d.lemma(XLOGY_IS_PRODUCT, {X: v, Y: level}, "the height is positive")
        gap = xlogy(v, v) - v * sp.log(level) - v + level
        above = d.pointwise(ge(gap, 0), "in terms of logarithms", [gibbs, product])
        share_ = d.pointwise(ge(weight, 0), "a hypothesis")
        facts.append(d.integrate(d.lemma(SAME_SIGN, {X: gap, Y: weight}, "times a weight", [above, share_])))
    d.conclude(facts, "add both")


@cache
def heights():
    return carry_out(CLAIM.slug, HEIGHTS, two_heights)


def tilted(d, chance):
    """C KL >= E[vc] log(chance/g) + (C - E[vc]) log((1 - chance)/(1 - g)), with names for the logarithms."""
    high, rest = chance / base_share, (1 - chance) / (1 - base_share)
    positive = d.arithmetic(sp.And(high > 0, rest > 0), "both chances are between 0 and 1")
    bound = d.theorem(heights(), {inside: high, outside: rest}, "at the two chances", [positive])
    level = d.arithmetic(eq(E(c), C * base_share), "the base's share")
    mass = d.arithmetic(eq(high * E(c), C * chance), "the mean of the heights over the cost", [level])
    others = d.arithmetic(eq(rest * (C - E(c)), C - C * chance), "and over the rest", [level])
    plain = d.arithmetic(
        C * E(xlogy(v, v)) >= E(v * c) * sp.log(high) + (C - E(v * c)) * sp.log(rest),
        "the linear terms cancel",
        [bound, mass, others, positive],
    )
    return high, rest, positive, plain


def data_processing(d):
    high, rest, positive, bound = tilted(d, share)
    played = d.arithmetic(eq(E(v * c), C * share), "the policy's share")
    scaled = d.arithmetic(
        C * E(xlogy(v, v)) >= C * (share * sp.log(high) + (1 - share) * sp.log(rest)),
        "in shares",
        [bound, played, positive],
    )
    d.conclude([scaled, positive], "divide by the cap")


def ball(d):
    high, rest, positive, bound = tilted(d, top)
    raised = d.arithmetic(sp.And(high > 1, rest < 1), "the event is raised, and the rest lowered")
    inverse = d.lemma(LOG_TANGENT, {X: 1 / high}, "at the inverse", [positive])
    flipped = d.lemma(LOG_OF_QUOTIENT, {X: sp.Integer(1), Y: high}, "of an inverse", [positive])
    tangent = d.lemma(LOG_TANGENT, {X: rest}, "at the height of the rest", [positive])
    up = d.arithmetic(sp.log(high) > 0, "so is its logarithm", [inverse, flipped, raised, positive])
    down = d.arithmetic(sp.log(rest) < 0, "and this one", [tangent, raised, positive])
    apart = d.arithmetic(
        (C * top - E(v * c)) * (sp.log(high) - sp.log(rest)) >= 0,
        "the edge of the ball, less the bound",
        [bound, positive],
    )
    d.conclude([apart, up, down, positive], "divide by the difference of the logarithms")


def levels(d, event, rest):
    """The divergence of a density with one value on the event and another off it."""
    indicator = d.pointwise(eq(bad * (1 - bad), 0), "an indicator")
    both = d.lemma(XLOGX_SPLIT, {X: v, Y: bad}, "on the event and off it", [indicator])
    on = d.pointwise(eq(v * bad, event * bad), "on the event", [indicator])
    off = d.pointwise(eq(v * (1 - bad), rest * (1 - bad)), "off the event", [indicator])
    return indicator, both, on, off


def attained(d):
    indicator, both, on, off = levels(d, factor, low)
    positive = d.arithmetic(low > 0, "what remains is positive")
    level = d.lemma(XLOGX_AT_LEVEL, {X: v * bad, Y: factor}, "one level", [on, indicator])
    rest = d.lemma(XLOGX_AT_LEVEL, {X: v * (1 - bad), Y: low}, "the other level", [off, indicator, positive])
    local = d.pointwise(
        eq(xlogy(v, v), bad * factor * sp.log(factor) + low * (1 - bad) * sp.log(low)),
        "in logarithms",
        [both, level, rest, on, off, positive],
    )
    value = (1 - factor * base_share) / (1 - base_share)
    named = d.arithmetic(eq(low, value), "what remains")
    same = d.lemma(LOG_OF_EQUALS, {X: low, Y: value}, "what remains", [named, positive])
    nats = d.arithmetic(
        eq(E(xlogy(v, v)), factor * base_share * sp.log(factor) + low * (1 - base_share) * sp.log(low)),
        "integrate",
        [d.integrate(local), positive],
    )
    mass = d.arithmetic(eq(low * (1 - base_share), 1 - factor * base_share), "what remains", [named])
    d.conclude([d.integrate(on), nats, mass, same, positive])


def certain_event(d):
    height = 1 / base_share
    indicator, both, on, off = levels(d, height, sp.Integer(0))
    level = d.lemma(XLOGX_AT_LEVEL, {X: v * bad, Y: height}, "one level", [on, indicator])
    rest = d.lemma(XLOGY_AT_ZERO, {X: v * (1 - bad), Y: v * (1 - bad)}, "never played", [off])
    local = d.pointwise(eq(xlogy(v, v), bad / base_share * sp.log(height)), "in logarithms", [both, level, rest, on])
    d.conclude([d.integrate(local), d.integrate(on)])


def max_divergence(d):
    amplified = d.integrate(d.pointwise(v * c <= factor * c, "the density ratio is bounded"))
    capped = d.integrate(d.pointwise(v * c <= C * v, "the cost is capped"))
    by_mean = d.arithmetic(E(v * c) <= factor * epsilon, "the mean cost is at most epsilon", [amplified])
    by_cap = d.arithmetic(E(v * c) <= C, "E[v] = 1", [capped])
    d.conclude([by_mean, by_cap])


def max_divergence_attained(d):
    event = d.pointwise(eq(v * bad, factor * bad), "on the event")
    smaller = d.arithmetic(low <= 1, "what remains")
    bound = d.pointwise(v <= factor, "on the event and off it", [smaller])
    d.conclude([d.integrate(event), bound])


def chi_squared(d):
    name = d.let(mean, E(c))
    product = d.theorem(cauchy_schwarz(), {F: v - 1, G: c - mean}, "the shift as a mean product")
    capped = d.integrate(d.pointwise(c**2 <= C * c, "the cost is between 0 and the cap"))
    spread = d.arithmetic(E(c**2) - mean**2 <= mean * (C - mean), "its variance", [capped, name])
    square = d.integrate(d.pointwise(ge((v - 1) ** 2, 0), "a square"))
    divergence = Scalar("divergence")
    nats = d.let(divergence, E(v**2) - 1)
    positive = d.arithmetic(divergence >= 0, "the mean of a square", [square, nats])
    scaled = d.arithmetic(
        divergence * (E(c**2) - mean**2) <= divergence * mean * (C - mean), "times the divergence", [spread, positive]
    )
    d.conclude([product, scaled, nats, name])


def chi_squared_attained(d):
    event = d.integrate(d.pointwise(eq(v * bad, factor * bad), "on the event"))
    square = d.integrate(d.pointwise(eq(v**2, factor**2 * bad + low**2 * (1 - bad)), "on the event and off it"))
    mass = d.arithmetic(eq(low * (1 - base_share), 1 - factor * base_share), "what remains")
    d.conclude([event, square, mass])


def moved(d):
    """The mean of the cost under the base and under the policy."""
    cost = d.integrate(d.pointwise(eq(c, height * bad), "a hypothesis"))
    event = d.integrate(d.pointwise(eq(v * c, factor * c), "the cost is on the event"))
    mean_ = d.arithmetic(eq(height * base_share, epsilon), "of mean epsilon")
    return [cost, event, mean_]


def unbounded(d):
    indicator, both, on, off = levels(d, factor, low)
    positive = d.arithmetic(low > 0, "what remains is positive")
    smaller = d.arithmetic(low <= 1, "and at most one")
    level = d.lemma(XLOGX_AT_LEVEL, {X: v * bad, Y: factor}, "one level", [on, indicator])
    under = d.pointwise(
        sp.And(v * (1 - bad) >= 0, v * (1 - bad) <= 1), "at most one", [off, indicator, positive, smaller]
    )
    rest = d.lemma(XLOGX_CHORD, {X: v * (1 - bad), Y: sp.Integer(1)}, "no nats where the ratio is below one", [under])
    local = d.pointwise(xlogy(v, v) <= bad * factor * sp.log(factor), "in logarithms", [both, level, rest, on])
    d.conclude([*moved(d), d.integrate(local)])


def unbounded_at_every_order(d):
    indicator = d.pointwise(eq(bad * (1 - bad), 0), "an indicator")
    smaller = d.arithmetic(sp.And(low > 0, low <= 1), "what remains is positive and at most one")
    least = d.pointwise(v > 0, "the ratio is positive", [smaller])
    above = d.lemma(POWER_ABOVE_TANGENT_AT_ZERO, {X: factor, Y: v, P: order}, "the tangent at v, on the event", [least])
    below = d.lemma(POWER_ABOVE_TANGENT_AT_ZERO, {X: sp.Integer(1), Y: v, P: order}, "and off it", [least])
    slope = d.pointwise(ge(order * v ** (order - 1), 0), "a power of a positive number", [least])
    between = d.pointwise(ge(factor * bad + 1 - bad - v, 0), "the ratio is at most one off the event", [smaller])
    rise = d.lemma(SAME_SIGN, {X: order * v ** (order - 1), Y: factor * bad + 1 - bad - v}, "both", [slope, between])
    local = d.pointwise(
        v**order <= bad * factor**order + 1 - bad,
        "weighted with the event and with the rest",
        [above, below, rise, indicator, least],
    )
    d.conclude([*moved(d), d.integrate(local)])


DERIVATION = {
    "data-processing": data_processing,
    "ball": ball,
    "attained": attained,
    "certain-event": certain_event,
    "max-divergence": max_divergence,
    "max-divergence-attained": max_divergence_attained,
    "chi-squared": chi_squared,
    "chi-squared-attained": chi_squared_attained,
    "unbounded": unbounded,
    "unbounded-at-every-order": unbounded_at_every_order,
}
