r"""How far best-of-n moves from its base, by every measure of distance."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.best_of_n import BestOfN
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, OfAction, Scalar, c, eq, n, v, w

BEST = (PolicyOf(BestOfN(n)),)
# A rank of the base, 1 being best: under best-of-n it has the density n s^(n-1).
s = sp.Symbol("s", real=True)
DENSITY = n * s ** (n - 1)
order = Scalar("order", "positive")
# Where the density is one: above it best-of-n puts more mass than the base.
CROSSING = n ** (-1 / (n - 1))
# The density on a refinement of the base (an action together with its rank), of which v is the mean per action.
y = OfAction("y")
MEAN_PER_ACTION = (eq(E(y), 1), eq(E(v), 1), eq(E(y * v), E(v**2)))


def over_ranks(integrand: sp.Expr) -> sp.Integral:
    return sp.Integral(integrand, (s, 0, 1))


CLAIM = Claim(
    slug="best-of-n-divergences",
    title="Without atoms every divergence of best-of-n from its base has a closed form; atoms only lower it",
    kind="equality",
    source="beirami2024 for the KL divergence; the others are derived here",
    limits="with atoms these are upper bounds, and the largest density ratio is (1-(1-g)^n)/g for a top atom of mass g",
    parts=(
        Part(
            "power-mean",
            eq(over_ranks(n**order * s ** ((n - 1) * order)), n**order / (order * (n - 1) + 1)),
            given=(n >= 1, order > 0),
            says="The mean of the density to any power, which gives the Renyi divergence of every order.",
        ),
        Part(
            "chi-square",
            eq(over_ranks(DENSITY**2) - 1, (n - 1) ** 2 / (2 * n - 1)),
            given=(n >= 1,),
            says="The chi-square divergence is (n-1)^2/(2n-1).",
        ),
        Part(
            "crossing",
            eq(n * CROSSING ** (n - 1), 1),
            given=(n >= 2,),
            says="The density crosses 1 at the rank n^(-1/(n-1)).",
        ),
        Part(
            "total-variation",
            eq(sp.Integral(DENSITY - 1, (s, CROSSING, 1)), CROSSING - CROSSING**n),
            given=(n >= 2,),
            says="The total variation is what the density exceeds 1 by, above the crossing.",
        ),
        Part(
            "total-variation-closed",
            eq(CROSSING - CROSSING**n, (1 - 1 / n) * CROSSING),
            given=(n >= 2,),
            says="Which is (1 - 1/n) n^(-1/(n-1)).",
        ),
        Part(
            "reverse-kl",
            eq(over_ranks(-sp.log(n) - (n - 1) * sp.log(s)), n - 1 - sp.log(n)),
            given=(n >= 1,),
            says="The divergence of the base from best-of-n is n - 1 - log n.",
        ),
        Part(
            "bhattacharyya",
            eq(over_ranks(sp.sqrt(n) * s ** ((n - 1) / 2)), 2 * sp.sqrt(n) / (n + 1)),
            given=(n >= 1,),
            says="The Bhattacharyya coefficient is 2 sqrt(n)/(n+1).",
        ),
        Part(
            "refinement",
            E(v**2) <= E(y**2),
            given=MEAN_PER_ACTION,
            says="Averaging a density over the ranks of each action lowers its chi-square divergence.",
        ),
        Part(
            "cost",
            E(w * c) <= n * E(c),
            given=(c >= 0,),
            policies=BEST,
            says="The largest density ratio is at most n, with atoms or without.",
        ),
    ),
    twin=Claim(
        slug="best-of-n-divergences-twin",
        title="Best-of-n has all its Renyi divergences equal to log n, like the 1/n-quantilizer",
        parts=(Part("flat", E(w**2) >= n, given=(E(w**2) > 1,), policies=BEST),),
    ),
)
