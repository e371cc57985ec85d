r"""Costs known by range and mean: the worst is the most powerful test of the base against the policy."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.best_of_n import BestOfN
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import C, E, OfAction, Scalar, c, epsilon, eq, indicator, lam, n, q, t, tau2, u, v, w, w2, xlogy

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
POLICY = (v >= 0, eq(E(v), 1))
CLASS = (c >= 0, C > 0, c <= C)
# The randomised test that rejects, with cost C, where the density ratio is above t, and anyhow where it equals t.
TEST = (*CLASS, sp.Implies(v > t, eq(c, C)), sp.Implies(v < t, eq(c, 0)), t >= 0)
other, second = OfAction("other", "cost"), OfAction("second", "cost")
DUAL = t * epsilon + C * E(sp.Max(v - t, 0))
# Caps and budget weights that depend on the action.
cap, weight = OfAction("cap"), OfAction("weight")
WEIGHTED_TEST = (
    weight > 0,
    cap >= 0,
    c >= 0,
    c <= cap,
    sp.Implies(v > t * weight, eq(c, cap)),
    sp.Implies(v < t * weight, eq(c, 0)),
    t >= 0,
)
# The rank and the size of a test; a normal utility and the mean it is tilted to.
s, z = sp.Symbol("s", positive=True), sp.Symbol("z", real=True)
size, tilt, at = Scalar("size", "unit"), Scalar("tilt"), Scalar("at")
top = Scalar("top")
TILTED_NORMAL = sp.exp(tilt * z - tilt**2 / 2) * sp.exp(-(z**2) / 2) / sp.sqrt(2 * sp.pi)


def normal_above(level: sp.Expr) -> sp.Expr:
    """The chance that a standard normal exceeds a level."""
    return sp.erfc(level / sp.sqrt(2)) / 2


CLAIM = Claim(
    slug="neyman-pearson-cost",
    title="The worst cost with a cap and a mean is the cap times the power of the best test of the base against the policy",
    kind="equality",
    source="derived here; the Neyman-Pearson lemma",
    limits="the closed forms are for quantilizers without a partial atom, best-of-n without atoms and normal tilts",
    parts=(
        Part(
            "prices",
            E(v * c) <= DUAL,
            given=(*POLICY, *CLASS, E(c) <= epsilon, t >= 0),
            says="Every price t of base cost gives an upper bound, the hockey-stick divergence.",
        ),
        Part(
            "attained",
            eq(E(v * c), DUAL),
            given=(*POLICY, *TEST, eq(E(c), epsilon)),
            says="Attained by the randomised test that rejects where the density ratio is above t.",
        ),
        Part(
            "most-powerful",
            E(v * other) <= E(v * c),
            given=(*POLICY, *TEST, other >= 0, other <= C, E(other) <= E(c)),
            says="No cost of the class with the same or a smaller mean does more harm, so the worst cost does not fall "
            "as the mean rises.",
        ),
        Part(
            "concave",
            lam * E(v * other) + (1 - lam) * E(v * second) <= E(v * c),
            given=(
                *POLICY,
                *TEST,
                lam >= 0,
                lam <= 1,
                other >= 0,
                other <= C,
                second >= 0,
                second <= C,
                lam * E(other) + (1 - lam) * E(second) <= E(c),
            ),
            says="The worst cost is concave in the mean.",
        ),
        Part(
            "whole",
            eq(E(v * c), C),
            given=(*POLICY, *CLASS, E(c) >= C),
            says="A mean at the cap is the cap under every policy.",
        ),
        Part(
            "quantilizer",
            sp.And(c <= C, E(c) <= epsilon, eq(E(w * c), sp.Min(C, epsilon / q))),
            given=(C > 0, epsilon >= 0, eq(w * (1 - q * w), 0), eq(c, q * w * sp.Min(C, epsilon / q))),
            policies=QUANTILIZER,
            says="A quantilizer without a partial atom reaches the smaller of the cap and the amplified mean, by a cost "
            "on what it plays.",
        ),
        Part(
            "quantilizer-no-more",
            E(w * c) <= sp.Min(C, epsilon / q),
            given=(*CLASS, E(c) <= epsilon),
            policies=QUANTILIZER,
            says="And no more than that, with or without one.",
        ),
        Part(
            "best-of-n",
            eq(sp.Integral(n * (1 - s) ** (n - 1), (s, 0, size)), 1 - (1 - size) ** n),
            given=(n >= 1, size > 0, size < 1),
            says="Best-of-n gives its top ranks up to a size the mass 1 - (1 - size)^n.",
        ),
        Part(
            "normal-tilt",
            eq(
                sp.Integral(TILTED_NORMAL, (z, at, sp.oo)),
                normal_above(at - tilt),
            ),
            says="The exponential tilt of a standard normal gives the mass above a level that the normal has above the "
            "level less the tilt.",
        ),
        Part(
            "normal-tilt-between",
            eq(sp.Integral(TILTED_NORMAL, (z, at, top)), normal_above(at - tilt) - normal_above(top - tilt)),
            given=(top > at,),
            says="And so between two levels.",
        ),
        Part(
            "caps-and-weights",
            eq(E(v * c), t * E(weight * c) + E(cap * sp.Max(v - t * weight, 0))),
            given=(*POLICY, *WEIGHTED_TEST),
            says="With caps and weights that depend on the action, fill the caps in decreasing order of ratio by weight.",
        ),
        Part(
            "caps-and-weights-no-more",
            E(v * other) <= E(v * c),
            given=(*POLICY, *WEIGHTED_TEST, other >= 0, other <= cap, E(weight * other) <= E(weight * c)),
            says="No cost under the caps with the same weighted mean does more harm.",
        ),
    ),
    twin=Claim(
        slug="neyman-pearson-cost-twin",
        title="If best-of-2 has less KL divergence and less gain than a quantilizer, it has a smaller worst cost too",
        parts=(
            Part(
                "less-divergence",
                # No cost of the same mean takes more than the right side from the quantilizer.
                E(w2 * c) <= E(c) / q,
                given=(eq(c, indicator(w2 > 1 / q)), E(xlogy(w2, w2)) <= E(xlogy(w, w)), E(w2 * u) <= E(w * u)),
                policies=(*QUANTILIZER, PolicyOf(BestOfN(2), w2, tau2)),
            ),
        ),
    ),
)
