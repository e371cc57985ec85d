r"""A truth that is the proxy itself until the proxy becomes extreme."""

from __future__ import annotations

import sympy as sp

from qtheory.claims.utility_antitone import PROPORTIONAL
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, OfAction, Scalar, eq, indicator, q, r, t, tau, tau2, u, w, w2

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
TWO = (*QUANTILIZER, PolicyOf(Quantilizer(r), w2, tau2))
start, strength, loss = Scalar("start"), Scalar("strength", "nonnegative"), Scalar("loss", "nonnegative")
PENALTY = sp.Max(u - start, 0) ** 2
UNSPLIT = sp.Implies(eq(u, tau), eq(w, 1 / q))
AFTER = indicator(u > t)
REGIME = u - loss * AFTER
V, worth = OfAction("V"), Scalar("worth")
x, a = sp.Symbol("y", real=True), Scalar("a")
PHI = sp.exp(-(x**2) / 2) / sp.sqrt(2 * sp.pi)
ABOVE = sp.erfc(a / sp.sqrt(2)) / 2

CLAIM = Claim(
    slug="extremal-goodhart",
    title="What a proxy is worth at mild selection does not extrapolate: past the best level harder selection loses",
    kind="equality",
    source="manheim2018 and gillen2023 for the idea; the models are derived here",
    limits="the two models are examples; where a real proxy breaks down is not known beforehand",
    parts=(
        Part(
            "quadratic",
            eq(
                E(w * (u - strength * PENALTY)),
                E(u * indicator(u >= tau)) / q
                - strength / q * E((u - start) ** 2 * indicator(sp.And(u >= tau, u >= start))),
            ),
            given=(UNSPLIT, strength >= 0),
            policies=QUANTILIZER,
            says="With a quadratic penalty from a start on, the truth is the top slice less the penalty beyond both.",
        ),
        Part(
            "normal-penalty",
            eq(
                sp.Integral((x - start) ** 2 * PHI, (x, a, sp.oo)),
                (1 + start**2) * ABOVE + (a - 2 * start) * PHI.subs(x, a),
            ),
            says="The penalty of a standard normal score beyond a, in closed form.",
        ),
        Part(
            "regime",
            eq(E(w * REGIME), E(w * u) - loss * sp.Min(1, E(AFTER) / q)),
            given=(loss >= 0,),
            policies=QUANTILIZER,
            says="With a loss beyond a threshold, the truth is the score less the loss times the share of the slice beyond.",
        ),
        Part(
            "regime-bound",
            E(w * REGIME) >= E(w * u) - loss * E(AFTER) / q,
            given=(loss >= 0,),
            policies=QUANTILIZER,
            says="At mild levels the loss is at most 1/q times what it is under the base.",
        ),
        Part(
            "harder-loses",
            E(w * V) <= E(w2 * V),
            given=(q < r, *PROPORTIONAL, sp.Implies(r * w2 > q * w, V >= worth), E(w * V) <= worth),
            policies=TWO,
            says="Selecting harder loses if those whom it drops are worth at least what is kept on average.",
        ),
        Part(
            "harder-gains",
            E(w * V) >= E(w2 * V),
            given=(q < r, *PROPORTIONAL, sp.Implies(r * w2 > q * w, V <= worth), E(w * V) >= worth),
            policies=TWO,
            says="And gains if they are worth at most that, so that at an interior best level both are equal.",
        ),
    ),
    twin=Claim(
        slug="extremal-goodhart-twin",
        title="A truth that agrees with the proxy below a threshold keeps rising with selection",
        parts=(
            Part(
                "extrapolates",
                E(w * REGIME) >= E(w2 * REGIME),
                given=(q <= r, loss > 0),
                policies=TWO,
            ),
        ),
    ),
)
