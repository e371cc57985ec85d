r"""# A budget for the worst capped cost

Let $A = E(U-t)^+$. At price $\lambda$ a policy earns above the level at most $\lambda A$ for what is below the price, and
at most the distance to the top for the mass above it, of which the budget allows $(\varepsilon/C)(1/q - \lambda)$. If
$(\varepsilon/C)$ times the distance is at most $A$, that is at most $A/q$, which the quantilizer earns. Otherwise lowering
the price by $\delta$ loses $\delta A$ and gains $\delta(\varepsilon/C)$ times the distance.
"""

import sympy as sp

from qtheory.claims.bounded_budget import above, best, level, moved, price, spike
from qtheory.claims.fits_under import bad, delta
from qtheory.claims.quantilizer_optimality import CLAIM as OPTIMALITY
from qtheory.prover.lemmas.lemma import X, Y
from qtheory.prover.lemmas.signs import SAME_SIGN
from qtheory.prover.locate import script
from qtheory.prover.proof import carry_out
from qtheory.symbols import C, E, Scalar, epsilon, eq, ge, q, t, u, v, w

OPTIMALITY_DERIVATION = script("quantilizer_optimality").DERIVATION
EXCESS, SPIKED = sp.Max(u - t, 0), sp.Max(v - price, 0)
excess, over = Scalar("excess"), Scalar("over")


def earned(d):
    """What the quantilizer earns above the level: the mean excess over q."""
    return d.integrate(d.pointwise(eq(w * (u - t), EXCESS / q), "full above the level, empty below it"))


def sufficient(d):
    names = [d.let(excess, E(EXCESS)), d.let(over, E(SPIKED))]
    reach = d.integrate(d.pointwise(ge(w * (best - t), 0), "what is played lies between the level and the top"))
    distance = d.arithmetic(ge(best - t, 0), "E[w] = 1", [reach])
    signs = d.pointwise(sp.And(EXCESS >= 0, SPIKED >= 0, price + SPIKED - v >= 0), "positive parts", alone=True)
    kept = d.pointwise(ge(v * (EXCESS - u + t), 0), "the excess is at least u less the level")
    split = d.lemma(SAME_SIGN, {X: price + SPIKED - v, Y: EXCESS}, "the price, and what exceeds it", [signs])
    below = d.pointwise(ge(best - t - EXCESS, 0), "no action is above the top", [distance])
    far = d.lemma(SAME_SIGN, {X: SPIKED, Y: best - t - EXCESS}, "what exceeds the price earns at most the distance", [signs, below])
    sizes = [
        d.arithmetic(over >= 0, "a positive part", [d.integrate(d.pointwise(ge(SPIKED, 0), "a positive part")), names[1]]),
        d.arithmetic(excess >= 0, "a positive part", [d.integrate(d.pointwise(ge(EXCESS, 0), "a positive part")), names[0]]),
    ]
    rival = d.arithmetic(
        E(v * u) - t <= price * excess + (best - t) * over,
        "what the rival earns above the level",
        [*map(d.integrate, (kept, split, far)), *names],
    )
    budget = d.arithmetic(C * over <= epsilon * (1 / q - price), "the budget for what exceeds the price", names)
    left = d.arithmetic(1 / q - price >= 0, "the price alone is within the budget", [budget, sizes[0]])
    criterion = d.arithmetic(epsilon * (best - t) <= C * excess, "the criterion", names)
    spent = d.arithmetic(
        (best - t) * C * over <= (best - t) * epsilon * (1 / q - price), "times the distance", [budget, distance]
    )
    paid = d.arithmetic(
        (best - t) * epsilon * (1 / q - price) <= C * excess * (1 / q - price), "by the criterion", [criterion, left]
    )
    worth = d.arithmetic((best - t) * over <= excess * (1 / q - price), "divide by the cap", [spent, paid])
    d.conclude([rival, worth, earned(d), *names], "at most the mean excess over q")


def quantilizer_within_budget(d):
    d.conclude(d.integrate(d.pointwise(eq(sp.Max(w - 1 / q, 0), 0), "the ratio is at most 1/q")))


