r"""Sampling the quantilizer exactly from another distribution."""

from __future__ import annotations

from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, OfAction, Scalar, c, eq, q, w

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
# The density ratio of the proposal distribution, and the chance of accepting an action that it proposes.
proposal, accepted = OfAction("proposal", "rival"), OfAction("accepted")
proposals = Scalar("proposals", "positive")
REJECTION = (
    proposal > 0,
    eq(E(proposal), 1),
    w <= proposals * proposal,
    eq(accepted, w / (proposals * proposal)),
    proposals > 0,
)

CLAIM = Claim(
    slug="rejection-correction",
    title="Rejection from any proposal that covers the top slice returns the quantilizer exactly",
    kind="equality",
    source="the idea: gillen2023, comments; the best proposal for a normal tail: robert1995; derived here",
    limits="the number of proposals is the largest ratio of the quantilizer to the proposal, which may be infinite",
    parts=(
        Part(
            "a-chance",
            accepted <= 1,
            given=REJECTION,
            policies=QUANTILIZER,
            says="The correction is a probability.",
        ),
        Part(
            "law",
            eq(proposals * E(proposal * accepted * c), E(w * c)),
            given=REJECTION,
            policies=QUANTILIZER,
            says="What is accepted has the law of the quantilizer: the same mean of every function.",
        ),
        Part(
            "expected-proposals",
            eq(E(proposal * accepted), 1 / proposals),
            given=REJECTION,
            policies=QUANTILIZER,
            says="One proposal in that many is accepted.",
        ),
        Part(
            "at-least-one",
            proposals >= 1,
            given=REJECTION,
            policies=QUANTILIZER,
            says="No proposal does better than the quantilizer itself, of which every draw is accepted.",
        ),
    ),
    twin=Claim(
        slug="rejection-correction-twin",
        title="Drawing from the quantilizer always takes 1/q proposals",
        parts=(Part("always", proposals >= 1 / q, given=(*REJECTION, E(w**2) > 1), policies=QUANTILIZER),),
    ),
)
