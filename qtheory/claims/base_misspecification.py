r"""Quantilizing a learned base: what its error costs."""

from __future__ import annotations

import sympy as sp

from qtheory.claims.fits_under import g
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import C, E, Scalar, c, epsilon, eq, ge, q, t, w, xlogy

# E is the expectation under the learned base, which is what is quantilized; g is the density of the true base with
# respect to it, and what the true base has outside of it is never played.
QUANTILIZER = (PolicyOf(Quantilizer(q)),)
eta = Scalar("eta", "nonnegative")
divergence = Scalar("divergence", "positive")
CAPPED = (c >= 0, c <= C, g >= 0, E(g * c) <= epsilon)
PINSKER_BOUND = (epsilon + C * sp.sqrt(divergence / 2)) / q

CLAIM = Claim(
    slug="base-misspecification",
    title="An error of the base is multiplied by 1/q: total variation eta adds up to C eta / q to the cost",
    kind="upper bound",
    source="derived here",
    limits="useless once the error is of the size of q; nothing but a bounded density ratio protects uncapped costs",
    parts=(
        Part(
            "bounded-ratio",
            E(w * c) <= t / q * E(g * c),
            given=(c >= 0, g >= 0, t > 0, ge(g, 1 / t)),
            policies=QUANTILIZER,
            says="If the learned base is nowhere more than t times the true one, the factor is t/q.",
        ),
        Part(
            "total-variation",
            E(w * c) <= sp.Min(C, (epsilon + C * eta) / q),
            given=(*CAPPED, E(sp.Max(1 - g, 0)) <= eta),
            policies=QUANTILIZER,
            says="At total variation eta, and costs up to C.",
        ),
        Part(
            "divergence-of-the-truth",
            E(w * c) <= PINSKER_BOUND,
            given=(*CAPPED, eq(E(g), 1), E(xlogy(g, g)) <= divergence, divergence > 0),
            policies=QUANTILIZER,
            says="At a divergence KL of the true base from the learned one, which is the one that training reduces.",
        ),
        Part(
            "divergence-of-the-model",
            E(w * c) <= PINSKER_BOUND,
            given=(*CAPPED, g > 0, eq(E(g), 1), -E(sp.log(g)) <= divergence, divergence > 0),
            policies=QUANTILIZER,
            says="And at one of the learned base from the true one.",
        ),
    ),
    twin=Claim(
        slug="base-misspecification-twin",
        title="A small divergence of the true base from the learned one protects against every cost",
        parts=(
            Part(
                "every-cost",
                E(w * c) <= sp.exp(divergence) / q * E(g * c),
                given=(c >= 0, g >= 0, eq(E(g), 1), E(xlogy(g, g)) <= divergence, divergence > 0),
                policies=QUANTILIZER,
            ),
        ),
    ),
)
