r"""The truth of the best of n by truth plus error."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.best_of_n import BestOfN
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, OfAction, Scalar, c, eq, k, n, u, v, w, w2

TWO = (PolicyOf(BestOfN(n)), PolicyOf(BestOfN(k), w2))
TRUTH = u - c
# Here E runs over samples: the score of the winner of n draws, that of one more draw, and the posterior mean at each.
best, fresh = OfAction("best"), OfAction("fresh")
at_best, at_fresh = OfAction("at_best"), OfAction("at_fresh")
NEW_WINNER = sp.Piecewise((at_fresh, fresh > best), (at_best, True))
CHANGE = sp.Piecewise((at_fresh - at_best, fresh > best), (0, True))
share, tolerance = Scalar("share", "positive"), Scalar("tolerance", "nonnegative")
# For each truth n times its chance of winning, by its error and those of the others; E then runs over the law of the truth.
V, wins = OfAction("V"), OfAction("wins")
s, flatness = Scalar("s", "nonnegative"), Scalar("flatness", "nonnegative")
radius = Scalar("radius", "nonnegative")
FAR = sp.Piecewise((1, sp.Abs(V) > radius), (0, True), evaluate=False)
FLAT = (
    *(n >= 1, s >= 0, s <= n, flatness >= 0, radius >= 0, wins >= 0, wins <= n),
    sp.Implies(sp.Abs(V) <= radius, wins <= (1 + flatness) * s),
    sp.Implies(sp.Abs(V) <= radius, wins >= (1 - flatness) * s),
)
x = sp.Symbol("y", real=True)

CLAIM = Claim(
    slug="heavy-tail-best-of-n",
    title="Best-of-n raises the true value where new winners are expected to be truer, and forfeits it under heavy-tailed errors",
    kind="characterisation",
    source="kwa2024catastrophic for the experiments; the statements are derived here",
    limits="the number of draws at the peak depends on the scales of truth and error",
    parts=(
        Part(
            "winner",
            eq(sp.Integral(n * x ** (n - 1), (x, 0, 1)), 1),
            given=(n >= 1,),
            says="The winning score has the density n F^(n-1) on the ranks of the score, which weighs the posterior mean.",
        ),
        Part(
            "one-more-draw",
            eq(E(NEW_WINNER), E(at_best) + E(CHANGE)),
            says="One more draw changes the truth by the difference of the posterior means where it wins.",
        ),
        Part(
            "rises",
            E(NEW_WINNER) >= E(at_best),
            given=(sp.Implies(fresh > best, at_fresh >= at_best),),
            says="If the posterior mean rises with the score, as for normal laws, every draw raises the truth.",
        ),
        Part(
            "linear",
            eq(E(NEW_WINNER), share * E(sp.Max(best, fresh))),
            given=(share > 0, eq(at_best, share * best), eq(at_fresh, share * fresh)),
            says="If it is a share of the score, the truth is that share of the mean of the largest score.",
        ),
        Part(
            "falls",
            E(NEW_WINNER) <= E(at_best) + tolerance,
            given=(tolerance >= 0, E(CHANGE) <= tolerance),
            says="It falls as soon as new winners are worth less than those whom they beat.",
        ),
        Part(
            "flat-chances",
            sp.And(
                E(V * wins) - s * E(V) <= flatness * s * E(sp.Abs(V)) + n * E(sp.Abs(V) * FAR),
                s * E(V) - E(V * wins) <= flatness * s * E(sp.Abs(V)) + n * E(sp.Abs(V) * FAR),
                evaluate=False,
            ),
            given=FLAT,
            says="If the error decides who wins, as far as the truth reaches, the winner's truth is near the mean.",
        ),
        Part(
            "no-more-than-n",
            E(v * sp.Max(V, 0)) <= n * E(sp.Max(V, 0)),
            given=(n >= 1, v >= 0, v <= n),
            says="Under any tails the winner's truth is at most n times the mean of the positive part.",
        ),
    ),
    twin=Claim(
        slug="heavy-tail-best-of-n-twin",
        title="Once the best of n is truer than a random draw, more draws make it truer still",
        parts=(
            Part(
                "keeps-rising",
                E(w2 * TRUTH) >= E(w * TRUTH),
                given=(n <= k, n >= 2, E(w * TRUTH) > E(TRUTH)),
                policies=TWO,
            ),
        ),
    ),
)
