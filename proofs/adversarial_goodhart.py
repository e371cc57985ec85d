r"""# Adversarial Goodhart

The adversary's share is a cost of which nothing but the mean is known, so that the largest density ratio decides. A tilt has
no largest one: whoever scores higher is chosen more often, and without end.
"""

import sympy as sp

from qtheory.claims.adversarial_goodhart import (
    LOG_MOMENT,
    RAISED,
    delta,
    growth,
    honest,
    mean,
    rank,
    tilt,
    variance,
    wanted,
    x,
)
from qtheory.claims.adversarial_goodhart import (
    d as kind,
)
from qtheory.prover.lemmas.lemma import P, X
from qtheory.prover.lemmas.powers import BERNOULLI
from qtheory.symbols import E, Scalar, eq, ge, indicator, n, q, t, tau, w

partition = Scalar("partition")


def quantilizer(d):
    amplified = d.integrate(d.pointwise(w * kind <= kind / q, "the density ratio is at most 1/q"))
    whole = d.integrate(d.pointwise(w * kind <= w, "a chance is at most one"))
    d.conclude([amplified, whole], "E[w] = 1")


def quantilizer_attained(d):
    amplified = d.integrate(d.pointwise(w * kind <= kind / q, "the density ratio is at most 1/q"))
    whole = d.integrate(d.pointwise(w * kind <= w, "a chance is at most one"))
    low = d.integrate(d.pointwise(ge(indicator(t < tau) * (w * kind - w), 0), "whoever is played is adversarial"))
    high = d.integrate(d.pointwise(ge(indicator(t >= tau) * (w * kind - kind / q), 0), "the adversarial are full"))
    d.conclude([amplified, whole, low, high], "E[w] = 1")


def best_of_n(d):
    amplified = d.integrate(d.pointwise(w * kind <= n * kind, "the density ratio is at most n"))
    whole = d.integrate(d.pointwise(w * kind <= w, "a chance is at most one"))
    d.conclude([amplified, whole], "E[w] = 1")


def best_of_n_dominated(d):
    (integral,) = d.part.conclusion.atoms(sp.Integral)
    d.conclude(d.integral(integral, -((1 - rank) ** n)))


def best_of_n_below(d):
    d.conclude(d.lemma(BERNOULLI, {X: 1 - delta, P: n}))


def masses(d):
    """Under the tilt, the masses of both kinds times the partition function."""
    named = d.let(partition, E(RAISED))
    local = d.pointwise(eq(w * partition, RAISED), "the tilt", [named])
    theirs = d.integrate(d.pointwise(eq(w * kind * partition, kind * RAISED), "of the adversary", [local]))
    others = d.integrate(d.pointwise(eq(w * (1 - kind) * partition, (1 - kind) * RAISED), "of all others", [local]))
    return [named, theirs, others]


def ahead(d):
    facts = masses(d)
    grown = d.integrate(d.pointwise(kind * RAISED >= kind * growth, "high scores"))
    share = d.integrate(d.pointwise(w * kind >= 0, "a chance"))
    whole = d.integrate(d.pointwise(w * kind <= w, "a chance is at most one"))
    theirs = d.arithmetic(E(w * kind) * partition >= growth * delta, "their part", [*facts, grown])
    rest = d.arithmetic((1 - E(w * kind)) * partition <= honest, "the others' part", facts)
    less = d.arithmetic(1 - E(w * kind) >= 0, "a chance", [whole])
    scaled = d.arithmetic(
        E(w * kind) * (1 - E(w * kind)) * partition >= growth * delta * (1 - E(w * kind)),
        "times the rest",
        [theirs, less],
    )
    other = d.arithmetic(
        E(w * kind) * (1 - E(w * kind)) * partition <= honest * E(w * kind), "times the share", [rest, share]
    )
    return d.arithmetic(E(w * kind) * (growth * delta + honest) >= growth * delta, "together", [scaled, other])


def tilted(d):
    d.conclude(ahead(d))


def tilt_no_bound(d):
    bound = ahead(d)
    scale = d.arithmetic(growth * delta + honest > 0, "positive")
    enough = d.arithmetic(growth * delta >= wanted * (growth * delta + honest), "a hypothesis")
    d.conclude([bound, scale, enough], "divide")


def tilt_odds(d):
    d.conclude(masses(d), "both sides times the partition function")


def normal_moment(d):
    (integral,) = d.part.conclusion.atoms(sp.Integral)
    centre = mean + tilt * variance
    value = d.integral(integral, -sp.exp(LOG_MOMENT) * sp.erfc((x - centre) / sp.sqrt(2 * variance)) / 2)
    d.conclude([value, d.identity(value.statement.rhs, sp.exp(LOG_MOMENT))])


DERIVATION = {
    "quantilizer": quantilizer,
    "quantilizer-attained": quantilizer_attained,
    "best-of-n": best_of_n,
    "best-of-n-dominated": best_of_n_dominated,
    "best-of-n-below": best_of_n_below,
    "tilt": tilted,
    "tilt-no-bound": tilt_no_bound,
    "tilt-odds": tilt_odds,
    "normal-moment": normal_moment,
}
