r"""The mildest quantilizer that reaches a given expected utility."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, Scalar, eq, indicator, le, q, r, tau, tau2, u, v, w, w2

s = Scalar("s")
slope = Scalar("slope", "nonnegative")
factor = Scalar("factor", "positive")
gap = Scalar("gap", "positive")

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
TWO = (*QUANTILIZER, PolicyOf(Quantilizer(r), w2, tau2))
# Its least value over slopes >= 0 is the buffered probability of exceeding s.
BUFFERED = E(sp.Max(slope * (u - s) + 1, 0))
AT_GAP = E(sp.Max((u - s) / gap + 1, 0))

CLAIM = Claim(
    slug="buffered-exceedance",
    title="The largest q at which the quantilizer has expected utility s is the buffered probability of exceeding s",
    kind="equality",
    source="mafusalov2018 for the buffered probability; its use here is derived",
    limits="zero above the largest utility, where no policy reaches s",
    parts=(
        Part(
            "necessary",
            q <= BUFFERED,
            given=(E(w * u) >= s, slope >= 0),
            policies=QUANTILIZER,
            says="A quantilizer that reaches s has a level of at most the buffered probability.",
        ),
        Part(
            "smallest-factor",
            le(1, factor * BUFFERED),
            given=(v >= 0, v <= factor, eq(E(v), 1), E(v * u) >= s, slope >= 0),
            says="Every policy that reaches s has a cost factor of at least 1 over it.",
        ),
        Part(
            "attained",
            eq(q, E(sp.Max((u - tau) / (s - tau), 0))),
            given=(eq(E(w * u), s), tau < s),
            policies=QUANTILIZER,
            says="The level of a quantilizer whose expected utility is s is the value at the slope "
            "1/(s - tau), where the line is (U - tau)/(s - tau).",
        ),
        Part(
            "smaller-levels-reach-it",
            E(w * u) >= s,
            given=(q <= r, E(w2 * u) >= s),
            policies=TWO,
            says="All smaller levels reach s as well.",
        ),
        Part(
            "whole-base",
            sp.And(BUFFERED >= 1, eq(E(sp.Max(0 * u + 1, 0)), 1), evaluate=False),
            given=(slope >= 0, s <= E(u)),
            says="Up to the mean of the base it is one.",
        ),
        Part(
            "more-than-the-tail",
            BUFFERED >= E(indicator(u >= s)),
            given=(slope >= 0,),
            says="It is at least the probability of reaching s.",
        ),
        Part(
            "top",
            eq(AT_GAP, E(indicator(u >= s))),
            given=(gap > 0, u <= s, sp.Implies(u < s, u <= s - gap)),
            says="If s is the largest utility it is the mass of the best actions, at a steep enough slope.",
        ),
        Part(
            "infeasible",
            sp.And(eq(AT_GAP, 0), E(v * u) < s, evaluate=False),
            given=(gap > 0, u <= s - gap, v >= 0, eq(E(v), 1)),
            says="Above the largest utility it is zero, and no policy reaches s.",
        ),
    ),
    twin=Claim(
        slug="buffered-exceedance-twin",
        title="To reach s a quantilizer needs a level of at most the probability of reaching s",
        parts=(Part("tail", q <= E(indicator(u >= s)), given=(eq(E(w * u), s),), policies=QUANTILIZER),),
    ),
)
