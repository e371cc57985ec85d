r"""# The upper conditional value-at-risk

The excess $(U - t)^+$ dominates $w\,q\,(U - t)$ for every $t$, because $0 \le wq \le 1$; at the quantilizer's own
threshold the two are equal, since it is full above and empty below.
"""

import sympy as sp

from qtheory.symbols import eq, q, t, tau, u, v, w


def dual_bound(d):
    local = d.pointwise(w * (u - t) <= sp.Max(u - t, 0) / q, "0 <= w <= 1/q")
    d.conclude(d.integrate(local), "E[w] = 1")


def attained(d):
    local = d.pointwise(eq(w * (u - tau), sp.Max(u - tau, 0) / q), "full above the threshold, empty below")
    d.conclude(d.integrate(local), "E[w] = 1")


def risk_envelope(d):
    local = d.pointwise(v * (u - tau) <= sp.Max(u - tau, 0) / q, "0 <= v <= 1/q")
    d.conclude(d.integrate(local), "E[v] = 1")


DERIVATION = {"dual-bound": dual_bound, "attained": attained, "risk-envelope": risk_envelope}
