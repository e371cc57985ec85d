r"""The reservation value as the slope of a tangent.

Let $T(q) = q\,E_Q[U]$, the utility that the best share $q$ of the base carries. It is concave, and the guarantee
$E_Q[U] - \varepsilon/q = (T(q) - \varepsilon)/q$ is the slope of the chord from $(0, \varepsilon)$ to $(q, T(q))$. The steepest
chord is the tangent; its slope is the reservation value $\tau$, at which $E_\gamma[(U-\tau)^+] = \varepsilon$.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from qtheory.aliases import Number, NumberLike
from qtheory.base.abstract import AbstractAtomicBase
from qtheory.base.continuous import Continuous
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.rationals import level, rational
from qtheory.frontiers.describe import describe
from qtheory.frontiers.reservation import atomic_reservation
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.problem import Problem

_DEFAULT = tuple(Fraction(k, 60) for k in range(1, 61))


@dataclass(frozen=True)
class CarriedUtility:
    r"""The point $(q, T(q))$ and the slope of the chord to it, which is the guarantee at q."""

    q: Fraction
    carried: Number
    guarantee: Number


@dataclass(frozen=True)
class ReservationPicture:
    r"""The curve $T$, where the chords begin, and the tangent.

    Attributes:
        base: the base measure, in words.
        epsilon: where the chords begin on the vertical axis.
        points: by increasing q.
        value: the reservation value, the slope of the tangent.
        touch: the point at which the tangent touches.
    """

    base: str
    epsilon: Fraction
    points: tuple[CarriedUtility, ...]
    value: Number
    touch: tuple[Number, Number]


def reservation_picture(
    problem: Problem, epsilon: NumberLike, levels: Iterable[NumberLike] = _DEFAULT
) -> ReservationPicture:
    r"""The construction of the reservation value: exact on exact problems.

    Args:
        problem: with a finite base, or one on the line whose utility is the action.
        epsilon: the bound on the mean cost, positive and in units of utility.
        levels: at which the curve is known.

    Raises:
        InvalidInput: epsilon is not positive, or no level.
        NotAvailable: the law of the utility is not known.

    >>> from qtheory.base.finite import Finite
    >>> picture = reservation_picture(Problem(Finite(["1/4", "1/4", "1/2"]), utility=[8, 4, 0]), "3/2", ["1/4", 1])
    >>> str(picture.value), [str(x) for x in picture.touch], [str(p.guarantee) for p in picture.points]
    ('3', ['1/2', '3'], ['2', '3/2'])
    """
    budget, wanted = rational(epsilon, "epsilon"), sorted({level(q) for q in levels})
    if budget <= 0 or not wanted:
        raise InvalidInput("no construction", got=(str(budget), len(wanted)), allowed="epsilon > 0 and some levels")
    value, touching = _reservation(problem, budget)
    points = tuple(_point(problem, q, budget) for q in wanted)
    # on the tangent by definition, so that nothing is read off a grid
    exact = isinstance(value, Fraction) and isinstance(touching, Fraction)
    start = budget if exact else float(budget)
    return ReservationPicture(describe(problem), budget, points, value, (touching, start + value * touching))


def _reservation(problem: Problem, epsilon: Fraction) -> tuple[Number, Number]:
    base = problem.base
    if isinstance(base, AbstractAtomicBase):
        return atomic_reservation(problem, epsilon)
    if isinstance(base, Continuous) and problem.utility.is_identity:
        return base.reservation_value(epsilon)
    raise NotAvailable("the law of the utility is not known", got=problem, remedy="a finite base, or the utility x")


def _point(problem: Problem, q: Fraction, epsilon: Fraction) -> CarriedUtility:
    value = Quantilizer(q)(problem).value()
    share, cost = (q, epsilon) if isinstance(value, Fraction) else (float(q), float(epsilon))
    return CarriedUtility(q, share * value, value - cost / share)
