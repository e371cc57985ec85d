r"""# Ties

Off the level at the threshold every quantilizer is full or empty, so two of them differ on that level alone, and there
the utility is the constant $\tau$. Spreading a given mass evenly over the level costs least in every convex function.
"""

from qtheory.claims.tie_invariance import AT_THRESHOLD, f_slope, f_v, f_w, share, slope
from qtheory.symbols import E, c, eq, ge, indicator, m, q, t, tau, u, v, w


def same_utility(d):
    d.conclude(d.integrate(d.pointwise(eq((v - w) * (u - tau), 0), "they differ only where u is the threshold")))


def same_law(d):
    step = indicator(u >= t) - indicator(tau >= t)
    d.conclude(d.integrate(d.pointwise(eq((v - w) * step, 0), "they differ only where u is the threshold")))


def costs_differ_at_the_threshold(d):
    level = indicator(AT_THRESHOLD)
    d.conclude(d.integrate(d.pointwise(eq(v * c - w * c, level * (v - w) * c), "elsewhere both are full or empty")))


def function_of_utility(d):
    for_each_level = indicator(u > tau) / q + indicator(AT_THRESHOLD) * share
    cost = d.integrate(d.pointwise(eq(w * c, for_each_level * c), "full above the threshold, a share at it"))
    mean = d.integrate(d.pointwise(eq(w * m, for_each_level * m), "full above the threshold, a share at it"))
    d.conclude([cost, mean], "on each part the cost has the mean of its mean")


def _above_the_tangent(d):
    off_the_level = d.pointwise(eq((f_slope - slope) * (v - w), 0), "the slope is one number where they differ")
    return d.pointwise(ge(f_v - f_w - slope * (v - w), 0), "f lies above its tangent", [off_the_level])


def least_divergence(d):
    d.conclude(d.integrate(_above_the_tangent(d)), "E[v] = E[w] = 1 cancels the slope")


def least_only_there(d):
    above = _above_the_tangent(d)
    none = d.arithmetic(eq(E(f_v - f_w - slope * (v - w)), 0), "the rival does as well", [d.integrate(above)])
    touching = d.vanishes(above, none)
    same = d.pointwise(eq((f_slope - slope) * (v - w), 0), "the slope is one number where they differ")
    d.conclude([touching, same], "a strictly convex f touches its tangent at one point")


def least_chi_squared(d):
    level = d.pointwise(eq((w - share) * (v - w), 0), "w is a constant where they differ")
    square = d.pointwise(eq(v**2, w**2 + (v - w) ** 2 + 2 * share * (v - w)), "expand the square", [level])
    d.conclude(d.integrate(square), "E[v] = E[w] = 1")


DERIVATION = {
    "same-utility": same_utility,
    "same-law": same_law,
    "costs-differ-at-the-threshold": costs_differ_at_the_threshold,
    "function-of-utility": function_of_utility,
    "least-divergence": least_divergence,
    "least-only-there": least_only_there,
    "least-chi-squared": least_chi_squared,
}
