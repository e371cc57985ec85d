r"""# The upper conditional value-at-risk

The excess $(U - t)^+$ dominates $w\,q\,(U - t)$ for every $t$, because $0 \le wq \le 1$; at the quantilizer's own
threshold the two are equal, since it is full above and empty below.
"""

import sympy as sp

from qtheory.claims.upper_cvar import best, best2, first, s, second
from qtheory.symbols import E, eq, indicator, lam, q, t, tau, u, v, w


def dual_bound(d):
    local = d.pointwise(w * (u - t) <= sp.Max(u - t, 0) / q, "0 <= w <= 1/q")
    d.conclude(d.integrate(local), "E[w] = 1")


def attained(d):
    local = d.pointwise(eq(w * (u - tau), sp.Max(u - tau, 0) / q), "full above the threshold, empty below")
    d.conclude(d.integrate(local), "E[w] = 1")


def risk_envelope(d):
    local = d.pointwise(v * (u - tau) <= sp.Max(u - tau, 0) / q, "0 <= v <= 1/q")
    d.conclude(d.integrate(local), "E[v] = 1")


def quantiles_minimise(d):
    fall = sp.Max(u - s, 0) - sp.Max(u - t, 0)
    reached = d.integrate(d.pointwise(fall >= (t - s) * indicator(u >= t), "the excess has slope -1 where it is"))
    above = d.integrate(d.pointwise(fall >= (t - s) * indicator(u > t), "the excess has slope -1 where it is"))
    low = d.arithmetic(sp.Implies(s <= t, (t - s) * E(indicator(u >= t)) >= (t - s) * q), "at least q reaches t")
    high = d.arithmetic(sp.Implies(s > t, (t - s) * E(indicator(u > t)) >= (t - s) * q), "at most q lies above t")
    level = d.arithmetic(
        E(sp.Max(u - s, 0)) - E(sp.Max(u - t, 0)) >= (t - s) * q, "either way", [reached, above, low, high]
    )
    d.conclude(level, "divide by q")


def too_low_does_not(d):
    fall = sp.Max(u - t, 0) - sp.Max(u - s, 0)
    lost = d.integrate(d.pointwise(fall >= (s - t) * indicator(u >= s), "all that reaches s loses the whole step"))
    more = d.arithmetic((s - t) * E(indicator(u >= s)) > (s - t) * q, "more than q reaches s")
    level = d.arithmetic(
        E(sp.Max(u - t, 0)) - E(sp.Max(u - s, 0)) > (s - t) * q, "so the excess loses more", [lost, more]
    )
    d.conclude(level, "divide by q")


def too_high_does_not(d):
    fall = sp.Max(u - s, 0) - sp.Max(u - t, 0)
    lost = d.integrate(d.pointwise(fall <= (t - s) * indicator(u > s), "only what lies above s loses"))
    less = d.arithmetic((t - s) * E(indicator(u > s)) < (t - s) * q, "less than q lies above s")
    level = d.arithmetic(
        E(sp.Max(u - s, 0)) - E(sp.Max(u - t, 0)) < (t - s) * q, "so the excess loses less", [lost, less]
    )
    d.conclude(level, "divide by q")


def monotone(d):
    d.conclude(d.integrate(d.pointwise(w * first <= w * u, "a density ratio is not negative")))


def affine(d):
    d.conclude(note="E[w] = 1")


def convex(d):
    mixed = d.pointwise(eq(w * u, lam * w * first + (1 - lam) * w * second), "the mixture")
    parts = d.integrate(mixed)
    mine = d.arithmetic(lam * E(w * first) <= lam * best, "the best is at least that")
    other = d.arithmetic((1 - lam) * E(w * second) <= (1 - lam) * best2, "the best is at least that")
    d.conclude([parts, mine, other])


DERIVATION = {
    "dual-bound": dual_bound,
    "attained": attained,
    "risk-envelope": risk_envelope,
    "quantiles-minimise": quantiles_minimise,
    "too-low-does-not": too_low_does_not,
    "too-high-does-not": too_high_does_not,
    "monotone": monotone,
    "affine": affine,
    "convex": convex,
}
