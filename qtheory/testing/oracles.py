r"""Exact answers, written without qtheory's own calculus, so that they can disagree with it.

Rows are tuples of `Fraction`. A *level* of utility is the set of actions that share it; $G$ is the mass strictly above
a level and $T$ the mass of the level.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction

Row = tuple[Fraction, ...]
_DIGITS = 60


def spread(weights: Row, utility: Row, mass_below: Callable[[Fraction], Fraction]) -> Row:
    r"""The policy that gives the ranks from 0 to s the probability $F(s)$, ties in proportion to mass.

    >>> half = Fraction(1, 2)
    >>> spread((half, half), (Fraction(0), Fraction(1)), lambda s: min(2 * s, Fraction(1)))
    (Fraction(0, 1), Fraction(1, 1))
    """
    share: dict[Fraction, Fraction] = {}
    above = Fraction(0)
    for level in sorted(set(utility), reverse=True):
        mass = sum((g for g, u in zip(weights, utility, strict=True) if u == level), Fraction(0))
        share[level] = (mass_below(above + mass) - mass_below(above)) / mass if mass else Fraction(0)
        above += mass
    return tuple(g * share[u] for g, u in zip(weights, utility, strict=True))


def quantilizer(weights: Row, utility: Row, q: Fraction) -> Row:
    r"""$\gamma(a)/q \cdot \mathrm{clip}((q - G)/T, 0, 1)$."""
    return spread(weights, utility, lambda s: min(s, q) / q)


def ordered_quantilizer(weights: Row, utility: Row, q: Fraction) -> Row:
    """The quantilizer that takes tied actions whole, in the order in which they are listed."""
    probabilities, left = [Fraction(0)] * len(weights), q
    for i in sorted(range(len(weights)), key=lambda i: -utility[i]):
        taken = min(left, weights[i])
        probabilities[i], left = taken / q, left - taken
    return tuple(probabilities)


def threshold(weights: Row, utility: Row, q: Fraction) -> Fraction:
    r"""$\max\{t : \gamma\{U \ge t\} \ge q\}$."""
    reached = [t for t in utility if sum(g for g, u in zip(weights, utility, strict=True) if u >= t) >= q]
    return max(reached)


def top_k_of_n(weights: Row, utility: Row, n: int, k: int) -> Row:
    r"""Of k kept draws $E[\min(k, \mathrm{Bin}(n, s))]$ come from the ranks up to s."""
    return spread(weights, utility, lambda s: _expected_kept(n, k, s) / k)


def _expected_kept(n: int, k: int, s: Fraction) -> Fraction:
    # A zero to the power zero is one, as it has to be for s = 0 and s = 1.
    chances = (math.comb(n, j) * s**j * (1 - s) ** (n - j) for j in range(n + 1))
    return sum((min(j, k) * chance for j, chance in enumerate(chances)), Fraction(0))


def best_of_n(weights: Row, utility: Row, n: int) -> Row:
    r"""The best of n draws is among the ranks up to s with chance $1 - (1-s)^n$."""
    return spread(weights, utility, lambda s: 1 - (1 - s) ** n)


def kl_regularized(weights: Row, utility: Row, beta: Fraction) -> tuple[float, ...]:
    r"""$\gamma(a)\,e^{u/\beta}/Z$ in sixty digits."""
    with localcontext() as context:
        context.prec = _DIGITS
        best = max(utility)
        terms = [decimal(g) * (decimal((u - best) / beta)).exp() for g, u in zip(weights, utility, strict=True)]
        total = sum(terms, Decimal(0))
        return tuple(float(x / total) for x in terms)


def mean(weights: Row, values: Row) -> Fraction:
    """The sum of products."""
    return sum((g * x for g, x in zip(weights, values, strict=True)), Fraction(0))


def count(n: int, q: Fraction) -> int:
    """n q, rounded up."""
    return -(-q.numerator * n // q.denominator)


def sup_ratio(policy: Row, base: Row) -> Fraction | float:
    """The largest density ratio; infinite if the policy leaves the base."""
    if any(p > 0 and g == 0 for p, g in zip(policy, base, strict=True)):
        return math.inf
    return max(p / g for p, g in zip(policy, base, strict=True) if g > 0)


def kl(policy: Row, base: Row) -> float:
    """The sum of p log(p/g), in sixty digits."""
    if sup_ratio(policy, base) == math.inf:
        return math.inf
    with localcontext() as context:
        context.prec = _DIGITS
        terms = (decimal(p) * decimal(p / g).ln() for p, g in zip(policy, base, strict=True) if p > 0)
        return float(sum(terms, Decimal(0)))


def renyi(policy: Row, base: Row, order: Fraction) -> float:
    r"""$\log \sum_{p > 0} p^\alpha g^{1-\alpha} / (\alpha - 1)$, and the KL divergence for the order 1."""
    if order == 1:
        return kl(policy, base)
    if order > 1 and sup_ratio(policy, base) == math.inf:
        return math.inf
    with localcontext() as context:
        context.prec = _DIGITS
        shared = [(p, g) for p, g in zip(policy, base, strict=True) if p > 0 and g > 0]
        if not shared:
            return math.inf
        total = sum((decimal(g) * decimal(p / g) ** decimal(order) for p, g in shared), Decimal(0))
        return float(total.ln() / decimal(order - 1))


def chi_square(policy: Row, base: Row) -> Fraction | float:
    """The sum of p²/g, less one."""
    if sup_ratio(policy, base) == math.inf:
        return math.inf
    return sum((p * p / g for p, g in zip(policy, base, strict=True) if g > 0), Fraction(-1))


def total_variation(policy: Row, base: Row) -> Fraction:
    """How much more the policy plays what it plays more."""
    return sum((max(p - g, Fraction(0)) for p, g in zip(policy, base, strict=True)), Fraction(0))


def capped_worst_case(base: Row, policy: Row, bound: Fraction, cap: Fraction) -> Fraction:
    r"""$\min_{\lambda \ge 0} \lambda\varepsilon + C \sum (p - \lambda g)^+$, at a kink."""
    ratios = [p / g for p, g in zip(policy, base, strict=True) if g > 0]
    # Beyond the last kink nothing of the base is worth its price; what the base never takes costs nothing at all.
    kinks = [Fraction(0), *ratios]
    return min(
        kink * bound
        + cap * sum((max(p - kink * g, Fraction(0)) for p, g in zip(policy, base, strict=True)), Fraction(0))
        for kink in kinks
    )


def decimal(x: Fraction) -> Decimal:
    """A fraction in the digits of the context."""
    return Decimal(x.numerator) / Decimal(x.denominator)
