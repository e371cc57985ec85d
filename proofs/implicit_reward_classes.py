r"""# Implicit rewards

An implicit reward of at most $b$ is $b$ less a cost that is not negative, so quantilizing is right with $b$ added to the
budget. Without a bound above any move away from the base can be punished without limit.
"""

from qtheory.claims.implicit_reward_classes import LEAST, best, implicit
from qtheory.claims.robust_threshold import CLAIM as THRESHOLD
from qtheory.prover.locate import script
from qtheory.prover.proof import carry_out
from qtheory.symbols import E, b, c, eq, ge, t, u, v

THRESHOLD_DERIVATION = script("robust_threshold").DERIVATION


def _threshold(d, name, terms, note):
    return d.theorem(carry_out(THRESHOLD.slug, THRESHOLD.part(name), THRESHOLD_DERIVATION[name]), terms, note)


def overestimate(d):
    d.conclude(_threshold(d, "mean-class", {c: -implicit}, "a reward below zero is a cost"))


def overestimate_no_more(d):
    d.conclude(_threshold(d, "no-more", {}, "against the excess over t"))


def underestimate(d):
    more = d.integrate(d.pointwise(v * (u + implicit) >= best * v, "the policy plays the best actions only"))
    same = d.integrate(d.pointwise(v * u >= best * v, "the policy plays the best actions only"))
    d.conclude([more, same], "E[v] = 1")


def underestimate_no_more(d):
    d.conclude(d.integrate(d.pointwise(v * u <= best * v, "no utility is larger")), "E[v] = 1")


def sign_free(d):
    d.conclude(note="expand both; E[v] = 1")


def sign_free_only_imitation(d):
    square = d.pointwise(ge((v - 1) ** 2, 0), "a square")
    mean = d.integrate(square)
    none = d.arithmetic(eq(E((v - 1) ** 2), 0), "E[v] = 1 and no divergence", [mean])
    d.conclude(d.vanishes(square, none))


def imitation(d):
    d.conclude(note="the mean of a sum")


def bounded_gain(d):
    cost = _threshold(d, "mean-class", {c: b - implicit}, "b less the reward is a cost")
    d.conclude(cost, "E[w] = 1")


def bounded_gain_no_more(d):
    d.conclude(_threshold(d, "no-more", {}, "against the excess over t"), "E[v] = 1")


def imitation_best(d):
    d.conclude(
        _threshold(d, "no-more", {}, "against the excess over t"), "E[v] = 1, and t + b is the mean less the debt"
    )


def imitation_best_only_then(d):
    below = d.pointwise(ge(LEAST - (u - t), 0), "a positive part")
    mean = d.integrate(below)
    none = d.arithmetic(eq(E(LEAST - (u - t)), 0), "the mean of u less t is debt and b", [mean])
    d.conclude(d.vanishes(below, none), "nothing is cut off")


DERIVATION = {
    "overestimate": overestimate,
    "overestimate-no-more": overestimate_no_more,
    "underestimate": underestimate,
    "underestimate-no-more": underestimate_no_more,
    "sign-free": sign_free,
    "sign-free-only-imitation": sign_free_only_imitation,
    "imitation": imitation,
    "bounded-gain": bounded_gain,
    "bounded-gain-no-more": bounded_gain_no_more,
    "imitation-best": imitation_best,
    "imitation-best-only-then": imitation_best_only_then,
}
