r"""# Costs with a cap

A cost in $[0, C]$ pays a price $t$ per unit of base cost, and gains at most $C\,(w - t)^+$ beyond that. The cost that
fills $c = C$ where $w > t$ and nothing where $w < t$ loses nothing in either step.
"""

import sympy as sp

from qtheory.symbols import C, E, c, epsilon, eq, q, t, w


def simple(d):
    amplified = d.integrate(d.pointwise(w * c <= c / q, "the density ratio is at most 1/q"))
    capped = d.integrate(d.pointwise(w * c <= C * w, "the cost is at most C"))
    by_mean = d.arithmetic(E(w * c) <= epsilon / q, "the mean cost is at most epsilon", [amplified])
    by_cap = d.arithmetic(E(w * c) <= C, "E[w] = 1", [capped])
    d.conclude([by_mean, by_cap])


def dual_bound(d):
    local = d.pointwise(w * c <= t * c + C * sp.Max(w - t, 0), "split w into t and what exceeds it")
    d.conclude(d.integrate(local), "the mean cost is at most epsilon and the price is not negative")


def attained(d):
    local = d.pointwise(eq(w * c, t * c + C * sp.Max(w - t, 0)), "c is C where w > t and 0 where w < t")
    d.conclude(d.integrate(local), "the mean is used up")


DERIVATION = {"simple": simple, "dual-bound": dual_bound, "attained": attained}
