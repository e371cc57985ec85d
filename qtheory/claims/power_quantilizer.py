r"""Costs known by their p-th moment, and the policy that is best against them."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.maximizer import Maximizer
from qtheory.optimizers.power_regularized import PowerRegularized
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import C, E, OfAction, Scalar, c, eq, q, t, tau, tau2, u, v, w, w2

p, higher = Scalar("p", "positive"), Scalar("higher", "positive")
budget, gain, power = Scalar("budget", "positive"), Scalar("gain", "positive"), Scalar("power", "positive")
s, order = Scalar("s"), Scalar("order", "positive")
# Any other policy.
other = OfAction("other", "rival")
POLICY = (v >= 0, eq(E(v), 1))
EXCESS, ABOVE = sp.Max(u - t, 0), sp.Max(u - tau, 0)
# The p-th power of the norm of the density ratio with the conjugate exponent p/(p - 1).
NORM = E(v ** (p / (p - 1))) ** (p - 1)
# v is in proportion to the excess over t, to the power p - 1.
SHAPE = (p > 1, gain > 0, eq(E(EXCESS ** (p - 1)), gain), eq(v, EXCESS ** (p - 1) / gain))
QUANTILIZER, MAXIMISER = (PolicyOf(Quantilizer(q)),), (PolicyOf(Maximizer()),)


def power_policy(order: object) -> tuple[PolicyOf, ...]:
    """The best policy against costs whose moment of this order is at most the budget's power."""
    return (PolicyOf(PowerRegularized(order, budget)),)


TWO_ORDERS = (*power_policy(p), PolicyOf(PowerRegularized(higher, budget), w2, tau2))

CLAIM = Claim(
    slug="power-quantilizer",
    title="Against costs of p-norm at most B the best guarantee is the level t at which (U - t)^+ has p-norm B",
    kind="equality",
    source="taylor2016renyi for the Renyi form and the quantilizer as its limit; the rest is derived here",
    limits="the best policy gives more mass to the better of the actions it plays, without a bound on the ratio for p > 1",
    parts=(
        Part(
            "support",
            E(v * c) ** p <= E(c**p) * NORM,
            given=(*POLICY, p > 1, c >= 0, E(v * c) > 0),
            says="A cost of p-norm B is at most B times the norm of the density ratio with the conjugate exponent...",
        ),
        Part(
            "support-attained",
            eq(E(v * c) ** p, E(c**p) * NORM),
            given=(p > 1, c >= 0, gain > 0, eq(E(c ** (p - 1)), gain), eq(v, c ** (p - 1) / gain)),
            says="...attained where the density ratio is in proportion to the cost to the power p - 1.",
        ),
        Part(
            "guaranteed",
            E(v * (u - c)) >= t,
            given=(*SHAPE, c >= 0, E(c**p) <= E(EXCESS**p)),
            says="The policy in proportion to (U - t)^+ to the power p - 1 guarantees t against costs whose p-th moment "
            "is at most that of (U - t)^+...",
        ),
        Part(
            "no-more",
            E(v * (u - EXCESS)) <= t,
            given=POLICY,
            says="...and against (U - t)^+ itself no policy gets more.",
        ),
        Part(
            "penalised",
            (E(v * u) - t) ** p <= E(EXCESS**p) * NORM,
            given=(*POLICY, p > 1, E(v * u) > t),
            says="So no policy's utility less B times the norm of its ratio exceeds t, where B is the norm of (U - t)^+...",
        ),
        Part(
            "penalised-attained",
            eq((E(v * u) - t) ** p, E(EXCESS**p) * NORM),
            given=SHAPE,
            says="...and that policy reaches it.",
        ),
        Part(
            "one-root",
            s <= t,
            given=(p > 1, E(sp.Max(u - s, 0) ** p) >= E(EXCESS**p), E(EXCESS**p) > 0),
            says="A level with at least the same moment over it is no higher: the moment falls strictly, and t is unique.",
        ),
        Part(
            "order-one",
            E(w * (u - c)) >= tau,
            given=(c >= 0, E(c) <= budget),
            policies=power_policy(1),
            says="At p = 1 the policy is the quantilizer whose threshold is the reservation value.",
        ),
        Part(
            "order-two",
            E(w * (u - c)) >= tau,
            given=(c >= 0, E(c**2) <= budget**2),
            policies=power_policy(2),
            says="At p = 2 it has the shape of a chi-squared penalty.",
        ),
        Part(
            "order-infinity",
            sp.And(E(w * (u - c)) >= tau - C, E(v * (u - C)) <= tau - C, evaluate=False),
            given=(*POLICY, c <= C),
            policies=MAXIMISER,
            says="Of a cost known by its bound alone the maximiser loses no more than the bound, and nobody less.",
        ),
        Part(
            "higher-moment",
            E(c**higher) >= budget**higher,
            given=(c >= 0, p > 0, higher >= p, budget > 0, E(c**p) >= budget**p),
            says="A norm of higher order is not smaller...",
        ),
        Part(
            "monotone",
            tau <= tau2,
            given=(higher >= p, higher > 1),
            policies=TWO_ORDERS,
            says="...so that at the same B the guarantee does not fall as p grows.",
        ),
        Part(
            "renyi-norm",
            eq(E(v**order) ** (1 / order), sp.exp(((order - 1) / order) * (sp.log(E(v**order)) / (order - 1)))),
            given=(order > 1, E(v**order) > 0, v >= 0),
            says="The norm is an exponential of the Renyi divergence of that order.",
        ),
        Part(
            "any-penalty-on-the-norm",
            E(other * u) <= E(v * u),
            given=(
                power > 0,
                eq(v, EXCESS**power),
                other >= 0,
                eq(E(other), E(v)),
                E(other ** (1 + 1 / power)) <= E(v ** (1 + 1 / power)),
            ),
            says="A policy of the same shape is best among those of no larger norm, and so for every penalty that increases "
            "with the norm, such as a Renyi divergence of order a = 1 + 1/(p - 1).",
        ),
        Part(
            "largest-ratio",
            E(v * u) <= E(w * u),
            given=(*POLICY, v <= 1 / q),
            policies=QUANTILIZER,
            says="For a penalty on the largest density ratio, the divergence of infinite order, it is a quantilizer.",
        ),
    ),
    twin=Claim(
        slug="power-quantilizer-twin",
        title="The guarantee is the reservation value at the bound on the p-th moment",
        parts=(
            Part(
                "reservation-value",
                eq(E(ABOVE), budget**2),
                given=(E(w**2) > 1,),
                policies=power_policy(2),
            ),
        ),
    ),
)
