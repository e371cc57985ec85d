r"""# The Goodhart gap

Above the threshold the quantilizer is full, so what it loses there is the base's mean excess times $1/q$. Divided by
the mass above, a mean excess is a mean residual life, and a mean excess is an integral of the tail probability.
"""

import sympy as sp

from qtheory.claims.goodhart_gap import (
    EXCESS,
    EXPONENTIAL,
    LATER,
    PARETO,
    UNIFORM,
    beta,
    later_start,
    later_tail,
    start,
    t2,
    tail,
    x,
)
from qtheory.symbols import E, eq, ge, indicator, q, t, tau, u, w


def gap(d):
    d.conclude(d.integrate(d.pointwise(eq(w * (u - sp.Min(u, tau)), sp.Max(u - tau, 0) / q), "full above")))


def residual_life(d):
    lost = d.integrate(d.pointwise(eq(w * (u - sp.Min(u, tau)), sp.Max(u - tau, 0) / q), "full above the threshold"))
    above = d.integrate(d.pointwise(indicator(u > tau) <= q * w, "what is above is full"))
    reached = d.integrate(d.pointwise(indicator(u >= tau) >= q * w, "what is below is empty"))
    sign = d.integrate(d.pointwise(ge(sp.Max(u - tau, 0), 0), "an excess"))
    less = d.arithmetic(E(indicator(u > tau)) / q <= 1, "E[w] = 1", [above])
    more = d.arithmetic(E(indicator(u >= tau)) / q >= 1, "E[w] = 1", [reached])
    d.conclude([lost, sign, less, more], "the gap times the mass")


def better_proxies_select_harder(d):
    lower = d.pointwise(sp.Max(u - t, 0) - LATER <= sp.Max(t2 - t, 0), "the excess falls as the threshold rises")
    d.conclude(d.integrate(lower), "a positive difference of the excesses")


def falling_life(d):
    d.conclude(d.integrate(d.pointwise(later_tail * start <= tail * later_start, "a hypothesis")), "divide")


def rising_life(d):
    d.conclude(d.integrate(d.pointwise(later_tail * start >= tail * later_start, "a hypothesis")), "divide")


def constant_life(d):
    step = t2 - t
    slow = d.integrate(d.pointwise(EXCESS - LATER <= step * indicator(u > t), "only what is above t loses"))
    fast = d.integrate(d.pointwise(EXCESS - LATER >= step * indicator(u > t2), "what is above t2 loses all of it"))
    d.conclude([slow, fast], "both excesses are the life times the tail")


def exponential(d):
    value = d.integral(EXPONENTIAL, -sp.exp(-beta * x) / beta)
    d.conclude(value, "the limit at infinity is zero")


def pareto(d):
    value = d.integral(PARETO, -(x ** (-beta)) / beta)
    scaled = d.identity(t ** (-beta) / beta, t ** (-1 - beta) * (t / beta))
    d.conclude([value, scaled], "the limit at infinity is zero")


def uniform(d):
    d.conclude(d.integral(UNIFORM, x - x**2 / 2))


DERIVATION = {
    "gap": gap,
    "residual-life": residual_life,
    "better-proxies-select-harder": better_proxies_select_harder,
    "falling-life": falling_life,
    "rising-life": rising_life,
    "constant-life": constant_life,
    "exponential": exponential,
    "pareto": pareto,
    "uniform": uniform,
}
