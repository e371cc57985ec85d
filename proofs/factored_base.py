r"""# A factored base

The quantilizer of the learned base fits under that base times $1/q$, which fits under the exact base times
$\kappa^n/q$: the ratios of the steps multiply.
"""

import sympy as sp

from qtheory.claims.factored_base import accept, exact, kappa, scale, so_far, step
from qtheory.prover.lemmas.lemma import P, X, Y
from qtheory.prover.lemmas.powers import POWER_OF_SUM
from qtheory.symbols import E, c, eq, n, q, w


def one_step(d):
    grown = d.integrate(d.pointwise(w * c <= c / q, "the density ratio is at most 1/q"))
    learned = d.integrate(d.pointwise(c <= kappa * exact * c, "the learned base is at most kappa times the exact one"))
    scaled = d.arithmetic(E(c) / q <= kappa * E(exact * c) / q, "divide by the level", [learned])
    d.conclude([grown, scaled])


def chain(d):
    product = d.pointwise(so_far * step <= kappa**n * kappa, "each factor is at most its bound")
    power = d.lemma(POWER_OF_SUM, {X: kappa, P: n, Y: sp.Integer(1)})
    d.conclude([product, power])


def steps(d):
    grown = d.integrate(d.pointwise(w * c <= c / q, "the density ratio is at most 1/q"))
    learned = d.integrate(d.pointwise(c <= kappa**n * exact * c, "the learned base is at most kappa^n times the exact"))
    scaled = d.arithmetic(E(c) / q <= kappa**n * E(exact * c) / q, "divide by the level", [learned])
    d.conclude([grown, scaled])


def rejection(d):
    kept = d.integrate(d.pointwise(eq(scale * accept * c, exact * c), "by the chance of acceptance"))
    drawn = d.integrate(d.pointwise(eq(scale * accept, exact), "by the chance of acceptance"))
    d.conclude([kept, drawn])


def rejection_possible(d):
    d.conclude(note="the ratio is at most the scale")


DERIVATION = {
    "one-step": one_step,
    "chain": chain,
    "steps": steps,
    "rejection": rejection,
    "rejection-possible": rejection_possible,
}
