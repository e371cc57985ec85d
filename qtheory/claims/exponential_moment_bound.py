r"""Costs with an exponential moment: what KL divergence is for."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, Scalar, c, eq, q, v, w, xlogy

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
rate, moment = Scalar("rate", "positive"), Scalar("moment", "positive")
KNOWN = (rate > 0, moment > 0, E(sp.exp(rate * c)) <= moment)

CLAIM = Claim(
    slug="exponential-moment-bound",
    title="A cost with an exponential moment is bounded by the divergence and the log of the moment",
    kind="upper bound",
    source="donsker1975; the use for quantilizers is derived here",
    limits="finite for unbounded costs, but not the exact worst case of a quantilizer",
    parts=(
        Part(
            "any-policy",
            rate * E(v * c) <= E(xlogy(v, v)) + sp.log(moment),
            given=(*KNOWN, v >= 0, eq(E(v), 1)),
            says="At every rate the expected cost is bounded by the KL divergence (Donsker and Varadhan).",
        ),
        Part(
            "quantilizer",
            rate * E(w * c) <= sp.log(1 / q) + sp.log(moment),
            given=KNOWN,
            policies=QUANTILIZER,
            says="A quantilizer has at most log(1/q) nats.",
        ),
        Part(
            "attained",
            eq(E(v * sp.log(v)), E(xlogy(v, v)) + sp.log(E(v))),
            given=(v > 0, eq(E(v), 1)),
            says="Attained by the cost log(v), whose exponential moment is E[v] = 1, and which may be negative.",
        ),
    ),
    twin=Claim(
        slug="exponential-moment-bound-twin",
        title="The bound is the exact worst case of a quantilizer, reached by the cost on its top slice",
        parts=(
            Part(
                "reached",
                rate * E(w * c) >= sp.log(1 / q) + sp.log(moment),
                given=(eq(c, w), rate > 0, moment > 0, E(w**2) > 1, moment <= E(sp.exp(rate * c))),
                policies=QUANTILIZER,
            ),
        ),
    ),
)
