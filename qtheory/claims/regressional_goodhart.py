r"""Selecting on truth plus error: what regression takes away, and what heavy tails do."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, OfAction, Scalar, c, eq, indicator, m, q, r, tau, tau2, u, w, w2

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
TWO = (*QUANTILIZER, PolicyOf(Quantilizer(r), w2, tau2))
# The cost is the error X = U - V of the proxy, so that the truth is u - c, and its mean given the score u - m.
TRUTH, POSTERIOR = u - c, u - m
level = Scalar("level")
ABOVE, TIED = indicator(u > tau), indicator(eq(u, tau))
BY_LEVEL = (
    eq(E(c * ABOVE), E(m * ABOVE)),
    eq(E(c * TIED), E(m * TIED)),
    sp.Implies(eq(u, tau), eq(level, w)),
)
signal, noise = Scalar("signal", "positive"), Scalar("noise", "positive")
SHARE = signal / (signal + noise)
# A truth whose mean given the score is a share of the score; what is left has mean zero on each level.
V = OfAction("V")
LINEAR = (signal > 0, noise > 0, eq(V, SHARE * u + c - m), *BY_LEVEL)
rate, score = Scalar("rate", "positive"), Scalar("score")
z, s, flatness = Scalar("z"), Scalar("s", "positive"), Scalar("flatness", "nonnegative")
radius = Scalar("radius", "nonnegative")
# For each truth the chance that its error carries it over a far threshold: here E runs over the law of the truth.
passes = OfAction("passes")
FAR = indicator(sp.Abs(V) > radius)
FLAT = (
    *(s > 0, flatness >= 0, radius >= 0, passes >= 0, passes <= 1, s <= 1),
    sp.Implies(sp.Abs(V) <= radius, passes <= (1 + flatness) * s),
    sp.Implies(sp.Abs(V) <= radius, passes >= (1 - flatness) * s),
)
x = sp.Symbol("y", real=True)
PHI = sp.exp(-(x**2) / 2) / sp.sqrt(2 * sp.pi)
JOINT = sp.exp(-(x**2) / (2 * signal) - (score - x) ** 2 / (2 * noise))
TILTED = sp.exp(rate * x - x**2 / (2 * signal))

CLAIM = Claim(
    slug="regressional-goodhart",
    title="Selection on truth plus error keeps the regression of the truth on the score, which heavy tails bring to nothing",
    kind="characterisation",
    source="manheim2018 for the taxonomy, kwa2023 for the limit; the identities and bounds are derived here",
    limits="with a heavy-tailed error the limit is reached slowly, and the best level depends on the scales",
    parts=(
        Part(
            "regression",
            eq(E(w * TRUTH), E(w * POSTERIOR)),
            given=BY_LEVEL,
            policies=QUANTILIZER,
            says="The mean of the truth after selection is that of its mean given the score.",
        ),
        Part(
            "linear",
            eq(E(w * V) * (signal + noise), signal * E(w * u)),
            given=LINEAR,
            policies=QUANTILIZER,
            says="If that mean is linear, as for normal laws, the truth keeps the share signal/(signal + noise) of the score.",
        ),
        Part(
            "linear-gap",
            eq(E(w * (u - V)) * (signal + noise), noise * E(w * u)),
            given=LINEAR,
            policies=QUANTILIZER,
            says="And the rest of the score is error.",
        ),
        Part(
            "no-ceiling",
            E(w * V) * (signal + noise) >= signal * tau,
            given=LINEAR,
            policies=QUANTILIZER,
            says="Under such light tails the truth grows without bound as the threshold does.",
        ),
        Part(
            "normal-posterior",
            eq(sp.Integral((x - SHARE * score) * JOINT, (x, -sp.oo, sp.oo)), 0),
            given=(signal > 0, noise > 0),
            says="For a normal truth and error the mean given the score is linear in it.",
        ),
        Part(
            "normal-tail",
            eq(sp.Integral(x * PHI, (x, z, sp.oo)), PHI.subs(x, z)),
            says="The mean of a standard normal above z, times the chance of that, is its density at z.",
        ),
        Part(
            "normal-tilt",
            eq(sp.Integral((x - rate * signal) * TILTED, (x, -sp.oo, sp.oo)), 0),
            given=(signal > 0, rate > 0),
            says="Tilted by an exponential, as KL regularisation tilts the truth and the error each by itself, a normal "
            "truth has mean rate times signal.",
        ),
        Part(
            "heavy-error-mass",
            sp.And(
                E(passes) - s <= flatness * s + E(FAR),
                s - E(passes) <= flatness * s + E(FAR),
                evaluate=False,
            ),
            given=FLAT,
            says="If the tail of the error is flat as far as the truth reaches, the score passes about as often as the error.",
        ),
        Part(
            "heavy-error",
            sp.And(
                E(V * passes) - s * E(V) <= flatness * s * E(sp.Abs(V)) + E(sp.Abs(V) * FAR),
                s * E(V) - E(V * passes) <= flatness * s * E(sp.Abs(V)) + E(sp.Abs(V) * FAR),
                evaluate=False,
            ),
            given=FLAT,
            says="And the truth keeps its mean: with a truth of lighter tail, selecting ever harder brings it back there.",
        ),
    ),
    twin=Claim(
        slug="regressional-goodhart-twin",
        title="Where selecting by the proxy pays, stronger selection pays more",
        parts=(
            Part(
                "stronger",
                E(w * TRUTH) >= E(w2 * TRUTH),
                given=(q <= r, E(w2 * TRUTH) > E(TRUTH)),
                policies=TWO,
            ),
        ),
    ),
)
