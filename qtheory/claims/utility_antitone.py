r"""How the expected utility of the quantilizer depends on its level."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import C, E, OfAction, Scalar, eq, indicator, lam, q, r, t, tau, tau2, tau3, u, w, w2, w3

# How much of the level at its threshold each quantilizer plays, if all its actions alike.
share, share2 = Scalar("share", "nonnegative"), Scalar("share2", "nonnegative")
event, f = OfAction("event"), OfAction("f")

BETWEEN = lam * q + (1 - lam) * r
TWO = (PolicyOf(Quantilizer(q), w, tau), PolicyOf(Quantilizer(r), w2, tau2))
THREE = (
    PolicyOf(Quantilizer(BETWEEN), w, tau),
    PolicyOf(Quantilizer(q), w2, tau2),
    PolicyOf(Quantilizer(r), w3, tau3),
)
MIXING = (lam >= 0, lam <= 1)
PROPORTIONAL = (sp.Implies(eq(u, tau), eq(share, w)), sp.Implies(eq(u, tau2), eq(share2, w2)))

CLAIM = Claim(
    slug="utility-antitone",
    title="The quantilizer's expected utility falls as q grows, and q times it is concave in q",
    kind="equality",
    source="derived here",
    parts=(
        Part(
            "antitone",
            E(w2 * u) <= E(w * u),
            given=(q <= r,),
            policies=TWO,
            says="A stricter level never has a lower expected utility.",
        ),
        Part(
            "concave",
            lam * q * E(w2 * u) + (1 - lam) * r * E(w3 * u) <= BETWEEN * E(w * u),
            given=MIXING,
            policies=THREE,
            says="q times the expected utility is concave in q.",
        ),
        Part(
            "whole-base",
            eq(E(w * u), E(u)),
            policies=(PolicyOf(Quantilizer(1)),),
            says="At q = 1 the quantilizer is the base.",
        ),
        Part(
            "law-antitone",
            E(w2 * indicator(u >= t)) <= E(w * indicator(u >= t)),
            given=(q <= r,),
            policies=TWO,
            says="The utility is stochastically smaller at laxer levels: every level is reached less often.",
        ),
        Part(
            "reaches-the-top",
            E(w * u) >= t,
            given=(q <= E(indicator(u >= t)),),
            policies=(PolicyOf(Quantilizer(q)),),
            says="As q falls the expected utility comes up to every level of positive mass...",
        ),
        Part(
            "stays-below-the-top",
            E(w * u) <= t,
            given=(u <= t,),
            policies=(PolicyOf(Quantilizer(q)),),
            says="...and never above the largest: its limit is the essential supremum.",
        ),
        Part(
            "nested",
            sp.And(q * w <= r * w2, r * w2 - q * w <= 1, evaluate=False),
            given=(q < r, *PROPORTIONAL),
            policies=TWO,
            says="With ties in proportion q Q_q(a) grows with q, and what it grows by fits under the base.",
        ),
        Part(
            "policy-lipschitz",
            sp.And(
                E(event * (r * w2 - q * w)) >= 0,
                E(event * (r * w2 - q * w)) <= r - q,
                evaluate=False,
            ),
            given=(q < r, event >= 0, event <= 1, *PROPORTIONAL),
            policies=TWO,
            says="q Q_q is 1-Lipschitz in q on every event, so Q_q and its expectations are continuous.",
        ),
        Part(
            "expectations-lipschitz",
            sp.And(
                r * E(w2 * f) - q * E(w * f) <= C * (r - q),
                r * E(w2 * f) - q * E(w * f) >= -C * (r - q),
                evaluate=False,
            ),
            given=(q < r, f <= C, f >= -C, *PROPORTIONAL),
            policies=TWO,
            says="For a function bounded by C, such as a bounded utility, q times its mean is C-Lipschitz in q.",
        ),
    ),
    twin=Claim(
        slug="utility-antitone-twin",
        title="The expected utility is convex in q",
        parts=(
            Part(
                "convex",
                E(w * u) <= lam * E(w2 * u) + (1 - lam) * E(w3 * u),
                given=MIXING,
                policies=THREE,
            ),
        ),
    ),
)
