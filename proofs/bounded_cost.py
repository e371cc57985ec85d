r"""# Costs with a cap

A cost in $[0, C]$ pays a price $t$ per unit of base cost, and gains at most $C\,(w - t)^+$ beyond that. The cost that
fills $c = C$ where $w > t$ and nothing where $w < t$ loses nothing in either step.
"""

import sympy as sp

from qtheory.claims.bounded_cost import FORMULA, FULL, PARTIAL, share
from qtheory.symbols import C, E, c, epsilon, eq, ge, indicator, q, t, w


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


def within_the_full(d):
    d.conclude(d.integrate(d.pointwise(eq(w * c, c / q), "the cost is zero, or the action is full")))


def _masses(d):
    """The quantilizer's own mass: the full actions and the partial ones make up one."""
    local = indicator(w >= 1 / q) / q + share * indicator(sp.And(w > 0, w < 1 / q))
    mass = d.integrate(d.pointwise(eq(w, local), "full, partial or empty"))
    signs = [
        d.integrate(d.pointwise(ge(indicator(w >= 1 / q), 0), "an indicator")),
        d.integrate(d.pointwise(ge(indicator(sp.And(w > 0, w < 1 / q)), 0), "an indicator")),
    ]
    return mass, signs


def formula(d):
    full = indicator(w >= 1 / q)
    priced = d.integrate(d.pointwise(w * c <= share * c + C * (1 / q - share) * full, "the share is the price"))
    mean = d.arithmetic(share * E(c) <= share * epsilon, "the mean cost is at most epsilon")
    capped = d.integrate(d.pointwise(w * c <= C * w, "the cost is at most C"))
    by_mean = d.arithmetic(E(w * c) <= C * FULL / q + share * (epsilon - C * FULL), "up to the mean", [priced, mean])
    mass, _ = _masses(d)
    by_cap = d.arithmetic(E(w * c) <= C * FULL / q + share * C * PARTIAL, "up to the cap", [capped, mass])
    d.conclude([by_mean, by_cap], "the smaller of the two")


def formula_attained(d):
    full = indicator(w >= 1 / q)
    local = d.integrate(d.pointwise(eq(w * c, share * c + C * (1 / q - share) * full), "full, partial or empty"))
    value = d.arithmetic(eq(E(w * c), share * (E(c) - C * FULL) + C * FULL / q), "the share is the price", [local])
    least = sp.Min(epsilon - C * FULL, C * PARTIAL)
    d.conclude([value, d.arithmetic(eq(E(c) - C * FULL, least), "what is left for the partial ones")])


def simple_attained(d):
    mass, signs = _masses(d)
    d.conclude([mass, *signs], "either term")


def simple_only_then(d):
    mass, _ = _masses(d)
    part = d.arithmetic(
        eq(FORMULA, C * FULL / q + share * (epsilon - C * FULL)), "the mean ends among the partial ones"
    )
    below_mean = d.arithmetic(share * (epsilon - C * FULL) < (epsilon - C * FULL) / q, "their share is not full")
    below_cap = d.arithmetic(share * (epsilon - C * FULL) < share * C * PARTIAL, "they are not covered")
    first = d.arithmetic(FORMULA < epsilon / q, "so below the one", [part, below_mean])
    second = d.arithmetic(FORMULA < C, "and the other", [part, below_cap, mass])
    d.conclude([first, second])


DERIVATION = {
    "simple": simple,
    "dual-bound": dual_bound,
    "attained": attained,
    "within-the-full": within_the_full,
    "formula": formula,
    "formula-attained": formula_attained,
    "simple-attained": simple_attained,
    "simple-only-then": simple_only_then,
}
