r"""The greatest guarantee over all levels on finitely many actions, and the greatest level that has it.

$q\,E_Q[U]$ is concave in $q$ with kinks where a level of utility is taken whole, so $\max_q (q E_Q[U] - \varepsilon)/q$ is
attained at a kink. It is the reservation value $\tau$, the root of $E_\gamma[(U - \tau)^+] = \varepsilon$.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from qtheory.aliases import Number
from qtheory.base.abstract import AbstractAtomicBase
from qtheory.base.empirical import Empirical
from qtheory.exact.values import as_float
from qtheory.policies.stretches import ends
from qtheory.problem import Problem

_LARGE, _ROOM = 2.0**900, 2.0**-64


def atomic_reservation(problem: Problem, epsilon: Number) -> tuple[Number, Number]:
    r"""$\max_q E_Q[U] - \varepsilon/q$ and the greatest $q$ that attains it: exact on exact problems, else in float64.

    Source: claim `reservation-value`.

    >>> from qtheory.base.empirical import Empirical
    >>> atomic_reservation(Problem(Empirical([2.0, 1.0, 0.0, 0.0])), Fraction(1, 2))
    (0.5, 0.5)
    """
    assert isinstance(problem.base, AbstractAtomicBase)
    if problem.exact:
        return _exact(problem.base.weights, problem.utility, epsilon)  # type: ignore[arg-type]
    utility = as_float(problem.utility)
    if isinstance(problem.base, Empirical):
        value, count = _highest(utility, None, float(epsilon) * len(utility))
        return value, count / len(utility)
    value, mass = _highest(utility, as_float(problem.base.weights), float(epsilon))
    return value, min(mass, 1.0)


def _exact(weights: tuple[Fraction, ...], utility: tuple[Fraction, ...], epsilon: Fraction) -> tuple[Number, Number]:
    order = sorted((i for i in range(len(weights)) if weights[i] > 0), key=lambda i: -utility[i])
    mass, total, best = Fraction(0), Fraction(0), None
    for place, i in enumerate(order):
        mass, total = mass + weights[i], total + weights[i] * utility[i]
        if place + 1 < len(order) and utility[order[place + 1]] == utility[i]:
            continue
        value = (total - epsilon) / mass
        best = (value, mass) if best is None or value >= best[0] else best
    assert best is not None
    return best


def _highest(utility: np.ndarray, masses: np.ndarray | None, epsilon: float) -> tuple[float, float]:
    """Newton's iteration from below, which ends after finitely many steps; each looks only at what lies above the last.

    Unit masses if none are given; nothing is sorted.
    """
    # Sums of doubles near the largest one would pass it.
    room = _ROOM if max(map(abs, ends(utility, "utility"))) > _LARGE else 1.0
    if room < 1:
        utility, epsilon = utility * room, epsilon * room
    value, reached = -np.inf, 0.0
    left, weights = (utility, None) if masses is None else (utility[masses > 0], masses[masses > 0])
    while True:
        mass = float(len(left) if weights is None else weights.sum())
        if not mass > 0:
            break
        total = float(left.sum() if weights is None else np.dot(left, weights))
        # Rounding does not lift a mean above all it is the mean of.
        better = min((total - epsilon) / mass, float(left.max()))
        if better <= value:
            break
        value, reached = better, mass
        above = left > value
        left, weights = left[above], None if weights is None else weights[above]
    # What lies above the last but one value and below the last would have been left out, and lifted it further.
    return value / room, reached
