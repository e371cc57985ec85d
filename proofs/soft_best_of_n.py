r"""# Soft best-of-n

Whatever the temperature, a draw is picked with chance at most one, and so its density ratio is at most $n$. That is all
that the cost bound and the comparison with the quantilizer need.
"""

from qtheory.claims.quantilizer_optimality import CLAIM as OPTIMALITY
from qtheory.claims.soft_best_of_n import picked
from qtheory.prover.locate import script
from qtheory.prover.proof import carry_out
from qtheory.symbols import E, c, eq, ge, n, q, tau, tau2, v, w, w2

OPTIMALITY_DERIVATION = script("quantilizer_optimality").DERIVATION


def sampling(d):
    d.conclude(d.integrate(d.pointwise(n * picked * c <= n * c, "picked with chance at most one")))


def bound(d):
    d.conclude(d.integrate(d.pointwise(w * c <= n * c, "the density ratio is at most n")))


def one_draw(d):
    room = d.pointwise(ge(1 - w, 0), "the density ratio is at most one")
    d.conclude(d.vanishes(room, d.arithmetic(eq(E(1 - w), 0), "E[w] = 1")))


def dominated(d):
    optimal = carry_out(OPTIMALITY.slug, OPTIMALITY.part("optimal"), OPTIMALITY_DERIVATION["optimal"])
    d.conclude(d.theorem(optimal, {q: 1 / n, w: w2, tau: tau2, v: w}, "a rival of the 1/n-quantilizer"))


DERIVATION = {"sampling": sampling, "bound": bound, "one-draw": one_draw, "dominated": dominated}
