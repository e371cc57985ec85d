r"""# A budget for the worst capped cost

Let $A = E(U-t)^+$. At price $\lambda$ a policy earns above the level at most $\lambda A$ for what is below the price, and
at most the distance to the top for the mass above it, of which the budget allows $(\varepsilon/C)(1/q - \lambda)$. If
$(\varepsilon/C)$ times the distance is at most $A$, that is at most $A/q$, which the quantilizer earns. Otherwise lowering
the price by $\delta$ loses $\delta A$ and gains $\delta(\varepsilon/C)$ times the distance.
"""

import sympy as sp

from qtheory.claims.bounded_budget import above, best, gain, level, mass, moved, price, spike
from qtheory.claims.fits_under import bad, delta
from qtheory.claims.quantilizer_optimality import CLAIM as OPTIMALITY
from qtheory.prover.lemmas.lemma import X, Y
from qtheory.prover.lemmas.signs import SAME_SIGN
from qtheory.prover.locate import script
from qtheory.prover.proof import carry_out
from qtheory.symbols import C, E, Scalar, epsilon, eq, ge, indicator, q, t, u, v, w

OPTIMALITY_DERIVATION = script("quantilizer_optimality").DERIVATION
EXCESS, SPIKED = sp.Max(u - t, 0), sp.Max(v - price, 0)
SPIKED_POLICY = eq(v, w - delta * above + moved * level + spike * bad)
excess, over, mean = Scalar("excess"), Scalar("over"), Scalar("mean")


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
    far = d.lemma(
        SAME_SIGN,
        {X: SPIKED, Y: best - t - EXCESS},
        "what exceeds the price earns at most the distance",
        [signs, below],
    )
    sizes = [
        d.arithmetic(
            over >= 0, "a positive part", [d.integrate(d.pointwise(ge(SPIKED, 0), "a positive part")), names[1]]
        ),
        d.arithmetic(
            excess >= 0, "a positive part", [d.integrate(d.pointwise(ge(EXCESS, 0), "a positive part")), names[0]]
        ),
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


def regions(d):
    """The hypotheses about one action, without those about sums, in which solvers would lose themselves."""
    stated = (
        eq(bad, indicator(u >= best)),
        eq(above, indicator(u > t)),
        eq(level, indicator(eq(u, t))),
        ge(w, 0),
        sp.Implies(u > t, eq(w, 1 / q)),
        sp.Implies(u < t, eq(w, 0)),
        sp.Implies(level > 0, eq(mass * w, mass / q - 2 * delta)),
    )
    numbers = (best > t, mass > 0, delta > 0, q > 0)
    return [d.pointwise(x, "a hypothesis") for x in stated] + [d.arithmetic(x, "a hypothesis") for x in numbers]


def ledger(d):
    """What is taken from above the level goes to the spike and to the level, and the level has room for it."""
    known = regions(d)
    local = eq(mass * w, mass * above / q + level * (mass / q - 2 * delta))
    played = d.integrate(d.pointwise(local, "full above the level, partial at it", known, alone=True))
    whole = d.arithmetic(eq(mass / q - 2 * delta, 1 - E(above) / q), "E[w] = 1", [played])
    spiked = d.arithmetic(eq(C * spike * E(bad), delta * epsilon), "the spike")
    rest = d.arithmetic(eq(C * moved * mass, delta * (C * E(above) - epsilon)), "what is left")
    disjoint = d.integrate(d.pointwise(level + above <= 1, "no action is at the level and above it", known, alone=True))
    inside = d.integrate(d.pointwise(ge(above, 0), "an indicator", known, alone=True))
    full = d.integrate(d.pointwise(above <= q * w, "full above the level", known, alone=True))
    sizes = d.arithmetic(
        sp.And(mass + E(above) <= 1, E(above) >= 0, E(above) <= q), "probabilities", [disjoint, inside, full]
    )
    positive = d.arithmetic(ge(spike, 0), "the spike adds", [spiked])
    return known, whole, spiked, rest, sizes, positive


def mass_of(d, spiked, rest):
    total = d.integrate(d.pointwise(SPIKED_POLICY, "a hypothesis"))
    scaled = d.arithmetic(
        eq(C * E(v), C - C * delta * E(above) + C * moved * mass + C * spike * E(bad)), "times the cap", [total]
    )
    one = d.arithmetic(eq(C * E(v), C), "nothing is lost", [scaled, spiked, rest])
    return d.arithmetic(eq(E(v), 1), "divide by the cap", [one])


def spike_is_a_policy(d):
    known, whole, spiked, rest, sizes, positive = ledger(d)
    half = d.arithmetic(2 * delta * q <= 1, "it is half of what the level has room for", [whole, sizes])
    down = d.arithmetic(C * moved * mass >= -C * delta * (q - E(above)), "the mean is at most q of the cap", [rest])
    least = d.arithmetic(moved * mass >= -delta * (q - E(above)), "divide by the cap", [down])
    room = d.arithmetic(
        eq(q - E(above), mass - 2 * delta * q), "what the quantilizer plays at the level, times q", [whole]
    )
    left = d.arithmetic(
        ge(q * moved * mass + mass - 2 * delta * q, 0), "more than is taken from it", [least, room, half, sizes]
    )
    local = d.pointwise(SPIKED_POLICY, "a hypothesis")
    ratio = d.pointwise(v >= 0, "above the level, at it and below", [*known, local, positive, half, left], alone=True)
    d.conclude([mass_of(d, spiked, rest), ratio])


def spike_within_budget(d):
    known, whole, spiked, rest, sizes, positive = ledger(d)
    half = d.arithmetic(2 * delta * q <= 1, "it is half of what the level has room for", [whole, sizes])
    up = d.arithmetic(C * moved * mass <= C * delta * q, "at most what is taken", [rest, sizes])
    most = d.arithmetic(moved * mass <= delta, "divide by the cap", [up])
    small = d.arithmetic(mass <= 1, "a probability", [sizes])
    local = d.pointwise(SPIKED_POLICY, "a hypothesis")
    over_ = d.pointwise(
        eq(sp.Max(v - (1 / q - delta), 0), spike * bad),
        "only the spike exceeds the lower price",
        [*known, local, positive, half, most, small],
        alone=True,
    )
    d.conclude([d.integrate(over_), spiked])


def necessary(d):
    known, _, spiked, rest, _, positive = ledger(d)
    local = d.pointwise(SPIKED_POLICY, "a hypothesis")
    change = d.pointwise(
        ge((v - w) * (u - t), -delta * EXCESS + spike * (best - t) * bad),
        "above the level, at it and at the top",
        [*known, local, positive],
        alone=True,
    )
    whole = mass_of(d, spiked, rest)
    gained = d.arithmetic(
        E(v * u) - E(w * u) >= -delta * E(EXCESS) + (best - t) * spike * E(bad),
        "both have mean one",
        [d.integrate(change), whole],
    )
    failed = d.arithmetic(eq(epsilon * (best - t), C * gain + C * E(EXCESS)), "by how much the criterion fails")
    value = d.arithmetic(
        eq(C * (best - t) * spike * E(bad), C * delta * gain + C * delta * E(EXCESS)),
        "what the spike earns",
        [spiked, failed],
    )
    plain = d.arithmetic(
        eq((best - t) * spike * E(bad), delta * gain + delta * E(EXCESS)), "divide by the cap", [value]
    )
    d.conclude([gained, plain])


def uncapped(d):
    optimal = carry_out(OPTIMALITY.slug, OPTIMALITY.part("optimal"), OPTIMALITY_DERIVATION["optimal"])
    d.conclude(d.theorem(optimal, {}, "of all policies of density ratio at most 1/q"))


def no_budget_to_spend(d):
    # A cost a little above its mean where the policy plays more than the base, and a little below elsewhere.
    more, step = indicator(v > 1), sp.Min(epsilon, C - epsilon)
    share = d.let(mean, E(more))
    bounds = d.integrate(d.pointwise(ge(more, 0), "an indicator"))
    under = d.integrate(d.pointwise(more <= 1, "an indicator"))
    unit = d.arithmetic(sp.And(mean >= 0, mean <= 1), "a probability", [bounds, under, share])
    cost = epsilon + step * (more - mean)
    ranged = d.pointwise(sp.And(cost >= 0, cost <= C), "within the cap", [unit])
    dual = d.pointwise(C * SPIKED >= cost * (v - price), "the price, and what exceeds it", [ranged])
    gained = d.integrate(d.pointwise(eq(more * (v - 1), sp.Max(v - 1, 0)), "where the ratio is above one"))
    d.conclude([d.integrate(dual), gained, share], "E[v] = 1")


DERIVATION = {
    "sufficient": sufficient,
    "quantilizer-within-budget": quantilizer_within_budget,
    "spike-is-a-policy": spike_is_a_policy,
    "spike-within-budget": spike_within_budget,
    "necessary": necessary,
    "uncapped": uncapped,
    "no-budget-to-spend": no_budget_to_spend,
}
