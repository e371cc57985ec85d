r"""The same score by selection and by intervention."""

from __future__ import annotations

import sympy as sp

from qtheory.claims.regressional_goodhart import LINEAR, V, noise, signal
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, OfAction, Scalar, c, eq, q, u, w

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
# The cost is what the score is measured with beyond the truth, A = U - V; an intervention sets it and leaves V alone.
TRUTH = u - c
produced, added = Scalar("produced", "unit"), Scalar("added")
# The chance that a selected candidate got its score by an intervention; such a candidate is a random one.
moved = OfAction("moved")
z, x = Scalar("z"), sp.Symbol("y", real=True)
WIDE = sp.exp(-(x**2) / 4) / (2 * sp.sqrt(sp.pi))
PHI = sp.exp(-(z**2) / 2) / sp.sqrt(2 * sp.pi)
WITH_INTERVENTIONS = E(w * (1 - moved) * TRUTH) + E(w * moved) * E(TRUTH)

CLAIM = Claim(
    slug="causal-goodhart",
    title="A score that is produced instead of selected is worth nothing: a produced share takes its share of the gain",
    kind="equality",
    source="manheim2018 for the taxonomy; the model is derived here",
    limits="interventions are taken to leave the law of the truth as it is; those that harm it do worse",
    parts=(
        Part(
            "gain",
            eq(WITH_INTERVENTIONS - E(TRUTH), (1 - produced) * (E(w * TRUTH) - E(TRUTH))),
            given=(eq(moved, produced),),
            policies=QUANTILIZER,
            says="If a share of the selected got there by intervention, that share of the gain is gone.",
        ),
        Part(
            "whoever-intervenes",
            WITH_INTERVENTIONS <= E(w * TRUTH) + E(w * moved) * (E(TRUTH) - added),
            given=(moved >= 0, moved <= 1, sp.Implies(moved > 0, TRUTH >= added)),
            policies=QUANTILIZER,
            says="Whoever they are, they lose what their own scores were worth above a random candidate.",
        ),
        Part(
            "same-score",
            sp.And(
                eq(E(u + added), E(w * u)),
                eq(E((u + added) - (c + added)), E(TRUTH)),
                evaluate=False,
            ),
            given=(eq(added, E(w * u) - E(u)),),
            policies=QUANTILIZER,
            says="Adding to what is measured brings the score to where selection brings it, and leaves the truth at its mean.",
        ),
        Part(
            "half-of-the-score",
            eq(E(w * V), E(w * u) / 2),
            given=(*LINEAR, eq(noise, signal)),
            policies=QUANTILIZER,
            says="With truth and error of the same normal law, selection gains half of what the score shows.",
        ),
        Part(
            "normal-tail",
            eq(sp.Integral(x * WIDE, (x, sp.sqrt(2) * z, sp.oo)) / 2, PHI / sp.sqrt(2)),
            says="Which for two standard normals is the density at z_q over q and the root of two: the score has variance two.",
        ),
    ),
    twin=Claim(
        slug="causal-goodhart-twin",
        title="The correlation of truth and score under the base predicts the gain, however the score is raised",
        parts=(
            Part(
                "however-raised",
                eq(WITH_INTERVENTIONS, E(w * TRUTH)),
                given=(eq(moved, produced), produced > 0, E(w * TRUTH) > E(TRUTH)),
                policies=QUANTILIZER,
            ),
        ),
    ),
)
