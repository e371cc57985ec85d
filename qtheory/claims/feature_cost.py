r"""Targeted impact, first reading: side effects grow only as far as their feature moves."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, Scalar, alpha, eq, h, indicator, kappa, q, r, tau, tau2, u, w, w2

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
TWO = (PolicyOf(Quantilizer(q)), PolicyOf(Quantilizer(r), w2, tau2))
# What it means for h to be the density ratio of the feature's law, and for kappa to be a cost of the feature. With noise
# between action and feature E runs over actions together with what came of them.
FEATURE = (kappa >= 0, h >= 0, h <= alpha, eq(E(h), 1), eq(E(w * kappa), E(h * kappa)))
ON_THE_WORST_VALUE = sp.Implies(h < alpha, eq(kappa, 0))
TOP, TOP2 = indicator(u >= tau), indicator(u >= tau2)
PROPORTIONAL = (sp.Implies(u >= tau, eq(w * E(TOP), E(w * TOP))), sp.Implies(u >= tau2, eq(w2 * E(TOP2), E(w2 * TOP2))))

# For jointly normal utility U and side quantity Y of correlation rho, the mean of exp(sY) given U = x, over its mean
# under the base, is exp(a x - a^2/2) with a = rho s.
a = Scalar("a")
z = Scalar("z")
X = sp.Symbol("y", real=True)
NORMAL_AMPLIFICATION = sp.Integral(sp.exp(-(X**2) / 2) / sp.sqrt(2 * sp.pi) * sp.exp(a * X - a**2 / 2), (X, z, sp.oo))

CLAIM = Claim(
    slug="feature-cost",
    title="A cost that depends on a feature alone grows by at most the largest amplification of the feature's values",
    kind="equality",
    source="derived here; a reading of the title 'Targeted Impact' of taylor2016quantilizers, section 2.2",
    limits="an assumption about the world: costs of the target itself are amplified by up to 1/q",
    parts=(
        Part(
            "bound",
            E(w * kappa) <= alpha * E(kappa),
            given=FEATURE,
            policies=QUANTILIZER,
            says="Only the move of the feature's law counts, not the move of the policy.",
        ),
        Part(
            "attained",
            eq(E(w * kappa), alpha * E(kappa)),
            given=(*FEATURE, ON_THE_WORST_VALUE),
            policies=QUANTILIZER,
            says="Attained by the cost of the most amplified value.",
        ),
        Part(
            "range",
            sp.And(alpha >= 1, alpha <= 1 / q, evaluate=False),
            given=(*FEATURE, ON_THE_WORST_VALUE, E(kappa) > 0),
            policies=QUANTILIZER,
            says="The amplification lies between 1 and 1/q.",
        ),
        Part(
            "share-of-the-top",
            eq(E(h * kappa), E(indicator(u >= tau) * kappa) / q),
            given=(*FEATURE, sp.Implies(eq(u, tau), eq(w, 1 / q))),
            policies=QUANTILIZER,
            says="Where no level of utility is split, a value is amplified by 1/q times its share of the top slice.",
        ),
        Part(
            "no-gain",
            alpha >= 1 / q,
            given=(*FEATURE, E(kappa) > 0, sp.Implies(w < 1 / q, eq(kappa, 0))),
            policies=QUANTILIZER,
            says="If a value of the feature comes from full actions only, the bound is 1/q again.",
        ),
        Part(
            "no-gain-only-then",
            eq((1 / q - w) * kappa, 0),
            given=(*FEATURE, ON_THE_WORST_VALUE, alpha >= 1 / q),
            policies=QUANTILIZER,
            says="And only then: if the bound is 1/q, the most amplified value comes from full actions only.",
        ),
        Part(
            "unmoved",
            eq(h, 1),
            given=(*FEATURE, alpha <= 1),
            policies=QUANTILIZER,
            says="Amplification 1 means that the feature keeps its law.",
        ),
        Part(
            "unmoved-only-then",
            sp.And(eq(alpha, 1), eq(E(w * kappa), E(kappa)), evaluate=False),
            given=(*FEATURE, ON_THE_WORST_VALUE, E(kappa) > 0, eq(h, 1)),
            policies=QUANTILIZER,
            says="And a feature that keeps its law, at whatever level, is not amplified at all.",
        ),
        Part(
            "saturation",
            eq(w, w2),
            given=(*PROPORTIONAL, u <= tau, u <= tau2),
            policies=TWO,
            says="Below the mass of the best level the policy no longer moves, and with it no amplification.",
        ),
        Part(
            "saturated-value",
            eq(alpha, 1 / E(kappa)),
            given=(*FEATURE, ON_THE_WORST_VALUE, sp.Implies(w > 0, eq(kappa, 1)), eq(kappa * (1 - kappa), 0)),
            policies=QUANTILIZER,
            says="A policy that stays within one value of the feature, such as that of a unique best action, amplifies "
            "it by one over its mass, whatever q is.",
        ),
        Part(
            "normal",
            eq(NORMAL_AMPLIFICATION, sp.erfc((z - a) / sp.sqrt(2)) / 2),
            says="For normal U and Y of correlation rho the cost exp(sY) is amplified by the normal tail beyond "
            "z - rho s, divided by q, where z is the threshold: tilting shifts the mean of U.",
        ),
    ),
    twin=Claim(
        slug="feature-cost-twin",
        title="Every side effect is amplified by 1/q",
        parts=(Part("full", alpha >= 1 / q, policies=QUANTILIZER),),
    ),
)
