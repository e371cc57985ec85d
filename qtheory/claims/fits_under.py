r"""Which policies protect against every cost: those whose density ratio is bounded."""

from __future__ import annotations

import sympy as sp

from qtheory.statements.claim import Claim, Part
from qtheory.symbols import E, OfAction, Scalar, c, epsilon, eq, indicator, t

# Densities of the base and of a policy with respect to a measure that dominates both: actions that the base never
# takes are then actions with g = 0.
g = OfAction("g")
p = OfAction("p")
bad = OfAction("bad")
delta = Scalar("delta", "positive")

DENSITIES = (g >= 0, p >= 0, eq(E(g), 1), eq(E(p), 1))

CLAIM = Claim(
    slug="fits-under",
    title="A policy keeps every cost of mean one below t exactly if its density ratio is at most t",
    kind="characterisation",
    source="taylor2016quantilizers, Lemma 2; the case of actions the base never takes is derived here",
    limits="E is the expectation under any measure that dominates base and policy; g and p are their densities",
    parts=(
        Part(
            "sufficient",
            E(p * c) <= t * epsilon,
            given=(*DENSITIES, t >= 1, p <= t * g, c >= 0, E(g * c) <= epsilon),
            says="If p <= t g then every cost of mean at most epsilon under the base has mean at most t epsilon.",
        ),
        Part(
            "necessary",
            E(p * bad) > t * E(g * bad),
            given=(*DENSITIES, t >= 1, delta > 0, eq(bad, indicator(p >= t * g + delta)), E(bad) > 0),
            says="If p exceeds t g by delta on a set of positive mass, the indicator of that set is a cost that "
            "grows by more than t; where the base never takes the set, by any factor.",
        ),
        Part(
            "factor-below-one",
            t >= 1,
            given=(*DENSITIES, p <= t * g),
            says="No policy fits under t < 1.",
        ),
        Part(
            "factor-one",
            eq(p, g),
            given=(*DENSITIES, p <= g),
            says="Only the base itself fits under t = 1.",
        ),
    ),
    twin=Claim(
        slug="fits-under-twin",
        title="Testing the costs that sit on single actions of the base's support is enough",
        parts=(
            Part(
                "support-only",
                E(p * c) <= t * E(g * c),
                given=(*DENSITIES, t >= 1, sp.Implies(g > 0, p <= t * g), c >= 0),
            ),
        ),
    ),
)
