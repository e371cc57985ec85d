r"""How likely a quantilizer makes an event."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, OfAction, Scalar, c, eq, q, w

# The chance of the event given the action; an event about actions is the special case 0 or 1.
event = OfAction("event")
p_hat = Scalar("p_hat", "nonnegative")
delta = Scalar("delta", "positive")
R_hat = Scalar("R_hat", "nonnegative")
eta = Scalar("eta", "positive")

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
EVENT = (event >= 0, event <= 1)
LOWER = sp.Max(0, 1 - (1 - E(event)) / q)
UPPER = sp.Min(1, E(event) / q)
OFF_THE_FULL = w < 1 / q

CLAIM = Claim(
    slug="event-bounds",
    title="An event of base probability g has probability between 1 - (1 - g)/q and g/q under the quantilizer",
    kind="upper bound",
    source="derived here",
    limits="the lower bound is zero unless the event is more likely than 1 - q under the base",
    parts=(
        Part(
            "upper", E(w * event) <= UPPER, given=EVENT, policies=QUANTILIZER, says="No event grows by more than 1/q."
        ),
        Part(
            "lower",
            E(w * event) >= LOWER,
            given=EVENT,
            policies=QUANTILIZER,
            says="The complement grows by no more either.",
        ),
        Part(
            "upper-attained",
            eq(E(w * event), E(event) / q),
            given=(*EVENT, sp.Implies(OFF_THE_FULL, eq(event, 0))),
            policies=QUANTILIZER,
            says="The upper bound is attained by events among the full actions.",
        ),
        Part(
            "lower-attained",
            eq(E(w * event), 1 - (1 - E(event)) / q),
            given=(*EVENT, sp.Implies(OFF_THE_FULL, eq(event, 1))),
            policies=QUANTILIZER,
            says="The lower bound is attained by events whose complement is among the full actions.",
        ),
        Part(
            "catastrophe",
            E(w * event) <= delta,
            given=(*EVENT, delta > 0, E(event) <= p_hat, q * delta >= p_hat),
            policies=QUANTILIZER,
            says="A catastrophe of base probability at most p_hat stays below delta if q is at least p_hat/delta.",
        ),
        Part(
            "risk-budget",
            E(w * c) <= sp.Max(E(c), eta),
            given=(c >= 0, eta > 0, E(c) <= R_hat),
            policies=(PolicyOf(Quantilizer(sp.Min(1, R_hat / eta))),),
            says="With q = min(1, R_hat/eta) a risk of at most R_hat under the base stays below eta, or stays as it is.",
        ),
    ),
    twin=Claim(
        slug="event-bounds-twin",
        title="Quantilizing never removes an event: its probability stays above q times that under the base",
        parts=(Part("kept", E(w * event) >= q * E(event), given=EVENT, policies=QUANTILIZER),),
    ),
)
