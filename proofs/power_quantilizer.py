r"""# Costs known by their p-th moment

Young's inequality $xy \le x^p/p + y^{p'}/p'$ at the right scale is Hoelder's. The tangent of $x^p$ at the excess
$e = (U-t)^+$ has slope $p e^{p-1}$, the shape of the policy: no cost of that moment is worse for it than $e$.
"""

import sympy as sp

from qtheory.claims.power_quantilizer import ABOVE, CLAIM, EXCESS, budget, gain, higher, order, other, p, power, s
from qtheory.claims.quantilizer_optimality import CLAIM as OPTIMALITY
from qtheory.prover.lemmas.equals import POWER_OF_EQUALS
from qtheory.prover.lemmas.lemma import N, P, X, Y
from qtheory.prover.lemmas.powers import (
    BERNOULLI,
    POWER_ABOVE_TANGENT_AT_ZERO,
    POWER_IS_EXPONENTIAL,
    POWER_OF_POWER,
    POWER_OF_PRODUCT,
    POWER_TANGENT,
    YOUNG,
)
from qtheory.prover.lemmas.powers_from_zero import (
    POWER_OF_EQUALS_FROM_ZERO,
    POWER_OF_POWER_FROM_ZERO,
    POWER_OF_PRODUCT_FROM_ZERO,
    POWER_TIMES_BASE,
)
from qtheory.prover.locate import script
from qtheory.prover.proof import carry_out
from qtheory.symbols import C, E, Scalar, c, eq, ge, indicator, t, tau, tau2, u, v, w

PRIME = p / (p - 1)
OPTIMALITY_DERIVATION = script("quantilizer_optimality").DERIVATION
moment, dual, mean, scale, factor = (Scalar(name) for name in ("moment", "dual", "mean", "scale", "factor"))
dual_power, inverse, flag, kept = (Scalar(name) for name in ("dual_power", "inverse", "flag", "kept"))


def _theorem(d, name, derive, terms, note, using=()):
    return d.theorem(carry_out(CLAIM.slug, CLAIM.part(name), derive), terms, note, using)


def support(d):
    names = [d.let(moment, E(c**p)), d.let(dual, E(v**PRIME)), d.let(mean, E(v * c))]
    least = d.integrate(d.lemma(BERNOULLI, {X: v, P: PRIME}, "a convex power"))
    large = d.arithmetic(dual >= 1, "E[v] = 1", [least, *names])
    some = d.arithmetic(mean > 0, "a hypothesis", names)
    ratio = d.let(scale, mean / dual)
    positive = d.arithmetic(scale > 0, "a quotient", [ratio, large, some])
    number = d.let(factor, scale ** (p - 1))
    signs = [positive, d.arithmetic(factor > 0, "a power", [number, positive])]
    young = d.lemma(YOUNG, {X: c, Y: v * factor, P: p}, "at the right scale", signs)
    apart = d.lemma(POWER_OF_PRODUCT_FROM_ZERO, {X: v, Y: factor, P: PRIME}, "", signs)
    same = d.lemma(POWER_OF_EQUALS, {X: factor, Y: scale ** (p - 1), P: PRIME}, "", [*signs, number])
    twice = d.lemma(POWER_OF_POWER, {X: scale, P: p - 1, Y: PRIME}, "", signs)
    local = d.pointwise(
        v * factor * c <= c**p / p + (1 - 1 / p) * scale**p * v**PRIME,
        "in powers of the scale",
        [young, apart, same, twice, *signs],
    )
    step = d.lemma(POWER_TIMES_BASE, {X: scale, N: factor, P: p - 1}, "", [positive, number])
    whole = d.integrate(local)
    bound = d.arithmetic(
        scale**p * dual <= moment, "both sides at that scale", [whole, step, number, ratio, large, *signs, *names]
    )
    last = d.let(dual_power, dual ** (p - 1))
    products = [
        d.lemma(POWER_TIMES_BASE, {X: dual, N: dual_power, P: p - 1}, "", [last, large]),
        d.lemma(POWER_OF_PRODUCT, {X: scale, Y: dual, P: p}, "", [positive, large]),
        d.lemma(
            POWER_OF_EQUALS,
            {X: mean, Y: scale * dual, P: p},
            "",
            [some, d.arithmetic(eq(mean, scale * dual), "", [ratio, large])],
        ),
        d.lemma(POWER_OF_EQUALS, {X: mean, Y: E(v * c), P: p}, "", [some, *names]),
        d.lemma(POWER_OF_EQUALS, {X: dual, Y: E(v**PRIME), P: p - 1}, "", [large, *names]),
    ]
    above = d.arithmetic(dual_power > 0, "a power", [last, large])
    power_ = d.arithmetic(
        mean**p <= moment * dual_power,
        "times a power of the norm",
        [bound, above, *products[:3], last, *signs, some, large],
    )
    d.conclude([power_, last, *products[3:], *names, large, some])


