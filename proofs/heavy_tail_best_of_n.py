r"""# Best-of-n under heavy tails

One more draw changes the truth only where it wins, and by the difference of the posterior means of the two scores. So the
truth of best-of-n rises as long as new winners are expected to be truer than those whom they beat.
"""

import sympy as sp

from qtheory.claims.heavy_tail_best_of_n import (
    CHANGE,
    FAR,
    NEW_WINNER,
    V,
    at_best,
    best,
    flatness,
    fresh,
    radius,
    s,
    share,
    wins,
    x,
)
from qtheory.symbols import eq, n, v


def winner(d):
    (integral,) = d.part.conclusion.atoms(sp.Integral)
    d.conclude(d.integral(integral, x**n))


def change(d):
    return d.integrate(d.pointwise(eq(NEW_WINNER, at_best + CHANGE), "only where the new draw wins"))


def one_more_draw(d):
    d.conclude(change(d))


def rises(d):
    d.conclude(d.integrate(d.pointwise(NEW_WINNER >= at_best, "a new winner is truer")))


def linear(d):
    d.conclude(d.integrate(d.pointwise(eq(NEW_WINNER, share * sp.Max(best, fresh)), "the winner is the larger score")))


def falls(d):
    d.conclude(change(d))


def flat_chances(d):
    near = sp.Implies(sp.Abs(V) <= radius, sp.And(wins - s <= flatness * s, s - wins <= flatness * s, evaluate=False))
    flat = d.pointwise(near, "multiplied out")
    far = d.pointwise(sp.And(wins - s <= n, s - wins <= n, evaluate=False), "both are between 0 and n")
    size = sp.And(wins - s <= flatness * s + n * FAR, s - wins <= flatness * s + n * FAR, evaluate=False)
    known = d.pointwise(size, "by reach", [flat, far])
    bound = flatness * s * sp.Abs(V) + n * sp.Abs(V) * FAR
    up = d.integrate(d.pointwise(V * wins - s * V <= bound, "times the truth", [known], alone=True))
    down = d.integrate(d.pointwise(s * V - V * wins <= bound, "times the truth", [known], alone=True))
    d.conclude([up, down])


def no_more_than_n(d):
    d.conclude(d.integrate(d.pointwise(v * sp.Max(V, 0) <= n * sp.Max(V, 0), "the density ratio is at most n")))


DERIVATION = {
    "winner": winner,
    "one-more-draw": one_more_draw,
    "rises": rises,
    "linear": linear,
    "falls": falls,
    "flat-chances": flat_chances,
    "no-more-than-n": no_more_than_n,
}
