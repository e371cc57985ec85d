r"""Which actions of a split level are played: free for the utility, not for the cost."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, OfAction, Scalar, c, eq, ge, indicator, m, q, t, tau, tau2, u, v, w, w2

# How much of the level at the threshold a policy plays, where that is the same for all its actions.
share = Scalar("share", "nonnegative")
slope = Scalar("slope")
# A convex function f at the ratio of a rival, at the ratio of the quantilizer, and its slope there.
f_v, f_w, f_slope = OfAction("f_v"), OfAction("f_w"), OfAction("f_slope")

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
BOTH = (*QUANTILIZER, PolicyOf(Quantilizer(q, "ordered"), w2, tau2))
AT_THRESHOLD = eq(u, tau)
# Any way of breaking ties: full above the threshold, empty below it, whatever fits at it.
REALISABLE = (
    v >= 0,
    v <= 1 / q,
    sp.Implies(u > tau, eq(v, 1 / q)),
    sp.Implies(u < tau, eq(v, 0)),
    eq(E(v), 1),
)
PROPORTIONAL = (sp.Implies(AT_THRESHOLD, eq(share, w)),)
CONVEX = (f_v >= f_w + f_slope * (v - w), sp.Implies(eq(v, w), eq(f_v, f_w)))
SAME_SLOPE = (sp.Implies(AT_THRESHOLD, eq(f_slope, slope)),)
# What it means for m to be the mean of the cost given the utility, above the threshold and at it.
MEAN_GIVEN_UTILITY = tuple(
    eq(E(indicator(where) * c), E(indicator(where) * m)) for where in (u > tau, AT_THRESHOLD, u < tau)
)

CLAIM = Claim(
    slug="tie-invariance",
    title="However a quantilizer breaks ties its utility has the same law, and its cost may differ",
    kind="characterisation",
    source="derived here; that the quantilizer is not unique under ties: taylor2016quantilizers, section 2",
    limits="without a tie at the threshold there is one quantilizer only",
    parts=(
        Part(
            "same-utility",
            eq(E(v * u), E(w * u)),
            given=REALISABLE,
            policies=QUANTILIZER,
            says="All ways of breaking ties have the same expected utility.",
        ),
        Part(
            "same-law",
            eq(E(v * indicator(u >= t)), E(w * indicator(u >= t))),
            given=REALISABLE,
            policies=QUANTILIZER,
            says="The utility even has the same law.",
        ),
        Part(
            "costs-differ-at-the-threshold",
            eq(E(v * c) - E(w * c), E(indicator(AT_THRESHOLD) * (v - w) * c)),
            given=REALISABLE,
            policies=QUANTILIZER,
            says="Costs differ by what happens on the level at the threshold, and by nothing else.",
        ),
        Part(
            "function-of-utility",
            eq(E(w * c), E(w * m)),
            given=(*PROPORTIONAL, *MEAN_GIVEN_UTILITY),
            policies=QUANTILIZER,
            says="The proportional form depends on the action through its utility alone: it cannot tell a cost from "
            "its mean given the utility.",
        ),
        Part(
            "least-divergence",
            E(f_w) <= E(f_v),
            given=(*REALISABLE, *PROPORTIONAL, *SAME_SLOPE, *CONVEX),
            policies=QUANTILIZER,
            says="It has the least divergence E[f(ratio)] among all forms, for every convex f.",
        ),
        Part(
            "least-only-there",
            eq(v, w),
            given=(
                *REALISABLE,
                *PROPORTIONAL,
                *SAME_SLOPE,
                *CONVEX,
                sp.Implies(sp.Ne(v, w), f_v > f_w + f_slope * (v - w)),
                E(f_v) <= E(f_w),
            ),
            policies=QUANTILIZER,
            says="And if f is strictly convex, no other form has so small a divergence.",
        ),
        Part(
            "least-chi-squared",
            E(w**2) + E((v - w) ** 2) <= E(v**2),
            given=(*REALISABLE, *PROPORTIONAL),
            policies=QUANTILIZER,
            says="For the chi-squared divergence, by the mean squared difference.",
        ),
    ),
    twin=Claim(
        slug="tie-invariance-twin",
        title="Tie-breaking does not change the cost",
        parts=(Part("same-cost", eq(E(w * c), E(w2 * c)), given=(ge(c, 0),), policies=BOTH),),
    ),
)
