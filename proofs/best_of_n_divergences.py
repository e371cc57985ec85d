r"""# The divergences of best-of-n

Without atoms, divergences are integrals of powers and logarithms of $n s^{n-1}$ over the ranks. With atoms the density
ratio of an action is the mean of that density over the action's ranks, and averaging lowers a square.
"""

import sympy as sp

from qtheory.claims.best_of_n_divergences import CROSSING, DENSITY, order, over_ranks, s, y
from qtheory.symbols import c, ge, n, v, w


def power_mean(d):
    exponent = (n - 1) * order
    integrand = n**order * s**exponent
    d.conclude(d.integral(over_ranks(integrand), n**order * s ** (exponent + 1) / (exponent + 1)))


def chi_square(d):
    square = d.integral(over_ranks(DENSITY**2), n**2 * s ** (2 * n - 1) / (2 * n - 1))
    d.conclude(square, "n^2 - (2n - 1) = (n - 1)^2")


def crossing(d):
    d.conclude(d.identity(n * CROSSING ** (n - 1), sp.Integer(1)))


def total_variation(d):
    above = d.integral(sp.Integral(DENSITY - 1, (s, CROSSING, 1)), s**n - s)
    d.conclude(above)


def total_variation_closed(d):
    d.conclude(d.identity(CROSSING - CROSSING**n, (1 - 1 / n) * CROSSING))


def reverse_kl(d):
    integrand = -sp.log(n) - (n - 1) * sp.log(s)
    d.conclude(d.integral(over_ranks(integrand), -s * sp.log(n) - (n - 1) * (s * sp.log(s) - s)))


def bhattacharyya(d):
    integrand = sp.sqrt(n) * s ** ((n - 1) / 2)
    d.conclude(d.integral(over_ranks(integrand), 2 * sp.sqrt(n) / (n + 1) * s ** ((n + 1) / 2)))


def refinement(d):
    square = d.integrate(d.pointwise(ge((y - v) ** 2, 0), "a square"))
    d.conclude(square, "E[yv] = E[v^2]")


def cost(d):
    d.conclude(d.integrate(d.pointwise(w * c <= n * c, "the density ratio is at most n")))


DERIVATION = {
    "power-mean": power_mean,
    "chi-square": chi_square,
    "crossing": crossing,
    "total-variation": total_variation,
    "total-variation-closed": total_variation_closed,
    "reverse-kl": reverse_kl,
    "bhattacharyya": bhattacharyya,
    "refinement": refinement,
    "cost": cost,
}
