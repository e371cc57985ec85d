r"""# Cost and regression

A density ratio that is a function of $U$ sees of a cost only $m = E[c \mid U]$. So the shift of the mean cost is
$E[(w - 1)(m - E m)]$, and Cauchy and Schwarz bound it: $E[(a (m - E m) - b (w - 1))^2] \ge 0$ with $a$ the shift's
divergence and $b$ the shift.
"""

import sympy as sp

from qtheory.claims.cost_regression import VARIANCE, VARIANCE_OF_THE_MEAN, eta
from qtheory.symbols import E, Scalar, c, ge, m, q, w

SHIFT = E(w * c) - E(c)

mean = Scalar("mean")
mean_cost = Scalar("mean_cost")
shift = Scalar("shift")
spread = Scalar("spread")
variance = Scalar("variance")


def covariance(d):
    d.conclude(note="E[w] = 1")


def cauchy_schwarz(d):
    """The shift squared is at most the variance of m times chi-squared."""
    names = [
        d.let(mean, E(m)),
        d.let(spread, E(w**2) - 1),
        d.let(shift, E(w * m) - E(m)),
        d.let(variance, VARIANCE_OF_THE_MEAN),
    ]
    square = d.integrate(d.pointwise(ge((spread * (m - mean) - shift * (w - 1)) ** 2, 0), "a square", alone=True))
    scaled = d.arithmetic(spread * (spread * variance - shift**2) >= 0, "E[w] = 1", [*names, square])
    # Where chi-squared is zero this other square shows that the shift is.
    other = d.integrate(
        d.pointwise(ge((shift * (m - mean) - (variance + 1) * (w - 1)) ** 2, 0), "a square", alone=True)
    )
    flat = d.arithmetic(
        shift**2 * variance - 2 * (variance + 1) * shift**2 + (variance + 1) ** 2 * spread >= 0,
        "E[w] = 1",
        [*names, other],
    )
    above = d.integrate(d.pointwise(ge((m - mean) ** 2, 0), "a square", alone=True))
    spread_sign = d.arithmetic(
        spread >= 0, "E[w] = 1", [*names, d.integrate(d.pointwise(ge((w - 1) ** 2, 0), "a square", alone=True))]
    )
    variance_sign = d.arithmetic(variance >= 0, "a variance", [*names, above])
    signs = [spread_sign, variance_sign]
    bound = d.arithmetic(shift**2 <= variance * spread, "divide by chi-squared", [scaled, flat, *signs])
    return d.arithmetic(SHIFT**2 <= VARIANCE_OF_THE_MEAN * (E(w**2) - 1), "without the names", [*names, bound])


def any_divergence(d):
    d.conclude([cauchy_schwarz(d)])


def of_a_quantilizer(d):
    """The shift squared is at most the variance of m times 1/q - 1, and neither is negative."""
    bound = cauchy_schwarz(d)
    divergence = d.arithmetic(
        E(w**2) - 1 <= 1 / q - 1, "E[w] = 1", [d.integrate(d.pointwise(w**2 <= w / q, "0 <= w <= 1/q"))]
    )
    above = d.integrate(d.pointwise(ge((m - mean) ** 2, 0), "a square", alone=True))
    positive = d.arithmetic(VARIANCE_OF_THE_MEAN >= 0, "a variance", [d.facts[0], above])
    room = d.arithmetic(1 / q - 1 >= 0, "q is at most one")
    return d.arithmetic(
        SHIFT**2 <= VARIANCE_OF_THE_MEAN * (1 / q - 1), "of the quantilizer", [bound, divergence, positive]
    ), [positive, room]


def quantilizer(d):
    bound, signs = of_a_quantilizer(d)
    root = sp.sqrt(VARIANCE_OF_THE_MEAN * (1 / q - 1))
    rooted = d.arithmetic(SHIFT <= root, "take the root", [bound, *signs])
    d.conclude([rooted, *signs])


def correlation_ratio(d):
    bound, signs = of_a_quantilizer(d)
    all_of_it = d.arithmetic(
        SHIFT**2 <= eta**2 * (VARIANCE * (1 / q - 1)), "a share eta squared of the variance", [bound, *signs]
    )
    named = d.let(mean_cost, E(c))
    above = d.integrate(d.pointwise(ge((c - mean_cost) ** 2, 0), "a square", alone=True))
    positive = d.arithmetic(VARIANCE * (1 / q - 1) >= 0, "a variance", [named, above, *signs])
    root = sp.sqrt(VARIANCE * (1 / q - 1))
    rooted = d.arithmetic(SHIFT <= eta * root, "take the root", [all_of_it, positive])
    d.conclude([rooted, positive])


def at_most_all(d):
    square = d.integrate(d.pointwise(ge((c - m) ** 2, 0), "a square", alone=True))
    d.conclude([square], "m cannot tell c from m")


DERIVATION = {
    "covariance": covariance,
    "any-divergence": any_divergence,
    "quantilizer": quantilizer,
    "correlation-ratio": correlation_ratio,
    "at-most-all": at_most_all,
}
