r"""# Estimating the threshold first

The mass $\hat q$ above the $k$-th largest of $n$ draws has the law Beta$(k, n-k+1)$, and the derivative of
$x^{k-1}(1-x)^{n-k+1}$ shows that $(k-1)\,E[1/\hat q] = n$. A fresh draw conditioned on the threshold is a quantilizer of
level $\hat q$, so the density ratio of the whole procedure is at most $E[1/\hat q]$.
"""

import sympy as sp

from qtheory.claims.estimated_threshold import BETA, level
from qtheory.symbols import c, k, n, w


def mean_inverse_level(d):
    integrand = (k - 1) * BETA / level - n * BETA
    d.conclude(d.integral(sp.Integral(integrand, (level, 0, 1)), level ** (k - 1) * (1 - level) ** (n - k + 1)))


def bound(d):
    d.conclude(d.integrate(d.pointwise(w * c <= n / (k - 1) * c, "the density ratio is at most n/(k-1)")))


def rounding(d):
    d.conclude(d.integrate(d.pointwise(w * (k - 1) * c <= n * c, "the density ratio times k-1 is at most n")))


DERIVATION = {"mean-inverse-level": mean_inverse_level, "bound": bound, "rounding": rounding}
