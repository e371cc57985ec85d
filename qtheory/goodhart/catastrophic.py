r"""What a bound on the KL divergence allows a large error to become."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from qtheory.aliases import NumberLike
from qtheory.base.families import AbstractFamily
from qtheory.base.families.exponential_tilt import log_exponential_moment
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.rationals import rational
from qtheory.goodhart.independent import read_family
from qtheory.goodhart.measured import Measured, by_formula

# Rates over so many factors of two around one are looked at before the minimum is refined.
_OCTAVES = 40
_MOST_HALVINGS = 200


@dataclass(frozen=True)
class MovedMass:
    r"""The law that puts mass $c$ on $\{X>t\}$ and the rest on what is below, each in proportion to the base.

    Args:
        error: the law of X under the base: a family, or its text form.
        threshold: t.
        mass: c, strictly between 0 and 1.

    Source:
        kwa2024catastrophic for the construction.

    >>> moved = MovedMass("student_t(3)", 1000, 1000 ** -0.8)
    >>> [round(x.value, 6) for x in (moved.mean(), moved.kl(), moved.d_infinity())]
    [5.971609, 0.056138, 15.099342]
    """

    error: Any
    threshold: Any
    mass: Any

    def __post_init__(self) -> None:
        object.__setattr__(self, "error", read_family(self.error))
        object.__setattr__(self, "threshold", float(rational(self.threshold, "threshold")))
        object.__setattr__(self, "mass", float(rational(self.mass, "mass")))
        if not 0 < self.mass < 1:
            raise InvalidInput("mass is out of range", got=self.mass, allowed="0 < mass < 1")
        if not 0 < self.tail() < 1:
            raise InvalidInput("the base puts all or nothing above the threshold", got=self.threshold)

    def tail(self) -> float:
        r"""$q_t=\gamma\{X>t\}$, the mass there under the base."""
        return float(self.error.survival(self.threshold))

    def mean(self) -> Measured:
        r"""$c\,E[X\mid X>t]+(1-c)\,E[X\mid X\le t]$."""
        q, above = self.tail(), float(self.error.upper_partial_mean(self.threshold))
        below = self.error.expectation() - above
        parts = self.mass / q * above, (1 - self.mass) / (1 - q) * below
        return by_formula(math.fsum(parts), max(map(abs, parts)))

    def kl(self) -> Measured:
        r"""$\mathrm{kl}(c\,\|\,q_t)=c\log\frac c{q_t}+(1-c)\log\frac{1-c}{1-q_t}$, below $c\log(1/q_t)$ for $c\ge q_t$."""
        c, q = self.mass, self.tail()
        parts = c * math.log(c / q), (1 - c) * (math.log1p(-c) - math.log1p(-q))
        return by_formula(math.fsum(parts), max(map(abs, parts)))

    def d_infinity(self) -> Measured:
        r"""The log of the largest density ratio: $\log(c/q_t)$ where $c\ge q_t$."""
        c, q = self.mass, self.tail()
        log_ratio = max(math.log(c / q), math.log1p(-c) - math.log1p(-q))
        return by_formula(log_ratio, 1 + abs(log_ratio))


def kl_ball_supremum(error: Any, kappa: NumberLike) -> Measured:
    r"""$\sup_{\mathrm{KL}(\pi\|\gamma)\le\kappa}E_\pi X=\inf_{s>0}\frac{\kappa+\log E_\gamma e^{sX}}s$.

    Infinite for every $\kappa>0$ exactly if no exponential moment is finite; $E_\gamma X$ at $\kappa=0$.

    Args:
        error: the law of X under the base: a family, or its text form.
        kappa: the radius, at least 0, in nats.

    Raises:
        NotAvailable: the exponential moment has no closed form.

    Source:
        donsker1975 for the variational formula; the criterion is derived here.

    >>> round(kl_ball_supremum("normal(0, 1)", "1/2").value, 9), kl_ball_supremum("student_t(3)", "1/100").value
    (1.0, inf)
    """
    family, radius = read_family(error), float(rational(kappa, "kappa"))
    if radius < 0:
        raise InvalidInput("kappa is negative", got=radius, allowed=">= 0")
    if radius == 0:
        return by_formula(family.expectation())
    scan = [(_dual(family, radius, 2.0**k), 2.0**k) for k in range(-_OCTAVES, _OCTAVES + 1)]
    finite = [s for value, s in scan if math.isfinite(value)]
    if not finite:
        return Measured(math.inf, 0.0)
    _, best = min(scan)
    return _minimum(family, radius, best / 2, 2 * best)


def _dual(family: AbstractFamily, radius: float, s: float) -> float:
    moment = log_exponential_moment(family, Fraction(s))
    if moment is None:
        raise NotAvailable("the exponential moment has no closed form", got=family)
    return (radius + moment) / s


def _minimum(family: AbstractFamily, radius: float, low: float, high: float) -> Measured:
    """Thirds of the bracket: (kappa + K(s))/s falls and then rises, because K is convex."""
    for _ in range(_MOST_HALVINGS):
        first, second = low + (high - low) / 3, high - (high - low) / 3
        if _dual(family, radius, first) <= _dual(family, radius, second):
            high = second
        else:
            low = first
    s = (low + high) / 2
    value = _dual(family, radius, s)
    # Near its minimum the function is flat, so that only the rounding of its two terms is left.
    return by_formula(value, abs(value) + 2 * radius / s)
