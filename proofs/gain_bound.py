r"""# What divergence buys

The gain is the covariance of the density ratio and the utility, so its square is at most the product of their
variances: integrate squares of their combinations. The variance of a quantilizer's ratio is at most $1/q - 1$.
"""

import sympy as sp

from qtheory.claims.gain_bound import f, mean, value
from qtheory.symbols import E, Scalar, eq, ge, q, t, u, v, w

average, gain, variance, divergence, left = (Scalar(x) for x in ("average", "gain", "variance", "divergence", "left"))
total = Scalar("total")


def _cauchy_schwarz(d, ratio):
    """The square of the gain is at most variance times divergence; the names, and that neither is negative."""
    names = [
        d.let(average, E(u)),
        d.let(variance, E(u**2) - E(u) ** 2),
        d.let(gain, E(ratio * u) - E(u)),
        d.let(divergence, E(ratio**2) - 1),
    ]
    spread, move = u - average, ratio - 1
    own = d.integrate(d.pointwise(ge(spread**2, 0), "a square"))
    other = d.integrate(d.pointwise(ge(move**2, 0), "a square"))
    signs = [
        d.arithmetic(ge(variance, 0), "the mean of a square", [own, *names]),
        d.arithmetic(ge(divergence, 0), "the mean of a square, and the ratio has mean one", [other, *names]),
    ]
    mixed = d.integrate(d.pointwise(ge((variance * move - gain * spread) ** 2, 0), "a square"))
    product = d.arithmetic(ge(variance * (variance * divergence - gain**2), 0), "expanded", [mixed, *names])
    steep = d.integrate(d.pointwise(ge((gain * move - (divergence + 1) * spread) ** 2, 0), "a square"))
    expanded = gain**2 * divergence - 2 * gain**2 * (divergence + 1) + (divergence + 1) ** 2 * variance
    flat = d.arithmetic(ge(expanded, 0), "expanded", [steep, *names])
    none = d.arithmetic(sp.Implies(eq(variance, 0), eq(gain, 0)), "no spread, no gain", [flat, *signs])
    return (
        d.arithmetic(gain**2 <= variance * divergence, "divide by the variance", [product, none, *signs]),
        names,
        signs,
    )


def any_policy(d):
    product, names, signs = _cauchy_schwarz(d, v)
    root = d.arithmetic(gain <= sp.sqrt(variance * divergence), "take the root", [product, *signs])
    d.conclude([root, *names, *signs])


def bound(d):
    product, names, signs = _cauchy_schwarz(d, w)
    chord = d.integrate(d.pointwise(w**2 <= w / q, "the density ratio is between 0 and 1/q"))
    level = d.arithmetic(divergence <= 1 / q - 1, "the ratio has mean one", [chord, *names])
    more = d.arithmetic(
        variance * divergence <= variance * (1 / q - 1), "the variance is not negative", [level, *signs]
    )
    square = d.arithmetic(gain**2 <= variance * (1 / q - 1), "so the square of the gain", [product, more])
    room = d.arithmetic(ge(1 / q - 1, 0), "a level is at most one")
    d.conclude([square, names[1], names[2], *signs, room], "take the root")


def attained(d):
    affine = mean + t * (w - 1)
    moments = [
        d.integrate(d.pointwise(eq(f, affine), "a hypothesis")),
        d.integrate(d.pointwise(eq(w * f, w * affine), "a hypothesis")),
        d.integrate(d.pointwise(eq(f**2, affine**2), "a hypothesis")),
        d.integrate(d.pointwise(eq(w**2, w / q), "no action is partial")),
    ]
    d.conclude(moments, "both sides are t^2 (1/q - 1)^2")


def _no_distance(d):
    """The mean square of what keeps the utility from being affine in the ratio is zero."""
    moved = d.let(gain, value - mean)
    rest = d.let(left, 1 - q)
    spread, move = u - mean, w - 1
    square = d.pointwise(ge((q * gain * move - left * spread) ** 2, 0), "a square")
    chord = d.integrate(d.pointwise(q * w**2 <= w, "the density ratio is between 0 and 1/q"))
    parts = [
        d.let(divergence, E(move**2)),
        d.let(variance, E(spread**2)),
        d.arithmetic(eq(E(move * spread), gain), "E[w] = 1", [moved]),
    ]
    room = d.arithmetic(ge(left - q * divergence, 0), "E[w] = 1", [chord, rest, parts[0]])
    tight = d.arithmetic(eq(q * gain**2, variance * left), "the hypothesis", [moved, rest, parts[1]])
    mean_square = E((q * gain * move - left * spread) ** 2)
    called = d.let(total, mean_square)
    sum_of_squares = q**2 * gain**2 * divergence - 2 * q * gain**2 * left + left**2 * variance
    expanded = d.arithmetic(eq(total, sum_of_squares), "expanded", [called, *parts])
    defect = q * gain**2 * (left - q * divergence)
    short = d.arithmetic(eq(total, -defect), "by the equality", [expanded, tight])
    sign = d.arithmetic(ge(defect, 0), "the chord", [room])
    least = d.arithmetic(ge(total, 0), "the mean of a square", [called, d.integrate(square)])
    zero = d.arithmetic(eq(total, 0), "neither negative nor positive", [short, sign, least])
    none = d.arithmetic(eq(mean_square, 0), "which it names", [called, zero])
    short = d.arithmetic(eq(defect, 0), "so nothing is left", [short, zero])
    return square, none, short, [moved, rest, parts[0], room]


def only_then(d):
    square, none, _, (moved, rest, *_) = _no_distance(d)
    same = d.vanishes(square, none)
    root = q * gain * (w - 1) - left * (u - mean)
    zero = d.pointwise(eq(root, 0), "a square that is zero", [same], alone=True)
    d.conclude([zero, moved, rest], "by the names")


def only_without_partial(d):
    _, _, short, names = _no_distance(d)
    over = d.pointwise(ge(w * (1 - q * w), 0), "the density ratio is between 0 and 1/q")
    spread = d.integrate(d.pointwise(ge((w - 1) ** 2, 0), "a square"))
    product = d.arithmetic(eq(gain**2 * (left - q * divergence), 0), "by the equality", [short])
    moving = d.arithmetic(sp.Or(eq(left, 0), gain**2 > 0), "spread and equality make a gain, at q < 1", names[:2])
    full = d.arithmetic(
        eq(left - q * divergence, 0), "the gain is zero only at q = 1", [product, moving, *names, spread]
    )
    nothing = d.arithmetic(eq(E(w * (1 - q * w)), 0), "the ratio has mean one", [full, *names])
    d.conclude(d.vanishes(over, nothing), "divide by q")


DERIVATION = {
    "any-policy": any_policy,
    "bound": bound,
    "attained": attained,
    "only-then": only_then,
    "only-without-partial": only_without_partial,
}
