r"""Penalties as robustness: what is true for every penalty, and what for convex ones only."""

from __future__ import annotations

import sympy as sp

from qtheory.statements.claim import Claim, Part
from qtheory.symbols import E, OfAction, Scalar, c, eq, lam, t, u, v

beta, nu = Scalar("beta", "positive"), Scalar("nu")
# The utility that the adversary chooses in place of u, and any other policy.
true_utility, other = OfAction("true_utility"), OfAction("other", "rival")
GIVEN_UP = u - true_utility
POLICY, OTHER = (v >= 0, eq(E(v), 1)), (other >= 0, eq(E(other), 1))
MIXTURE = lam * v + (1 - lam) * other
# A penalty of the policy v, of the other, and of their mixture; its conjugate at what is given up.
omega, omega_other, omega_mixed = Scalar("omega"), Scalar("omega_other"), Scalar("omega_mixed")
conjugate = Scalar("conjugate")
# f at the density ratios, its slope at v, and its conjugate at (u - true_utility - nu) / beta.
f_v, f_other, slope, f_star = OfAction("f_v"), OfAction("f_other"), OfAction("slope"), OfAction("f_star")
TANGENT = f_other >= f_v + slope * (other - v)
# The slope is (u - nu) / beta where the policy plays, and at least that where it does not.
STATIONARY = (slope >= (u - nu) / beta, sp.Implies(v > 0, eq(slope, (u - nu) / beta)))
WORST = u - beta * slope
# A test of the action, and the smaller of the chances of passing and failing it: a penalty that is concave.
test = OfAction("test")
UNSURE = sp.Min(E(v * test), 1 - E(v * test))

CLAIM = Claim(
    slug="fenchel-robustness",
    title="Every penalty is worth a guarantee at the optimum, and policy by policy exactly the convex ones are",
    kind="characterisation",
    source="gillen2023, comments, for the loose form; this form is derived here",
    limits="for penalties with a supporting line at the policy; being optimal for some robust problem does not make a "
    "policy soft (tv-penalty)",
    parts=(
        Part(
            "at-least",
            E(v * true_utility) + conjugate >= E(v * u) - omega,
            given=(conjugate >= E(v * GIVEN_UP) - omega,),
            says="For any penalty a policy's utility less the penalty is at most its true utility plus the conjugate, "
            "which is the largest penalised value of what the adversary gave up...",
        ),
        Part(
            "constant-utility",
            eq(E(v * t) + (E(other * (u - t)) - omega_other), E(other * u) - omega_other),
            given=(eq(E(v), 1), eq(E(other), 1)),
            says="...and if the adversary makes all actions worth t, every policy gets the value of the best one; so the "
            "largest penalised utility is the best guarantee, for any penalty whatever.",
        ),
        Part(
            "supporting-line",
            E(v * true_utility) + E(other * GIVEN_UP) - omega_other <= E(v * u) - omega,
            given=(eq(true_utility, u - c), omega_other >= omega + E(c * (other - v))),
            says="At a policy where the penalty has a supporting line the adversary who gives up its slope attains the "
            "bound: no other policy makes the conjugate larger.",
        ),
        Part(
            "only-convex",
            omega_mixed <= lam * omega + (1 - lam) * omega_other,
            given=(
                lam >= 0,
                lam <= 1,
                conjugate >= E(v * GIVEN_UP) - omega,
                conjugate >= E(other * GIVEN_UP) - omega_other,
                eq(E(MIXTURE * GIVEN_UP) - conjugate, omega_mixed),
            ),
            says="A penalty for which the bound is attained at a mixture is convex there.",
        ),
        Part(
            "divergence-at-least",
            E(v * true_utility) + nu + beta * E(f_star) >= E(v * u) - beta * E(f_v),
            given=(*POLICY, beta > 0, v * (GIVEN_UP - nu) <= beta * (f_v + f_star)),
            says="For the penalty beta E f(v) the conjugate is the least nu + beta E f*((g - nu) / beta)...",
        ),
        Part(
            "divergence-attained",
            eq(E(v * true_utility) + beta * E(f_star), E(v * u) - beta * E(f_v)),
            given=(*POLICY, beta > 0, eq(true_utility, u - beta * slope), eq(f_star, v * slope - f_v)),
            says="...and the bound is attained by giving up beta f'(v).",
        ),
        Part(
            "shape",
            E(other * u) - beta * E(f_other) <= E(v * u) - beta * E(f_v),
            given=(*POLICY, *OTHER, beta > 0, *STATIONARY, TANGENT),
            says="The best policy has f'(v) = (U - nu) / beta, and is empty where f' exceeds that.",
        ),
        Part(
            "worst-utility",
            sp.And(eq(E(v * WORST), nu), E(other * WORST) <= nu, evaluate=False),
            given=(*POLICY, *OTHER, beta > 0, *STATIONARY),
            says="What the adversary leaves of U is then nu where the policy plays and no more elsewhere...",
        ),
        Part(
            "value",
            eq(E(v * u) - beta * E(f_v), nu + beta * E(f_star)),
            given=(*POLICY, beta > 0, *STATIONARY, eq(f_star, v * slope - f_v)),
            says="...and it is worth nu + beta E f*((U - nu) / beta).",
        ),
        Part(
            "concave-penalty",
            E(v * GIVEN_UP) - UNSURE <= t,
            given=(*POLICY, test >= 0, test <= 1, GIVEN_UP <= t),
            says="The smaller chance of passing or failing a test is a penalty whose conjugate is at most the supremum...",
        ),
        Part(
            "concave-penalty-sure",
            eq(UNSURE, 0),
            given=(*POLICY, test >= 0, test <= 1, sp.Implies(v > 0, eq(test, 1))),
            says="...which the sure policies reach, because they pay nothing...",
        ),
        Part(
            "concave-penalty-gap",
            E(v * true_utility) + t >= E(v * u),
            given=(*POLICY, GIVEN_UP <= t),
            says="...so that for an unsure policy the bound misses its penalised utility by the whole penalty.",
        ),
    ),
    twin=Claim(
        slug="fenchel-robustness-twin",
        title="Policy by policy every penalty is the loss to an adversary who pays its conjugate",
        parts=(
            Part(
                "every-penalty",
                eq(E(v * u) - UNSURE, E(v * true_utility) + t),
                given=(*POLICY, eq(test * (1 - test), 0), eq(true_utility, u - t)),
            ),
        ),
    ),
)
