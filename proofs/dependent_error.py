r"""# An error that depends on the truth

Near the cap errors help a score over the threshold, beyond it they do not. So hard selection weighs the truths by a normal
tail that falls so fast that the weight piles up at the cap, and what lies beyond has the truth's own, thinner tail.
"""

import sympy as sp

from qtheory.claims.dependent_error import (
    BEYOND,
    NEAR,
    SHORT,
    V,
    a,
    cap,
    density,
    depth,
    gap,
    later,
    often,
    passes,
    seldom,
    y,
)
from qtheory.prover.lemmas.lemma import X, Y
from qtheory.prover.lemmas.logarithms import EXP_INCREASES, EXP_OF_SUM
from qtheory.symbols import Scalar, indicator

FROM_A, FROM_LATER = -((a + y) ** 2) / 2, -((later + y) ** 2) / 2
AHEAD = -(later**2 - a**2) / 2
ahead = Scalar("ahead")


def piles_up(d):
    room = cap - gap + depth
    short = d.pointwise(sp.Implies(V < cap - gap, (cap - gap - V) * passes <= room * passes), "not below the depth")
    seldom_short = d.pointwise(sp.Implies(V < cap - gap, room * passes <= room * seldom), "and seldom")
    local = V * passes >= (cap - gap) * passes - room * seldom * SHORT
    d.conclude(d.integrate(d.pointwise(local, "below the gap, and from there on", [short, seldom_short])))


def often_there(d):
    d.conclude(d.integrate(d.pointwise(passes >= often * NEAR, "a hypothesis")))


def ratio(d):
    exponent = d.pointwise(sp.Le(FROM_LATER, AHEAD + FROM_A), "(b - a) y is not negative")
    grown = d.lemma(EXP_INCREASES, {X: FROM_LATER, Y: AHEAD + FROM_A}, using=[exponent])
    named = d.let(ahead, sp.exp(AHEAD))
    product = d.lemma(EXP_OF_SUM, {X: AHEAD, Y: FROM_A})
    local = density * sp.exp(FROM_LATER) <= density * ahead * sp.exp(FROM_A)
    d.conclude([d.integrate(d.pointwise(local, "times the density", [grown, product, named])), named])


def no_higher(d):
    local = V * passes <= cap * passes + (V - cap) * passes * BEYOND
    d.conclude(d.integrate(d.pointwise(local, "below the cap at most the cap")))


def beyond(d):
    local = (V - cap) * BEYOND * indicator(V >= a) <= sp.Max(V - cap, 0)
    d.conclude(d.integrate(d.pointwise(local, "at most the positive part")))


DERIVATION = {
    "piles-up": piles_up,
    "often-there": often_there,
    "ratio": ratio,
    "no-higher": no_higher,
    "beyond": beyond,
}
