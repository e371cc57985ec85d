r"""A check that catches some of the untrusted kind: how much it helps, and whether to select first or to check first."""

from __future__ import annotations

import sympy as sp

from qtheory.claims.contamination import MIXED, SURVIVAL, d, share, survival_d, survival_h
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, Scalar, eq, indicator, n, q, tau, u, v

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
# The check flags the untrusted kind at one rate and the others at another, independently of the utility given the kind.
true_rate = Scalar("tpr", "unit")
false_rate = Scalar("fpr", "unit")
passing = Scalar("passing", "positive")
PASSED = d * (1 - true_rate) ** n + (1 - d) * (1 - false_rate) ** n
LOOKS = (
    *(eq(d * (1 - d), 0), eq(E(d), share), share > 0, share < 1),
    *(true_rate >= 0, true_rate < 1, false_rate >= 0, false_rate < 1, n >= 1),
    *(eq(E(PASSED), passing), passing > 0, eq(v, PASSED / passing)),
)

# The part of the untrusted kind that looks like the others, and by how much the looks favour the others.
obfuscated = Scalar("o", "unit")
looks = Scalar("r", "unit")
SEEN = obfuscated + (1 - obfuscated) * looks
POSTERIOR = share * SEEN / (share * SEEN + 1 - share)
FLOOR = share * obfuscated / (share * obfuscated + 1 - share)
OBFUSCATION = (share > 0, share < 1, obfuscated >= 0, obfuscated <= 1, looks >= 0, looks <= 1)

# The threshold of the top q after the check, which leaves the untrusted kind a smaller share.
checked = Scalar("s")
kept = Scalar("kept", "unit")
after = kept * share
TOP_CHECKED = indicator(u >= checked)
checked_d = Scalar("S_D2", "nonnegative")
checked_h = Scalar("S_H2", "nonnegative")
MASS_CHECKED = after * checked_d + (1 - after) * checked_h
# So that the threshold is that of the top q: less than q lies strictly above it.
ABOVE = indicator(u > checked)
MASS_ABOVE = kept * E(d * ABOVE) + (1 - after) / (1 - share) * E((1 - d) * ABOVE)
# In both orders the odds are the odds under the base, times those of passing, times S_D/S_H at the threshold in use.
SAFER = checked_d * survival_h <= survival_d * checked_h
ORDER = (
    *(*MIXED, *SURVIVAL, kept >= 0, kept <= 1),
    eq(E(d * TOP_CHECKED) / share, checked_d),
    eq(E((1 - d) * TOP_CHECKED) / (1 - share), checked_h),
)

CLAIM = Claim(
    slug="oversight-order",
    title="If the untrusted kind's share is monotone in the score, checking before selecting is at least as safe",
    kind="equality",
    source="derived here",
    limits="checking first needs a check on every candidate; without monotone odds it can be the less safe order",
    parts=(
        Part(
            "looks",
            eq(
                E(v * d) * (1 - share) * (1 - false_rate) ** n,
                E(v * (1 - d)) * share * (1 - true_rate) ** n,
            ),
            given=LOOKS,
            says="Passing n independent looks multiplies the odds by ((1 - tpr)/(1 - fpr))^n.",
        ),
        Part(
            "floor",
            POSTERIOR >= FLOOR,
            given=OBFUSCATION,
            says="If a share o of the untrusted kind is flagged no more often than the others, no number of looks "
            "brings the posterior below delta o/(delta o + 1 - delta).",
        ),
        Part(
            "floor-approached",
            POSTERIOR - FLOOR <= share * (1 - obfuscated) * looks / (1 - share),
            given=OBFUSCATION,
            says="And it tends to that, as fast as ((1 - tpr)/(1 - fpr))^n to zero.",
        ),
        Part(
            "check-first-rising",
            SAFER,
            given=(*ORDER, MASS_CHECKED >= q, checked_d >= checked_h, sp.Implies(checked <= tau, SAFER)),
            policies=QUANTILIZER,
            says="If the ratio of the survival functions rises, the check lowers the threshold, and with it the odds.",
        ),
        Part(
            "check-first-falling",
            SAFER,
            given=(*ORDER, MASS_CHECKED <= q, checked_d <= checked_h, sp.Implies(checked >= tau, SAFER)),
            policies=QUANTILIZER,
            says="If it falls, the check raises the threshold, and lowers the odds again.",
        ),
    ),
    twin=Claim(
        slug="oversight-order-twin",
        title="Checking first is always at least as safe",
        parts=(
            Part(
                "any-order",
                SAFER,
                given=(*ORDER, MASS_CHECKED >= q, MASS_ABOVE <= q, kept < 1, checked_h > 0),
                policies=QUANTILIZER,
            ),
        ),
    ),
)
