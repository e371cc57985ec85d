r"""A base that is learned step by step: what its errors do to the level."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, OfAction, Scalar, c, eq, n, q, w

# E is the expectation under the learned base, which the quantilizer uses; `exact` is the density ratio of the exact base
# to it. Each of n steps is overestimated by a factor of at most kappa.
exact = OfAction("exact")
kappa = Scalar("kappa", "positive")
# Density ratios of the learned to the exact base: of the steps so far, and of the next one given those.
so_far, step = OfAction("so_far"), OfAction("step")
accept, scale = OfAction("accept"), Scalar("scale", "positive")

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
EFFECTIVE_LEVEL = q / kappa**n
LEARNED = (kappa >= 1, n >= 1, exact >= 0, exact * kappa**n >= 1, eq(E(exact), 1))
REJECTION = (scale > 0, exact >= 0, exact <= scale, eq(E(exact), 1), eq(accept, exact / scale))

CLAIM = Claim(
    slug="factored-base",
    title="If each of n steps of a learned base is off by a factor of at most kappa, the level q counts as q/kappa^n",
    kind="upper bound",
    source="derived here; the hope that q is kept: gillen2023, comments",
    limits="the bound falls geometrically in the number of steps; rejection against the exact base restores q",
    parts=(
        Part(
            "one-step",
            E(w * c) <= E(exact * c) / (q / kappa),
            given=(kappa > 0, exact >= 0, exact * kappa >= 1, eq(E(exact), 1), c >= 0),
            policies=QUANTILIZER,
            says="One step: costs grow by at most kappa/q over the exact base.",
        ),
        Part(
            "chain",
            so_far * step <= kappa ** (n + 1),
            given=(kappa > 0, n >= 1, so_far >= 0, so_far <= kappa**n, step >= 0, step <= kappa),
            says="By the chain rule the ratios of the steps multiply, so n steps are off by at most kappa^n.",
        ),
        Part(
            "steps",
            E(w * c) <= E(exact * c) / EFFECTIVE_LEVEL,
            given=(*LEARNED, c >= 0),
            policies=QUANTILIZER,
            says="Over all steps costs grow by at most one over the effective level q/kappa^n.",
        ),
        Part(
            "rejection",
            sp.And(eq(scale * E(accept * c), E(exact * c)), eq(scale * E(accept), 1), evaluate=False),
            given=REJECTION,
            says="Accepting draws in proportion to the exact base gives the exact base again, and so restores q, at "
            "one draw in `scale`...",
        ),
        Part(
            "rejection-possible",
            accept <= 1,
            given=REJECTION,
            says="...where the learned base is not too small anywhere: the exact one is at most `scale` times it.",
        ),
    ),
    twin=Claim(
        slug="factored-base-twin",
        title="Approximate factorisations leave the level unchanged",
        parts=(Part("unchanged", E(w * c) <= E(exact * c) / q, given=(*LEARNED, c >= 0), policies=QUANTILIZER),),
    ),
)
