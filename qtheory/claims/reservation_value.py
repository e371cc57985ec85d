r"""Choosing q: what can be guaranteed against every cost of a given mean."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, OfAction, Scalar, c, epsilon, eq, indicator, q, t, tau, u, v, w

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
EXCESS = sp.Max(u - tau, 0)
s = Scalar("s")
# The true utility, where it may also exceed the proxy.
true_utility = OfAction("true_utility")


def excess(level: sp.Expr) -> sp.Expr:
    """The mean excess of U over a level."""
    return E(sp.Max(u - level, 0))


CLAIM = Claim(
    slug="reservation-value",
    title="Against costs of mean epsilon the best guarantee is the level t with E(U - t)^+ = epsilon",
    kind="equality",
    source="taylor2016view; kosoy2018quantilal; the root is derived here, and is weitzman1979's reservation price",
    limits="the level is the threshold of the optimal quantilizer, whose q is the mass at or above it",
    parts=(
        Part(
            "guaranteed",
            E(w * (u - c)) >= tau,
            given=(c >= 0, E(c) <= E(EXCESS)),
            policies=QUANTILIZER,
            says="A quantilizer with threshold tau has a true value of at least tau, if the cost's mean is at most "
            "the mean excess of U over tau.",
        ),
        Part(
            "no-more",
            E(v * (u - sp.Max(u - t, 0))) <= t,
            given=(v >= 0, eq(E(v), 1)),
            says="No policy guarantees more than t when the cost may be the excess of U over t.",
        ),
        Part(
            "every-level",
            E(w * u) - epsilon / q <= t,
            given=(eq(E(sp.Max(u - t, 0)), epsilon),),
            policies=QUANTILIZER,
            says="At every q the guarantee of the cost bound is at most that level.",
        ),
        Part(
            "right-level",
            eq(E(w * u) - E(EXCESS) / q, tau),
            policies=QUANTILIZER,
            says="With the mean excess over its own threshold as the cost bound, it is exactly the threshold.",
        ),
        Part(
            "one-root",
            excess(t) < excess(s),
            given=(s < t, excess(t) > 0),
            says="The mean excess falls strictly while it is positive, so no two levels have the same.",
        ),
        Part(
            "optimal-levels",
            eq(E(w * u) - excess(t) / q, t),
            given=(E(indicator(u > t)) <= q, q <= E(indicator(u >= t))),
            policies=QUANTILIZER,
            says="Every q between the masses above that level and at or above it has the best guarantee; the larger of "
            "the two splits no atom.",
        ),
        Part(
            "too-small-a-level",
            E(w * u) - excess(t) / q < t,
            given=(q < E(indicator(u >= s)), s > t),
            policies=QUANTILIZER,
            says="A q below the mass of some level above it guarantees less...",
        ),
        Part(
            "too-large-a-level",
            E(w * u) - excess(t) / q < t,
            given=(q > E(indicator(u > s)), s < t),
            policies=QUANTILIZER,
            says="...and so does one that exceeds the mass above some level below it.",
        ),
        Part(
            "imitation",
            eq(excess(t), epsilon),
            given=(u >= t, eq(E(u) - t, epsilon)),
            says="If the level reaches below all utilities it is the mean less epsilon, and q = 1.",
        ),
        Part(
            "never-less-than-imitation",
            E(u) - epsilon <= t,
            given=(eq(excess(t), epsilon),),
            says="Imitation, which guarantees the mean less epsilon, never guarantees more...",
        ),
        Part(
            "imitation-ties-only-then",
            u >= t,
            given=(eq(excess(t), epsilon), E(u) - epsilon >= t),
            says="...and as much only if no utility lies below the level.",
        ),
        Part(
            "beats-doing-nothing",
            E(sp.Max(u, 0)) > epsilon,
            given=(t > 0, epsilon > 0, eq(excess(t), epsilon)),
            says="It beats a null action of value zero only if the mean positive part of U exceeds epsilon...",
        ),
        Part(
            "beats-doing-nothing-then",
            t > 0,
            given=(E(sp.Max(u, 0)) > epsilon, eq(excess(t), epsilon)),
            says="...and then it does.",
        ),
        Part(
            "mean-distance",
            E(w * true_utility) >= tau,
            given=(E(sp.Abs(u - true_utility)) <= E(EXCESS),),
            policies=QUANTILIZER,
            says="The same is guaranteed if the true utility is known to be that close on average...",
        ),
        Part(
            "mean-distance-no-more",
            sp.And(
                eq(E(sp.Abs(u - sp.Min(u, t))), excess(t)),
                E(v * sp.Min(u, t)) <= t,
                evaluate=False,
            ),
            given=(v >= 0, eq(E(v), 1)),
            says="...and no more, because min(U, t) is that close.",
        ),
    ),
    twin=Claim(
        slug="reservation-value-twin",
        title="The guarantee is the expected utility less the mean cost under the base",
        parts=(Part("no-amplification", E(w * (u - c)) >= E(w * u) - E(c), given=(c >= 0,), policies=QUANTILIZER),),
    ),
)
