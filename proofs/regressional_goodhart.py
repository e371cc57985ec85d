r"""# Regressional Goodhart

A quantilizer's density ratio takes one value above its threshold, one on it and none below, so the truth and its mean given
the score have the same mean under it. Normal laws make that mean linear: what is integrated is the derivative of the joint
density. And where the chance of passing is flat as far as the truth reaches, it tells nothing about the truth.
"""

from functools import cache

import sympy as sp

from qtheory.claims.regressional_goodhart import (
    ABOVE,
    CLAIM,
    FAR,
    JOINT,
    PHI,
    SHARE,
    TIED,
    TILTED,
    V,
    flatness,
    level,
    noise,
    passes,
    radius,
    s,
    signal,
)
from qtheory.prover.proof import carry_out
from qtheory.symbols import E, c, eq, m, q, tau, u, w


def same_error(d):
    """The error and its mean given the score have the same mean under the quantilizer."""
    own = d.integrate(d.pointwise(eq(w * c, c * ABOVE / q + level * c * TIED), "full above, alike on the threshold"))
    seen = d.integrate(d.pointwise(eq(w * m, m * ABOVE / q + level * m * TIED), "full above, alike on the threshold"))
    return d.arithmetic(eq(E(w * c), E(w * m)), "on each part both have the same mean", [own, seen])


def regression(d):
    d.conclude(same_error(d))


def linear(d):
    same = d.theorem(the_regression(), {}, "the error and its mean given the score")
    local = d.integrate(d.pointwise(eq(w * V, SHARE * w * u + w * c - w * m), "a share of the score, and what is left"))
    mean = d.arithmetic(eq(E(w * V), SHARE * E(w * u)), "what is left has mean zero", [local, same])
    d.conclude(mean, "multiply out")


@cache
def the_regression():
    return carry_out(CLAIM.slug, CLAIM.part("regression"), regression)


@cache
def the_linear_case():
    return carry_out(CLAIM.slug, CLAIM.part("linear"), linear)


def linear_gap(d):
    d.conclude(d.theorem(the_linear_case(), {}, "what is kept"))


def no_ceiling(d):
    kept = d.theorem(the_linear_case(), {}, "what is kept")
    reached = d.integrate(d.pointwise(w * u >= w * tau, "nothing below the threshold"))
    scaled = d.arithmetic(signal * E(w * u) >= signal * tau, "E[w] = 1", [reached])
    d.conclude([kept, scaled])


def normal_posterior(d):
    slope = -signal * noise / (signal + noise)
    (integral,) = d.part.conclusion.atoms(sp.Integral)
    d.conclude(d.integral(integral, slope * JOINT))


def normal_tail(d):
    (integral,) = d.part.conclusion.atoms(sp.Integral)
    d.conclude(d.integral(integral, -PHI))


def normal_tilt(d):
    (integral,) = d.part.conclusion.atoms(sp.Integral)
    d.conclude(d.integral(integral, -signal * TILTED))


def heavy_error_mass(d):
    up = d.integrate(d.pointwise(passes - s <= flatness * s + FAR, "flat within reach; at most one beyond"))
    down = d.integrate(d.pointwise(s - passes <= flatness * s + FAR, "flat within reach; at most one beyond"))
    d.conclude([up, down])


def heavy_error(d):
    near = sp.Implies(
        sp.Abs(V) <= radius, sp.And(passes - s <= flatness * s, s - passes <= flatness * s, evaluate=False)
    )
    flat = d.pointwise(near, "multiplied out")
    far = d.pointwise(sp.And(passes - s <= 1, s - passes <= 1, evaluate=False), "both are chances")
    bound = flatness * s * sp.Abs(V) + sp.Abs(V) * FAR
    size = d.pointwise(
        sp.And(passes - s <= flatness * s + FAR, s - passes <= flatness * s + FAR, evaluate=False),
        "by reach",
        [flat, far],
    )
    up = d.integrate(d.pointwise(V * passes - s * V <= bound, "times the truth", [size], alone=True))
    down = d.integrate(d.pointwise(s * V - V * passes <= bound, "times the truth", [size], alone=True))
    d.conclude([up, down])


DERIVATION = {
    "regression": regression,
    "linear": linear,
    "linear-gap": linear_gap,
    "no-ceiling": no_ceiling,
    "normal-posterior": normal_posterior,
    "normal-tail": normal_tail,
    "normal-tilt": normal_tilt,
    "heavy-error-mass": heavy_error_mass,
    "heavy-error": heavy_error,
}
