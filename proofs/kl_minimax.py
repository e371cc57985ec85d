r"""# What a KL penalty is robust against

Donsker and Varadhan: $E_\pi g \le \mathrm{KL}(\pi\|\gamma) + \log E_\gamma e^g$. At $g = U/\beta$ it bounds the penalised
utility, with equality for $w = e^{U/\beta}/Z$; at $g = (U - U')/\beta$ it bounds what a hidden cost takes.
"""

import sympy as sp

from qtheory.claims.exponential_moment_bound import CLAIM as BOUND
from qtheory.claims.exponential_moment_bound import moment as bound_moment
from qtheory.claims.exponential_moment_bound import rate
from qtheory.claims.kl_minimax import CLAIM, beta, moment, true_utility
from qtheory.prover.lemmas.entropy import LOG_OF_MIXTURE, XLOGY_IS_PRODUCT
from qtheory.prover.lemmas.equals import EXP_OF_EQUALS, LOG_OF_EQUALS
from qtheory.prover.lemmas.lemma import P, X, Y
from qtheory.prover.lemmas.logarithms import (
    EXP_CHORD,
    EXP_INCREASES,
    EXP_OF_SUM,
    EXP_TANGENT,
    LOG_OF_PRODUCT,
    LOG_OF_QUOTIENT,
    LOG_TANGENT,
)
from qtheory.prover.locate import script
from qtheory.prover.proof import carry_out
from qtheory.symbols import E, Scalar, c, eq, ge, lam, q, t, u, v, w, xlogy

level, partition = Scalar("level"), Scalar("partition")
PARTITION = E(sp.exp(u / beta))


def _donsker_varadhan(d, ratio, cost, bound, note, using=()):
    proof = carry_out(BOUND.slug, BOUND.part("any-policy"), script("exponential_moment_bound").DERIVATION["any-policy"])
    return d.theorem(proof, {v: ratio, c: cost, rate: 1 / beta, bound_moment: bound}, note, using)


def value(d):
    product = d.lemma(XLOGY_IS_PRODUCT, {X: w, Y: w}, "every action is played")
    name = d.let(level, sp.log(PARTITION))
    linear = d.pointwise(
        eq(beta * xlogy(w, w), w * u - beta * level * w), "the log ratio is linear in u", [product, name]
    )
    d.conclude([d.integrate(linear), name], "E[w] = 1")


def optimal(d):
    d.conclude([_donsker_varadhan(d, v, u, PARTITION, "at the utility itself")], "times beta")


def every_policy(d):
    d.conclude([_donsker_varadhan(d, v, u - true_utility, moment, "at the hidden cost")], "times beta")


def guaranteed(d):
    loss = _donsker_varadhan(d, w, u - true_utility, moment, "at the hidden cost")
    worth = d.theorem(carry_out(CLAIM.slug, CLAIM.part("value"), value), {}, "the value of the policy")
    d.conclude([loss, worth], "times beta, and the value")


def constant_allowed(d):
    name = d.let(partition, PARTITION)
    scale = d.let(level, sp.exp(-t / beta))
    high = d.arithmetic(-t / beta <= -sp.log(PARTITION), "a hypothesis, over beta")
    small = d.lemma(EXP_INCREASES, {X: -t / beta, Y: -sp.log(PARTITION)}, "", [high])
    product = d.arithmetic(level * partition <= 1, "the exponential undoes the logarithm", [small, name, scale])
    split = d.lemma(EXP_OF_SUM, {X: u / beta, Y: -t / beta})
    form = d.identity(sp.exp((u - t) / beta), sp.exp(u / beta - t / beta))
    local = d.pointwise(
        eq(sp.exp((u - t) / beta), level * sp.exp(u / beta)), "the constant factor", [split, form, scale]
    )
    d.conclude([d.integrate(local), product, name])


def worst_utility(d):
    linear = d.pointwise(eq(sp.log(w), u / beta - sp.log(PARTITION)), "a hypothesis")
    d.conclude([linear], "times beta")


