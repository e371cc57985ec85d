r"""Targeted impact, first reading: side effects grow only as far as their feature moves."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, alpha, eq, h, kappa, q, w

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
# What it means for h to be the density ratio of the feature's law, and for kappa to be a cost of the feature.
FEATURE = (kappa >= 0, h >= 0, h <= alpha, eq(E(h), 1), eq(E(w * kappa), E(h * kappa)))
ON_THE_WORST_VALUE = sp.Implies(h < alpha, eq(kappa, 0))

CLAIM = Claim(
    slug="feature-cost",
    title="A cost that depends on a feature alone grows by at most the largest amplification of the feature's values",
    kind="equality",
    source="derived here; a reading of the title 'Targeted Impact' of taylor2016quantilizers, section 2.2",
    limits="an assumption about the world: costs of the target itself are amplified by up to 1/q",
    parts=(
        Part(
            "bound",
            E(w * kappa) <= alpha * E(kappa),
            given=FEATURE,
            policies=QUANTILIZER,
            says="Only the move of the feature's law counts, not the move of the policy.",
        ),
        Part(
            "attained",
            eq(E(w * kappa), alpha * E(kappa)),
            given=(*FEATURE, ON_THE_WORST_VALUE),
            policies=QUANTILIZER,
            says="Attained by the cost of the most amplified value.",
        ),
        Part(
            "range",
            sp.And(alpha >= 1, alpha <= 1 / q, evaluate=False),
            given=(*FEATURE, ON_THE_WORST_VALUE, E(kappa) > 0),
            policies=QUANTILIZER,
            says="The amplification lies between 1 and 1/q.",
        ),
        Part(
            "unmoved",
            eq(h, 1),
            given=(*FEATURE, alpha <= 1),
            policies=QUANTILIZER,
            says="Amplification 1 means that the feature keeps its law.",
        ),
    ),
    twin=Claim(
        slug="feature-cost-twin",
        title="Every side effect is amplified by 1/q",
        parts=(Part("full", alpha >= 1 / q, policies=QUANTILIZER),),
    ),
)
