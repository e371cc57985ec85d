r"""Standard laws in ball arithmetic: densities, survival functions, quantiles, and moments of their tails.

Each is written in a coordinate $y$ in which density and formula are analytic on the pieces between `joints`: $z=y$, or
$z=e^y$ for a power tail. A tail moment bounds $E[\lvert Z\rvert^k;\ \text{beyond}]$ from above and, for a power tail, is it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import factorial
from typing import Any

from qtheory.base.families import Exponential, Gumbel, Laplace, Logistic, Normal, Pareto, ShiftedExponential, Uniform
from qtheory.base.families.abstract import AbstractFamily
from qtheory.errors import NotAvailable
from qtheory.exact.rationals import rational
from qtheory.quadrature.arb_functions import flint

_SMALLEST = -200  # a smaller mass of a tail is counted as 2^-200; the bound on its moments grows with the mass
_LIGHTEST = 2  # from here on in -log s, every light law below lies under -log s


@dataclass(frozen=True)
class ArbLaw:
    """A standard law with place and scale as rationals.

    Args:
        density: at a complex ball y and the side of the joint it is on, of the coordinate y.
        survival: at a real ball z.
        quantile: at a real ball s.
        bounded_below: the lower end of the support of z, or `None`.
        bounded_above: the upper end.
        power: the tail index of a power tail, or `None` for a light one.
        joint: where the density has a kink, or `None`.
    """

    density: Callable[[Any, int], Any]
    survival: Callable[[Any], Any]
    quantile: Callable[[Any], Any]
    bounded_below: Any = None
    bounded_above: Any = None
    power: Any = None
    joint: Any = None

    def action(self, y: Any) -> Any:
        """z at the coordinate y."""
        return y if self.power is None else y.exp()

    def coordinate(self, z: Any) -> Any:
        """y at z."""
        return z if self.power is None else z.log()

    def tail_moment(self, order: int, z: Any, survival: Any) -> tuple[Any, Any]:
        r"""Bounds on $E[\lvert Z\rvert^k;Z>z]$, or below -z for the mirror image; `survival` is the mass there.

        For the light laws $\lvert z\rvert\le-\log s$ once that exceeds 2, so $\int_0^S\lvert z(s)\rvert^kds\le\Gamma(k+1,
        -\log S)=S\,k!\sum_{i\le k}(-\log S)^i/i!$.
        """
        if self.power is not None:
            exact = survival * z**order * self.power / (self.power - order)
            return exact, exact
        most = survival.upper().max(flint().arb(2) ** _SMALLEST)
        depth = -most.log()
        assert depth > _LIGHTEST
        total = sum((depth**i / factorial(i) for i in range(order + 1)), flint().arb(0))
        return flint().arb(0), most * factorial(order) * total


def exactly(value: Any) -> Any:
    """A rational parameter as a ball."""
    fraction = rational(value)
    return flint().arb(flint().fmpq(fraction.numerator, fraction.denominator))


def arb_law(family: AbstractFamily) -> tuple[Fraction, Fraction, ArbLaw]:
    """Place, scale and standard law of a family.

    Raises:
        NotAvailable: a family without closed forms in ball arithmetic.
    """
    if isinstance(family, Normal):
        return rational(family.mean), rational(family.sd), _normal()
    if isinstance(family, Exponential):
        return Fraction(0), 1 / rational(family.rate), _exponential()
    if isinstance(family, ShiftedExponential):
        return rational(family.start), 1 / rational(family.rate), _exponential()
    if isinstance(family, Pareto):
        return Fraction(0), rational(family.minimum), _pareto(exactly(family.alpha))
    if isinstance(family, Uniform):
        return rational(family.low), rational(family.high) - rational(family.low), _uniform()
    for kind, law in ((Laplace, _laplace), (Logistic, _logistic), (Gumbel, _gumbel)):
        if isinstance(family, kind):
            return rational(family.loc), rational(family.scale), law()  # type: ignore[attr-defined]
    raise NotAvailable(
        "no certified integrals for this family",
        got=family,
        allowed="normal, exponential, shifted_exponential, pareto, uniform, laplace, logistic, gumbel",
        remedy="use rank_means",
    )


def _normal() -> ArbLaw:
    two = flint().arb(2)
    root = (2 * flint().arb.pi()).sqrt()
    return ArbLaw(
        density=lambda y, side: (-y * y / 2).exp() / root,
        survival=lambda z: (z / two.sqrt()).erfc() / 2,
        quantile=lambda s: (
            two.sqrt() * (1 - 2 * s).erfinv() if s > flint().arb("0.1") else two.sqrt() * (2 * s).erfcinv()
        ),
    )


def _exponential() -> ArbLaw:
    return ArbLaw(lambda y, side: (-y).exp(), lambda z: (-z).exp(), lambda s: -s.log(), bounded_below=flint().arb(0))


def _pareto(alpha: Any) -> ArbLaw:
    return ArbLaw(
        density=lambda y, side: alpha * (-alpha * y).exp(),
        survival=lambda z: (-alpha * z.log()).exp(),
        quantile=lambda s: (-s.log() / alpha).exp(),
        bounded_below=flint().arb(1),
        power=alpha,
    )


def _uniform() -> ArbLaw:
    one = flint().arb(1)
    return ArbLaw(
        lambda y, side: flint().acb(1), lambda z: 1 - z, lambda s: 1 - s, bounded_below=0 * one, bounded_above=one
    )


def _laplace() -> ArbLaw:
    half = flint().arb(1) / 2
    return ArbLaw(
        density=lambda y, side: half * (-side * y).exp(),
        survival=lambda z: half * (-z).exp() if z >= 0 else 1 - half * z.exp(),
        quantile=lambda s: -(2 * s).log() if s <= half else (2 - 2 * s).log(),
        joint=flint().arb(0),
    )


def _logistic() -> ArbLaw:
    return ArbLaw(
        density=lambda y, side: 1 / ((y / 2).exp() + (-y / 2).exp()) ** 2,
        survival=lambda z: 1 / (1 + z.exp()),
        quantile=lambda s: ((1 - s) / s).log(),
    )


def _gumbel() -> ArbLaw:
    return ArbLaw(
        density=lambda y, side: (-y - (-y).exp()).exp(),
        survival=lambda z: -(-(-z).exp()).expm1(),
        quantile=lambda s: -(-(-s).log1p()).log(),
    )
