r"""Functions of exact numbers that are known not to be negative, also where an enclosure of one reaches down to zero."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from qtheory.exact import elementary
from qtheory.exact.enclosure import Enclosure, Indeterminate, Value, maximum, simplest

_INVERSE_OF_E = Enclosure.of(elementary.exp(Fraction(-1)))


def power(x: Value, order: Fraction) -> Value:
    r"""$x^p$ for $x \ge 0$ and $p > 0$.

    >>> power(Enclosure(Fraction(0), Fraction(4)), Fraction(1, 2))
    Enclosure(low=Fraction(0, 1), high=Fraction(2, 1))
    """
    if isinstance(x, Fraction):
        return Fraction(0) if x == 0 else _power_of_positive(x, order)
    if x.is_point:
        return power(x.low, order)
    low, high = Enclosure.of(power(max(x.low, Fraction(0)), order)), Enclosure.of(power(x.high, order))
    return simplest(Enclosure(low.low, high.high))


def entropy(x: Value) -> Value:
    r"""$x \log x$ for $x \ge 0$, zero at zero.

    >>> entropy(Fraction(0)), entropy(Fraction(1))
    (Fraction(0, 1), Fraction(0, 1))
    """
    if isinstance(x, Fraction):
        return elementary.xlogy(x, x)
    ends = [Enclosure.of(entropy(end)) for end in (max(x.low, Fraction(0)), x.high)]
    low, high = min(end.low for end in ends), max(end.high for end in ends)
    # It falls up to 1/e and rises from there; between the ends there may be the minimum -1/e.
    reaches_minimum = not (x.high < _INVERSE_OF_E.low or x.low > _INVERSE_OF_E.high)
    return simplest(Enclosure(min(low, -_INVERSE_OF_E.high) if reaches_minimum else low, high))


def positive_part(x: Value) -> Value:
    r"""$\max(x, 0)$.

    >>> positive_part(Fraction(-1)), positive_part(Fraction(2))
    (Fraction(0, 1), Fraction(2, 1))
    """
    return maximum(x, Fraction(0))


def largest(values: Iterable[Value]) -> Value:
    r"""The largest of several values, exact where it can be told.

    >>> largest([Fraction(1), Enclosure(Fraction(2), Fraction(3)), Fraction(4)])
    Fraction(4, 1)
    """
    best, *rest = values
    for value in rest:
        best = maximum(best, value)
    return simplest(best)


def shares(terms: Sequence[Value]) -> tuple[Value, ...]:
    r"""$t_i / \sum_j t_j$ for $t_j \ge 0$, each the tightest interval that the terms allow, within $[0, 1]$.

    A share grows with its own term and falls with the others, so its ends are at the ends of the terms.

    >>> shares([Fraction(1), Fraction(3)])
    (Fraction(1, 4), Fraction(3, 4))
    """
    boxes = [Enclosure.of(term) for term in terms]
    least = sum((box.low for box in boxes), Fraction(0))
    most = sum((box.high for box in boxes), Fraction(0))
    if least <= 0:
        raise Indeterminate("it cannot be told whether the terms are all zero", got=str(least))
    return tuple(simplest(_share(box, most - box.high, least - box.low)) for box in boxes)


def _share(box: Enclosure, others_most: Fraction, others_least: Fraction) -> Value:
    low = box.low / (box.low + others_most) if box.low > 0 else Fraction(0)
    high = box.high / (box.high + others_least) if box.high > 0 else Fraction(0)
    # Adding zero rounds the ends of a proper interval outward, so that they do not grow; but never out of [0, 1].
    rounded = Enclosure(low, high) + Fraction(0)
    return Enclosure(max(rounded.low, Fraction(0)), min(rounded.high, Fraction(1)))


def _power_of_positive(x: Fraction, order: Fraction) -> Value:
    try:
        return elementary.power(x, order)
    except Indeterminate:
        # Too many digits for an exact power: its logarithm is of moderate size.
        return elementary.exp(order * elementary.log(x))
