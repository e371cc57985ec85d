r"""# Events

An event and its complement are both nonnegative costs, so $w \le 1/q$ bounds either from above.
"""

import sympy as sp

from qtheory.claims.event_bounds import R_hat, delta, eta, event
from qtheory.symbols import E, c, eq, ge, q, w


def upper(d):
    grown = d.integrate(d.pointwise(w * event <= event / q, "the density ratio is at most 1/q"))
    whole = d.integrate(d.pointwise(w * event <= w, "a probability is at most one"))
    d.conclude([grown, whole])


def lower(d):
    missed = d.integrate(d.pointwise(w * (1 - event) <= (1 - event) / q, "the complement is a cost as well"))
    sign = d.integrate(d.pointwise(ge(w * event, 0), "a probability is not negative"))
    d.conclude([missed, sign], "E[w] = 1")


def upper_attained(d):
    d.conclude(d.integrate(d.pointwise(eq(w * event, event / q), "full where the event happens")))


def lower_attained(d):
    off = d.pointwise(eq(w * (1 - event), (1 - event) / q), "full where the event does not happen")
    d.conclude(d.integrate(off), "E[w] = 1")


def catastrophe(d):
    grown = d.integrate(d.pointwise(w * event <= event / q, "the density ratio is at most 1/q"))
    small = d.arithmetic(E(event) / q <= delta, "the base probability is at most q delta")
    d.conclude([grown, small])


def risk_budget(d):
    level = sp.Min(1, R_hat / eta)
    grown = d.integrate(d.pointwise(w * c <= c / level, "the density ratio is at most 1/q"))
    mean = d.integrate(d.pointwise(ge(c, 0), "a hypothesis"))
    scaled = d.arithmetic(sp.Implies(R_hat < eta, E(c) / level <= eta), "then q = R_hat/eta", [mean])
    d.conclude([grown, scaled], "otherwise q = 1")


DERIVATION = {
    "upper": upper,
    "lower": lower,
    "upper-attained": upper_attained,
    "lower-attained": lower_attained,
    "catastrophe": catastrophe,
    "risk-budget": risk_budget,
}
