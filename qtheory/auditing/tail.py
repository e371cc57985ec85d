"""How heavy the upper tail of the utilities looks: Hill estimates at a few k, with what they can not say."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from qtheory.inference.hill import HillEstimate, hill_curve

_SHARES = (1 / 20, 1 / 100, 1 / 1000)
# below this the relative error of a Hill estimate, 1/sqrt(k), exceeds one fifth
_FEWEST = 25
LIMITS = (
    "A Hill estimate assumes a Pareto tail and depends on where zero lies; it does not test either. "
    "Estimates that drift as k falls speak against a Pareto tail."
)


@dataclass(frozen=True)
class Tail:
    """Tail diagnostics.

    Attributes:
        estimates: Hill estimates, largest k first; empty where they do not apply.
        note: their limits, or why there are none.
    """

    estimates: tuple[HillEstimate, ...]
    note: str


def hill_places(utility_best_first: np.ndarray) -> tuple[int, ...]:
    """The k at which the upper tail is looked at: those with positive, not all equal values down to the next one.

    >>> hill_places(np.linspace(1.0, -1.0, 1000))
    (50,)
    """
    n = len(utility_best_first)
    places = (math.ceil(share * n) for share in _SHARES)
    return tuple(k for k in places if _FEWEST <= k < n and _is_tail(utility_best_first, k))


def _is_tail(utility_best_first: np.ndarray, k: int) -> bool:
    best, start = float(utility_best_first[0]), float(utility_best_first[k])
    return start > 0 and math.log(best) > math.log(start)


def tail(utility_best_first: np.ndarray, alpha: float) -> Tail:
    """Hill estimates, each with its asymptotic interval at error rate alpha.

    Args:
        utility_best_first: nonincreasing, shape [n].
        alpha: error rate of each interval, in (0, 1).

    Returns:
        The diagnostics; without estimates where no top share has enough positive, not all equal utilities.
    """
    places = hill_places(utility_best_first)
    if not places:
        note = f"Hill estimates are not applicable: they need {_FEWEST} or more positive, unequal utilities on top."
        return Tail((), note)
    return Tail(hill_curve(utility_best_first[: max(places) + 1], places, alpha), LIMITS)
