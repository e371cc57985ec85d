r"""A student trained on quantilized samples: how bad its cost can be, and when it pays."""

from __future__ import annotations

import math
from fractions import Fraction

from qtheory.aliases import NumberLike
from qtheory.errors import InvalidInput
from qtheory.exact.rationals import level, rational


def student_bound(epsilon: NumberLike, q: NumberLike, cap: NumberLike, divergence: NumberLike) -> float:
    r"""$\varepsilon/q + C\min(\sqrt{\eta/2}, \sqrt{1 - e^{-\eta}})$: Pinsker's bound, or that of Bretagnolle and Huber.

    >>> student_bound("1/1000", "1/100", 1, "1/50")
    0.2
    """
    mean, eta = rational(epsilon, "epsilon") / level(q), _nonnegative(divergence)
    return float(mean) + float(rational(cap, "cap")) * min(math.sqrt(eta / 2), math.sqrt(-math.expm1(-eta)))


def worst_student_cost(epsilon: NumberLike, q: NumberLike, cap: NumberLike, divergence: NumberLike) -> float:
    r"""The worst mean cost of a student at divergence $\eta$: $C\max\{s : \mathrm{kl}(\varepsilon/(qC) \| s) \le \eta\}$.

    >>> round(worst_student_cost("1/1000", "1/100", 1, "1/50"), 7)
    0.1703836
    """
    top, eta = rational(cap, "cap"), _nonnegative(divergence)
    share = rational(epsilon, "epsilon") / (level(q) * top) if top > 0 else Fraction(1)
    if share < 0:
        raise InvalidInput("epsilon is negative", got=str(epsilon), allowed=">= 0")
    return float(top) * (1.0 if share >= 1 else binary_inverse(float(share), eta))


def binary_inverse(share: float, divergence: float) -> float:
    r"""The largest $s \ge a$ with $\mathrm{kl}(a \| s) \le \eta$, by bisection to the last bit.

    >>> round(binary_inverse(0.5, math.log(2) / 2), 12) == round((1 + math.sqrt(1 / 2)) / 2, 12)
    True
    """
    low, high = share, 1.0
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if _binary(share, middle) <= divergence else (low, middle)
    return low


def break_even_queries(dataset: NumberLike, training: NumberLike, q: NumberLike) -> Fraction:
    r"""From how many queries on a student is cheaper than rejection sampling, in base draws: $(N/q + T)/(1/q - 1)$.

    >>> break_even_queries(10**4, 10**6, "1/100")
    Fraction(2000000, 99)
    """
    fraction = level(q)
    if fraction == 1:
        raise InvalidInput("at q = 1 there is nothing to gain", got=str(fraction), allowed="q < 1")
    return (rational(dataset, "dataset") / fraction + rational(training, "training")) / (1 / fraction - 1)


def _binary(a: float, b: float) -> float:
    first = a * math.log(a / b) if a > 0 else 0.0
    return first + (1 - a) * math.log((1 - a) / (1 - b))


def _nonnegative(divergence: NumberLike) -> float:
    eta = rational(divergence, "divergence")
    if eta < 0:
        raise InvalidInput("a divergence is not negative", got=str(eta), allowed=">= 0")
    return float(eta)