def masses(d):
    """What is taken from above the level goes to the spike and to the level."""
    return [
        d.arithmetic(eq(spike * E(bad), delta * epsilon / C), "the spike"),
        d.arithmetic(eq(moved * E(level), delta * E(above) - delta * epsilon / C), "what is left"),
    ]


def spike_is_a_policy(d):
    mass = d.integrate(d.pointwise(eq(v, w - delta * above + moved * level + spike * bad), "a hypothesis"))
    whole = d.arithmetic(eq(E(v), 1), "nothing is lost", [mass, *masses(d)])
    positive = d.arithmetic(ge(spike, 0), "the spike adds", masses(d))
    d.conclude([whole, d.pointwise(v >= 0, "above the level, at it and below", [positive])])


def spike_within_budget(d):
    positive = d.arithmetic(ge(spike, 0), "the spike adds", masses(d))
    local = d.pointwise(
        eq(sp.Max(v - (1 / q - delta), 0), spike * bad), "only the spike exceeds the lower price", [positive]
    )
    d.conclude([d.integrate(local), *masses(d)])


def necessary(d):
    change = d.pointwise(
        eq((v - w) * (u - t), -delta * EXCESS + spike * (best - t) * bad), "above the level, at it and at the top"
    )
    mass = d.integrate(d.pointwise(eq(v, w - delta * above + moved * level + spike * bad), "a hypothesis"))
    parts = masses(d)
    whole = d.arithmetic(eq(E(v), 1), "nothing is lost", [mass, *parts])
    gain = d.arithmetic(
        eq(E(v * u) - E(w * u), -delta * E(EXCESS) + (best - t) * spike * E(bad)), "both have mean one", [d.integrate(change), whole]
    )
    better = d.arithmetic(delta * (epsilon * (best - t) - C * E(EXCESS)) > 0, "the criterion fails")
    scaled = d.arithmetic(C * spike * E(bad) * (best - t) > C * delta * E(EXCESS), "the spike gains more", [better, *parts])
    d.conclude([gain, scaled], "divide by the cap")


def uncapped(d):
    optimal = carry_out(OPTIMALITY.slug, OPTIMALITY.part("optimal"), OPTIMALITY_DERIVATION["optimal"])
    d.conclude(d.theorem(optimal, {}, "of all policies of density ratio at most 1/q"))


def no_budget_to_spend(d):
    name = d.let(over, E(SPIKED))
    above_price = d.integrate(d.pointwise(ge(SPIKED, v - price), "a positive part"))
    positive = d.integrate(d.pointwise(ge(SPIKED, 0), "a positive part"))
    least = d.arithmetic(sp.And(over >= 1 - price, over >= 0), "E[v] = 1", [above_price, positive, name])
    scaled = d.arithmetic(price * epsilon + C * (1 - price) <= epsilon, "even without a spike", [least, name])
    low = d.arithmetic((C - epsilon) * (1 - price) <= 0, "collect", [scaled])
    at_least = d.arithmetic(price >= 1, "the mean is below the cap", [low])
    at_most = d.arithmetic(epsilon * (price - 1) <= 0, "nothing is left for a spike", [least, name])
    one = d.arithmetic(eq(price, 1), "the mean is positive", [at_least, at_most])
    nothing = d.arithmetic(eq(E(SPIKED), 0), "no spike", [one, least, name])
    under = d.vanishes(d.pointwise(ge(SPIKED, 0), "a positive part"), nothing)
    gap = d.pointwise(ge(1 - v, 0), "the ratio is at most one", [under, one])
    d.conclude(d.vanishes(gap, d.arithmetic(eq(E(1 - v), 0), "E[v] = 1")))


DERIVATION = {
    "sufficient": sufficient,
    "quantilizer-within-budget": quantilizer_within_budget,
    "spike-is-a-policy": spike_is_a_policy,
    "spike-within-budget": spike_within_budget,
    "necessary": necessary,
    "uncapped": uncapped,
    "no-budget-to-spend": no_budget_to_spend,
}
