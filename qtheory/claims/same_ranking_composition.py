r"""Quantilizing what has been quantilized."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, OfAction, Scalar, c, eq, k, q, r, tau, tau2, tau3, u, v, w, w2, w3

share, share2 = Scalar("share", "nonnegative"), Scalar("share2", "nonnegative")
tau4, w4 = Scalar("tau4", "threshold"), OfAction("w4", "ratio")

# w first quantilizes the base at q; w2 quantilizes the base once, at qr. A second step at r that starts from the first
# is a policy whose density ratio to the first is at most 1/r.
TWO_LEVELS = (PolicyOf(Quantilizer(q), w, tau), PolicyOf(Quantilizer(q * r), w2, tau2))
PROPORTIONAL = (sp.Implies(eq(u, tau), eq(share, w)), sp.Implies(eq(u, tau2), eq(share2, w2)))
FIRST = (PolicyOf(Quantilizer(q), w, tau),)
SECOND_STEP = (v >= 0, v <= w / r, eq(E(v), 1))

# A quantilizer of -u takes a share from the bottom. At q from the top, then at r from the bottom of that: ranks from
# q(1-r) to q. At r from the bottom first, then at q from the top of that: ranks from 1-r to 1-r+rq.
ENDS = (
    PolicyOf(Quantilizer(q), w, tau),
    PolicyOf(Quantilizer(q * (1 - r)), w2, tau2),
    PolicyOf(Quantilizer(1 - r + r * q), w3, tau3),
    PolicyOf(Quantilizer(1 - r), w4, tau4),
)
TOP_FIRST = (q * w - q * (1 - r) * w2) / (q * r)
BOTTOM_FIRST = ((1 - r + r * q) * w3 - (1 - r) * w4) / (q * r)

CLAIM = Claim(
    slug="same-ranking-composition",
    title="Quantilizing a quantilizer by the same ranking multiplies the levels",
    kind="equality",
    source="derived here; that iterating gains nothing beyond a smaller q: an48",
    limits="for one ranking and one way of breaking ties; with two rankings only the factors multiply",
    parts=(
        Part(
            "fits",
            sp.And(w2 >= 0, w2 <= w / r, evaluate=False),
            given=(r < 1, *PROPORTIONAL),
            policies=TWO_LEVELS,
            says="The qr-quantilizer has density ratio at most 1/r to the q-quantilizer...",
        ),
        Part(
            "full-and-empty",
            sp.And(sp.Implies(u > tau2, eq(w2, w / r)), sp.Implies(u < tau2, eq(w2, 0)), evaluate=False),
            given=(r < 1, *PROPORTIONAL),
            policies=TWO_LEVELS,
            says="...is full above its threshold and empty below it...",
        ),
        Part(
            "ties-in-proportion",
            sp.Implies(eq(u, tau2), eq(w2 * share, share2 * w)),
            given=(eq(tau, tau2), *PROPORTIONAL),
            policies=TWO_LEVELS,
            says="...and plays a level that both split in proportion to the first: it is the r-quantilizer of the "
            "q-quantilizer.",
        ),
        Part(
            "same-value",
            E(v * u) <= E(w2 * u),
            given=SECOND_STEP,
            policies=TWO_LEVELS,
            says="No second step at r after a first at q does better than one at qr.",
        ),
        Part(
            "factor",
            E(v * c) <= E(c) / (q * r),
            given=(r > 0, *SECOND_STEP, c >= 0),
            policies=FIRST,
            says="Whatever the second step ranks by, the two together amplify costs by at most 1/(qr).",
        ),
        Part(
            "rounds",
            E(w * c) <= E(c) / q**k,
            given=(c >= 0, q > 0),
            policies=(PolicyOf(Quantilizer(q**k)),),
            says="k rounds by one ranking are one at q^k: more power is paid for at the full price.",
        ),
    ),
    twin=Claim(
        slug="same-ranking-composition-twin",
        title="The order of two different utilities is irrelevant",
        parts=(
            Part(
                "order",
                eq(E(TOP_FIRST * u), E(BOTTOM_FIRST * u)),
                given=(r < 1,),
                policies=ENDS,
                says="For a utility and its opposite.",
            ),
        ),
    ),
)