def every_policy_attained(d):
    product = d.lemma(XLOGY_IS_PRODUCT, {X: v, Y: v}, "every action is played")
    d.conclude(d.integrate(d.pointwise(eq(v * sp.log(v), xlogy(v, v)), "by definition", [product])))


def every_policy_approached(d):
    d.conclude(d.integrate(d.lemma(LOG_OF_MIXTURE, {X: v, P: lam}, "the logarithm is concave")))


def nonnegative_costs(d):
    growth = sp.exp(c / beta)
    top = d.let(level, 1 + (moment - 1) / q)
    least = d.lemma(EXP_TANGENT, {X: c / beta}, "costs are not negative")
    local = d.pointwise(w * (growth - 1) <= (growth - 1) / q, "0 <= w <= 1/q", [least])
    mass = d.integrate(d.pointwise(ge(growth, 1), "costs are not negative", [least]))
    positive = d.arithmetic(level >= 1, "a moment of at least one", [mass, top])
    tangent = d.lemma(EXP_TANGENT, {X: c / beta - sp.log(level)}, "at the level", [positive])
    split = d.lemma(EXP_OF_SUM, {X: c / beta - sp.log(level), Y: sp.log(level)}, "", [positive])
    above = d.pointwise(
        w * growth >= w * level * (1 + c / beta - sp.log(level)),
        "the tangent, times the ratio",
        [tangent, split, positive],
    )
    number = Scalar("log_level")
    named = d.let(number, sp.log(level))
    simple = d.pointwise(w * growth >= w * level * (1 + c / beta - number), "with a name", [above, named, positive])
    most = d.arithmetic(E(w * growth) <= level, "the moment under the policy", [d.integrate(local), top])
    bound = d.arithmetic(E(w * c) <= beta * number, "divide by the level", [d.integrate(simple), most, positive])
    same = d.lemma(LOG_OF_EQUALS, {X: level, Y: 1 + (moment - 1) / q}, "by its name", [positive, top])
    d.conclude([bound, named, same, positive, top])


def nonnegative_costs_attained(d):
    chord = d.lemma(EXP_CHORD, {X: sp.Integer(0), Y: t / beta, P: q * w}, "between no cost and the whole")
    same = d.lemma(EXP_OF_EQUALS, {X: c / beta, Y: q * t * w / beta}, "the cost")
    local = d.pointwise(
        sp.exp(c / beta) - 1 <= q * w * (sp.exp(t / beta) - 1), "the cost is below its chord", [chord, same]
    )
    loss = d.integrate(d.pointwise(eq(w * c, t * w), "where it plays the cost is t"))
    equal = d.arithmetic(eq(E(w * c) / beta, t / beta), "E[w] = 1", [loss])
    power = d.lemma(EXP_OF_EQUALS, {X: E(w * c) / beta, Y: t / beta}, "the loss", [equal])
    d.conclude([d.integrate(local), power], "E[w] = 1")


def nonnegative_costs_do_less(d):
    lower, upper = 1 + (moment - 1) / q, moment / q
    tangent = d.lemma(LOG_TANGENT, {X: lower / upper}, "the ratio is below one")
    quotient = d.lemma(LOG_OF_QUOTIENT, {X: lower, Y: upper})
    product = d.lemma(LOG_OF_PRODUCT, {X: 1 / q, Y: moment})
    d.conclude([tangent, quotient, product])


def other_sign(d):
    lower = d.pointwise((true_utility - u) / beta <= 0, "a lower utility")
    small = d.lemma(EXP_INCREASES, {X: (true_utility - u) / beta, Y: sp.Integer(0)}, "", [lower])
    d.conclude(d.integrate(small))


DERIVATION = {
    "value": value,
    "optimal": optimal,
    "guaranteed": guaranteed,
    "constant-allowed": constant_allowed,
    "worst-utility": worst_utility,
    "every-policy": every_policy,
    "every-policy-attained": every_policy_attained,
    "every-policy-approached": every_policy_approached,
    "nonnegative-costs": nonnegative_costs,
    "nonnegative-costs-attained": nonnegative_costs_attained,
    "nonnegative-costs-do-less": nonnegative_costs_do_less,
    "other-sign": other_sign,
}
