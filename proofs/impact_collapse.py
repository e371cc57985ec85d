r"""# When protecting outcomes protects actions

An outcome that only one action can produce reads that action's density ratio off the outcome's. Without such an
outcome there is room: lift the action a little above $t$ and spread what is left; every outcome is shared with an
action that now lies below one.
"""

from qtheory.claims.fits_under import delta, g, p
from qtheory.claims.impact_collapse import ESCAPED, LIFTED, chance, chosen, inside, outside, reach, step
from qtheory.symbols import E, Scalar, eq, ge, t, v

rest = Scalar("rest")


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
    apart = d.arithmetic(delta < 1, "t is more than one")
    named = d.let(rest, (1 - (t + step) * delta) / (1 - delta))
    below = d.arithmetic(rest <= 1, "t is more than one", [named, apart])
    others = d.integrate(d.pointwise(ge(outside, 0), "a chance"))
    gain = d.arithmetic(
        (t + step) * E(inside) + rest * E(outside) <= t * E(inside + outside),
        "the others fall by more",
        [below, others],
    )
    split = d.pointwise(
        eq(LIFTED * (inside + outside), (t + step) * inside + rest * outside),
        "what goes through the chosen action, and what through the others",
        [named, apart],
    )
    lifted = d.arithmetic(eq(E(LIFTED), 1), "what is lifted here is taken there", [apart])
    more = d.arithmetic(E(LIFTED * chosen) > t * E(chosen), "by the step", [square, apart])
    seen = d.arithmetic(
        E(LIFTED * (inside + outside)) <= t * E(inside + outside), "in these terms", [gain, d.integrate(split), apart]
    )
    d.conclude([lifted, more, seen, apart])


def no_impossible_outcome(d):
    square = d.integrate(d.pointwise(eq(chosen**2, chosen), "an indicator"))
    none = d.integrate(d.pointwise(eq(g * chosen, 0), "the base never takes it"))
    through_it = d.integrate(d.pointwise(eq(chosen * inside, inside), "through the chosen action only"))
    through_them = d.integrate(d.pointwise(eq(chosen * outside, 0), "through the others only"))
    unseen = d.integrate(d.pointwise(eq(g * inside, 0), "so the base never goes through it"))
    others = d.integrate(d.pointwise(ge(g * outside, 0), "a chance"))
    escaped = d.arithmetic(eq(E(ESCAPED), 1), "what goes there is taken here")
    more = d.arithmetic(E(ESCAPED * chosen) > t * E(g * chosen), "more than nothing", [square, none])
    small = d.arithmetic(step / delta * E(inside) <= (t - 1) * E(g * outside), "the step is small")
    seen = d.arithmetic(
        E(ESCAPED * (inside + outside)) <= t * E(g * (inside + outside)),
        "less than the room",
        [small, through_it, through_them, unseen, others],
    )
    d.conclude([escaped, more, seen])


DERIVATION = {
    "one-way": one_way,
    "private-outcome": private_outcome,
    "impossible-outcome": impossible_outcome,
    "no-private-outcome": no_private_outcome,
    "no-impossible-outcome": no_impossible_outcome,
}
