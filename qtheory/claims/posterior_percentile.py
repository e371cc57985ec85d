r"""What to do if the law of the error is known: choose by the posterior mean of the truth."""

from __future__ import annotations

import sympy as sp

from qtheory.claims.regressional_goodhart import FLAT, V, flatness, passes, radius, s
from qtheory.optimizers.maximizer import Maximizer
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, Scalar, c, eq, indicator, m, q, r, tau2, u, v, w, w2

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
TWO = (*QUANTILIZER, PolicyOf(Quantilizer(r), w2, tau2))
peak = Scalar("peak")
# The cost is the error U - V. A rival sees the score alone, so that it cannot tell the error from its mean given the score.
TRUTH, POSTERIOR = u - c, u - m
RIVAL = (v >= 0, eq(E(v), 1), eq(E(v * c), E(v * m)))
# For quantilizing by the posterior itself: u is the posterior mean, and the truth scatters around it by c - m.
SCATTERED = u + c - m
SEEN, SEEN2 = eq(E(w * c), E(w * m)), eq(E(w2 * c), E(w2 * m))
FAR = indicator(sp.Abs(V) > radius)

CLAIM = Claim(
    slug="posterior-percentile",
    title="Who knows the law of the error should choose by the posterior mean, whose peak may lie at an interior percentile",
    kind="equality",
    source="gillen2023, comments, for the remark; the statements are derived here",
    limits="needs the law of the error, which is what one does not know about a proxy",
    parts=(
        Part(
            "bound",
            E(v * TRUTH) <= peak,
            given=(*RIVAL, POSTERIOR <= peak),
            says="No policy that sees the score alone beats the largest posterior mean.",
        ),
        Part(
            "attained",
            eq(E(v * TRUTH), peak),
            given=(*RIVAL, sp.Implies(v > 0, eq(POSTERIOR, peak))),
            says="A policy that plays only where the posterior mean is largest attains it.",
        ),
        Part(
            "restored",
            E(w * SCATTERED) >= E(w2 * SCATTERED),
            given=(q <= r, SEEN, SEEN2),
            policies=TWO,
            says="Quantilized by the posterior mean instead of the score, the truth rises with the strength of selection.",
        ),
        Part(
            "optimal",
            E(w * SCATTERED) >= E(v * SCATTERED),
            given=(*RIVAL, v <= 1 / q, SEEN),
            policies=QUANTILIZER,
            says="And no policy of the same density bound that sees the score alone does better.",
        ),
        Part(
            "returns",
            sp.And(
                E(V * passes) - s * E(V) <= flatness * s * E(sp.Abs(V)) + E(sp.Abs(V) * FAR),
                s * E(V) - E(V * passes) <= flatness * s * E(sp.Abs(V)) + E(sp.Abs(V) * FAR),
                evaluate=False,
            ),
            given=FLAT,
            says="Where the density of the error, in units of its largest value, is flat as far as the truth reaches, the "
            "posterior mean is back at the mean of the truth.",
        ),
    ),
    twin=Claim(
        slug="posterior-percentile-twin",
        title="The best action is the highest-scoring one",
        parts=(
            Part(
                "highest-score",
                E(w * TRUTH) >= E(v * TRUTH),
                given=RIVAL,
                policies=(PolicyOf(Maximizer()),),
            ),
        ),
    ),
)
