r"""The master theorem of robustness: one threshold for every class of costs that is closed under lowering them."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import C, E, OfAction, Scalar, b, c, epsilon, eq, q, t, tau, u, v, w

# The least cost that leaves no action worth more than t. A class closed under lowering contains it as soon as it
# contains any cost that does so; that is all the theorem uses of the class.
LEAST = sp.Max(u - t, 0)
LEAST_ABOVE = sp.Max(u - t, -b)
# A convex penalty f at a cost, at the least cost, and its slope there.
f_c, f_t, slope = OfAction("f_c"), OfAction("f_t"), OfAction("slope")
p = Scalar("p", "positive")

POLICY = (v >= 0, eq(E(v), 1))
ON_TOP = sp.Implies(u < t, eq(v, 0))
QUANTILIZER = (PolicyOf(Quantilizer(q)),)

CLAIM = Claim(
    slug="robust-threshold",
    title="Against costs that may always be lowered the best guarantee is the least t with (U - t)^+ among them",
    kind="characterisation",
    source="derived here",
    limits="the class must contain each cost below one of its costs; that some policy meets the least cost as its "
    "worst one is shown here for the classes listed, and is Sion's theorem for closed convex classes on finite bases",
    parts=(
        Part(
            "least-cost",
            LEAST <= c,
            given=(c >= 0, u - c <= t),
            says="A cost that leaves no action worth more than t is at least (U - t)^+; so if such a cost is in the "
            "class, (U - t)^+ is.",
        ),
        Part(
            "no-more",
            E(v * (u - LEAST)) <= t,
            given=POLICY,
            says="Against that cost no policy gets more than t.",
        ),
        Part(
            "guaranteed",
            E(v * (u - c)) >= t,
            given=(*POLICY, ON_TOP, E(v * c) <= E(v * LEAST)),
            says="A policy on {U >= t} for which no cost of the class is worse than (U - t)^+ guarantees t.",
        ),
        Part(
            "worst-true-value",
            eq(u - LEAST, sp.Min(u, t)),
            says="At the saddle point the true value is min(U, t).",
        ),
        Part(
            "sign-free",
            E(v * (u - c)) >= t,
            given=(*POLICY, E(v * c) <= E(v * (u - t))),
            says="If costs may be lowered below zero, U - t takes the place of (U - t)^+, for policies anywhere.",
        ),
        Part(
            "least-cost-above",
            LEAST_ABOVE <= c,
            given=(c >= -b, u - c <= t),
            says="If costs may be lowered to -b, the least cost is max(U - t, -b).",
        ),
        Part(
            "no-more-above",
            E(v * (u - LEAST_ABOVE)) <= t,
            given=(*POLICY, b >= 0),
            says="Against it no policy gets more than t.",
        ),
        Part(
            "mean-class",
            E(w * (u - c)) >= tau,
            given=(c >= 0, E(c) <= E(sp.Max(u - tau, 0))),
            policies=QUANTILIZER,
            says="Costs of a given mean: the quantilizer with that threshold.",
        ),
        Part(
            "signed-class",
            E(w * (u - c)) >= tau + b,
            given=(b >= 0, c >= -b, E(c) <= E(sp.Max(u - tau, 0)) - b),
            policies=QUANTILIZER,
            says="Costs above -b of a given mean: the quantilizer whose threshold is lower by b.",
        ),
        Part(
            "capped-class",
            E(v * (u - c)) >= t,
            given=(*POLICY, sp.Implies(u < t + C, eq(v, 0)), c <= C, C > 0),
            says="Costs at most C: a policy on actions worth at least t + C.",
        ),
        Part(
            "convex-class",
            E(slope * (u - c)) >= t * E(slope),
            given=(slope >= 0, sp.Implies(u < t, eq(slope, 0)), f_c >= f_t + slope * (c - LEAST), E(f_c) <= E(f_t)),
            says="Costs of a bounded convex penalty E[f(c)]: the policy in proportion to the slope of f at (U - t)^+.",
        ),
        Part(
            "square-class",
            E(LEAST * (u - c)) >= t * E(LEAST),
            given=(c >= 0, E(c**2) <= E(LEAST**2)),
            says="Costs of a bounded second moment: the policy in proportion to (U - t)^+.",
        ),
        Part(
            "power-class",
            E(LEAST ** (p - 1) * (u - c)) >= t * E(LEAST ** (p - 1)),
            given=(p > 1, c >= 0, E(c**p) <= E(LEAST**p)),
            says="Costs of a bounded p-th moment: the policy in proportion to the power p - 1 of (U - t)^+.",
        ),
        Part(
            "exponential-class",
            E(sp.exp(u - t) * (u - c)) >= t * E(sp.exp(u - t)),
            given=(E(sp.exp(c)) <= E(sp.exp(u - t)),),
            says="Costs of either sign of a bounded exponential moment: the Boltzmann policy.",
        ),
    ),
    twin=Claim(
        slug="robust-threshold-twin",
        title="The formula holds for every convex class, such as the costs that are the same for all actions",
        parts=(
            Part(
                "constant-costs",
                E(v * (u - epsilon)) <= t,
                given=(*POLICY, eq(E(LEAST), epsilon)),
            ),
        ),
    ),
)
