r"""How much utility can be gained at a given distance from the base."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, OfAction, Scalar, eq, q, t, u, v, w

mean = Scalar("mean")
value = Scalar("value")
# A utility in place of u, with the same ranking.
f = OfAction("f")

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
VARIANCE = E(u**2) - E(u) ** 2
GAIN = E(w * u) - E(u)
NAMED = (eq(E(u), mean), eq(E(w * u), value))
TIGHT = eq(q * (value - mean) ** 2, (E(u**2) - mean**2) * (1 - q))

CLAIM = Claim(
    slug="gain-bound",
    title="A policy gains at most the standard deviation of the utility times the root of its chi-squared divergence",
    kind="upper bound",
    source="derived here",
    limits="attained by utilities that take one value on the top q and another elsewhere; for sub-Gaussian utilities "
    "the root of twice the KL divergence is smaller at small q",
    parts=(
        Part(
            "any-policy",
            E(v * u) - E(u) <= sp.sqrt(VARIANCE * (E(v**2) - 1)),
            given=(v >= 0, eq(E(v), 1)),
            says="The Cauchy-Schwarz inequality for ratio and utility, each less its mean.",
        ),
        Part(
            "bound",
            GAIN <= sp.sqrt(VARIANCE * (1 / q - 1)),
            policies=QUANTILIZER,
            says="For the quantilizer in terms of its level.",
        ),
        Part(
            "attained",
            eq((E(w * f) - E(f)) ** 2, (E(f**2) - E(f) ** 2) * (1 / q - 1)),
            given=(eq(w * (1 / q - w), 0), eq(f, mean + t * (w - 1))),
            policies=QUANTILIZER,
            says="An equality where no action is partial, for a utility f that is affine in the indicator of the top q.",
        ),
        Part(
            "only-then",
            eq(q * (w - 1) * (value - mean), (1 - q) * (u - mean)),
            given=(*NAMED, TIGHT),
            policies=QUANTILIZER,
            says="And only there: at q < 1 equality makes the utility affine in the density ratio.",
        ),
        Part(
            "only-without-partial",
            eq(w * (1 / q - w), 0),
            given=(*NAMED, TIGHT, E(u**2) > mean**2),
            policies=QUANTILIZER,
            says="And unless the utility is constant, equality leaves no action partial.",
        ),
    ),
    twin=Claim(
        slug="gain-bound-twin",
        title="The gain is at most the standard deviation times the root of 2 log 1/q",
        parts=(Part("sub-gaussian", GAIN <= sp.sqrt(2 * VARIANCE * sp.log(1 / q)), policies=QUANTILIZER),),
    ),
)
