r"""# Optimality of the quantilizer

Above the threshold $\tau$ the quantilizer is full, below it is empty. So wherever it differs from a rival with the
same bound, it has more mass where $U > \tau$ and less where $U < \tau$: the product $(w - v)(U - \tau)$ is never
negative. Integrating it, $\tau$ drops out because both density ratios have mean one.
"""

from qtheory.symbols import E, eq, ge, indicator, t, tau, u, v, w

EXCHANGE = ge((w - v) * (u - tau), 0)


def optimal(d):
    exchange = d.pointwise(EXCHANGE, "the quantilizer is full above the threshold and empty below it")
    d.conclude(d.integrate(exchange), "E[w] = E[v] = 1 cancels the threshold")


def unique(d):
    exchange = d.pointwise(EXCHANGE, "the quantilizer is full above the threshold and empty below it")
    mean = d.integrate(exchange)
    none = d.arithmetic(eq(E((w - v) * (u - tau)), 0), "a rival that does as well leaves nothing to gain", [mean])
    d.conclude(d.vanishes(exchange, none), "off the threshold the other factor is not zero")


def dominates(d):
    # The same exchange with the step function of u in place of u.
    step, at_threshold = indicator(u >= t), indicator(tau >= t)
    exchange = d.pointwise(ge((w - v) * (step - at_threshold), 0), "a step at t rises where u does")
    d.conclude(d.integrate(exchange), "E[w] = E[v] = 1 cancels the value at the threshold")


DERIVATION = {"optimal": optimal, "unique": unique, "dominates": dominates}
