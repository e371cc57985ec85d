r"""How far a quantilizer moves from its base."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, eq, le, q, w, xlogy

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
KL = E(xlogy(w, w))
TV = E(sp.Max(1 - w, 0))
NO_PARTIAL = (eq(w * (1 / q - w), 0),)

CLAIM = Claim(
    slug="quantilizer-divergences",
    title="KL, chi-squared and total variation of a quantilizer from its base are at most log 1/q, 1/q - 1 and 1 - q",
    kind="upper bound",
    source="derived here",
    limits="each is an equality exactly if no action is partial",
    parts=(
        Part("kl", KL <= sp.log(1 / q), policies=QUANTILIZER, says="KL divergence, in nats."),
        Part("chi-squared", E(w**2) - 1 <= 1 / q - 1, policies=QUANTILIZER, says="Chi-squared divergence."),
        Part("total-variation", TV <= 1 - q, policies=QUANTILIZER, says="Total variation distance."),
        Part("renyi-3", E(w**3) <= 1 / q**2, policies=QUANTILIZER, says="Renyi divergence of order 3, exponentiated."),
        Part("sup-ratio", le(w, 1 / q), policies=QUANTILIZER, says="Max-divergence, exponentiated."),
        Part(
            "kl-equality",
            eq(KL, sp.log(1 / q)),
            given=NO_PARTIAL,
            policies=QUANTILIZER,
            says="Equality in KL where every action is full or empty.",
        ),
        Part(
            "equality",
            sp.And(eq(E(w**2), 1 / q), eq(TV, 1 - q), evaluate=False),
            given=NO_PARTIAL,
            policies=QUANTILIZER,
            says="Equality in chi-squared and total variation where every action is full or empty.",
        ),
    ),
    twin=Claim(
        slug="quantilizer-divergences-twin",
        title="The KL divergence of a quantilizer is log 1/q",
        parts=(Part("kl", KL >= sp.log(1 / q), policies=QUANTILIZER),),
    ),
)
