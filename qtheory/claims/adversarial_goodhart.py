r"""Candidates that choose their own scores."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.best_of_n import BestOfN
from qtheory.optimizers.kl_regularized import KLRegularized
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, OfAction, Scalar, eq, indicator, n, q, t, u, w, xlogy

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
BEST = (PolicyOf(BestOfN(n)),)
beta = Scalar("beta", "positive")
TILT = (PolicyOf(KLRegularized(beta)),)
# The chance that a candidate is adversarial, given what it is.
d = OfAction("d", "cost")
delta, honest = Scalar("delta", "positive"), Scalar("honest", "positive")
growth, wanted = Scalar("growth", "positive"), Scalar("wanted", "unit")
MIXED = (d >= 0, d <= 1, eq(E(d), delta))
POSITIVE = (delta > 0, growth > 0, honest > 0)
RAISED = sp.exp(u / beta)
# Adversaries outscore everybody else: they are those above a score.
DOMINATING = (eq(d, indicator(u > t)), eq(E(d), delta))
x = sp.Symbol("y", real=True)
rank = sp.Symbol("s", positive=True)
mean, variance, tilt = Scalar("mean"), Scalar("variance", "positive"), Scalar("tilt", "positive")
LOG_MOMENT = tilt * mean + tilt**2 * variance / 2
DENSITY = sp.exp(tilt * x - (x - mean) ** 2 / (2 * variance)) / sp.sqrt(2 * sp.pi * variance)

CLAIM = Claim(
    slug="adversarial-goodhart",
    title="Adversaries who choose their scores get at most delta/q of the top q, 1-(1-delta)^n of best-of-n, and all of a tilt",
    kind="upper bound",
    source="manheim2018 for the taxonomy; the formulas are derived here",
    limits="the adversary knows the rule and pays nothing for a score; who pays for scores does less",
    parts=(
        Part(
            "quantilizer",
            E(w * d) <= sp.Min(1, delta / q),
            given=MIXED,
            policies=QUANTILIZER,
            says="Under a quantilizer the adversary's share grows by at most 1/q.",
        ),
        Part(
            "quantilizer-attained",
            eq(E(w * d), sp.Min(1, delta / q)),
            given=DOMINATING,
            policies=QUANTILIZER,
            says="Its worst case is to outscore everybody, and then it is attained.",
        ),
        Part(
            "best-of-n",
            E(w * d) <= sp.Min(1, n * delta),
            given=MIXED,
            policies=BEST,
            says="Under best-of-n it grows by at most n.",
        ),
        Part(
            "best-of-n-dominated",
            eq(sp.Integral(n * (1 - rank) ** (n - 1), (rank, 0, delta)), 1 - (1 - delta) ** n),
            given=(n >= 1, delta > 0, delta < 1),
            says="If it outscores everybody, best-of-n takes it unless all n draws miss it.",
        ),
        Part(
            "best-of-n-below",
            1 - (1 - delta) ** n <= n * delta,
            given=(n >= 1, delta > 0, delta < 1),
            says="Which is less than n delta.",
        ),
        Part(
            "tilt",
            E(w * d) * (growth * delta + honest) >= growth * delta,
            given=(*MIXED, *POSITIVE, sp.Implies(d > 0, RAISED >= growth), E((1 - d) * RAISED) <= honest),
            policies=TILT,
            says="Under an exponential tilt its odds are at least delta times what its scores have grown to.",
        ),
        Part(
            "tilt-no-bound",
            E(w * d) >= wanted,
            given=(
                *MIXED,
                *POSITIVE,
                sp.Implies(d > 0, RAISED >= growth),
                E((1 - d) * RAISED) <= honest,
                *(growth * delta * (1 - wanted) >= wanted * honest, wanted < 1),
            ),
            policies=TILT,
            says="So that by high enough scores the smallest share reaches every chance below one.",
        ),
        Part(
            "tilt-odds",
            eq(E(w * d) * E((1 - d) * RAISED), E(w * (1 - d)) * E(d * RAISED)),
            policies=TILT,
            says="Exactly: the odds are those of the exponential moments.",
        ),
        Part(
            "normal-moment",
            eq(sp.Integral(DENSITY, (x, -sp.oo, sp.oo)), sp.exp(LOG_MOMENT)),
            given=(variance > 0,),
            says="Which for a normal law are e^(s mu + s^2 sigma^2/2), whatever the mean the adversary chooses.",
        ),
    ),
    twin=Claim(
        slug="adversarial-goodhart-twin",
        title="A tilt of some KL divergence caps the adversary's share as a quantilizer of that divergence does",
        parts=(
            Part(
                "caps",
                E(w * d) <= sp.exp(E(xlogy(w, w))) * delta,
                given=MIXED,
                policies=TILT,
            ),
        ),
    ),
)
