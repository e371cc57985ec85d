r"""# Choosing q

Against costs known by their mean $\varepsilon$, the pair of the quantilizer with threshold $\tau$ and the cost
$(U - \tau)^+$ is a saddle point when $E(U - \tau)^+ = \varepsilon$: no cost of that mean brings the quantilizer below
$\tau$, and no policy gets above $\tau$ against that cost.
"""

import sympy as sp

from qtheory.symbols import c, eq, ge, q, t, tau, u, v, w

EXCESS = sp.Max(u - tau, 0)


def guaranteed(d):
    loss = d.integrate(d.pointwise(w * c <= c / q, "the density ratio is at most 1/q"))
    gain = d.integrate(d.pointwise(eq(w * (u - tau), EXCESS / q), "full above the threshold, empty below"))
    paid = d.arithmetic(ge(q, 0), "a level is positive")
    d.conclude([loss, gain, paid], "the amplified cost is at most the amplified excess, and E[w] = 1")


def no_more(d):
    local = d.pointwise(v * (u - sp.Max(u - t, 0)) <= t * v, "what is left of u is at most t")
    d.conclude(d.integrate(local), "E[v] = 1")


def every_level(d):
    local = d.pointwise(w * (u - t) <= sp.Max(u - t, 0) / q, "0 <= w <= 1/q")
    d.conclude(d.integrate(local), "E[w] = 1")


def right_level(d):
    local = d.pointwise(eq(w * (u - tau), EXCESS / q), "full above the threshold, empty below")
    d.conclude(d.integrate(local), "E[w] = 1")


DERIVATION = {
    "guaranteed": guaranteed,
    "no-more": no_more,
    "every-level": every_level,
    "right-level": right_level,
}
