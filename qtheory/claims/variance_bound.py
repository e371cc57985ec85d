r"""Costs known by their mean and variance."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, OfAction, Scalar, c, epsilon, eq, q, t, u, v, w, xlogy

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
POLICY = (v >= 0, eq(E(v), 1))
VARIANCE = E(c**2) - E(c) ** 2
CHI_SQUARE = E(v**2) - 1
SHIFT = E(v * c) - E(c)
# A level and a slope: a cost affine in the density ratio.
level, slope = Scalar("level"), Scalar("slope")
excess = sp.Max(u - t, 0)
# The rival of the maximin policy: any density ratio.
other = OfAction("other", "rival")
gain = Scalar("gain", "positive")
# v is the excess over its mean, which is the chi-square shape.
SHAPE = (gain > 0, eq(E(excess), gain), eq(v, excess / gain))

CLAIM = Claim(
    slug="variance-bound",
    title="A cost moves by at most its standard deviation times the root of the chi-square divergence",
    kind="upper bound",
    source="derived here",
    limits="for costs of either sign; attained at costs affine in the density ratio, which may be negative",
    parts=(
        Part(
            "any-policy",
            SHIFT**2 <= VARIANCE * CHI_SQUARE,
            given=POLICY,
            says="The square of the shift is at most the variance times the divergence.",
        ),
        Part(
            "quantilizer",
            (E(w * c) - E(c)) ** 2 <= VARIANCE * (1 / q - 1),
            policies=QUANTILIZER,
            says="For a quantilizer the divergence is at most 1/q - 1.",
        ),
        Part(
            "attained",
            eq(SHIFT**2, VARIANCE * CHI_SQUARE),
            given=(*POLICY, eq(c, level + slope * (v - 1))),
            says="Attained by costs affine in the density ratio.",
        ),
        Part(
            "guaranteed",
            E(v * (u - c)) >= E(sp.Max(u, t)) - epsilon,
            given=(*SHAPE, E(c) <= epsilon, VARIANCE <= E(excess**2) - E(excess) ** 2),
            says="The policy proportional to the excess guarantees E max(U, t) - epsilon, if the cost's variance is at "
            "most that of the excess.",
        ),
        Part(
            "no-more",
            E(other * (u - excess + gain - epsilon)) <= E(sp.Max(u, t)) - epsilon,
            given=(other >= 0, eq(E(other), 1), eq(E(excess), gain)),
            says="No policy guarantees more, because the cost may be the excess, moved to the mean epsilon.",
        ),
    ),
    twin=Claim(
        slug="variance-bound-twin",
        title="The root of twice the KL divergence also bounds the shift",
        parts=(Part("by-kl", SHIFT**2 <= 2 * VARIANCE * E(xlogy(v, v)), given=POLICY),),
    ),
)
