r"""A reward one cannot state: what may be hoped for depends on the sign of what the proxy misses."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, OfAction, Scalar, b, eq, q, t, tau, u, v, w

# The base is the law of demonstrations; the implicit reward is at least -k on average there.
implicit = OfAction("implicit")
debt = Scalar("debt", "nonnegative")
best = Scalar("best")

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
POLICY = (v >= 0, eq(E(v), 1))
EXCESS = sp.Max(u - tau, 0)
LEAST = sp.Max(u - t, 0)
# With this threshold no action of the base lies below, and the quantilizer is the base.
FLOOR = E(u) - debt - b

CLAIM = Claim(
    slug="implicit-reward-classes",
    title="Quantilize, maximise or imitate: which is best depends on how far an implicit reward may lie above zero",
    kind="equality",
    source="carey2019, abstract; carey2019when; an48; the cases beyond the first completed here",
    limits="known of the implicit reward are its mean on demonstrations and its largest value, nothing else",
    parts=(
        Part(
            "overestimate",
            E(w * (u + implicit)) >= tau,
            given=(implicit <= 0, E(implicit) >= -E(EXCESS)),
            policies=QUANTILIZER,
            says="(a) If the proxy only overestimates, quantilize: guaranteed is the threshold at which the mean "
            "excess is the debt.",
        ),
        Part(
            "overestimate-no-more",
            E(v * (u - LEAST)) <= t,
            given=POLICY,
            says="And no policy guarantees more: the implicit reward may be -(U - t)^+.",
        ),
        Part(
            "underestimate",
            sp.And(E(v * (u + implicit)) >= best, E(v * u) >= best, evaluate=False),
            given=(*POLICY, implicit >= 0, sp.Implies(u < best, eq(v, 0))),
            says="(b) If it only underestimates, maximise: the implicit reward may be zero, and is never less.",
        ),
        Part(
            "underestimate-no-more",
            E(v * u) <= best,
            given=(*POLICY, u <= best),
            says="And no policy guarantees more than the largest utility.",
        ),
        Part(
            "sign-free",
            sp.And(
                eq(E(t * (1 - v)), 0),
                eq(E(v * t * (1 - v)), -t * (E(v**2) - 1)),
                evaluate=False,
            ),
            given=POLICY,
            says="(c) With no bound above, the reward t (1 - v) is free on demonstrations and takes t times "
            "chi-squared from the policy, for every t.",
        ),
        Part(
            "sign-free-only-imitation",
            eq(v, 1),
            given=(*POLICY, E(v**2) <= 1),
            says="Only the base itself has no chi-squared divergence.",
        ),
        Part(
            "imitation",
            E(u + implicit) >= E(u) - debt,
            given=(E(implicit) >= -debt,),
            says="Imitation is worth the mean utility less the debt, whatever the class.",
        ),
        Part(
            "bounded-gain",
            E(w * (u + implicit)) >= tau + b,
            given=(implicit <= b, E(implicit) >= b - E(EXCESS)),
            policies=QUANTILIZER,
            says="(d) If it underestimates by at most b, quantilize with the threshold at which the mean excess is the "
            "debt and b; with b = 0 this is (a).",
        ),
        Part(
            "bounded-gain-no-more",
            sp.And(
                eq(E(b - LEAST), b - E(LEAST)),
                E(v * (u + b - LEAST)) <= t + b,
                evaluate=False,
            ),
            given=POLICY,
            says="And no policy guarantees more: the implicit reward may be b - (U - t)^+.",
        ),
        Part(
            "imitation-best",
            E(v * (u + b - sp.Max(u - t, 0))) <= E(u) - debt,
            given=(*POLICY, eq(FLOOR, t), u >= t),
            says="Imitation is optimal if debt and b reach from the mean utility to the smallest...",
        ),
        Part(
            "imitation-best-only-then",
            u >= t,
            given=(eq(FLOOR, t), E(LEAST) <= debt + b),
            says="...and only then: otherwise the excess over that threshold takes more than there is, and "
            "the best threshold is higher.",
        ),
    ),
    twin=Claim(
        slug="implicit-reward-classes-twin",
        title="Quantilization has the best guarantee whatever the sign of the error",
        parts=(
            Part(
                "underestimate",
                E(v * u) <= E(w * u),
                given=POLICY,
                policies=QUANTILIZER,
                says="Where the proxy only underestimates, what is guaranteed is the expected proxy utility.",
            ),
        ),
    ),
)
