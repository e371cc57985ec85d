r"""How the expected utility of the quantilizer depends on its level."""

from __future__ import annotations

from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, eq, lam, q, r, tau, tau2, tau3, u, w, w2, w3

BETWEEN = lam * q + (1 - lam) * r
TWO = (PolicyOf(Quantilizer(q), w, tau), PolicyOf(Quantilizer(r), w2, tau2))
THREE = (
    PolicyOf(Quantilizer(BETWEEN), w, tau),
    PolicyOf(Quantilizer(q), w2, tau2),
    PolicyOf(Quantilizer(r), w3, tau3),
)
MIXING = (lam >= 0, lam <= 1)

CLAIM = Claim(
    slug="utility-antitone",
    title="The quantilizer's expected utility falls as q grows, and q times it is concave in q",
    kind="equality",
    source="derived here",
    parts=(
        Part(
            "antitone",
            E(w2 * u) <= E(w * u),
            given=(q <= r,),
            policies=TWO,
            says="A stricter level never has a lower expected utility.",
        ),
        Part(
            "concave",
            lam * q * E(w2 * u) + (1 - lam) * r * E(w3 * u) <= BETWEEN * E(w * u),
            given=MIXING,
            policies=THREE,
            says="q times the expected utility is concave in q.",
        ),
        Part(
            "whole-base",
            eq(E(w * u), E(u)),
            policies=(PolicyOf(Quantilizer(1)),),
            says="At q = 1 the quantilizer is the base.",
        ),
    ),
    twin=Claim(
        slug="utility-antitone-twin",
        title="The expected utility is convex in q",
        parts=(
            Part(
                "convex",
                E(w * u) <= lam * E(w2 * u) + (1 - lam) * E(w3 * u),
                given=MIXING,
                policies=THREE,
            ),
        ),
    ),
)
