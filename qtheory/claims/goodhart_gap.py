r"""How much of the proxy's value is lost at the best level: the mean residual life of the proxy."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, OfAction, Scalar, eq, indicator, q, r, t, tau, tau2, u, w, w2

t2, beta, rank = Scalar("t2"), Scalar("beta", "positive"), Scalar("rank", "unit")
# A tail probability at t + x and at a larger t2 + x, over any density of x; and the two at x = 0.
tail, later_tail = OfAction("tail"), OfAction("later_tail")
start, later_start = Scalar("start", "positive"), Scalar("later_start", "positive")
life = Scalar("life", "positive")

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
TWO = (*QUANTILIZER, PolicyOf(Quantilizer(r), w2, tau2))
EXCESS, LATER = sp.Max(u - t, 0), sp.Max(u - t2, 0)
AT_THRESHOLD = E(sp.Max(u - tau, 0))
# The worst cost leaves the true value min(U, tau).
GAP = E(w * (u - sp.Min(u, tau)))
x = sp.Symbol("y", real=True)


def _excess(survival: sp.Expr, low: Scalar, high: sp.Expr = sp.oo) -> sp.Integral:
    """The mean excess over `low`, which is the integral of the tail probability."""
    return sp.Integral(survival, (x, low, high))


EXPONENTIAL = _excess(sp.exp(-beta * x), t)
PARETO = _excess(x ** (-1 - beta), t)
UNIFORM = _excess(1 - x, rank, sp.Integer(1))

CLAIM = Claim(
    slug="goodhart-gap",
    title="At the best level the proxy exceeds the true value by its mean residual life, which is constant for "
    "exponential tails only",
    kind="characterisation",
    source="derived here; it corrects a remark in gillen2023, comments",
    limits="where an atom sits at the threshold the gap is only between two residual lives",
    parts=(
        Part(
            "gap",
            eq(GAP, AT_THRESHOLD / q),
            policies=QUANTILIZER,
            says="Against its worst cost a quantilizer loses the mean excess over its threshold times 1/q.",
        ),
        Part(
            "residual-life",
            sp.And(
                GAP * E(indicator(u > tau)) <= AT_THRESHOLD,
                GAP * E(indicator(u >= tau)) >= AT_THRESHOLD,
                evaluate=False,
            ),
            policies=QUANTILIZER,
            says="That is the mean residual life of the proxy at the threshold: exactly if no atom sits there, and "
            "otherwise between the lives that leave the atom out and count it in.",
        ),
        Part(
            "better-proxies-select-harder",
            t2 > t,
            given=(E(LATER) < E(EXCESS),),
            says="A smaller mean cost means a higher threshold.",
        ),
        Part(
            "falling-life",
            E(later_tail) / later_start <= E(tail) / start,
            given=(start > 0, later_start > 0, tail >= 0, later_tail * start <= tail * later_start),
            says="If the tail falls faster from the later point (an increasing hazard), the residual life falls.",
        ),
        Part(
            "rising-life",
            E(later_tail) / later_start >= E(tail) / start,
            given=(start > 0, later_start > 0, tail >= 0, later_tail * start >= tail * later_start),
            says="If it falls more slowly (a decreasing hazard), the residual life rises.",
        ),
        Part(
            "constant-life",
            sp.And(
                E(indicator(u > t2)) * (life + t2 - t) <= life * E(indicator(u > t)),
                life * E(indicator(u > t2)) >= (life - (t2 - t)) * E(indicator(u > t)),
                evaluate=False,
            ),
            given=(
                t2 >= t,
                life > 0,
                eq(E(EXCESS), life * E(indicator(u > t))),
                eq(E(LATER), life * E(indicator(u > t2))),
            ),
            says="A residual life that is the same at two points squeezes the tail between them; taken over ever "
            "shorter steps, only exp(-x/life) is left.",
        ),
        Part(
            "exponential",
            eq(EXPONENTIAL, sp.exp(-beta * t) / beta),
            given=(beta > 0, t >= 0),
            says="Under the exponential law the mean excess is the tail probability times 1/beta, at every threshold.",
        ),
        Part(
            "pareto",
            eq(PARETO, t ** (-1 - beta) * (t / beta)),
            given=(beta > 0, t > 0),
            says="Under the Pareto law it is the tail probability times t/beta, which grows with the threshold.",
        ),
        Part(
            "uniform",
            eq(UNIFORM, (1 - rank) * ((1 - rank) / 2)),
            given=(rank >= 0, rank < 1),
            says="Under the uniform law it is the tail probability times half of what is left, which shrinks to nothing.",
        ),
    ),
    twin=Claim(
        slug="goodhart-gap-twin",
        title="The amount of Goodharting is constant as proxy quality and optimisation power scale up",
        parts=(
            Part(
                "constant",
                eq(AT_THRESHOLD / q, E(sp.Max(u - tau2, 0)) / r),
                given=(AT_THRESHOLD > 0, E(sp.Max(u - tau2, 0)) > 0),
                policies=TWO,
            ),
        ),
    ),
)
