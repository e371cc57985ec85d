r"""# A level from data

One event decides: that the bound on the mean cost, computed from the sample, is not below the true mean. Where it
holds the cost bound holds at every level, so it does not matter how the level was chosen, nor that it was chosen from
the same sample. That the event is likely is Hoeffding's inequality.
"""

import sympy as sp

from qtheory.claims.event_bounds import CLAIM as EVENTS
from qtheory.claims.event_bounds import event as any_event
from qtheory.claims.q_from_data import (
    BET,
    CLEAN,
    MISSED,
    ROOT_N,
    a,
    average,
    beta,
    bound,
    chosen,
    delta,
    event,
    first,
    following,
    harm,
    loss,
    lower,
    mean,
    p,
    radius,
    reached,
    s,
    truth,
)
from qtheory.claims.quantilizer_optimality import CLAIM as OPTIMALITY
from qtheory.prover.lemmas.lemma import P, X, Y
from qtheory.prover.lemmas.logarithms import EXP_CHORD, EXP_INCREASES, EXP_OF_LOG, EXP_OF_SUM, EXP_TANGENT, HOEFFDING
from qtheory.prover.lemmas.powers import BERNOULLI, POWER_OF_POWER, POWER_TANGENT
from qtheory.prover.locate import script
from qtheory.prover.proof import carry_out
from qtheory.symbols import E, Scalar, c, ge, indicator, k, n, q, u, v, w

none, full, wager = Scalar("none"), Scalar("full"), Scalar("wager")


def one_draw(d):
    at_none, at_all = d.let(none, sp.exp(s * mean)), d.let(full, sp.exp(s * mean - s))
    chord = d.lemma(EXP_CHORD, {X: s * mean, P: loss, Y: -s})
    named = (1 - loss) * none + loss * full
    line = d.integrate(d.pointwise(sp.exp(s * mean - s * loss) <= named, "the chord", [chord, at_none, at_all]))
    share = [
        d.integrate(d.pointwise(ge(loss, 0), "an error is not negative")),
        d.integrate(d.pointwise(loss <= 1, "and at most one")),
    ]
    moment = d.lemma(HOEFFDING, {P: mean, X: -s}, using=share)
    d.conclude([line, at_none, at_all, moment], "the mean of the chord")


def independent_draws(d):
    signs = [
        d.integrate(d.pointwise(ge(first, 0), "a bet is never worth less than nothing")),
        d.integrate(d.pointwise(ge(following, 0), "a bet is never worth less than nothing")),
    ]
    one_more = d.lemma(EXP_OF_SUM, {X: k * s**2 / 8, Y: s**2 / 8})
    whole = d.identity(sp.exp((k + 1) * s**2 / 8), sp.exp(k * s**2 / 8 + s**2 / 8))
    d.conclude([*signs, one_more, whole], "the factors multiply")


def confidence(d):
    miss = BET - 4 * n * radius**2
    tangent = d.lemma(EXP_TANGENT, {X: miss})
    split = d.lemma(EXP_OF_SUM, {X: BET, Y: -4 * n * radius**2})
    exponent = d.pointwise(sp.Implies(average + radius <= mean, ge(miss, 0)), "then the bet is won")
    won = d.pointwise(MISSED <= sp.exp(BET) * sp.exp(-4 * n * radius**2), "a miss pays", [tangent, split, exponent])
    spent = d.let(wager, 2 * n * radius**2)
    paid = [
        d.lemma(EXP_INCREASES, {X: 2 * n * radius**2, Y: wager}, using=[spent]),
        d.lemma(EXP_OF_SUM, {X: wager, Y: -4 * n * radius**2}),
        d.lemma(EXP_INCREASES, {X: wager - 4 * n * radius**2, Y: -2 * n * radius**2}, using=[spent]),
    ]
    d.conclude([d.integrate(won), *paid], "and the bet is worth little on average")


def radius_(d):
    smaller = d.lemma(EXP_INCREASES, {X: -2 * n * radius**2, Y: sp.log(delta)})
    d.conclude([smaller, d.lemma(EXP_OF_LOG, {X: delta})])


def every_level(d):
    d.conclude(d.integrate(d.pointwise(w * c <= c / q, "the density ratio is at most 1/q")), "divide by the level")


def after_the_data(d):
    only_then = d.pointwise(
        indicator(harm > bound / chosen) <= indicator(bound < mean), "where the bound holds, it holds at every level"
    )
    d.conclude(d.integrate(only_then))


def lower_law(d):
    optimal = script("quantilizer_optimality").DERIVATION["optimal"]
    best = d.theorem(carry_out(OPTIMALITY.slug, OPTIMALITY.part("optimal"), optimal), {}, "the quantilizer is best")
    below = d.integrate(d.pointwise(v * lower <= v * u, "the law is below the true one"))
    d.conclude([best, below])


def value_after_the_data(d):
    wrong = indicator(truth < lower - bound / chosen)
    cost = d.pointwise(sp.Implies(bound >= mean, bound / chosen >= mean / chosen), "a level is positive")
    either = d.pointwise(
        wrong <= indicator(bound < mean) + indicator(reached < lower), "where both hold, they do at every level", [cost]
    )
    d.conclude(d.integrate(either))


def no_event_seen(d):
    rare = d.arithmetic(sp.Gt(1 - p, 0), "less than certain")
    tangent = d.lemma(POWER_TANGENT, {X: delta ** (1 / n), Y: 1 - p, P: n}, using=[rare])
    power = d.lemma(POWER_OF_POWER, {X: delta, P: 1 / n, Y: n})
    d.conclude([rare, tangent, power], "the tangent rises")


def no_event_seen_then_quantilized(d):
    upper = script("event_bounds").DERIVATION["upper"]
    grown = d.theorem(carry_out(EVENTS.slug, EVENTS.part("upper"), upper), {any_event: event}, "an event of the base")
    scaled = d.arithmetic(E(event) / q <= CLEAN / q, "divide by the level")
    d.conclude([grown, scaled])


def bits_exponential(d):
    d.conclude(d.identity(sp.log(1 / (a / ROOT_N)), sp.log(1 / a) + sp.log(n) / 2))


def bits_uniform(d):
    level = sp.log(1 / sp.sqrt(2 * a / ROOT_N))
    d.conclude(d.identity(level, sp.log(1 / sp.sqrt(2 * a)) + sp.log(n) / 4))


def bits_pareto(d):
    power = (1 + beta) / beta
    level = sp.log(1 / (beta * a / ROOT_N) ** power)
    d.conclude(d.identity(level, sp.log(1 / (beta * a) ** power) + (1 + beta) / (2 * beta) * sp.log(n)))


def unbounded(d):
    rare = d.lemma(BERNOULLI, {X: 1 - p, P: n})
    d.conclude(rare, "and t/p times p is t")


DERIVATION = {
    "one-draw": one_draw,
    "independent-draws": independent_draws,
    "confidence": confidence,
    "radius": radius_,
    "every-level": every_level,
    "after-the-data": after_the_data,
    "lower-law": lower_law,
    "value-after-the-data": value_after_the_data,
    "no-event-seen": no_event_seen,
    "no-event-seen-then-quantilized": no_event_seen_then_quantilized,
    "bits-exponential": bits_exponential,
    "bits-uniform": bits_uniform,
    "bits-pareto": bits_pareto,
    "unbounded": unbounded,
}
