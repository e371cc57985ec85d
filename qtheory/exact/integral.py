r"""Rigorous enclosures of definite integrals, by interval arithmetic on small cells.

On a cell of width $h$ the integral lies in $h$ times the range of the integrand there, whatever the integrand is.
That is slow to get narrow, and it cannot be wrong.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

from qtheory.exact.enclosure import Enclosure, Indeterminate, Undefined, Value

FIRST_CELLS = 8
MOST_CELLS = 48
# Relative to the integral of the absolute value; equality is never decided this way, and visible gaps are.
GOOD_ENOUGH = Fraction(1, 50)


def enclose_integral(integrand: Callable[[Enclosure], Value], low: Value, high: Value) -> Value:
    r"""$\int_a^b f$, enclosed.

    Args:
        integrand: a function that maps an interval to an enclosure of its values there.
        low, high: the ends; swapped ends change the sign.

    Raises:
        Indeterminate: the integrand cannot be bounded on some cell, however small.

    >>> third = enclose_integral(lambda x: x * x, Fraction(0), Fraction(1))
    >>> third.contains(Fraction(1, 3)), float(third.width) < 0.1
    (True, True)
    """
    if isinstance(low, Enclosure) or isinstance(high, Enclosure):
        return _between_rough_ends(integrand, Enclosure.of(low), Enclosure.of(high))
    if low == high:
        return Fraction(0)
    if low > high:
        return -enclose_integral(integrand, high, low)
    edges = [low + (high - low) * i / FIRST_CELLS for i in range(FIRST_CELLS + 1)]
    cells: list[tuple] = []
    for a, b in pairwise(edges):
        _push(cells, integrand, a, b)
    while len(cells) < MOST_CELLS and not _is_narrow(cells):
        _, a, b, _ = heapq.heappop(cells)
        middle = (a + b) / 2
        _push(cells, integrand, a, middle)
        _push(cells, integrand, middle, b)
    return _total(cells)


def _between_rough_ends(integrand: Callable, low: Enclosure, high: Enclosure) -> Value:
    """From middle to middle, and what the integrand may add between an end and its middle."""
    total = Enclosure.of(enclose_integral(integrand, low.midpoint, high.midpoint))
    for end in (low, high):
        if not end.is_point:
            total = Enclosure.of(total + Enclosure.of(integrand(end)) * Enclosure(-end.width, end.width))
    return total


def _push(cells: list, integrand: Callable, a: Fraction, b: Fraction) -> None:
    """Add a cell; the widest come first, and those without a bound before all."""
    try:
        part = Enclosure.of(integrand(Enclosure(a, b))) * (b - a)
        heapq.heappush(cells, (-part.width, a, b, part))
    except (Undefined, Indeterminate):
        heapq.heappush(cells, (Fraction(-(10**30)) * (b - a), a, b, None))


def _is_narrow(cells: list) -> bool:
    if any(part is None for *_, part in cells):
        return False
    size = sum((abs(part.midpoint) for *_, part in cells), Fraction(0))
    return sum((part.width for *_, part in cells), Fraction(0)) <= GOOD_ENOUGH * size


def _total(cells: list) -> Value:
    if any(part is None for *_, part in cells):
        unbounded = next((a, b) for _, a, b, part in cells if part is None)
        raise Indeterminate("the integrand has no bound on a cell", got=unbounded)
    total = Enclosure.of(Fraction(0))
    for *_, part in cells:
        total = Enclosure.of(total + part)
    return total
