r"""# When protecting outcomes protects actions

An outcome that only one action can produce reads that action's density ratio off the outcome's. Without such an
outcome there is room: lift the action a little above $t$ and spread what is left; every outcome is shared with an
action that now lies below one.
"""

from qtheory.claims.fits_under import delta, g, p
from qtheory.claims.impact_collapse import ESCAPED, LIFTED, REST, chance, chosen, reach, size
from qtheory.symbols import E, Scalar, eq, ge, t, v

mine, others, rest, step = Scalar("mine"), Scalar("others"), Scalar("rest"), Scalar("step")


def one_way(d):
    d.conclude(d.integrate(d.pointwise(v * reach <= t * reach, "no action is played more than t times as often")))


def private_outcome(d):
    read = d.integrate(d.pointwise(eq(v * reach, chance * v * chosen), "the outcome sees this action only"))
    base = d.integrate(d.pointwise(eq(reach, chance * chosen), "under the base too"))
    d.conclude([read, base], "divide by the chance of the outcome")


def impossible_outcome(d):
    room = d.pointwise(ge(p * reach, 0), "nothing is negative")
    none = d.arithmetic(eq(E(p * reach), 0), "t times nothing", [d.integrate(room)])
    d.conclude([d.vanishes(room, none)])


def no_private_outcome(d):
    square = d.integrate(d.pointwise(eq(chosen**2, chosen), "an indicator"))
    names = [d.let(mine, E(chosen * reach)), d.let(others, E((1 - chosen) * reach)), d.let(step, 1 / size)]
    spread = d.let(rest, REST)
    some = d.arithmetic(step > 0, "a size", names[2:])
    room = d.arithmetic((t + step) * delta <= 1, "the step is small", names[2:])
    small = d.arithmetic(step * mine <= (t - 1) * others, "the step is small", names)
    apart = d.arithmetic(delta < 1, "t is more than one")
    balance = d.arithmetic(eq(rest * (1 - delta), 1 - (t + step) * delta), "by its definition", [spread, names[2]])
    below = d.arithmetic(rest <= 1, "t is more than one", [balance, apart, some])
    shared = d.arithmetic(others > 0, "others can produce the outcome", names[1:2])
    gain = d.arithmetic(
        (t + step) * mine + rest * others <= t * (mine + others), "the others fall by more", [small, below, shared]
    )
    lifted = d.arithmetic(eq(E(LIFTED), 1), "what is lifted here is taken there")
    more = d.arithmetic(E(LIFTED * chosen) > t * E(chosen), "by the step", [square])
    seen = d.arithmetic(eq(E(LIFTED * reach), (t + step) * mine + rest * others), "in these terms", [*names, spread])
    unseen = d.arithmetic(E(LIFTED * reach) <= t * E(reach), "in these terms", [seen, gain, *names[:2]])
    d.conclude([lifted, more, unseen])


def no_impossible_outcome(d):
    square = d.integrate(d.pointwise(eq(chosen**2, chosen), "an indicator"))
    none = d.integrate(d.pointwise(eq(g * chosen, 0), "the base never takes it"))
    escaped = d.arithmetic(eq(E(ESCAPED), 1), "what goes there is taken here")
    more = d.arithmetic(E(ESCAPED * chosen) > t * E(g * chosen), "more than nothing", [square, none])
    share = d.arithmetic(E(chosen * reach) / (size * delta) <= (t - 1) * E(g * reach), "the step is small")
    unseen = d.arithmetic(E(ESCAPED * reach) <= t * E(g * reach), "less than the room", [share])
    d.conclude([escaped, more, unseen])


DERIVATION = {
    "one-way": one_way,
    "private-outcome": private_outcome,
    "impossible-outcome": impossible_outcome,
    "no-private-outcome": no_private_outcome,
    "no-impossible-outcome": no_impossible_outcome,
}
