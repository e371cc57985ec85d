r"""Costs with a cap: the exact worst case is a fractional knapsack."""

from __future__ import annotations

import sympy as sp

from qtheory.costs.range_and_mean import RangeAndMean
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import C, E, c, epsilon, eq, q, t, w, worst

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
CAPPED = RangeAndMean(epsilon, C)
DUAL = t * epsilon + C * E(sp.Max(w - t, 0))

CLAIM = Claim(
    slug="bounded-cost",
    title="A cost in [0, C] of mean at most epsilon stays below min(C, epsilon/q), and how far below is known",
    kind="equality",
    source="derived here; the exact worst case is the Neyman-Pearson lemma",
    parts=(
        Part(
            "simple",
            E(w * c) <= sp.Min(C, epsilon / q),
            policies=QUANTILIZER,
            cost=CAPPED,
            says="Neither the cap nor the amplified mean is exceeded.",
        ),
        Part(
            "dual-bound",
            E(w * c) <= DUAL,
            given=(t >= 0,),
            policies=QUANTILIZER,
            cost=CAPPED,
            says="Every price t on base cost gives an upper bound.",
        ),
        Part(
            "attained",
            eq(E(w * c), DUAL),
            given=(t >= 0, sp.Implies(w > t, eq(c, C)), sp.Implies(w < t, eq(c, 0)), eq(E(c), epsilon)),
            policies=QUANTILIZER,
            cost=CAPPED,
            says="The cost that is C where w > t, 0 where w < t and uses up its mean attains it.",
        ),
    ),
    twin=Claim(
        slug="bounded-cost-twin",
        title="The simple bound min(C, epsilon/q) is always attained",
        parts=(Part("simple-attained", worst >= sp.Min(C, epsilon / q), policies=QUANTILIZER, cost=CAPPED),),
    ),
)
