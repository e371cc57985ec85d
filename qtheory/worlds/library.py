r"""What free functions of a statement are tried as: costs, rival policies, features, and functions of any kind."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from qtheory.policies.rank_density import TopOfDraws
from qtheory.worlds.shapes import HALF, AbstractShape, Smooth, Steps, constant, of_noise, of_rank

QUARTER = Fraction(1, 4)
ONE = Fraction(1)
RARE = Fraction(1, 50)


@lru_cache(maxsize=64)
def costs(q: Fraction, *others: Fraction) -> tuple[AbstractShape, ...]:
    """Hidden costs against a policy that is concentrated on a mass q, those that hurt it most first, in several scales.

    Args:
        q: the mass: the level of a quantilizer, k/n for the best k of n, 1 over the largest density ratio.
        others: the masses of other policies that occur beside it.

    >>> [cost.name for cost in costs(HALF)][:3]
    ['top slice 1/2', 'top slice 1/8', 'top slice 1/2, tenfold']
    >>> [cost.name for cost in costs(HALF, QUARTER)][:2]
    ['top slice 1/2', 'ranks from 1/4 to 1/2']
    """
    top = _slice(f"top slice {q}", q, 1, 0)
    return (
        top,
        *_between(q, *others),
        _slice(f"top slice {q / 4}", q / 4, 1, 0),
        top.scaled(Fraction(10), f"{top.name}, tenfold"),
        _slice(f"gain outside of the top {q}", q, 1, -1),
        *(_slice(f"top slice {other}", other, 1, 0) for other in others),
        Smooth("smooth", TopOfDraws(5, 1), Fraction(1, 5)),
        _slice(f"3, and 5 on the top {q}", q, 5, 3),
        of_noise("noise", (QUARTER, 1), (1, 0)),
        top.scaled(Fraction(1, 10), f"{top.name}, a tenth"),
        _slice(f"top slice {min(q / 20, RARE)}", min(q / 20, RARE), 1, 0),
        Steps(f"top slice {q} or noise", _inner(q), (HALF,), _rows(q, (2, 1), (1, 0))),
        _slice(f"all but the top {1 - q}", 1 - q, 0, 1),
        constant(ONE),
    )


@lru_cache(maxsize=64)
def rivals(q: Fraction) -> tuple[AbstractShape, ...]:
    """Density ratios of other policies, each of mean one: quantilizers, windows, best-of-n, noise, the base.

    >>> all(rival.average(Fraction(0), ONE, QUARTER) == 1 for rival in rivals(HALF) if not rival.noises)
    True
    """
    window = () if 3 * q > 2 else (of_rank("window", (q / 2, 0), (3 * q / 2, 1 / q), (1, 0)),)
    return (
        *window,
        _slice("quantilizer", q, 1 / q, 0),
        Smooth("best of 3", TopOfDraws(3, 1)),
        _slice("stricter quantilizer", q / 2, 2 / q, 0),
        constant(ONE),
        of_noise("coin policy", (HALF, Fraction(3, 2)), (1, HALF)),
        _slice("looser quantilizer", min(2 * q, ONE), 1 / min(2 * q, ONE), 0),
        of_rank("worst half", (HALF, 0), (1, 2)),
        of_rank("mild", (HALF, Fraction(3, 2)), (1, HALF)),
        Smooth("one of the 2 best of 4", TopOfDraws(4, 2)),
        of_noise("half of the actions", (HALF, 2), (1, 0)),
    )


@lru_cache(maxsize=64)
def functions(q: Fraction) -> tuple[AbstractShape, ...]:
    """Functions of any kind: flags, densities, monotone and not, correlated with the rank and not, of either sign."""
    coin, coins = of_noise("coin", (HALF, 1), (1, 0)), of_noise("second coin", *_bits(1, 0))
    mixed = Steps(
        "flag likelier on top", (HALF,), (QUARTER, 3 * QUARTER), ((ONE, ONE, ONE * 0), (ONE, ONE * 0, ONE * 0))
    )
    return (
        of_rank("top half", (HALF, 1), (1, 0)),
        coin,
        of_rank("rising", (HALF, -1), (1, 1)),
        constant(ONE),
        _slice(f"top slice {q}", q, 1, 0),
        _slice(f"all but the top {q}", q, 0, 1),
        of_rank("falling", (QUARTER, 2), (HALF, 1), (3 * QUARTER, HALF), (1, QUARTER)),
        Smooth("best of 3", TopOfDraws(3, 1)),
        of_rank("zigzag", (QUARTER, 0), (HALF, 1), (3 * QUARTER, -1), (1, HALF)),
        of_noise("fair sign", (HALF, 1), (1, -1)),
        coins,
        of_noise("second sign", *_bits(1, -1)),
        mixed,
        Steps("sign times rank", (HALF,), (HALF,), ((Fraction(2), Fraction(-2)), (ONE, -ONE))),
        of_rank("worst half density", (HALF, 0), (1, 2)),
        _slice("quantilizer", q, 1 / q, 0),
        of_noise("half of the actions", (HALF, 2), (1, 0)),
        of_noise("quarter coin", (QUARTER, 1), (1, 0)),
        constant(Fraction(0)),
        constant(Fraction(10)),
    )


def feature() -> Steps:
    """The flag of a side effect that is likelier on well-ranked actions: 3/4 in the better half, 1/4 in the other."""
    zero = Fraction(0)
    return Steps("side effect", (HALF,), (QUARTER, 3 * QUARTER), ((ONE, ONE, zero), (ONE, zero, zero)))


# Values of a cost on actions without and with the side effect.
FEATURE_COSTS = ((QUARTER, ONE), (Fraction(0), ONE), (ONE, Fraction(0)), (Fraction(0), Fraction(10)))


def _slice(name: str, q: Fraction, inside: Fraction | int, outside: Fraction | int) -> Steps:
    if not 0 < q < 1:
        return Steps(name, (), (), ((Fraction(inside if q == 1 else outside),),))
    return of_rank(name, (q, inside), (1, outside))


def _between(*masses: Fraction) -> Iterator[Steps]:
    """What one policy plays and the next does not."""
    for low, high in pairwise(sorted(masses)):
        ends = ((low, 0), (high, 1)) if high == 1 else ((low, 0), (high, 1), (1, 0))
        yield of_rank(f"ranks from {low} to {high}", *ends)


def _inner(q: Fraction) -> tuple[Fraction, ...]:
    return (q,) if q < 1 else ()


def _rows(q: Fraction, *rows: tuple[int, int]) -> tuple[tuple[Fraction, ...], ...]:
    return tuple(tuple(map(Fraction, row)) for row in (rows if q < 1 else rows[:1]))


def _bits(one: int, other: int) -> tuple[tuple[Fraction | int, int], ...]:
    """A coin of the noise that is independent of its first half."""
    return (QUARTER, one), (HALF, other), (3 * QUARTER, one), (1, other)
