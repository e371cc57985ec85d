r"""Selecting from a base of which a share is not to be trusted."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, OfAction, Scalar, eq, indicator, n, q, tau, u, w

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
# The chance that a candidate is of the untrusted kind D, given what it is; the others are of kind H.
d = OfAction("d", "cost")
share = Scalar("share", "positive")
survival_d = Scalar("S_D", "nonnegative")
survival_h = Scalar("S_H", "nonnegative")
ratio = Scalar("ratio", "nonnegative")
allowed = Scalar("p", "unit")
MIXED = (d >= 0, d <= 1, eq(E(d), share))
TOP = indicator(u >= tau)
SURVIVAL = (
    *(share > 0, share < 1),
    eq(E(d * TOP) / share, survival_d),
    eq(E((1 - d) * TOP) / (1 - share), survival_h),
    sp.Implies(eq(u, tau), eq(w, 1 / q)),
)

CLAIM = Claim(
    slug="contamination",
    title="An untrusted share delta of the base makes up at most min(1, delta/q) of the top q",
    kind="upper bound",
    source="derived here; the concern about sampling deceptive agents is that of jermyn2022",
    limits="attained where the untrusted kind dominates the top",
    parts=(
        Part(
            "bound",
            E(w * d) <= sp.Min(1, share / q),
            given=MIXED,
            policies=QUANTILIZER,
            says="Its chance grows by at most 1/q.",
        ),
        Part(
            "attained",
            eq(E(w * d), share / q),
            given=(*MIXED, sp.Implies(w < 1 / q, eq(d, 0))),
            policies=QUANTILIZER,
            says="Attained if only the very best are of the untrusted kind.",
        ),
        Part(
            "threshold",
            eq((1 - share) * survival_h + share * survival_d, q),
            given=(*MIXED, *SURVIVAL),
            policies=QUANTILIZER,
            says="The threshold is where the mixture of the two survival functions is q, if it splits no level.",
        ),
        Part(
            "posterior",
            eq(E(w * d), share * survival_d / q),
            given=(*MIXED, *SURVIVAL),
            policies=QUANTILIZER,
            says="The chance of the untrusted kind is its mass above the threshold, over q.",
        ),
        Part(
            "odds",
            eq(E(w * d) * (1 - share) * survival_h, E(w * (1 - d)) * share * survival_d),
            given=(*MIXED, *SURVIVAL),
            policies=QUANTILIZER,
            says="Its odds are the odds under the base times the ratio of the survival functions.",
        ),
        Part(
            "tail",
            E(w * d) * (1 - share + share * ratio) >= share * ratio,
            given=(*MIXED, *SURVIVAL, ratio >= 0, survival_d >= ratio * survival_h),
            policies=QUANTILIZER,
            says="If the ratio grows without bound in the tail, the chance tends to one as q falls.",
        ),
        Part(
            "safe-level",
            E(w * d) <= allowed,
            given=(*MIXED, share <= allowed * q),
            policies=QUANTILIZER,
            says="With at most log2(p/delta) bits of selection the chance stays at most p.",
        ),
        Part(
            "uses",
            1 - (1 - E(w * d)) ** n <= n * share / q,
            given=(*MIXED, n >= 1),
            policies=QUANTILIZER,
            says="The chance that n independent uses meet the untrusted kind at all is at most n delta/q.",
        ),
    ),
    twin=Claim(
        slug="contamination-twin",
        title="If the untrusted kind scores no better on average, selection does not favour it",
        parts=(
            Part(
                "same-mean",
                E(w * d) <= share,
                given=(*MIXED, E(u * d) <= share * E(u)),
                policies=QUANTILIZER,
            ),
        ),
    ),
)