def support_attained(d):
    names = [d.let(moment, E(c**p)), d.let(dual, E(v**PRIME)), d.let(mean, E(v * c)), d.let(inverse, 1 / gain)]
    positive = d.arithmetic(inverse > 0, "a mean of powers", names)
    shape = d.pointwise(eq(v, c ** (p - 1) * inverse), "a hypothesis", names)
    step = d.lemma(POWER_TIMES_BASE, {X: c, N: v * gain, P: p - 1})
    loss = d.integrate(d.pointwise(eq(v * c, inverse * c**p), "in powers of the cost", [step, *names]))
    same = d.lemma(POWER_OF_EQUALS_FROM_ZERO, {X: v, Y: c ** (p - 1) * inverse, P: PRIME}, "", [shape, positive])
    apart = d.lemma(POWER_OF_PRODUCT_FROM_ZERO, {X: c ** (p - 1), Y: inverse, P: PRIME}, "", [positive])
    twice = d.lemma(POWER_OF_POWER_FROM_ZERO, {X: c, P: p - 1, Y: PRIME})
    powers = [same, apart, twice, positive]
    norm = d.integrate(d.pointwise(eq(v**PRIME, inverse**PRIME * c**p), "in powers of the cost", powers))
    size = d.integrate(d.pointwise(ge(c**p, 0), "a power"))
    number = d.let(factor, inverse**PRIME)
    signs = [
        positive,
        d.arithmetic(factor > 0, "a power", [number, positive]),
        d.arithmetic(moment >= 0, "a mean of powers", [size, *names]),
    ]
    values = [
        d.arithmetic(eq(mean, moment * inverse), "the loss", [loss, *names]),
        d.arithmetic(eq(dual, moment * factor), "the norm", [norm, number, *names]),
        d.arithmetic(mean >= 0, "the loss", [loss, *signs, *names]),
        d.arithmetic(dual >= 0, "the norm", [norm, number, *signs, *names]),
    ]
    last = d.let(dual_power, moment ** (p - 1))
    powers = [
        d.lemma(POWER_OF_EQUALS_FROM_ZERO, {X: mean, Y: moment * inverse, P: p}, "", values),
        d.lemma(POWER_OF_EQUALS_FROM_ZERO, {X: dual, Y: moment * factor, P: p - 1}, "", values),
        d.lemma(POWER_OF_PRODUCT_FROM_ZERO, {X: moment, Y: inverse, P: p}, "", signs),
        d.lemma(POWER_OF_PRODUCT_FROM_ZERO, {X: moment, Y: factor, P: p - 1}, "", signs),
        d.lemma(POWER_OF_EQUALS, {X: factor, Y: inverse**PRIME, P: p - 1}, "", [number, *signs]),
        d.lemma(POWER_OF_POWER, {X: inverse, P: PRIME, Y: p - 1}, "", signs),
        d.lemma(POWER_TIMES_BASE, {X: moment, N: dual_power, P: p - 1}, "", [last, *signs]),
    ]
    equal = d.arithmetic(
        eq(mean**p, moment * dual ** (p - 1)), "the same powers of both", [*powers, last, *signs, values[2], values[3]]
    )
    own = [
        d.lemma(POWER_OF_EQUALS_FROM_ZERO, {X: mean, Y: E(v * c), P: p}, "", [*values, *names]),
        d.lemma(POWER_OF_EQUALS_FROM_ZERO, {X: dual, Y: E(v**PRIME), P: p - 1}, "", [*values, *names]),
    ]
    d.conclude([equal, *own, *names, values[2], values[3]])


