r"""# Extremal Goodhart

The quantilizer is full above its threshold and empty below, so the truth of the slice is an integral over it. At a stricter
level the slice loses its worst scores: what that does to the truth depends on whether those are worth more than the rest.
"""

from functools import cache

import sympy as sp

from qtheory.claims.extremal_goodhart import AFTER, PENALTY, PHI, V, start, worth, x
from qtheory.claims.utility_antitone import CLAIM as ANTITONE
from qtheory.prover.locate import script
from qtheory.prover.proof import carry_out
from qtheory.symbols import E, eq, ge, indicator, q, r, t, tau, u, w, w2

ANTITONE_DERIVATION = script("utility_antitone").DERIVATION


def quadratic(d):
    both = indicator(sp.And(u >= tau, u >= start))
    score = d.integrate(d.pointwise(eq(w * u, u * indicator(u >= tau) / q), "full from the threshold on, empty below"))
    penalty = d.integrate(
        d.pointwise(
            eq(w * PENALTY, (u - start) ** 2 * both / q), "no penalty before the start, none below the threshold"
        )
    )
    d.conclude([score, penalty])


def normal_penalty(d):
    (integral,) = d.part.conclusion.atoms(sp.Integral)
    d.conclude(d.integral(integral, -(x - 2 * start) * PHI - (1 + start**2) * sp.erfc(x / sp.sqrt(2)) / 2))


def share_beyond(d):
    """The share of the slice beyond t: all of it where t lies below the threshold, else what is beyond over q."""
    most = d.integrate(d.pointwise(w * AFTER <= AFTER / q, "the density ratio is at most 1/q"))
    whole = d.integrate(d.pointwise(w * AFTER <= w, "a share"))
    low = d.integrate(d.pointwise(ge(indicator(t < tau) * (w * AFTER - w), 0), "below the threshold nothing is played"))
    high = d.integrate(d.pointwise(ge(indicator(t >= tau) * (w * AFTER - AFTER / q), 0), "above it all is full"))
    return [most, whole, low, high]


def regime(d):
    parts = share_beyond(d)
    share = d.arithmetic(eq(E(w * AFTER), sp.Min(1, E(AFTER) / q)), "E[w] = 1", parts)
    d.conclude(share, "E is linear")


def regime_bound(d):
    most, *_ = share_beyond(d)
    d.conclude(most, "E is linear")


def harder_loses(d):
    harder(d, 1)


def harder_gains(d):
    harder(d, -1)


@cache
def nested():
    return carry_out(ANTITONE.slug, ANTITONE.part("nested"), ANTITONE_DERIVATION["nested"])


def harder(d, sign):
    """The laxer slice is the stricter one and what that drops, which is worth more (or less) than it is on average."""
    fits = d.theorem(nested(), {}, "the slices are nested")
    dropped = sign * (r * w2 - q * w) * (V - worth)
    local = d.integrate(d.pointwise(ge(dropped, 0), "what is dropped", [fits]))
    rest = d.arithmetic(ge(sign * (r - q) * (worth - E(w * V)), 0), "and what is kept")
    total = d.arithmetic(ge(sign * r * (E(w2 * V) - E(w * V)), 0), "E[w] = 1 for both", [local, rest])
    d.conclude(total, "a level is positive")


DERIVATION = {
    "quadratic": quadratic,
    "normal-penalty": normal_penalty,
    "regime": regime,
    "regime-bound": regime_bound,
    "harder-loses": harder_loses,
    "harder-gains": harder_gains,
}
