r"""Conditioning a generative model on an observation that an adversary might bring about."""

from __future__ import annotations

from qtheory.claims.contamination import d, share
from qtheory.statements.claim import Claim, Part
from qtheory.symbols import E, OfAction, Scalar, eq, k, v

# E runs over what the model may produce together with the choice of the condition, if that is random; d is 1 where an
# adversary produces it, and `chance` is the chance that the condition is met.
chance = OfAction("chance", "cost")
# The chance that any of k mutually exclusive conditions is met.
union = OfAction("union", "cost")
by_adversary = Scalar("p", "nonnegative")
otherwise = Scalar("x", "nonnegative")
seen = Scalar("seen", "positive")
KINDS = (d >= 0, d <= 1, eq(E(d), share), share > 0, share < 1)
CHANCES = (
    chance >= 0,
    eq(E(chance * d) / share, by_adversary),
    eq(E(chance * (1 - d)) / (1 - share), otherwise),
)
CONDITIONED = (eq(E(chance), seen), seen > 0, eq(v, chance / seen))

CLAIM = Claim(
    slug="conditioning-odds",
    title="Conditioning on what an adversary would bring about multiplies its odds by the ratio of the two chances",
    kind="equality",
    source="lucassen2022, comments, in the wording of a restatement; the case of a random condition is derived here",
    limits="the chance under an adversary is not known; at worst it is one",
    parts=(
        Part(
            "odds",
            eq(E(v * d) * (1 - share) * otherwise, E(v * (1 - d)) * share * by_adversary),
            given=(*KINDS, *CHANCES, *CONDITIONED),
            says="An observation of baseline chance x that an adversary would satisfy with chance p multiplies the odds "
            "of the adversary by p/x.",
        ),
        Part(
            "cap",
            by_adversary <= 1 / k,
            given=(*KINDS, *CHANCES, k >= 1, chance <= union / k, union <= 1),
            says="Choosing at random among k mutually exclusive conditions caps p at 1/k: only one can be met at a time.",
        ),
        Part(
            "union",
            eq(E(v * d) * E(union), E(union * d)),
            given=(*KINDS, union >= 0, k >= 1, eq(chance, union / k), *CONDITIONED),
            says="But the useful selection is weakened as much: the update is that of conditioning on their union.",
        ),
    ),
    twin=Claim(
        slug="conditioning-odds-twin",
        title="Choosing the condition at random avoids the update towards the adversary",
        parts=(
            Part(
                "no-update",
                E(v * d) <= share,
                given=(*KINDS, chance >= 0, k >= 1, chance <= 1 / k, *CONDITIONED),
            ),
        ),
    ),
)
