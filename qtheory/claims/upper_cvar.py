r"""The quantilizer's expected utility is the upper conditional value-at-risk."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, eq, indicator, q, t, tau, u, v, w

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
TOP = indicator(u >= tau)

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
    ),
    twin=Claim(
        slug="upper-cvar-twin",
        title="The quantilizer's expected utility is the mean of U given that U reaches the threshold",
        parts=(Part("conditional-mean", eq(E(w * u) * E(TOP), E(TOP * u)), policies=QUANTILIZER),),
    ),
)