def guaranteed(d):
    tangent = d.lemma(POWER_ABOVE_TANGENT_AT_ZERO, {X: c, Y: EXCESS, P: p}, "at the excess")
    scaled = d.pointwise(c**p - EXCESS**p >= p * gain * v * (c - EXCESS), "in terms of the ratio", [tangent])
    loss = d.arithmetic(E(v * c) <= E(v * EXCESS), "the moment is bounded", [d.integrate(scaled)])
    left = d.integrate(d.pointwise(eq(v * (u - EXCESS), t * v), "which leaves t where the policy plays"))
    mass = d.integrate(d.pointwise(eq(gain * v, EXCESS ** (p - 1)), "its shape"))
    d.conclude([loss, left, d.arithmetic(eq(E(v), 1), "a policy", [mass])])


def no_more(d):
    d.conclude(d.integrate(d.pointwise(v * (u - EXCESS) <= t * v, "what is left of u is at most t")), "E[v] = 1")


def penalised(d):
    names = [d.let(mean, E(v * EXCESS)), d.let(scale, E(v * u) - t)]
    left = d.integrate(d.pointwise(v * (u - EXCESS) <= t * v, "what is left of u is at most t"))
    some = d.arithmetic(E(v * EXCESS) > 0, "a hypothesis", [left])
    signs = [
        d.arithmetic(scale > 0, "a hypothesis", names),
        d.arithmetic(mean >= scale, "what is left is at most t", [left, *names]),
    ]
    tangent = d.lemma(POWER_TANGENT, {X: mean, Y: scale, P: p}, "a power increases", signs)
    powers = [
        d.lemma(POWER_OF_EQUALS, {X: mean, Y: E(v * EXCESS), P: p}, "", [*names, *signs]),
        d.lemma(POWER_OF_EQUALS, {X: scale, Y: E(v * u) - t, P: p}, "", [*names, *signs]),
    ]
    larger = d.arithmetic(scale**p <= mean**p, "a power increases", [tangent, *signs])
    hoelder = _theorem(d, "support", support, {c: EXCESS}, "the excess as a cost", [some])
    d.conclude([hoelder, larger, *powers, some, _norm_is_not_negative(d), *signs])


def _norm_is_not_negative(d):
    return d.integrate(d.pointwise(ge(v**PRIME, 0), "a power"))


def penalised_attained(d):
    mass = d.integrate(d.pointwise(eq(gain * v, EXCESS ** (p - 1)), "its shape"))
    played = d.integrate(d.pointwise(eq(v * (u - t), v * EXCESS), "the policy plays above t"))
    size = d.integrate(d.pointwise(ge(v * EXCESS, 0), "both are not negative"))
    same = d.arithmetic(eq(E(v * EXCESS), E(v * u) - t), "a policy", [mass, played])
    power_ = d.lemma(POWER_OF_EQUALS_FROM_ZERO, {X: E(v * EXCESS), Y: E(v * u) - t, P: p}, "", [same, size])
    hoelder = _theorem(d, "support-attained", support_attained, {c: EXCESS}, "the excess as a cost")
    d.conclude([hoelder, power_, same, size, _norm_is_not_negative(d)])


def one_root(d):
    over = sp.Max(u - s, 0)
    name = d.let(flag, indicator(t < s))
    tangent = d.lemma(POWER_ABOVE_TANGENT_AT_ZERO, {X: EXCESS, Y: over, P: p}, "at the smaller excess")
    gap = d.pointwise(
        flag * (EXCESS**p - over**p) >= flag * p * (s - t) * over ** (p - 1),
        "where there is an excess it falls by s - t",
        [tangent, name],
    )
    size = d.integrate(d.pointwise(ge(over ** (p - 1), 0), "a power"))
    none = d.pointwise(ge(flag * over ** (p - 1), 0), "a power", [name])
    zero = d.arithmetic(eq(E(none.statement.lhs), 0), "the moment would not fall", [d.integrate(gap), size, name])
    gone = d.pointwise(eq(flag * over**p, 0), "then there is no excess", [d.vanishes(none, zero)])
    d.conclude([d.integrate(gone), name], "but there is")


def order_one(d):
    name = d.let(kept, E(indicator(u >= tau)))
    positive = d.arithmetic(kept > 0, "a hypothesis", [name])
    full = d.pointwise(sp.Implies(u >= tau, eq(w * kept, 1)), "the base, given that it is kept", [name])
    bounded = d.pointwise(kept * w * c <= c, "the density ratio is at most one over the mass kept", [positive, full])
    played = d.pointwise(eq(kept * w * (u - tau), ABOVE), "full above the threshold, empty below", [positive, full])
    d.conclude([d.integrate(bounded), d.integrate(played), positive], "the mean excess is the budget")


