r"""The quantilizer's expected utility is the upper conditional value-at-risk."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, OfAction, Scalar, eq, indicator, lam, q, t, tau, u, v, w

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
TOP = indicator(u >= tau)
s = Scalar("s")
# Two utilities of which u is a mixture, and the best expected value of each among ratios of at most 1/q.
first, second = OfAction("first"), OfAction("second")
best, best2 = Scalar("best"), Scalar("best2")


def dual(level: sp.Expr) -> sp.Expr:
    """What the dual form is worth at a level."""
    return level + E(sp.Max(u - level, 0)) / q


CLAIM = Claim(
    slug="upper-cvar",
    title="The quantilizer's expected utility is min over t of t + E(U - t)^+ / q, attained at its threshold",
    kind="equality",
    source="rockafellar2000; the identification with quantilizers is derived here",
    parts=(
        Part(
            "dual-bound",
            E(w * u) <= t + E(sp.Max(u - t, 0)) / q,
            policies=QUANTILIZER,
            says="Every level t gives an upper bound.",
        ),
        Part(
            "attained",
            eq(E(w * u), tau + E(sp.Max(u - tau, 0)) / q),
            policies=QUANTILIZER,
            says="The threshold attains it.",
        ),
        Part(
            "risk-envelope",
            E(v * u) <= tau + E(sp.Max(u - tau, 0)) / q,
            given=(v >= 0, v <= 1 / q, eq(E(v), 1)),
            policies=QUANTILIZER,
            says="So it is the largest expected utility of any density ratio at most 1/q.",
        ),
        Part(
            "quantiles-minimise",
            dual(t) <= dual(s),
            given=(q > 0, q <= 1, E(indicator(u > t)) <= q, q <= E(indicator(u >= t))),
            says="Every upper q-quantile is a minimiser...",
        ),
        Part(
            "too-low-does-not",
            dual(s) < dual(t),
            given=(q > 0, q <= 1, s > t, E(indicator(u >= s)) > q),
            says="...and nothing else is: a level above which lies more than q is beaten by a higher one...",
        ),
        Part(
            "too-high-does-not",
            dual(s) < dual(t),
            given=(q > 0, q <= 1, s < t, E(indicator(u > s)) < q),
            says="...and one that is reached by less than q by a lower one.",
        ),
        Part(
            "monotone",
            E(w * first) <= E(w * u),
            given=(first <= u,),
            policies=QUANTILIZER,
            says="A smaller utility is worth less...",
        ),
        Part(
            "affine",
            eq(E(w * (s + lam * u)), s + lam * E(w * u)),
            policies=QUANTILIZER,
            says="...a shift and a scale of the utility are kept...",
        ),
        Part(
            "convex",
            E(w * u) <= lam * best + (1 - lam) * best2,
            given=(
                lam >= 0,
                lam < 1,
                eq(second, (u - lam * first) / (1 - lam)),
                best >= E(w * first),
                best2 >= E(w * second),
            ),
            policies=QUANTILIZER,
            says="...and a mixture of utilities is worth at most the mixture of what they are worth.",
        ),
    ),
    twin=Claim(
        slug="upper-cvar-twin",
        title="The quantilizer's expected utility is the mean of U given that U reaches the threshold",
        parts=(Part("conditional-mean", eq(E(w * u) * E(TOP), E(TOP * u)), policies=QUANTILIZER),),
    ),
)
