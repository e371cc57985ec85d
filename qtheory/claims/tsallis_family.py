r"""Tsallis penalties: the family from Boltzmann policies over chi-squared pessimism towards quantilizers."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.reverse_kl_regularized import ReverseKLRegularized
from qtheory.optimizers.tsallis_regularized import TsallisRegularized
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, OfAction, Scalar, c, eq, tau, u, v, w, xlogy

order, beta = Scalar("order", "positive"), Scalar("beta", "positive")
PENALISED = (PolicyOf(TsallisRegularized(order, beta)),)
REVERSE = (PolicyOf(ReverseKLRegularized(beta)),)
POLICY = (v >= 0, eq(E(v), 1))
EXCESS = sp.Max(u - tau, 0)
# The order in terms of p - 1, where p is the conjugate exponent.
power = Scalar("power", "positive")
BY_POWER = (PolicyOf(TsallisRegularized(1 + 1 / power, beta)),)
# The level of utility at which the density ratio is one.
NORMALISER = tau + beta / (order - 1)


def penalty(ratio: OfAction) -> sp.Expr:
    r"""$f_\alpha(w) = (w^\alpha - \alpha w + \alpha - 1) / (\alpha (\alpha - 1))$, convex, and 0 at 1."""
    return (ratio**order - order * ratio + order - 1) / (order * (order - 1))


CLAIM = Claim(
    slug="tsallis-family",
    title="Under a Tsallis penalty of order a the best policy is the power policy with p = a/(a - 1)",
    kind="equality",
    source="derived here",
    limits="it leaves actions empty, and its density ratio grows with U without bound",
    parts=(
        Part(
            "optimal",
            E(v * u) - beta * E(penalty(v)) <= E(w * u) - beta * E(penalty(w)),
            given=POLICY,
            policies=PENALISED,
            says="No policy has a higher utility after the penalty.",
        ),
        Part(
            "shape",
            eq(w ** (order - 1), sp.Max(1 + (order - 1) * (u - NORMALISER) / beta, 0)),
            policies=PENALISED,
            says="Its density ratio is [1 + (a - 1)(U - nu)/beta]_+ to the power 1/(a - 1), with nu = tau + beta/(a - 1)...",
        ),
        Part(
            "power-policy",
            eq(w, (EXCESS / (power * beta)) ** power),
            given=(power > 0,),
            policies=BY_POWER,
            says="...which is in proportion to (U - tau)^+ to the power p - 1, at order p/(p - 1)...",
        ),
        Part(
            "guaranteed",
            E(w * (u - c)) >= tau,
            given=(power > 0, c >= 0, E(c ** (power + 1)) <= E(EXCESS ** (power + 1))),
            policies=BY_POWER,
            says="...and guarantees tau against costs whose p-th moment is at most that of the excess over tau.",
        ),
        Part(
            "order-two",
            eq(2 * E(penalty(v).subs(order, 2)), E(v**2) - 1),
            given=POLICY,
            says="At order two the penalty is half the chi-squared divergence.",
        ),
        Part(
            "above-kl",
            (order - 1) * E(xlogy(v, v)) <= E(v**order) - 1,
            given=(*POLICY, order > 1),
            says="As the order falls to one the penalty, (E[v^a] - 1)/(a (a - 1)), tends to the KL divergence, which is at "
            "most a times the penalty...",
        ),
        Part(
            "below-its-kl",
            E(v**order) - 1 <= (order - 1) * E(v**order * sp.log(v)),
            given=(v > 0, eq(E(v), 1), order > 1),
            says="...and that at most E[v^a log v], the KL divergence at a = 1...",
        ),
        Part(
            "below-boltzmann",
            w ** (order - 1) <= sp.exp((order - 1) * (u - NORMALISER) / beta),
            policies=PENALISED,
            says="...and the density ratio stays below exp((U - nu)/beta)...",
        ),
        Part(
            "above-boltzmann-slowed",
            w ** (order - 1) >= sp.exp((u - NORMALISER) / (u - tau)),
            given=(u > tau,),
            policies=PENALISED,
            says="...to which it tends, being above exp((U - nu)/(x beta)) with x = 1 + (a - 1)(U - nu)/beta, shown here "
            "where no action is empty.",
        ),
        Part(
            "reverse-kl",
            E(v * u) + beta * E(sp.log(v)) <= E(w * u) + beta * E(sp.log(w)),
            given=(v > 0, eq(E(v), 1)),
            policies=REVERSE,
            says="At order zero the penalty is the reverse KL divergence -E log v, and the best policy beta / (nu - U).",
        ),
    ),
    twin=Claim(
        slug="tsallis-family-twin",
        title="Like the Boltzmann policy it keeps every action",
        parts=(Part("keeps-all", w > 0, policies=PENALISED),),
    ),
)
