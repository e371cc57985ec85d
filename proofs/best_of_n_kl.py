r"""# How far best-of-n moves from its base

Without atoms the best of $n$ draws has the rank density $n s^{n-1}$ (rank 1 the best), whose divergence is an integral
with an elementary antiderivative. With atoms the density ratio of an action is the mean of that density over the
action's ranks, and averaging lowers the divergence: $x\log x \ge x\log y + x - y$, integrated.

That the density ratio is such a mean is a fact about order statistics and is cited here, so the last part is cited,
not proved.
"""

import sympy as sp

from qtheory.claims.best_of_n_kl import CLAIM, y
from qtheory.prover.lemmas.entropy import BEST_OF_N_ENTROPY, GIBBS, best_of_n_entropy
from qtheory.prover.lemmas.lemma import N, X, Y
from qtheory.prover.proof import carry_out
from qtheory.symbols import E, eq, n, v, w, xlogy

ORDER_STATISTICS = (
    "beirami2024, Theorem 3.4: the best of n uniform ranks has density y = n s^(n-1), and the density ratio of an "
    "action is the mean of y over its ranks"
)


def refinement(d):
    gibbs = d.lemma(GIBBS, {X: y, Y: v})
    d.conclude(d.integrate(gibbs), "both densities have mean one, and v is a function of the action")


def atomless(d):
    d.conclude(d.lemma(BEST_OF_N_ENTROPY, {N: n}))


def bound(d):
    pointwise = [
        d.cite(y >= 0, ORDER_STATISTICS),
        d.cite(sp.Implies(eq(w, 0), eq(y, 0)), ORDER_STATISTICS),
    ]
    moments = [
        d.cite(eq(E(y), 1), ORDER_STATISTICS),
        d.cite(eq(E(xlogy(y, w)), E(xlogy(w, w))), ORDER_STATISTICS),
        d.cite(eq(E(xlogy(y, y)), best_of_n_entropy(n)), ORDER_STATISTICS),
    ]
    averaging = carry_out(CLAIM.slug, CLAIM.part("refinement"), refinement)
    lower = d.theorem(averaging, {v: w}, "averaging lowers the divergence", [*pointwise, *moments])
    integral = d.lemma(BEST_OF_N_ENTROPY, {N: n})
    d.conclude([lower, integral, moments[-1]])


DERIVATION = {"refinement": refinement, "atomless": atomless, "bound": bound}
