r"""What a quantilizer loses by ranking with a wrong utility."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, OfAction, Scalar, eq, indicator, q, t, tau2, u, v, w, w2

# The utility one would rather have ranked by; the quantilizer w ranks by u.
u2 = OfAction("u2")
# The best expected u2 among the policies with density ratio at most 1/q; w is one of them.
best = Scalar("best")
eta = Scalar("eta", "positive")
# A top of mass g, worth 1, of which a wrong utility knows nothing.
top = OfAction("top")
g = Scalar("g", "positive")

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
RIVAL = (v >= 0, v <= 1 / q, eq(E(v), 1))
CLOSE = (u2 <= u + t, u2 >= u - t)
# The quantilizer of -u: what the top 1 - q leaves.
BOTH_ENDS = (*QUANTILIZER, PolicyOf(Quantilizer(1 - q), w2, tau2))
REVERSED = (1 - (1 - q) * w2) / q
DISTANCE = E(sp.Abs(u - u2))
TOP = (eq(top, indicator(u <= t)), eq(E(top), g), g > 0, eta > 0)

CLAIM = Claim(
    slug="utility-lipschitz",
    title="A wrong utility costs a quantilizer at most its mean distance from the right one, times 1/q",
    kind="upper bound",
    source="derived here",
    limits="the policy itself does not depend continuously on the utility",
    parts=(
        Part(
            "not-far-above",
            E(w * u) - best <= E(sp.Max(u - u2, 0)) / q,
            given=(best >= E(w * u2),),
            policies=QUANTILIZER,
            says="Where u exceeds u2 by little, the best expected u is little above the best expected u2.",
        ),
        Part(
            "not-far-below",
            E(v * u2) - E(w * u) <= E(sp.Max(u2 - u, 0)) / q,
            given=RIVAL,
            policies=QUANTILIZER,
            says="And the other way round, for every policy with density ratio at most 1/q.",
        ),
        Part(
            "uniformly-close",
            sp.And(E(w * u2) >= E(w * u) - t, E(v * u2) <= E(w * u) + t, evaluate=False),
            given=(*RIVAL, *CLOSE),
            policies=QUANTILIZER,
            says="Utilities that differ by at most t have best values that do.",
        ),
        Part(
            "regret",
            E(v * u2) - E(w * u2) <= DISTANCE / q,
            given=RIVAL,
            policies=QUANTILIZER,
            says="Ranking by u in place of u2 loses at most the mean distance times 1/q.",
        ),
        Part(
            "regret-uniform",
            E(v * u2) - E(w * u2) <= 2 * t,
            given=(*RIVAL, *CLOSE),
            policies=QUANTILIZER,
            says="And at most twice the largest distance, at every q.",
        ),
        Part(
            "constant-one",
            sp.And(
                eq(E(top / g * top) - E(v * top), 1),
                eq(E(sp.Abs(top - eta * (1 - top))) / g, 1 + eta * (1 - g) / g),
                evaluate=False,
            ),
            given=(*TOP, v >= 0, sp.Implies(u <= t, eq(v, 0))),
            says="The constant in front of 1/q is best possible: with q = g, the right utility `top` and the wrong one "
            "eta (1 - top), which ranks the top last, the regret is 1 and the distance times 1/q tends to 1 with eta.",
        ),
    ),
    twin=Claim(
        slug="utility-lipschitz-twin",
        title="The policy moves no further than the utility: close utilities have close quantilizers",
        parts=(
            Part(
                "continuous",
                E(sp.Abs(w - REVERSED)) <= 2 * E(sp.Abs(eta * u - -eta * u)) / q,
                given=(eta > 0,),
                policies=BOTH_ENDS,
                says="For the utilities eta u and -eta u.",
            ),
        ),
    ),
)
