r"""The verdict on the cost bound $E_Q[c] \le E_\gamma[c]/q$ in a simulated world."""

from __future__ import annotations

from fractions import Fraction

from qtheory.inference.interval import Interval
from qtheory.statements.verdict import Verdict


def bound_verdict(
    q: Fraction,
    top: Interval,
    base: Interval,
    ratio: Interval,
    pilot: Interval,
    alpha: float,
    samples: int,
    gap: float | None,
) -> Verdict:
    r"""Judge the bound from intervals that hold together with error rate alpha.

    On one sample the bound holds whatever the draws are, since it holds for every empirical measure. So a contradiction
    is only looked for between independent streams: the quantilizer's mean on one, the base's on the other.

    Args:
        q: the level.
        top: for $E_Q[c]$, from the main stream.
        base: for $E_\gamma[c]$, from the main stream.
        ratio: for $E_Q[c]/E_\gamma[c]$, from the main stream.
        pilot: for $E_\gamma[c]$, from the pilot stream.
        alpha: the chance that one of the four is wrong.
        samples: draws of the main stream.
        gap: the violation this run could have seen; None if too few draws carry information.

    >>> near, far = Interval(0.1, 0.2), Interval(0.4, 0.5)
    >>> bound_verdict(Fraction(1, 2), near, far, Interval(0.2, 0.5), far, 1e-6, 1000, 0.1).outcome
    'holds'
    """
    factor = float(1 / q)
    low, high = factor * pilot.low - top.high, factor * pilot.high - top.low
    if high >= 0:
        # the ratio on one stream says more about the room that is left, and never that there is none
        low = max(low, min(base.low * (factor - ratio.high), high))
    outcome = "violated" if high < 0 else "holds" if low > 0 else "inconclusive"
    details = ({"detectable_gap": gap, "power": 0.99},)
    return Verdict("simulate", outcome, _words(outcome, gap), None, alpha, samples, (low, high), details=details)


def _words(outcome: str, gap: float | None) -> str:
    if outcome == "violated":
        return "E_Q[c] on one stream exceeds E_base[c]/q on an independent one"
    if outcome == "holds":
        return "E_Q[c] <= E_base[c]/q with room to spare"
    seen = "" if gap is None else f" (a violation by {gap:.2g} would have shown)"
    return (
        "not contradicted; a bound that is attained, or nearly so, cannot be told by sampling from one just broken: "
        f"that is what the proof is for{seen}"
    )
