r"""Cutting off the top: a window of ranks instead of a top slice."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.optimizers.windowed_quantilizer import WindowedQuantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, OfAction, Scalar, c, eq, q, t, tau, tau2, tau3, u, v, w, w2, w3

# The window of ranks (low, low + q]: v is what the quantilizer at its outer end has beyond that at its inner end.
low = Scalar("low", "level")
share2, share3 = Scalar("share2", "nonnegative"), Scalar("share3", "nonnegative")
# The weight of an action in the budget, and a set of actions that have none.
budget, free = OfAction("budget"), OfAction("free")

ENDS = (PolicyOf(Quantilizer(low), w2, tau2), PolicyOf(Quantilizer(low + q), w3, tau3))
SAME_WIDTH = (PolicyOf(Quantilizer(q), w, tau), *ENDS)
WINDOW = eq(v, ((low + q) * w3 - low * w2) / q)
PROPORTIONAL = (sp.Implies(eq(u, tau2), eq(share2, w2)), sp.Implies(eq(u, tau3), eq(share3, w3)))
GIVEN = (q > 0, WINDOW, *PROPORTIONAL)

CLAIM = Claim(
    slug="windowed-quantilizer",
    title="A window of ranks amplifies costs by 1 over its width, and is worth no more than the top slice of that width",
    kind="upper bound",
    source="derived here; cutting off the top is a remark in gillen2023, comments",
    limits="against costs known by their mean alone; a window is right where the budget says nothing about the top",
    parts=(
        Part(
            "density",
            sp.And(v >= 0, v <= 1 / q, evaluate=False),
            given=GIVEN,
            policies=ENDS,
            says="The window is a policy with density ratio at most 1 over its width.",
        ),
        Part(
            "value",
            eq(E(v * u), ((low + q) * E(w3 * u) - low * E(w2 * u)) / q),
            given=(q > 0, WINDOW),
            policies=ENDS,
            says="Its expected utility is a difference of those of the quantilizers at its ends.",
        ),
        Part(
            "cost",
            E(v * c) <= E(c) / q,
            given=(*GIVEN, c >= 0),
            policies=ENDS,
            says="Costs grow by at most 1 over the width.",
        ),
        Part(
            "cost-attained",
            eq(E(v * c), E(c) / q),
            given=(*GIVEN, c >= 0, sp.Implies(v < 1 / q, eq(c, 0))),
            policies=ENDS,
            says="And by exactly that if they sit where the window is full, however far from the top.",
        ),
        Part(
            "optimizer-cost",
            E(w * c) <= E(c) / q,
            given=(q > 0, c >= 0),
            policies=(PolicyOf(WindowedQuantilizer(low, low + q)),),
            says="The same of the optimizer, from its axioms.",
        ),
        Part(
            "no-gain",
            E(v * u) <= E(w * u),
            given=GIVEN,
            policies=SAME_WIDTH,
            says="The quantilizer of the same width has the same factor and at least the utility.",
        ),
        Part(
            "top-without-budget",
            sp.And(eq(E(budget * t * free), 0), eq(E(v * t * free), t * E(v * free)), evaluate=False),
            given=(v >= 0, eq(E(v), 1), free >= 0, budget >= 0, sp.Implies(budget > 0, eq(free, 0))),
            says="Where the budget of costs gives the top no weight, a cost there is free: a policy that plays the top "
            "pays any price t for it, so the top has to be cut off.",
        ),
    ),
    twin=Claim(
        slug="windowed-quantilizer-twin",
        title="Cutting off the top improves the bound: a window that ends at rank h amplifies costs by at most 1/h",
        parts=(
            Part(
                "safer",
                E(v * c) <= E(c) / (low + q),
                given=(q > 0, WINDOW, c >= 0),
                policies=ENDS,
            ),
        ),
    ),
)