def order_two(d):
    name = d.let(mean, E(ABOVE))
    positive = d.arithmetic(mean > 0, "a hypothesis", [name])
    shape = d.pointwise(eq(w * mean, ABOVE), "its shape", [name])
    square = d.pointwise(c**2 - ABOVE**2 >= 2 * mean * w * (c - ABOVE), "a square", [shape])
    left = d.integrate(d.pointwise(eq(w * (u - ABOVE), tau * w), "which leaves tau where the policy plays"))
    loss = d.arithmetic(E(w * c) <= E(w * ABOVE), "the moment is bounded", [d.integrate(square), positive])
    d.conclude([loss, left], "E[w] = 1")


def order_infinity(d):
    best = d.integrate(d.pointwise(eq(w * u, tau * w), "it plays the best actions"))
    loss = d.integrate(d.pointwise(w * c <= C * w, "the bound"))
    rival = d.integrate(d.pointwise(v * (u - C) <= (tau - C) * v, "no action is better"))
    d.conclude([best, loss, rival], "both policies have mean one")


def higher_moment(d):
    tangent = d.lemma(POWER_TANGENT, {X: c**p, Y: budget**p, P: higher / p}, "the power higher/p, at the budget")
    twice = d.lemma(POWER_OF_POWER_FROM_ZERO, {X: c, P: p, Y: higher / p})
    bound = d.lemma(POWER_OF_POWER, {X: budget, P: p, Y: higher / p})
    number = d.let(factor, (higher / p) * (budget**p) ** (higher / p - 1))
    positive = d.arithmetic(factor > 0, "a power", [number])
    local = d.pointwise(
        c**higher >= budget**higher + factor * (c**p - budget**p),
        "in powers of the cost",
        [tangent, twice, bound, number],
    )
    d.conclude([d.integrate(local), positive], "the lower moment is at least that of the budget")


def monotone(d):
    known = d.arithmetic(budget**higher > 0, "a power")
    moment_ = _theorem(d, "higher-moment", higher_moment, {c: ABOVE}, "the norm of higher order", [known])
    terms = {p: higher, s: tau, t: tau2}
    d.conclude(_theorem(d, "one-root", one_root, terms, "the lower level has the larger moment", [moment_, known]))


def renyi_norm(d):
    d.conclude([d.lemma(POWER_IS_EXPONENTIAL, {X: E(v**order), P: 1 / order}, "by definition of the power")])


def any_penalty_on_the_norm(d):
    raised = d.lemma(POWER_ABOVE_TANGENT_AT_ZERO, {X: other, Y: v, P: 1 + 1 / power}, "at the policy")
    shape = d.pointwise(eq(v, EXCESS**power), "a hypothesis")
    same = d.lemma(POWER_OF_EQUALS_FROM_ZERO, {X: v, Y: EXCESS**power, P: 1 / power}, "", [shape])
    root = d.lemma(POWER_OF_POWER_FROM_ZERO, {X: EXCESS, P: power, Y: 1 / power}, "the root of the power")
    slope = d.pointwise(eq(v ** (1 / power), EXCESS), "the slope is the excess", [same, root])
    local = d.pointwise(
        power * (other ** (1 + 1 / power) - v ** (1 + 1 / power)) >= (power + 1) * EXCESS * (other - v),
        "the tangent",
        [raised, slope],
    )
    level = d.pointwise(EXCESS * (other - v) >= (u - t) * (other - v), "the policy is empty below t")
    gain_ = d.arithmetic(E(EXCESS * other) <= E(EXCESS * v), "the norm is no larger", [d.integrate(local)])
    d.conclude([gain_, d.integrate(level)], "the same mass")


def largest_ratio(d):
    optimal = carry_out(OPTIMALITY.slug, OPTIMALITY.part("optimal"), OPTIMALITY_DERIVATION["optimal"])
    d.conclude(d.theorem(optimal, {}, "the quantilizer is optimal"))


DERIVATION = {
    "support": support,
    "support-attained": support_attained,
    "guaranteed": guaranteed,
    "no-more": no_more,
    "penalised": penalised,
    "penalised-attained": penalised_attained,
    "one-root": one_root,
    "order-one": order_one,
    "order-two": order_two,
    "order-infinity": order_infinity,
    "higher-moment": higher_moment,
    "monotone": monotone,
    "renyi-norm": renyi_norm,
    "any-penalty-on-the-norm": any_penalty_on_the_norm,
    "largest-ratio": largest_ratio,
}
