r"""Costs known by a higher moment."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, Scalar, c, eq, q, t, tau, u, v, w

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
p = Scalar("p", "positive")

CLAIM = Claim(
    slug="hoelder-bound",
    title="Under a quantilizer the p-th power of an expected cost is at most the p-th moment over q",
    kind="upper bound",
    source="derived here (Hoelder's inequality)",
    limits="a higher moment is not always better; the exact worst case given the cost's law is its own upper mean",
    parts=(
        Part(
            "quantilizer",
            E(w * c) ** p <= E(c**p) / q,
            given=(c >= 0, p > 1, E(w * c) > 0),
            policies=QUANTILIZER,
            says="E[c] under the quantilizer is at most q^(-1/p) times the p-norm.",
        ),
        Part(
            "any-policy",
            E(v * c) <= E(c**p) / p + (1 - 1 / p) * E(v ** (p / (p - 1))),
            given=(c >= 0, v >= 0, p > 1),
            says="For any policy, in the form that scaling turns into the product of norms.",
        ),
        Part(
            "second-moment",
            E(v * c) ** 2 <= E(v**2) * E(c**2),
            given=(c >= 0, v >= 0),
            says="At p = 2, the product of norms.",
        ),
        Part(
            "attained-second-moment",
            eq(E(v * c) ** 2, E(v**2) * E(c**2)),
            given=(v >= 0, t >= 0, eq(c, t * v)),
            says="Attained by the cost in proportion to the density ratio.",
        ),
        Part(
            "norm-of-a-quantilizer",
            q * E(w**2) <= 1,
            policies=QUANTILIZER,
            says="The square norm of a quantilizer is at most 1/q.",
        ),
        Part(
            "exact-given-the-law",
            E(w * c) <= t + E(sp.Max(c - t, 0)) / q,
            policies=QUANTILIZER,
            says="Given the law of the cost, its upper mean bounds it: this for the best t.",
        ),
        Part(
            "comonotone",
            eq(E(w * u), tau + E(sp.Max(u - tau, 0)) / q),
            policies=QUANTILIZER,
            says="And the upper mean is attained by a cost that increases with utility, such as the utility.",
        ),
    ),
    twin=Claim(
        slug="hoelder-bound-twin",
        title="A higher moment always gives a better bound",
        parts=(
            # The third against the second, both to the sixth power.
            Part("third-is-better", q * E(c**3) ** 2 <= E(c**2) ** 3, given=(c >= 0, q > 0, q <= 1)),
        ),
    ),
)
