r"""# How often best-of-n wins

Without atoms the chance is $\int_0^1 n s^{n-1}\, s\, ds$. Each tied level is won by its mean density times its mean rank,
and since the density of ranks increases, the mean of the product is at least the product of the means (Chebyshev).

That the density ratio and the chance of an action are such means is a fact about order statistics, cited here.
"""

import sympy as sp

from qtheory.claims.best_of_n_win_rate import density, height, middle, rank, s
from qtheory.prover.lemmas.lemma import X, Y
from qtheory.prover.lemmas.signs import SAME_SIGN
from qtheory.symbols import E, OfAction, beats, n, w

ORDER_STATISTICS = (
    "beirami2024, Theorem 5.3: with ranks s of density y = n s^(n-1), w and the chance of beating a draw are the means "
    "of y and s over the ranks of a level, on each of which the mean of sy is at least the product of the means"
)


def atomless(d):
    d.conclude(d.integral(sp.Integral(n * s ** (n - 1) * s, (s, 0, 1)), n * s ** (n + 1) / (n + 1)))


def ties(d):
    above = d.pointwise(sp.Implies(rank - middle > 0, density - height >= 0), "the density is higher above the middle")
    below = d.pointwise(sp.Implies(rank - middle < 0, density - height <= 0), "and lower below it")
    product = d.lemma(SAME_SIGN, {X: density - height, Y: rank - middle}, "of the same sign", [above, below])
    d.conclude(d.integrate(product), "the middle is the mean rank")


def bound(d):
    y, rank_of_draw = OfAction("y"), OfAction("s_")
    lower = d.cite(E(w * beats) <= E(y * rank_of_draw), ORDER_STATISTICS)
    integral = sp.Integral(n * s ** (n - 1) * s, (s, 0, 1))
    mean = d.cite(sp.Eq(E(y * rank_of_draw), integral), ORDER_STATISTICS)
    d.conclude([lower, mean, d.integral(integral, n * s ** (n + 1) / (n + 1))])


DERIVATION = {"atomless": atomless, "ties": ties, "bound": bound}
