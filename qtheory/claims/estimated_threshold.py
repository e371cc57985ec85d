r"""Calibrate a threshold on n draws, then condition fresh draws on it."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.estimated_threshold import EstimatedThreshold
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, c, eq, k, n, w

POLICY = (PolicyOf(EstimatedThreshold(n, k)),)
# The mass above the estimated threshold; without atoms its law is Beta(k, n-k+1).
level = sp.Symbol("level", real=True)
BETA = level ** (k - 1) * (1 - level) ** (n - k)

CLAIM = Claim(
    slug="estimated-threshold",
    title="Estimating the threshold from n draws and then sampling afresh multiplies a cost by n/(k-1), not by n/k",
    kind="upper bound",
    source="derived here",
    limits="an equality without atoms; for k = 1 there is no bound at all",
    parts=(
        Part(
            "mean-inverse-level",
            eq(sp.Integral((k - 1) * BETA / level - n * BETA, (level, 0, 1)), 0),
            given=(k >= 2, n >= k),
            says="Without atoms the mean of 1/level is n/(k-1): (k-1) times it is n times the total mass.",
        ),
        Part(
            "bound",
            E(w * c) <= n / (k - 1) * E(c),
            given=(c >= 0, k >= 2),
            policies=POLICY,
            says="So costs grow by at most n/(k-1), with atoms or without.",
        ),
        Part(
            "rounding",
            E(w * c) * (k - 1) <= n * E(c),
            given=(c >= 0,),
            policies=POLICY,
            says="With one draw kept nothing is promised.",
        ),
    ),
    twin=Claim(
        slug="estimated-threshold-twin",
        title="The cost factor is n/k, as when one of the top k of the same draws is picked",
        parts=(Part("same-factor", E(w * c) <= n / k * E(c), given=(c >= 0, k >= 2), policies=POLICY),),
    ),
)
