r"""The quantilizer is the best policy among those with the same protection."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, eq, indicator, q, t, tau, u, v, w

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
RIVAL = (v >= 0, v <= 1 / q, eq(E(v), 1))

CLAIM = Claim(
    slug="quantilizer-optimality",
    title="Among policies with density ratio at most 1/q, the quantilizer has the highest expected utility",
    kind="equality",
    source="taylor2016quantilizers, Theorem 1; taylor2015conservative; dominance and the set of optima derived here",
    limits="at q = 1 the only such policy is the base; below the mass of the best level the constraint does not bind",
    parts=(
        Part(
            "optimal",
            E(v * u) <= E(w * u),
            given=RIVAL,
            policies=QUANTILIZER,
            says="No policy with density ratio at most 1/q has a higher expected utility.",
        ),
        Part(
            "unique",
            sp.Implies(sp.Ne(u, tau), eq(v, w)),
            given=(*RIVAL, E(v * u) >= E(w * u)),
            policies=QUANTILIZER,
            says="A policy that does as well agrees with the quantilizer off the level at the threshold.",
        ),
        Part(
            "dominates",
            E(v * indicator(u >= t)) <= E(w * indicator(u >= t)),
            given=RIVAL,
            policies=QUANTILIZER,
            says="Its utility is stochastically the largest: it exceeds every level t at least as often.",
        ),
    ),
    twin=Claim(
        slug="quantilizer-optimality-twin",
        title="The optimum is unique",
        parts=(
            Part(
                "unique-everywhere",
                eq(v, w),
                given=(*RIVAL, eq(E(v * u), E(w * u))),
                policies=QUANTILIZER,
            ),
        ),
    ),
)
