r"""An error that depends on the truth: where the selected truth piles up."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.maximizer import Maximizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, OfAction, Scalar, c, eq, indicator, u, w

TRUTH = u - c
# For each truth the chance that its score passes the threshold; E runs over the law of the truth.
V, passes = OfAction("V"), OfAction("passes")
cap, gap, depth = Scalar("cap"), Scalar("gap", "nonnegative"), Scalar("depth", "nonnegative")
often, seldom = Scalar("often", "nonnegative"), Scalar("seldom", "nonnegative")
SHORT, NEAR, BEYOND = indicator(V < cap - gap), indicator(V >= cap - gap / 2), indicator(V > cap)
# A normal density from a on, and from a later point on; y is how far beyond, over any density.
y, density = OfAction("y"), OfAction("density")
a, later = Scalar("a", "nonnegative"), Scalar("later", "nonnegative")

CLAIM = Claim(
    slug="dependent-error",
    title="If errors stop helping beyond a truth of one, hard selection piles up just there: the limit is one, not zero",
    kind="upper bound",
    source="the example is from the comments of kwa2023, where a limit of zero is guessed; the limit is derived here",
    limits="the pile builds up slowly: at a threshold of ten standard deviations the truth is still below 0.57",
    parts=(
        Part(
            "piles-up",
            E(V * passes) >= (cap - gap) * E(passes) - (cap - gap + depth) * seldom * E(SHORT),
            given=(
                *(gap >= 0, depth >= 0, seldom >= 0, passes >= 0, V >= -depth, cap - gap + depth >= 0),
                sp.Implies(V < cap - gap, passes <= seldom),
            ),
            says="The selected truth comes within the gap of the cap, up to what passes from further below.",
        ),
        Part(
            "often-there",
            E(passes) >= often * E(NEAR),
            given=(gap >= 0, often >= 0, passes >= 0, sp.Implies(V >= cap - gap / 2, passes >= often)),
            says="What passes is at least what passes from near the cap, so that the ratio of the two chances decides.",
        ),
        Part(
            "ratio",
            E(density * sp.exp(-((later + y) ** 2) / 2))
            <= sp.exp(-(later**2 - a**2) / 2) * E(density * sp.exp(-((a + y) ** 2) / 2)),
            given=(a >= 0, later >= a, y >= 0, density >= 0),
            says="A normal tail falls at least as fast as its density: by e^(-(b^2 - a^2)/2) from a to b, which for a "
            "threshold t and truths v is e^(tv/4) and more for noise of standard deviation two.",
        ),
        Part(
            "no-higher",
            E(V * passes) <= cap * E(passes) + E((V - cap) * passes * BEYOND),
            given=(passes >= 0,),
            says="Only what passes from beyond the cap, without the help of errors, can raise it further.",
        ),
        Part(
            "beyond",
            E((V - cap) * BEYOND * indicator(V >= a)) <= E(sp.Max(V - cap, 0)),
            says="Which is no more than the truth's own tail gives, however hard the selection.",
        ),
    ),
    twin=Claim(
        slug="dependent-error-twin",
        title="Selecting the very top by a proxy whose errors average zero leaves the truth at its mean",
        parts=(
            Part(
                "limit-of-zero",
                eq(E(w * TRUTH), E(TRUTH)),
                given=(eq(E(c), 0), E(c**2) > 0),
                policies=(PolicyOf(Maximizer()),),
            ),
        ),
    ),
)
