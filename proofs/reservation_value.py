r"""# Choosing q

Against costs known by their mean $\varepsilon$, the pair of the quantilizer with threshold $\tau$ and the cost
$(U - \tau)^+$ is a saddle point when $E(U - \tau)^+ = \varepsilon$: no cost of that mean brings the quantilizer below
$\tau$, and no policy gets above $\tau$ against that cost.
"""

import sympy as sp

from qtheory.claims.reservation_value import s, true_utility
from qtheory.claims.upper_cvar import CLAIM as DUAL
from qtheory.claims.upper_cvar import s as cvar_s
from qtheory.prover.locate import script
from qtheory.prover.proof import carry_out
from qtheory.symbols import E, Scalar, c, eq, ge, indicator, q, t, tau, u, v, w

lower_excess, higher_excess = Scalar("lower_excess"), Scalar("higher_excess")
DUAL_DERIVATION = script("upper_cvar").DERIVATION

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


def _falls(d, low, high):
    """The mean excess over the lower level is larger, if there is any over the higher one."""
    named = [d.let(lower_excess, E(sp.Max(u - low, 0))), d.let(higher_excess, E(sp.Max(u - high, 0)))]
    if_not = indicator(lower_excess <= higher_excess)
    gap = if_not * (sp.Max(u - low, 0) - sp.Max(u - high, 0))
    less = d.pointwise(ge(gap, 0), "a higher level, a smaller excess")
    none = d.arithmetic(eq(E(gap), 0), "the means would be the same", [*named, d.integrate(less)])
    nothing = d.vanishes(less, none)
    step = if_not * (high - low) * sp.Max(u - high, 0)
    whole = d.integrate(d.pointwise(eq(step, 0), "where there is an excess it falls by the whole step", [nothing]))
    return [*named, whole]


def one_root(d):
    d.conclude(_falls(d, s, t), "and there is an excess")


def _dual(d, name, terms, note):
    return d.theorem(carry_out(DUAL.slug, DUAL.part(name), DUAL_DERIVATION[name]), terms, note)


def optimal_levels(d):
    least = _dual(d, "quantiles-minimise", {cvar_s: tau}, "such a level minimises the dual form")
    value = _dual(d, "attained", {}, "and the quantilizer's own threshold does")
    most = _dual(d, "dual-bound", {}, "of which no value is below the quantilizer's")
    d.conclude([least, value, most])


def too_small_a_level(d):
    better = _dual(d, "too-low-does-not", {cvar_s: s}, "the other level has a smaller dual value")
    d.conclude([better, _dual(d, "dual-bound", {t: s}, "which bounds the quantilizer's")])


def too_large_a_level(d):
    better = _dual(d, "too-high-does-not", {cvar_s: s}, "the other level has a smaller dual value")
    d.conclude([better, _dual(d, "dual-bound", {t: s}, "which bounds the quantilizer's")])


def imitation(d):
    d.conclude(d.integrate(d.pointwise(eq(sp.Max(u - t, 0), u - t), "no utility lies below the level")))


def never_less_than_imitation(d):
    d.conclude(d.integrate(d.pointwise(sp.Max(u - t, 0) >= u - t, "a positive part")))


def imitation_ties_only_then(d):
    below = d.pointwise(ge(sp.Max(u - t, 0) - (u - t), 0), "a positive part")
    none = d.arithmetic(eq(E(sp.Max(u - t, 0) - (u - t)), 0), "the means agree", [d.integrate(below)])
    d.conclude(d.vanishes(below, none), "nothing is cut off")


def beats_doing_nothing(d):
    d.conclude(_falls(d, sp.Integer(0), t), "and there is an excess")


def beats_doing_nothing_then(d):
    low = indicator(t <= 0)
    more = d.integrate(d.pointwise(low * sp.Max(u, 0) <= low * sp.Max(u - t, 0), "a lower level, a larger excess"))
    d.conclude(more, "the excess over t is epsilon")


def mean_distance(d):
    loss = d.integrate(d.pointwise(w * (u - true_utility) <= sp.Abs(u - true_utility) / q, "the ratio is at most 1/q"))
    gain = d.integrate(d.pointwise(eq(w * (u - tau), EXCESS / q), "full above the threshold, empty below"))
    paid = d.arithmetic(E(sp.Abs(u - true_utility)) / q <= E(EXCESS) / q, "the distance is at most the excess")
    d.conclude([loss, gain, paid], "E[w] = 1")


def mean_distance_no_more(d):
    close = d.integrate(d.pointwise(eq(sp.Abs(u - sp.Min(u, t)), sp.Max(u - t, 0)), "what is cut off"))
    d.conclude([close, d.integrate(d.pointwise(v * sp.Min(u, t) <= t * v, "at most t is left"))], "E[v] = 1")


DERIVATION = {
    "guaranteed": guaranteed,
    "no-more": no_more,
    "every-level": every_level,
    "right-level": right_level,
    "one-root": one_root,
    "optimal-levels": optimal_levels,
    "too-small-a-level": too_small_a_level,
    "too-large-a-level": too_large_a_level,
    "imitation": imitation,
    "never-less-than-imitation": never_less_than_imitation,
    "imitation-ties-only-then": imitation_ties_only_then,
    "beats-doing-nothing": beats_doing_nothing,
    "beats-doing-nothing-then": beats_doing_nothing_then,
    "mean-distance": mean_distance,
    "mean-distance-no-more": mean_distance_no_more,
}
