r"""# Chi-squared pessimism

At one action $vU - \tfrac\beta2 v^2$ is largest, up to the price $\lambda$ of mass, at $w = (U-\lambda)^+/\beta$. Mass one is
$E(U-\lambda)^+ = \beta$, the equation of the reservation value, and two levels with the same mean excess are equal.
"""

import sympy as sp

from qtheory.claims.chi2_pessimism import ACCEPT, EXCESS, beta
from qtheory.symbols import E, Scalar, c, eq, ge, indicator, rho, tau, tau2, u, v, w, w2

ABOVE = sp.Max(u - tau2, 0)
kept, in_order, out_of_order = Scalar("kept"), Scalar("in_order"), Scalar("out_of_order")


def _gap(d):
    local = d.pointwise(
        ge((w - v) * (u - tau) - beta * (w**2 - v**2) / 2 - beta * (v - w) ** 2 / 2, 0), "stationarity, or no mass at w"
    )
    return d.integrate(local)


def optimal(d):
    square = d.integrate(d.pointwise(ge(beta * (v - w) ** 2, 0), "a square"))
    d.conclude([_gap(d), square], "both policies have mean one")


def value(d):
    square = d.integrate(d.pointwise(eq(beta**2 * w**2, EXCESS**2), "by its shape"))
    earned = d.integrate(d.pointwise(eq(w * (u - tau), beta * w**2), "by its shape"))
    d.conclude([square, earned], "E[w] = 1")


def utility(d):
    d.conclude(d.integrate(d.pointwise(eq(w * (u - tau), beta * w**2), "by its shape")), "E[w] = 1")


def unique(d):
    square = d.pointwise(ge(beta * (v - w) ** 2, 0), "a square")
    positive = d.integrate(square)
    zero = d.arithmetic(eq(E(beta * (v - w) ** 2), 0), "there is no gap", [_gap(d), positive])
    d.conclude([d.vanishes(square, zero)])


def normaliser(d):
    d.conclude(d.integrate(d.pointwise(eq(EXCESS, beta * w), "by its shape")), "E[w] = 1")


def _not_below(d, flag, low, high):
    """If one threshold were lower than the other, no excess over the higher one would be left."""
    name = d.let(flag, indicator(low < high))
    room = d.pointwise(
        ge(flag * (sp.Max(u - low, 0) - sp.Max(u - high, 0)), 0), "a higher level, a smaller excess", [name]
    )
    means = d.integrate(d.pointwise(eq(EXCESS, beta * w), "by its shape"))
    gone = d.vanishes(room, d.arithmetic(eq(E(room.statement.lhs), 0), "the mean excesses are the same", [means, name]))
    step = d.pointwise(
        eq(flag * (high - low) * sp.Max(u - high, 0), 0), "an excess falls by the whole step", [gone, name]
    )
    return d.arithmetic(low >= high, "but there is an excess", [d.integrate(step), means, name])


def _same(d):
    above, below = _not_below(d, in_order, tau, tau2), _not_below(d, out_of_order, tau2, tau)
    return d.arithmetic(eq(tau, tau2), "neither is lower", [above, below])


def same_threshold(d):
    d.conclude([_same(d)])


def _quantilizer(d):
    """The second policy in terms of the mass that it keeps."""
    name = d.let(kept, E(indicator(u >= tau2)))
    positive = d.arithmetic(kept > 0, "a hypothesis", [name])
    full = d.pointwise(sp.Implies(u >= tau2, eq(w2 * kept, 1)), "the base, given that it is kept", [name])
    return [positive, full]


def reservation_value(d):
    shape = _quantilizer(d)
    bounded = d.pointwise(kept * w2 * c <= c, "the density ratio is at most one over the mass kept", shape)
    played = d.pointwise(eq(kept * w2 * (u - tau2), ABOVE), "full above the threshold, empty below", shape)
    d.conclude([d.integrate(bounded), d.integrate(played), _same(d), shape[0]], "the mean excess is beta")


def never_below_the_quantilizer(d):
    shape = _quantilizer(d)
    square = Scalar("square")
    played = d.integrate(d.pointwise(eq(kept * w2 * (u - tau2), ABOVE), "full above the threshold, empty below", shape))
    earned = d.integrate(d.pointwise(eq(w * (u - tau), beta * w**2), "by its shape"))
    name = d.let(square, E(w**2))
    same = _same(d)
    local = d.pointwise(
        ge(kept * w**2 - 2 * w + w2, 0),
        "(kept w - 1)^2 over kept where it is full; empty both elsewhere",
        [*shape, same],
    )
    spread = d.arithmetic(kept * square >= 1, "both have mean one", [d.integrate(local), name])
    gap = d.arithmetic(eq(kept * (E(w2 * u) - tau2), beta), "the mean excess is beta", [played])
    d.conclude([gap, earned, spread, name, same, shape[0]], "beta over the mass kept is at most beta E[w^2]")


def largest_ratio(d):
    d.conclude(note="by its shape")


def _positive(d):
    mass = d.integrate(d.pointwise(w <= rho, "a hypothesis"))
    return d.arithmetic(rho >= 1, "E[w] = 1", [mass])


def acceptance(d):
    large = _positive(d)
    line = d.integrate(d.pointwise(eq(ACCEPT, w / rho), "the ratio is at most rho", [large]))
    d.conclude([line, large], "E[w] = 1")


def accepted_law(d):
    large = _positive(d)
    line = d.pointwise(eq(ACCEPT, w / rho), "the ratio is at most rho", [large])
    name = d.let(kept, E(ACCEPT))
    rate = d.arithmetic(eq(kept * rho, 1), "E[w] = 1", [d.integrate(line), name, large])
    product = d.pointwise(eq(w * kept, ACCEPT), "times the rate", [line, rate, large])
    d.conclude([product, name, large])


DERIVATION = {
    "optimal": optimal,
    "value": value,
    "utility": utility,
    "unique": unique,
    "normaliser": normaliser,
    "same-threshold": same_threshold,
    "reservation-value": reservation_value,
    "never-below-the-quantilizer": never_below_the_quantilizer,
    "largest-ratio": largest_ratio,
    "acceptance": acceptance,
    "accepted-law": accepted_law,
}
