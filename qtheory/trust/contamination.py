r"""An untrusted share of the base: how much of the top slice it makes up."""

from __future__ import annotations

import math
from typing import Any

from qtheory.aliases import NumberLike
from qtheory.base.continuous import Continuous
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.rationals import level, rational

# Relative to the threshold; the share follows the threshold smoothly.
_TOLERANCE = 1e-14


def share_in_top(share: NumberLike, trusted: Any, untrusted: Any, q: NumberLike) -> float:
    r"""$P(D \mid \text{top } q) = \delta S_D(\tau)/q$ for a base of which a share $\delta$ has another law of scores.

    Args:
        share: $\delta$, in [0, 1].
        trusted, untrusted: the laws of the scores of the two kinds, as `Continuous` bases or their formulas.
        q: the level.

    >>> round(share_in_top("1/100", "normal(0, 1)", "normal(2, 1)", "1/10"), 8)
    0.07517462
    """
    delta, fraction = float(unit(share, "share")), float(level(q))
    if fraction == 1 or delta in (0.0, 1.0):
        return delta
    laws = [_law(trusted), _law(untrusted)]
    tau = top_threshold(delta, laws, fraction)
    return delta * float(laws[1].survival(tau)) / fraction


def top_threshold(delta: float, laws: list[Continuous], q: float) -> float:
    """The score that the mixture of two laws exceeds with chance q: between those of the two."""
    from scipy.optimize import brentq

    low, high = sorted(float(law.upper_quantile(q)) for law in laws)
    excess = lambda t: (1 - delta) * float(laws[0].survival(t)) + delta * float(laws[1].survival(t)) - q
    if low == high:
        return low
    return float(brentq(excess, low, high, xtol=_TOLERANCE * (1 + abs(low) + abs(high)), rtol=8.9e-16))


def safe_bits(share: NumberLike, most: NumberLike) -> float:
    r"""How many bits of selection keep the untrusted share at most $p$ in the worst case: $\log_2(p/\delta)$.

    >>> round(safe_bits("1/10000", "1/20"), 6)
    8.965784
    """
    delta, allowed = unit(share, "share"), unit(most, "most")
    if delta == 0 or allowed < delta:
        raise InvalidInput(
            "no selection is safe, or any is", got=(str(delta), str(allowed)), allowed="0 < share <= most"
        )
    return math.log2(allowed / delta)


def unit(value: NumberLike, name: str) -> Any:
    """An exact chance, in [0, 1]."""
    number = rational(value, name)
    if not 0 <= number <= 1:
        raise InvalidInput(f"{name} is no chance", got=str(number), allowed="0 to 1")
    return number


def _law(given: Any) -> Continuous:
    law = Continuous(given) if isinstance(given, str) else given
    if not isinstance(law, Continuous):
        raise NotAvailable("the law of the scores must be continuous", got=given, remedy='for example "normal(0, 1)"')
    return law
