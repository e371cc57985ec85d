r"""Exact functionals of a density ratio on finitely many actions: rational where they are, enclosed where not.

Every function takes pairs $(g, w)$ of the base's mass and the density ratio, over the actions of positive mass.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from qtheory.exact import nonnegative
from qtheory.exact.elementary import exp, log
from qtheory.exact.enclosure import Enclosure, Indeterminate, Value, simplest

Pairs = Sequence[tuple[Fraction, Value]]


def power_mean(pairs: Pairs, order: Fraction) -> Value:
    r"""$E_\gamma[w^p]$ for $p > 0$.

    >>> power_mean([(Fraction(1, 2), Fraction(2)), (Fraction(1, 2), Fraction(0))], Fraction(2))
    Fraction(2, 1)
    """
    return total(g * nonnegative.power(w, order) for g, w in pairs)


def power_norm(pairs: Pairs, order: Fraction) -> Value:
    r"""$(E_\gamma w^p)^{1/p}$ for $p > 0$.

    >>> power_norm([(Fraction(1, 4), Fraction(4)), (Fraction(3, 4), Fraction(0))], Fraction(2))
    Fraction(2, 1)
    """
    try:
        return nonnegative.power(power_mean(pairs, order), 1 / order)
    except Indeterminate:
        return exp(log_power_mean(pairs, order) / order)


def log_power_mean(pairs: Pairs, order: Fraction) -> Value:
    r"""$\log E_\gamma[w^p]$, for orders of any size; the mean must be certainly positive.

    >>> log_power_mean([(Fraction(1), Fraction(1))], Fraction(10**9))
    Fraction(0, 1)
    """
    try:
        return log(power_mean(pairs, order))
    except Indeterminate:
        # The powers leave every bound, or vanish: measured against the largest ratio they do neither.
        top = max(Enclosure.of(w).high for _, w in pairs)
        relative = [(g, simplest(w / top)) for g, w in pairs]
        return simplest(log(power_mean(relative, order)) + order * log(top))


def entropy(pairs: Pairs) -> Value:
    r"""$E_\gamma[w \log w]$.

    >>> entropy([(Fraction(1), Fraction(1))])
    Fraction(0, 1)
    """
    return total(g * nonnegative.entropy(w) for g, w in pairs)


def negative_log_mean(pairs: Pairs) -> Value:
    r"""$-E_\gamma[\log w]$ for $w > 0$.

    >>> negative_log_mean([(Fraction(1), Fraction(1))])
    Fraction(0, 1)
    """
    return -total(g * log(w) for g, w in pairs)


def total(terms) -> Value:
    """The sum, exact if every term is.

    >>> total([Fraction(1, 2), Fraction(1, 3)])
    Fraction(5, 6)
    """
    return simplest(sum(terms, Fraction(0)))
