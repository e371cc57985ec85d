r"""What a proxy's correlation with the truth guarantees."""

from __future__ import annotations

import sympy as sp

from qtheory.statements.claim import Claim, Part
from qtheory.symbols import E, OfAction, Scalar, eq, t, u, v

# The true utility; u is its proxy.
truth = OfAction("truth")


def covariance(first: sp.Expr, second: sp.Expr) -> sp.Expr:
    return E(first * second) - E(first) * E(second)


PROXY_VARIANCE, TRUE_VARIANCE = E(u**2) - E(u) ** 2, E(truth**2) - E(truth) ** 2
TOGETHER = covariance(u, truth)
PROXY_GAIN, TRUE_GAIN = E(v * u) - E(u), E(v * truth) - E(truth)
CHI_SQUARE = E(v**2) - 1
POLICY = (v >= 0, eq(E(v), 1))
# Standardised: the correlation, the proxy gain in its standard deviations, and the divergence.
r, p, d = Scalar("corr", "unit"), Scalar("gain", "positive"), Scalar("divergence", "positive")
EXACT = r * p - sp.sqrt((1 - r**2) * (d - p**2))
PUBLISHED = (p - sp.sqrt((1 - r**2) * d)) / r
STANDARD = (r > 0, r <= 1, p > 0, d >= p**2)
slope, rest = Scalar("slope"), Scalar("rest")

CLAIM = Claim(
    slug="correlated-proxy",
    title="The worst true gain at a given correlation, proxy gain and divergence has an exact value",
    kind="equality",
    source="laidlaw2024 for the published bound; the exact value is derived here",
    limits="of all true utilities of that correlation; attained where the density ratio is not affine in the proxy",
    parts=(
        Part(
            "exact",
            (TRUE_GAIN * PROXY_VARIANCE - TOGETHER * PROXY_GAIN) ** 2
            <= (PROXY_VARIANCE * TRUE_VARIANCE - TOGETHER**2) * (PROXY_VARIANCE * CHI_SQUARE - PROXY_GAIN**2),
            given=(*POLICY, PROXY_VARIANCE > 0),
            says="The true gain is the correlation times the proxy gain, up to the root of the product of what is left "
            "of the variance and of the divergence.",
        ),
        Part(
            "attained",
            eq(
                (TRUE_GAIN * PROXY_VARIANCE - TOGETHER * PROXY_GAIN) ** 2,
                (PROXY_VARIANCE * TRUE_VARIANCE - TOGETHER**2) * (PROXY_VARIANCE * CHI_SQUARE - PROXY_GAIN**2),
            ),
            given=(*POLICY, eq(truth, t + slope * u + rest * v)),
            says="Attained where the truth is affine in the proxy and the density ratio.",
        ),
        Part(
            "published-is-valid",
            PUBLISHED <= EXACT,
            given=STANDARD,
            says="The published lower bound is never above the exact value.",
        ),
        Part(
            "same-sign",
            sp.Equivalent(EXACT > 0, p**2 > (1 - r**2) * d, evaluate=False),
            given=STANDARD,
            says="A gain is guaranteed exactly if p^2 > (1 - r^2) chi-square, where the published bound changes sign too.",
        ),
        Part(
            "published-is-loose",
            sp.Implies(eq(PUBLISHED, EXACT), sp.Or(eq(r, 1), eq(p**2, (1 - r**2) * d))),
            given=STANDARD,
            says="They agree only at perfect correlation and where both vanish.",
        ),
    ),
    twin=Claim(
        slug="correlated-proxy-twin",
        title="With a positive correlation every gain in the proxy is a gain in truth",
        parts=(Part("any-correlation", TRUE_GAIN >= 0, given=(*POLICY, TOGETHER > 0, PROXY_GAIN > 0)),),
    ),
)
