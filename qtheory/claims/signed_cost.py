r"""Costs that may be gains: a bound holds once the gains are bounded."""

from __future__ import annotations

import sympy as sp

from qtheory.costs.signed import Signed
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, b, c, epsilon, eq, q, t, w

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
SIGNED = Signed(epsilon, b)
BOUND = (epsilon + b) / q - b

CLAIM = Claim(
    slug="signed-cost",
    title="A cost above -b of mean at most epsilon stays below (epsilon + b)/q - b",
    kind="upper bound",
    source="derived here; that no guarantee holds without a sign condition: carey2019when, an48",
    parts=(
        Part(
            "bound",
            E(w * c) <= BOUND,
            policies=QUANTILIZER,
            cost=SIGNED,
            says="Shift the cost by b, bound it, shift it back.",
        ),
        Part(
            "attained",
            eq(E(w * c), BOUND),
            given=(sp.Implies(w < 1 / q, eq(c, -b)), eq(E(c), epsilon)),
            policies=QUANTILIZER,
            cost=SIGNED,
            says="Attained by costs that are -b wherever the density ratio is below 1/q.",
        ),
        Part(
            "no-bound",
            sp.And(eq(E(t * (w - 1)), 0), eq(E(w * t * (w - 1)), t * (E(w**2) - 1)), evaluate=False),
            policies=QUANTILIZER,
            says="Without a lower bound there is none: the cost t (w - 1) has mean 0 and becomes t times chi-squared.",
        ),
    ),
    twin=Claim(
        slug="signed-cost-twin",
        title="A signed cost grows by at most 1/q",
        parts=(Part("signed", E(w * c) <= E(c) / q, policies=QUANTILIZER),),
    ),
)
