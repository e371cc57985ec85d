r"""Costs with a cap: the exact worst case is a fractional knapsack."""

from __future__ import annotations

import sympy as sp

from qtheory.costs.range_and_mean import RangeAndMean
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import C, E, Scalar, c, epsilon, eq, indicator, q, t, w, worst

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
CAPPED = RangeAndMean(epsilon, C)
DUAL = t * epsilon + C * E(sp.Max(w - t, 0))
# The mass of the full actions, that of the partial ones, and the density ratio these have in common.
FULL = E(indicator(w >= 1 / q))
PARTIAL = E(indicator(sp.And(w > 0, w < 1 / q)))
share = Scalar("share", "positive")
ONE_SHARE = (share > 0, share < 1 / q, sp.Implies(sp.And(w > 0, w < 1 / q), eq(share, w)))
FORMULA = C * FULL / q + share * sp.Min(epsilon - C * FULL, C * PARTIAL)

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
        Part(
            "within-the-full",
            eq(E(w * c), epsilon / q),
            given=(sp.Implies(w < 1 / q, eq(c, 0)), eq(E(c), epsilon)),
            policies=QUANTILIZER,
            cost=CAPPED,
            says="A mean that fits on the full actions reaches epsilon/q.",
        ),
        Part(
            "formula",
            E(w * c) <= FORMULA,
            given=(*ONE_SHARE, epsilon >= C * FULL),
            policies=QUANTILIZER,
            cost=CAPPED,
            says="A larger one fills the full actions, then the partial ones at their share...",
        ),
        Part(
            "formula-attained",
            eq(E(w * c), FORMULA),
            given=(
                *ONE_SHARE,
                epsilon >= C * FULL,
                sp.Implies(w >= 1 / q, eq(c, C)),
                sp.Implies(w <= 0, eq(c, 0)),
                eq(E(c), sp.Min(epsilon, C * (FULL + PARTIAL))),
            ),
            policies=QUANTILIZER,
            cost=CAPPED,
            says="...and that is the worst case.",
        ),
        Part(
            "simple-attained",
            eq(FORMULA, sp.Min(C, epsilon / q)),
            given=(*ONE_SHARE, C > 0, epsilon >= C * FULL, sp.Or(epsilon <= C * FULL, epsilon >= C * (FULL + PARTIAL))),
            policies=QUANTILIZER,
            says="The simple bound is the worst case where the mean ends with the full actions or covers the partial "
            "ones...",
        ),
        Part(
            "simple-only-then",
            FORMULA < sp.Min(C, epsilon / q),
            given=(*ONE_SHARE, C > 0, epsilon > C * FULL, epsilon < C * (FULL + PARTIAL)),
            policies=QUANTILIZER,
            says="...and exceeds it if the mean ends among the partial ones.",
        ),
    ),
    twin=Claim(
        slug="bounded-cost-twin",
        title="The simple bound min(C, epsilon/q) is always attained",
        parts=(Part("simple-attained", worst >= sp.Min(C, epsilon / q), policies=QUANTILIZER, cost=CAPPED),),
    ),
)
