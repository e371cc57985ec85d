r"""# Best of a Poisson number of draws

The distribution function of the rank is the generating function $x e^{\mu(x-1)}$ of $1 + \mathrm{Poisson}(\mu)$ draws.
Each integral has an elementary antiderivative, which is differentiated.
"""

import sympy as sp

from qtheory.claims.best_of_poisson import DECAY, DENSITY, mu, over_ranks, rank, x
from qtheory.symbols import c, w

DISTRIBUTION = x * DECAY


def law(d):
    d.conclude(d.integral(over_ranks(DENSITY), DISTRIBUTION))


def distribution(d):
    d.conclude(d.integral(sp.Integral(DENSITY, (x, 0, rank)), DISTRIBUTION))


def mean_rank(d):
    antiderivative = DECAY * (x**2 - x / mu + 1 / mu**2)
    d.conclude(d.integral(over_ranks(x * DENSITY), antiderivative))


def chi_square(d):
    antiderivative = DECAY**2 * (mu * x**2 / 2 + x / 2 + 1 / (4 * mu))
    d.conclude(d.integral(over_ranks(DENSITY**2), antiderivative))


def kl(d):
    logarithm = sp.log(1 + mu * x) + mu * (x - 1)
    integral = over_ranks(DENSITY * logarithm - DECAY / (1 + mu * x))
    d.conclude(d.integral(integral, DISTRIBUTION * logarithm - DISTRIBUTION, "by parts"))


def bound(d):
    d.conclude(d.integrate(d.pointwise(w * c <= (1 + mu) * c, "the density ratio is at most 1 + mu")))


def every_action(d):
    d.conclude(d.integrate(d.pointwise(w * c >= sp.exp(-mu) * c, "the density ratio is at least e^-mu")))


DERIVATION = {
    "law": law,
    "distribution": distribution,
    "mean-rank": mean_rank,
    "chi-square": chi_square,
    "kl": kl,
    "bound": bound,
    "every-action": every_action,
}
