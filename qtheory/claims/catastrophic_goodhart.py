r"""How large an error a small KL divergence allows."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.kl_regularized import KLRegularized
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, OfAction, Scalar, eq, indicator, q, t, u, v, w, xlogy

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
beta = Scalar("beta", "positive")
# The reward error; the rival v is a policy that optimises it.
error = OfAction("error")
rate, radius, moment = Scalar("rate", "positive"), Scalar("radius", "nonnegative"), Scalar("moment", "positive")
mean, spread = Scalar("mean"), Scalar("spread", "nonnegative")
POLICY = (v >= 0, eq(E(v), 1))
# Mass c is moved onto what lies above t, which has mass q_t under the base.
mass, tail = Scalar("mass", "unit"), Scalar("tail", "positive")
BEYOND = indicator(error > t)
HIGH, LOW = mass / tail, (1 - mass) / (1 - tail)
MOVED = (
    eq(E(BEYOND), tail),
    *(tail > 0, tail < 1, mass < 1, mass > tail),
    v >= 0,
    eq(v, sp.Piecewise((HIGH, error > t), (LOW, True))),
)
KL = mass * sp.log(HIGH) + (1 - mass) * sp.log(LOW)
power, fall = Scalar("power", "positive"), Scalar("fall", "positive")

CLAIM = Claim(
    slug="catastrophic-goodhart",
    title="Under a heavy upper tail the smallest KL divergence allows every mean error, a bounded density ratio does not",
    kind="characterisation",
    source="kwa2024catastrophic for the construction; donsker1975 for the bound; the criterion is derived here",
    limits="that every law without exponential moments allows it is shown for power tails, whose construction is explicit",
    parts=(
        Part(
            "ball",
            rate * E(v * error) <= radius + sp.log(moment),
            given=(*POLICY, rate > 0, moment > 0, E(sp.exp(rate * error)) <= moment, E(xlogy(v, v)) <= radius),
            says="Within a divergence kappa the mean error is at most (kappa + log E e^(sX))/s, wherever that is finite.",
        ),
        Part(
            "ball-attained",
            eq(E(w * u) / beta, E(xlogy(w, w)) + sp.log(E(sp.exp(u / beta)))),
            policies=(PolicyOf(KLRegularized(beta)),),
            says="Attained by the tilt e^(sX) at its own divergence, with s = 1/beta.",
        ),
        Part(
            "small-ball",
            rate * E(v * error) <= radius + rate * mean + rate**2 * spread / 2,
            given=(
                *(*POLICY, rate > 0, spread >= 0, E(xlogy(v, v)) <= radius),
                E(sp.exp(rate * error)) <= sp.exp(rate * mean + rate**2 * spread / 2),
            ),
            says="With light tails the excess over the mean is at most kappa/s + s spread/2, and so vanishes with kappa.",
        ),
        Part(
            "moved-is-a-policy",
            sp.And(eq(E(v), 1), eq(E(v * BEYOND), mass), evaluate=False),
            given=MOVED,
            says="Moving mass c onto the tail and rescaling the rest gives a policy with mass c there.",
        ),
        Part(
            "moved-divergence",
            eq(E(xlogy(v, v)), KL),
            given=MOVED,
            says="Its divergence is that of c from q_t.",
        ),
        Part(
            "moved-divergence-bound",
            E(xlogy(v, v)) <= mass * sp.log(1 / tail),
            given=MOVED,
            says="Which is at most c log(1/q_t).",
        ),
        Part(
            "moved-mean",
            E(v * error) >= mass * t + LOW * E(error * (1 - BEYOND)),
            given=MOVED,
            says="Its mean error is at least c t, plus what the rest contributes.",
        ),
        Part(
            "moved-ratio",
            v <= HIGH,
            given=MOVED,
            says="Its largest density ratio is c/q_t...",
        ),
        Part(
            "moved-mean-bound",
            E(v * error) <= HIGH * E(sp.Max(error, 0)),
            given=MOVED,
            says="...and its mean error no more than that times the mean positive part.",
        ),
        Part(
            "power-tail-mean",
            t ** (1 - power) >= 1 + (1 - power) * sp.log(t),
            given=(t > 1, power > 0, power < 1),
            says="With c = t^(-a) and a < 1 the mean error c t = t^(1-a) grows without bound...",
        ),
        Part(
            "power-tail-divergence",
            sp.log(t**fall) <= 2 * fall / power * t ** (power / 2),
            given=(t > 1, power > 0, fall > 0),
            says="...while under a power tail q_t = t^(-b) the divergence, at most t^(-a) log(t^b), is below (2b/a) t^(-a/2), "
            "and vanishes.",
        ),
        Part(
            "quantilizer",
            E(w * error) <= E(sp.Max(error, 0)) / q,
            policies=QUANTILIZER,
            says="A bound on the density ratio allows no such thing.",
        ),
    ),
    twin=Claim(
        slug="catastrophic-goodhart-twin",
        title="A small KL divergence rules out a large error: it grows by at most e^KL, as under a quantilizer",
        parts=(
            Part(
                "small",
                E(v * error) <= sp.exp(E(xlogy(v, v))) * E(error),
                given=(*POLICY, error >= 0),
            ),
        ),
    ),
)
