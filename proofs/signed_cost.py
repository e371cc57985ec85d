r"""# Costs that may be gains

Adding the depth $b$ makes the cost nonnegative, and the shift is the same under every policy.
"""

from qtheory.symbols import b, c, eq, q, w


def bound(d):
    local = d.pointwise(w * (c + b) <= (c + b) / q, "the shifted cost is not negative")
    d.conclude(d.integrate(local), "E[w] = 1, and the mean cost is at most epsilon")


def attained(d):
    local = d.pointwise(eq(w * (c + b), (c + b) / q), "where the action is not full the shifted cost is zero")
    d.conclude(d.integrate(local), "E[w] = 1")


def no_bound(d):
    d.conclude(note="expand both sides; E[w] = 1")


DERIVATION = {"bound": bound, "attained": attained, "no-bound": no_bound}
