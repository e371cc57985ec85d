r"""Choosing q: what can be guaranteed against every cost of a given mean."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, c, epsilon, eq, q, t, tau, u, v, w

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
EXCESS = sp.Max(u - tau, 0)

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
    ),
    twin=Claim(
        slug="reservation-value-twin",
        title="The guarantee is the expected utility less the mean cost under the base",
        parts=(Part("no-amplification", E(w * (u - c)) >= E(w * u) - E(c), given=(c >= 0,), policies=QUANTILIZER),),
    ),
)
