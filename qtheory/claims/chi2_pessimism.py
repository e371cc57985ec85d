r"""A penalty on the chi-squared divergence: pessimism, and its sampling form."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.power_regularized import PowerRegularized
from qtheory.optimizers.tsallis_regularized import TsallisRegularized
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, Scalar, c, eq, rho, t, tau, tau2, u, v, w, w2

beta = Scalar("beta", "positive")
PENALISED = (PolicyOf(TsallisRegularized(2, beta)),)
# The quantilizer for costs of mean beta; its threshold is the reservation value at beta.
WITH_QUANTILIZER = (*PENALISED, PolicyOf(PowerRegularized(1, beta), w2, tau2))
EXCESS = sp.Max(u - tau, 0)
# The chance that a draw of the base is accepted, if the density ratio is at most rho.
ACCEPT = sp.Min(w / rho, 1)

CLAIM = Claim(
    slug="chi2-pessimism",
    title="With a chi-squared penalty the best density ratio is (U - lambda)^+ / beta, lambda the reservation value at beta",
    kind="equality",
    source="huang2025 for the algorithm; the coincidence is derived here",
    limits="the density ratio grows with U without bound, so that costs known by their mean alone are not controlled",
    parts=(
        Part(
            "optimal",
            E(v * u) - beta * E(v**2) / 2 <= E(w * u) - beta * E(w**2) / 2,
            given=(v >= 0, eq(E(v), 1)),
            policies=PENALISED,
            says="No policy has a higher utility after the penalty than w = (U - lambda)^+ / beta.",
        ),
        Part(
            "value",
            eq(E(w * u) - beta * E(w**2) / 2, tau + E(EXCESS**2) / (2 * beta)),
            policies=PENALISED,
            says="It is worth lambda + E[((U - lambda)^+)^2] / (2 beta).",
        ),
        Part(
            "utility",
            eq(E(w * u), tau + beta * E(w**2)),
            policies=PENALISED,
            says="Its utility exceeds lambda by beta times the mean square of the density ratio.",
        ),
        Part(
            "unique",
            eq(v, w),
            given=(v >= 0, eq(E(v), 1), E(v * u) - beta * E(v**2) / 2 >= E(w * u) - beta * E(w**2) / 2),
            policies=PENALISED,
            says="Every policy that is worth as much is this one.",
        ),
        Part(
            "normaliser",
            eq(E(EXCESS), beta),
            policies=PENALISED,
            says="lambda is the level with E(U - lambda)^+ = beta...",
        ),
        Part(
            "same-threshold",
            eq(tau, tau2),
            policies=WITH_QUANTILIZER,
            says="...which is the threshold of the best quantilizer against costs of mean beta...",
        ),
        Part(
            "reservation-value",
            E(w2 * (u - c)) >= tau,
            given=(c >= 0, E(c) <= beta),
            policies=WITH_QUANTILIZER,
            says="...and so what that quantilizer guarantees.",
        ),
        Part(
            "never-below-the-quantilizer",
            E(w * u) >= E(w2 * u),
            policies=WITH_QUANTILIZER,
            says="Its utility is at least that of the quantilizer with the same threshold.",
        ),
        Part(
            "largest-ratio",
            beta * w <= sp.Max(t - tau, 0),
            given=(u <= t,),
            policies=PENALISED,
            says="With utilities of at most t the density ratio is at most (t - lambda) / beta.",
        ),
        Part(
            "acceptance",
            eq(E(ACCEPT) * rho, 1),
            given=(w <= rho,),
            policies=PENALISED,
            says="Accepting draws with chance min(w / rho, 1), where rho is the largest ratio, takes rho draws per action...",
        ),
        Part(
            "accepted-law",
            eq(w * E(ACCEPT), ACCEPT),
            given=(w <= rho,),
            policies=PENALISED,
            says="...and what is accepted has the density ratio w.",
        ),
    ),
    twin=Claim(
        slug="chi2-pessimism-twin",
        title="Equal thresholds mean equal policies",
        parts=(Part("same-utility", eq(E(w * u), E(w2 * u)), policies=WITH_QUANTILIZER),),
    ),
)
