r"""What bits of selection buy."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, Scalar, eq, n, q, tau2, u, v, w, w2, xlogy

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
TWICE_THE_BITS = (*QUANTILIZER, PolicyOf(Quantilizer(q**2), w2, tau2))
tilt = Scalar("tilt", "positive")
# A rank, 1 being best.
s = sp.Symbol("s", real=True)
SUB_GAUSSIAN = E(sp.exp(tilt * u - tilt**2 / 2)) <= 1

CLAIM = Claim(
    slug="bits-and-samples",
    title="log(1/q) nats of selection cost 1/q samples and gain at most the root of twice the nats, if U is sub-Gaussian",
    kind="upper bound",
    source="the bits and their cost: jermyn2022; formulas derived here",
    limits="the gain bound needs a sub-Gaussian utility; heavier tails gain more per bit, and the tilt attains it",
    parts=(
        Part(
            "samples",
            eq(E(q * w), q),
            policies=QUANTILIZER,
            says="Accepting a base draw with chance qw gives the quantilizer and accepts one draw in 1/q.",
        ),
        Part(
            "nats-of-any-policy",
            tilt * E(v * u) <= E(xlogy(v, v)) + tilt**2 / 2,
            given=(SUB_GAUSSIAN, v >= 0, eq(E(v), 1)),
            says="At every tilt the gain is bounded by the divergence; the best tilt gives the root of twice the nats.",
        ),
        Part(
            "nats-of-selection",
            tilt * E(w * u) <= sp.log(1 / q) + tilt**2 / 2,
            given=(SUB_GAUSSIAN,),
            policies=QUANTILIZER,
            says="A quantilizer has at most log(1/q) nats.",
        ),
        Part(
            "best-tilt",
            (Scalar("nats", "positive") + tilt**2 / 2) / tilt >= sp.sqrt(2 * Scalar("nats", "positive")),
            given=(Scalar("nats", "positive") > 0, tilt > 0),
            says="The root of twice the nats is the least of these bounds over all tilts.",
        ),
        Part(
            "best-of-n",
            eq(
                sp.Integral(n * s ** (n - 1) * (sp.log(n) + (n - 1) * sp.log(s)), (s, 0, 1)) / sp.log(2),
                (sp.log(n) - 1 + 1 / n) / sp.log(2),
            ),
            given=(n >= 1,),
            says="Best-of-n uses (log n - 1 + 1/n)/log 2 bits.",
        ),
    ),
    twin=Claim(
        slug="bits-and-samples-twin",
        title="The gain is linear in the bits of selection",
        parts=(
            Part(
                "linear",
                E(w2 * u) - E(u) >= 2 * (E(w * u) - E(u)),
                given=(E(w**2) > 1,),
                policies=TWICE_THE_BITS,
            ),
        ),
    ),
)
