r"""Targeted impact, fourth reading: costs that are no worse than typical given how much of the target is achieved."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.maximizer import Maximizer
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, OfAction, c, epsilon, eq, m, q, tau, u, v, w

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
MAXIMIZER = (PolicyOf(Maximizer()),)
# A density ratio that is a function of U cannot tell a cost from its mean given U.
BY_LEVEL = eq(E(w * c), E(w * m))
TYPICAL = (c >= 0, m <= epsilon)
# The largest value of v on each level of utility: a function of U, which E(peak*c) = E(peak*m) says of it.
peak = OfAction("peak")
PEAK = (v >= 0, eq(E(v), 1), peak >= v, c >= 0, eq(E(peak * c), E(peak * m)))

CLAIM = Claim(
    slug="conditional-cost",
    title="A cost whose mean given U is bounded is not amplified at any q by a policy that reweights levels only",
    kind="equality",
    source="derived here",
    limits="an assumption about the world: no level of achievement is reached by harmful actions more than typically",
    parts=(
        Part(
            "unamplified",
            E(w * c) <= epsilon,
            given=(*TYPICAL, BY_LEVEL),
            policies=QUANTILIZER,
            says="The proportional quantilizer does not raise the bound, at any q.",
        ),
        Part(
            "maximiser-too",
            E(w * c) <= epsilon,
            given=(*TYPICAL, BY_LEVEL),
            policies=MAXIMIZER,
            says="Nor does the proportional maximiser.",
        ),
        Part(
            "support-function",
            E(v * c) <= epsilon * E(peak),
            given=(*PEAK, m <= epsilon),
            says="Any policy raises it by at most the sum over levels of the largest ratio of its mass to the base's "
            "mass within the level.",
        ),
        Part(
            "support-attained",
            eq(E(v * c), E(peak * m)),
            given=(*PEAK, sp.Implies(v < peak, eq(c, 0))),
            says="Attained by costs that sit on the densest actions of each level.",
        ),
        Part(
            "guaranteed",
            E(w * (u - c)) >= tau - epsilon,
            given=(*TYPICAL, BY_LEVEL),
            policies=MAXIMIZER,
            says="So the proportional maximiser guarantees the best utility less the bound.",
        ),
        Part(
            "no-more",
            E(v * (u - epsilon)) <= tau - epsilon,
            given=(v >= 0, eq(E(v), 1)),
            policies=MAXIMIZER,
            says="No policy guarantees more: the cost may be epsilon everywhere.",
        ),
    ),
    twin=Claim(
        slug="conditional-cost-twin",
        title="Breaking ties in listed order does as well",
        parts=(
            Part("ordered", E(w * c) <= E(w * m), given=(c >= 0,), policies=(PolicyOf(Quantilizer(q, "ordered")),)),
        ),
    ),
)
