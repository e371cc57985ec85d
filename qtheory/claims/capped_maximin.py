r"""Costs with a cap for each action and a weighted budget: the best guarantee and who gives it."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import C, E, OfAction, Scalar, c, epsilon, eq, q, t, tau, u, v

# The largest cost of each action, and its weight in the budget: 0 <= c <= cap with E[budget c] at most epsilon.
cap, budget = OfAction("cap"), OfAction("budget")
# Which share of an action's budget weight is played.
part, free = OfAction("part"), OfAction("free")
best = Scalar("best")

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
LEAST = sp.Max(u - t, 0)
POLICY = (v >= 0, eq(E(v), 1))
COST = (budget >= 0, c >= 0, c <= cap)

CLAIM = Claim(
    slug="capped-maximin",
    title="With a cap for each cost and a weighted budget the best guarantee is the larger of two thresholds",
    kind="equality",
    source="derived here; it answers a question in gillen2023, comments",
    limits="where the base gives an action no mass its budget weight is zero, and only its cap protects",
    parts=(
        Part(
            "budget-threshold",
            E(budget * part * (u - c)) >= t * E(budget * part),
            given=(
                *COST,
                part >= 0,
                part <= 1,
                sp.Implies(u > t, eq(part, 1)),
                sp.Implies(u < t, eq(part, 0)),
                E(budget * c) <= E(budget * LEAST),
            ),
            says="The policy in proportion to the budget weight on {U > t}, and to any share of it on {U = t}, "
            "guarantees t if the budget is what the excess over t takes.",
        ),
        Part(
            "cap-threshold",
            E(v * (u - c)) >= best,
            given=(*POLICY, *COST, sp.Implies(u - cap < best, eq(v, 0))),
            says="Playing only where U less its cap is largest guarantees that.",
        ),
        Part(
            "no-more",
            E(v * (u - LEAST)) <= t,
            given=(*POLICY, LEAST <= cap, E(budget * LEAST) <= epsilon),
            says="No policy guarantees more than a t whose excess obeys the caps and the budget.",
        ),
        Part(
            "cap-needed",
            u - cap <= t,
            given=(*COST, u - c <= t),
            says="If any cost of the class leaves no action worth more than t, the excess over t obeys the caps...",
        ),
        Part(
            "budget-needed",
            E(budget * LEAST) <= epsilon,
            given=(*COST, u - c <= t, E(budget * c) <= epsilon),
            says="...and the budget, so the value is the larger of the two thresholds.",
        ),
        Part(
            "worst-true-value",
            eq(u - LEAST, sp.Min(u, t)),
            says="Against the excess the true value is min(U, t).",
        ),
        Part(
            "excluded",
            sp.And(eq(E(budget * t * free), 0), eq(E(v * t * free), t * E(v * free)), evaluate=False),
            given=(*POLICY, budget >= 0, free >= 0, sp.Implies(budget > 0, eq(free, 0))),
            says="An action without a budget weight and without a cap must be left out: any cost there is free.",
        ),
        Part(
            "uniform-cap-maximiser",
            E(v * (u - c)) >= best - C,
            given=(*POLICY, c >= 0, c <= C, sp.Implies(u < best, eq(v, 0))),
            says="With one cap C the maximiser guarantees the largest utility less C.",
        ),
        Part(
            "uniform-cap-allowed",
            sp.Max(u - (best - C), 0) <= C,
            given=(C > 0, u <= best),
            says="The excess over that obeys the cap...",
        ),
        Part(
            "uniform-cap-no-more",
            sp.And(
                E(sp.Max(u - (best - C), 0)) <= E(LEAST),
                E(v * (u - sp.Max(u - (best - C), 0))) <= best - C,
                evaluate=False,
            ),
            given=(*POLICY, C <= best - t),
            says="...and the budget, once C is at most the distance from the largest utility to the threshold t of the "
            "budget: then nothing guarantees more, and the maximiser is optimal.",
        ),
    ),
    twin=Claim(
        slug="capped-maximin-twin",
        title="The best guarantee is always that of a quantilizer, whatever the caps",
        parts=(
            Part(
                "caps-do-not-matter",
                E(v * (u - cap)) <= tau,
                given=(*POLICY, cap >= 0),
                policies=QUANTILIZER,
                says="A quantilizer guarantees its threshold against costs of the mean excess over it.",
            ),
        ),
    ),
)
