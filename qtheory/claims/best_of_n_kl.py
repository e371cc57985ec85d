r"""How far best-of-n moves from its base."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.best_of_n import BestOfN
from qtheory.prover.lemmas.entropy import best_of_n_entropy
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, OfAction, eq, n, v, w, xlogy

# A density on a refinement of the base (the action together with its rank), of which v is the mean per action.
y = OfAction("y")

BEST = (PolicyOf(BestOfN(n)),)
KL = E(xlogy(w, w))
ATOMLESS = sp.log(n) - (n - 1) / n

CLAIM = Claim(
    slug="best-of-n-kl",
    title="The KL divergence of best-of-n from its base is at most log n - (n-1)/n, with equality without atoms",
    kind="upper bound",
    source="beirami2024, Theorems 3.1 and 3.4; the treatment of ties is derived here",
    parts=(
        Part(
            "refinement",
            E(xlogy(v, v)) <= E(xlogy(y, y)),
            given=(
                y >= 0,
                v >= 0,
                sp.Implies(eq(v, 0), eq(y, 0)),
                eq(E(y), 1),
                eq(E(v), 1),
                eq(E(xlogy(y, v)), E(xlogy(v, v))),
            ),
            says="Averaging a density over the ranks of each action lowers its divergence.",
        ),
        Part(
            "atomless",
            eq(best_of_n_entropy(n), ATOMLESS),
            given=(n >= 1,),
            says="Without atoms the divergence is the integral of g log g over ranks.",
        ),
        Part(
            "bound",
            KL <= ATOMLESS,
            policies=BEST,
            says="With atoms it is at most that.",
        ),
    ),
    twin=Claim(
        slug="best-of-n-kl-twin",
        title="The KL divergence of best-of-n is log n - (n-1)/n for every base",
        parts=(Part("every-base", KL >= ATOMLESS, policies=BEST),),
    ),
)
