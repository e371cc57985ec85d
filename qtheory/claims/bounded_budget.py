r"""A budget for the worst cost when costs are capped: when the quantilizer is still the best policy."""

from __future__ import annotations

import sympy as sp

from qtheory.claims.fits_under import bad, delta
from qtheory.optimizers.maximizer import Maximizer
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import C, E, OfAction, Scalar, epsilon, eq, indicator, lam, q, r, t, tau2, tau3, u, v, w, w2, w3

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
POLICY = (v >= 0, eq(E(v), 1))
best, price = Scalar("best"), Scalar("price", "nonnegative")
KNOWN = (epsilon > 0, C > 0)


def worst(ratio: sp.Expr, at: sp.Expr) -> sp.Expr:
    """An upper bound on the worst cost in [0, C] of mean epsilon, which is the worst cost for the best price."""
    return at * epsilon + C * E(sp.Max(ratio - at, 0))


# price * epsilon + C E(v - price)^+ <= epsilon/q, at a price below 1/q.
WITHIN_BUDGET = (price >= 0, price < 1 / q, C * E(sp.Max(v - price, 0)) / (1 / q - price) <= epsilon)
# A level of utility above which the quantilizer plays all it may, and below which it plays nothing.
SPLIT = (
    sp.Implies(sp.And(w > 0, w < 1 / q), eq(t, u)),
    sp.Implies(u > t, eq(w, 1 / q)),
    sp.Implies(u < t, eq(w, 0)),
)
EXCESS = E(sp.Max(u - t, 0))
# Take delta from what is above the level, give the mass it frees under the cap to the best actions, and the rest to
# the actions at the level, of which the quantilizer plays less than it may.
above, level = OfAction("above"), OfAction("level")
mass, spike, moved, gain = Scalar("mass"), Scalar("spike"), Scalar("moved"), Scalar("gain", "nonnegative")
SPIKE = (
    # The budget is at most the cap. E(w) is 1, and tells instances that the cap may be raised.
    epsilon * E(w) / q <= C,
    eq(bad, indicator(u >= best)),
    eq(above, indicator(u > t)),
    eq(level, indicator(eq(u, t))),
    best > t,
    E(bad) > 0,
    eq(E(level), mass),
    mass > 0,
    delta > 0,
    sp.Implies(level > 0, eq(delta, mass * (1 / q - w) / 2)),
    eq(delta * epsilon / (C * E(bad)), spike),
    eq(delta * (E(above) - epsilon / C) / E(level), moved),
    eq(v, w - delta * above + moved * level + spike * bad),
)

CLAIM = Claim(
    slug="bounded-budget",
    title="Under a budget for the worst capped cost the quantilizer is best exactly if the top is not too far above the "
    "threshold",
    kind="characterisation",
    source="derived here",
    limits="the budget is epsilon/q for costs in [0, C]; the level is that at which the base's mass first exceeds q",
    parts=(
        Part(
            "sufficient",
            E(v * u) <= E(w * u),
            given=(*POLICY, *KNOWN, *WITHIN_BUDGET, *SPLIT, u <= best, epsilon * (best - t) <= C * EXCESS),
            policies=QUANTILIZER,
            says="If epsilon/C times the distance from the level to the top is at most the mean excess over the level, "
            "no policy within the budget has more utility than the quantilizer.",
        ),
        Part(
            "quantilizer-within-budget",
            worst(w, 1 / q) <= epsilon / q,
            given=KNOWN,
            policies=QUANTILIZER,
            says="The quantilizer is within the budget.",
        ),
        Part(
            "spike-is-a-policy",
            sp.And(v >= 0, eq(E(v), 1)),
            given=(*KNOWN, *SPLIT, *SPIKE),
            policies=QUANTILIZER,
            says="A spike on the best actions and a wider quantilizer make a policy.",
        ),
        Part(
            "spike-within-budget",
            worst(v, 1 / q - delta) <= epsilon / q,
            given=(*KNOWN, *SPLIT, *SPIKE),
            policies=QUANTILIZER,
            says="Lowering the price by delta pays for the spike.",
        ),
        Part(
            "necessary",
            E(v * u) >= E(w * u) + delta * gain,
            given=(
                *KNOWN,
                *SPLIT,
                best > t,
                C * EXCESS / (best - t) <= epsilon,
                eq(epsilon * (best - t) / C - EXCESS, gain),
                *SPIKE,
            ),
            policies=QUANTILIZER,
            says="By as much as the criterion fails, times delta, that policy has more utility than the quantilizer.",
        ),
        Part(
            "uncapped",
            E(v * u) <= E(w * u),
            given=(*POLICY, v <= 1 / q),
            policies=QUANTILIZER,
            says="Without a cap a policy within the budget has density ratio at most 1/q, and the quantilizer is always "
            "the best.",
        ),
        Part(
            "no-budget-to-spend",
            worst(v, price) >= epsilon + sp.Min(epsilon, C - epsilon) * E(sp.Max(v - 1, 0)),
            given=(*POLICY, *KNOWN, epsilon < C, price >= 0),
            says="At q = 1 the budget is epsilon, and every policy but the base exceeds it, if the mean is below the cap.",
        ),
    ),
    twin=Claim(
        slug="bounded-budget-twin",
        title="No mixture of the maximiser and a wider quantilizer within the budget beats the quantilizer",
        parts=(
            # The mixture exceeds the price (1 - lam)/r by its share of the maximiser, and uses up the budget.
            Part(
                "no-spike",
                E((lam * w2 + (1 - lam) * w3) * u) <= E(w * u),
                given=(
                    lam > 0,
                    (1 - lam) / r < 1 / q,
                    eq(C * lam * E(w) / (1 / q - (1 - lam) / r), epsilon),
                    *KNOWN,
                    epsilon < C * q,
                ),
                policies=(*QUANTILIZER, PolicyOf(Maximizer(), w2, tau2), PolicyOf(Quantilizer(r), w3, tau3)),
            ),
        ),
    ),
)
