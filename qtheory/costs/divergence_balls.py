r"""How much of a capped cost a divergence budget lets a policy reach.

For $0 \le c \le C$ with $E_\gamma c = gC$, the largest $E_\pi c$ over all policies within a budget is $C$ times the
largest probability that such a policy gives an event of base mass $g$; on atomless bases it is attained.
"""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath

from qtheory.aliases import NumberLike
from qtheory.errors import InvalidInput
from qtheory.exact.elementary import log, sqrt
from qtheory.exact.enclosure import Enclosure, Value, simplest
from qtheory.exact.kleene import less
from qtheory.exact.rationals import rational
from qtheory.exact.roots import compared, root_near

# The start of the rigorous search: halvings, and digits to do them with.
_HALVINGS, _DIGITS = 200, 60


def binary_kl(p: NumberLike, g: NumberLike) -> Value | float:
    r"""$\mathrm{kl}(p\|g) = p\log\frac pg + (1-p)\log\frac{1-p}{1-g}$, of a coin of chance p from one of chance g.

    Returns:
        A `Fraction` where it is rational, else an enclosure; infinity where g excludes what p allows.

    >>> binary_kl("1/3", "1/3"), str(binary_kl("1/5", "1/1000"))
    (Fraction(0, 1), '0.88194903252510... +- 6e-38')
    """
    chance, base = _probability(p, "p"), _probability(g, "g")
    if (base == 0 < chance) or (base == 1 > chance):
        return math.inf
    sides = ((chance, base), (1 - chance, 1 - base))
    terms = [a * log(a / b) for a, b in sides if a > 0 and a != b]
    return simplest(sum(terms, Enclosure.of(0)))


def largest_share_by_kl(g: NumberLike, nats: NumberLike | Enclosure) -> Value:
    r"""$\mathrm{kl}^{-1}(g;\kappa) = \max\{p \ge g : \mathrm{kl}(p\|g) \le \kappa\}$, which is 1 from $\kappa = \log\frac1g$ on.

    Args:
        g: the base's share of the cap, in [0, 1].
        nats: the budget $\kappa \ge 0$ in natural units; an enclosure such as `log` gives is allowed.

    Returns:
        A `Fraction` where it is rational and found so, else an enclosure.

    >>> print(largest_share_by_kl("1/1000", 1))
    0.22113766046563... +- 1e-36
    """
    base, budget = _probability(g, "g"), _budget(nats, "nats")
    if base in (0, 1) or compared(budget, Fraction(0)) == 0:
        return base
    whole = log(1 / base)
    if not less(budget, whole):
        # Where the enclosures overlap, the share is 1 or just below it.
        return Fraction(1) if less(whole, budget) or compared(budget, whole) == 0 else Enclosure(base, Fraction(1))
    return root_near(lambda p: _beyond(p, base, budget), _guess(base, budget), base, Fraction(1))


def largest_share_by_chi_squared(g: NumberLike, chi2: NumberLike) -> Value:
    r"""$\min(1, g + \sqrt{\chi^2 g(1-g)})$: the largest share of the cap within a chi-squared budget.

    >>> print(largest_share_by_chi_squared("1/1000", 99))
    0.31548529377381... +- 9e-44
    """
    base, budget = _probability(g, "g"), _budget(chi2, "chi2")
    moved = base + sqrt(budget * base * (1 - base))
    return moved if less(moved, Fraction(1)) else Fraction(1)


def largest_share_by_ratio(g: NumberLike, ratio: NumberLike | Enclosure) -> Value:
    r"""$\min(1, g\rho)$: the largest share of the cap if the density ratio is at most $\rho = e^{D_\infty}$.

    >>> largest_share_by_ratio("1/1000", 100)
    Fraction(1, 10)
    """
    base, bound = _probability(g, "g"), _budget(ratio, "ratio")
    if less(bound, Fraction(1)):
        raise InvalidInput("no policy has such a density ratio", got=ratio, allowed="ratio >= 1")
    raised = base * bound
    return simplest(raised) if less(raised, Fraction(1)) else Fraction(1)


def _beyond(p: Fraction, g: Fraction, budget: Value) -> int | None:
    """Whether the divergence at p lies below, at or above the budget; it grows with p from g on."""
    divergence = binary_kl(p, g)
    assert not isinstance(divergence, float)
    return compared(divergence, budget)


def _guess(g: Fraction, budget: Value) -> Fraction:
    with mpmath.workdps(_DIGITS):
        base, target = mpmath.mpf(g.numerator) / g.denominator, _as_mpf(Enclosure.of(budget).midpoint)
        low, high = base, mpmath.mpf(1)
        for _ in range(_HALVINGS):
            p = (low + high) / 2
            rest = (1 - p) * mpmath.log((1 - p) / (1 - base)) if p < 1 else mpmath.mpf(0)
            low, high = (p, high) if p * mpmath.log(p / base) + rest <= target else (low, p)
        sign, mantissa, exponent, _ = low._mpf_
        return Fraction((-1) ** sign * int(mantissa)) * Fraction(2) ** int(exponent)


def _as_mpf(x: Fraction) -> mpmath.mpf:
    return mpmath.mpf(x.numerator) / x.denominator


def _probability(value: NumberLike, name: str) -> Fraction:
    share = rational(value, name)
    if not 0 <= share <= 1:
        raise InvalidInput(f"{name} is not a probability", got=str(share), allowed=f"0 <= {name} <= 1")
    return share


def _budget(value: NumberLike | Enclosure, name: str) -> Value:
    budget = value if isinstance(value, Enclosure) else rational(value, name)
    if Enclosure.of(budget).low < 0:
        raise InvalidInput(f"{name} is negative", got=value, allowed=f"{name} >= 0")
    return budget
