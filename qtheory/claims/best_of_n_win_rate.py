r"""How often the best of n draws beats one fresh draw."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.best_of_n import BestOfN
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, OfAction, Scalar, beats, eq, n, w

BEST = (PolicyOf(BestOfN(n)),)
s = sp.Symbol("s", real=True)
# Within one level of utility: x is a rank, y the density of ranks, and E the mean over the ranks of the level.
rank, density = OfAction("rank"), OfAction("density")
middle, height = Scalar("middle"), Scalar("height")
INCREASING = (
    sp.Implies(rank > middle, density >= height),
    sp.Implies(rank < middle, density <= height),
    eq(middle, E(rank)),
)

CLAIM = Claim(
    slug="best-of-n-win-rate",
    title="Best-of-n beats a fresh base draw, ties counted half, with chance at most n/(n+1)",
    kind="upper bound",
    source="beirami2024, Theorems 5.3 and 5.4",
    limits="an equality without atoms; atoms lower it, because tied draws beat each other half of the time",
    parts=(
        Part(
            "atomless",
            eq(sp.Integral(n * s ** (n - 1) * s, (s, 0, 1)), n / (n + 1)),
            given=(n >= 1,),
            says="Without atoms the chance is the mean rank of the best of n.",
        ),
        Part(
            "ties",
            E(rank * density) >= E(rank) * E(density),
            given=INCREASING,
            says="Within a tied level rank and density increase together, so averaging them apart lowers the chance.",
        ),
        Part(
            "bound",
            E(w * beats) <= n / (n + 1),
            policies=BEST,
            says="With atoms it is at most that.",
        ),
    ),
    twin=Claim(
        slug="best-of-n-win-rate-twin",
        title="The win rate of best-of-n is n/(n+1) for every base",
        parts=(Part("every-base", E(w * beats) >= n / (n + 1), given=(E(w**2) > 1,), policies=BEST),),
    ),
)
