r"""Best-of-n and its kin are quantilizers whose level is drawn at random."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.best_of_n import BestOfN
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, Scalar, c, eq, lam, n, q, r, t, tau2, u, v, w, w2

BEST_AND_QUANTILIZER = (PolicyOf(BestOfN(n)), PolicyOf(Quantilizer(1 / n), w2, tau2))
TWO_LEVELS = (PolicyOf(Quantilizer(q)), PolicyOf(Quantilizer(r), w2, tau2))
# The level, and a rank below one, 0 being best.
level = sp.Symbol("level", real=True)
s = Scalar("s", "unit")
# The density of the random level of best-of-n: the rank of the runner-up.
RUNNER_UP = n * (n - 1) * level * (1 - level) ** (n - 2)

CLAIM = Claim(
    slug="random-q-mixture",
    title="Best-of-n is a quantilizer with a random level, and is dominated by the 1/n-quantilizer",
    kind="equality",
    source="derived here",
    limits="the mixture is stated for best-of-n and for two levels; the rank density must not increase with rank",
    parts=(
        Part(
            "levels",
            eq(sp.Integral(RUNNER_UP / level, (level, s, 1)), n * (1 - s) ** (n - 1)),
            given=(n >= 2, s >= 0, s < 1),
            says="Quantilizers at the runner-up's rank, of law Beta(2, n-1), add up to the rank density of best-of-n.",
        ),
        Part(
            "law",
            eq(sp.Integral(RUNNER_UP, (level, 0, 1)), 1),
            given=(n >= 2,),
            says="The random level has a density of total mass one.",
        ),
        Part(
            "factor",
            eq(sp.Integral(RUNNER_UP / level, (level, 0, 1)), n),
            given=(n >= 2,),
            says="The mean of 1/q over that law is n, the cost factor of best-of-n.",
        ),
        Part(
            "mixture-cost",
            E((lam * w + (1 - lam) * w2) * c) <= (lam / q + (1 - lam) / r) * E(c),
            given=(c >= 0, lam >= 0, lam <= 1),
            policies=TWO_LEVELS,
            says="A quantilizer of random level multiplies a cost by at most the mean of 1/q.",
        ),
        Part(
            "mixture-dominated",
            lam * E(w * u) + (1 - lam) * E(w2 * u) <= E(v * u),
            given=(
                lam >= 0,
                lam <= 1,
                sp.Implies(u > t, eq(v, lam / q + (1 - lam) / r)),
                sp.Implies(u < t, eq(v, 0)),
                v >= 0,
                v <= lam / q + (1 - lam) / r,
                eq(E(v), 1),
            ),
            policies=TWO_LEVELS,
            says="The quantilizer of the same cost factor has at least its utility.",
        ),
        Part(
            "dominated",
            E(w * u) <= E(w2 * u),
            policies=BEST_AND_QUANTILIZER,
            says="The 1/n-quantilizer has the cost factor of best-of-n and at least its utility.",
        ),
    ),
    twin=Claim(
        slug="random-q-mixture-twin",
        title="Best-of-n is the 1/n-quantilizer",
        parts=(Part("same", E(w * u) >= E(w2 * u), policies=BEST_AND_QUANTILIZER),),
    ),
)
