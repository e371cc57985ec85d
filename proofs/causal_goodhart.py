r"""# Causal Goodhart

An intervention sets what the score is measured with and leaves the law of the truth as it is, so that whoever got the score
that way is worth what a random candidate is.
"""

import sympy as sp

from qtheory.claims.causal_goodhart import TRUTH, WIDE, added, moved, produced
from qtheory.claims.regressional_goodhart import CLAIM as REGRESSIONAL
from qtheory.prover.locate import script
from qtheory.prover.proof import carry_out
from qtheory.symbols import eq, w

REGRESSIONAL_DERIVATION = script("regressional_goodhart").DERIVATION


def gain(d):
    kept = d.integrate(d.pointwise(eq(w * (1 - moved) * TRUTH, (1 - produced) * w * TRUTH), "a share is left"))
    share = d.integrate(d.pointwise(eq(w * moved, produced * w), "and a share is moved"))
    d.conclude([kept, share], "E[w] = 1")


def whoever_intervenes(d):
    worth = d.integrate(d.pointwise(w * moved * TRUTH >= w * moved * added, "what their scores were worth"))
    d.conclude(worth, "E is linear")


def same_score(d):
    d.conclude(note="E is linear")


def half_of_the_score(d):
    linear = carry_out(REGRESSIONAL.slug, REGRESSIONAL.part("linear"), REGRESSIONAL_DERIVATION["linear"])
    d.conclude(d.theorem(linear, {}, "a linear posterior mean"), "of two equal shares")


def normal_tail(d):
    (integral,) = d.part.conclusion.atoms(sp.Integral)
    value = d.integral(integral, -2 * WIDE)
    end = integral.limits[0][1]
    closed = d.identity(WIDE.subs(integral.limits[0][0], end), d.part.conclusion.rhs)
    d.conclude([value, closed])


DERIVATION = {
    "gain": gain,
    "whoever-intervenes": whoever_intervenes,
    "same-score": same_score,
    "half-of-the-score": half_of_the_score,
    "normal-tail": normal_tail,
}
