r"""Quantilizers of very many actions at many levels at once, without sorting the actions.

What is above the boundary of a level counts whole, and what is at it in proportion. Finding the boundaries costs a few
nanoseconds an action and function, a sort of the actions about a hundred.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from qtheory.base.abstract import AbstractAtomicBase
from qtheory.base.empirical import Empirical
from qtheory.exact.values import as_float
from qtheory.policies.boundaries import Found, Pool, select
from qtheory.policies.stretches import ends
from qtheory.problem import Problem

# What keeps sums of fewer than 2^64 doubles below the largest one.
_ROOM = 2.0**-64


@dataclass(frozen=True)
class Cut:
    r"""Where the quantilizer at one level cuts through the actions, ties in proportion.

    Attributes:
        q: the level.
        threshold: $\tau = \max\{t : \gamma\{U \ge t\} \ge q\}$.
        above: $\gamma\{U > \tau\}$; a `Fraction` where all masses are equal, else a float, as the next two.
        tied: $\gamma\{U = \tau\}$.
        share: of the tied mass that the quantilizer takes, in $(0, 1]$ up to rounding of the masses.
        means: $E_Q[f]$ for each function, in float64.
    """

    q: Fraction
    threshold: float
    above: Fraction | float
    tied: Fraction | float
    share: Fraction | float
    means: tuple[float, ...]


def cuts(
    utility: np.ndarray,
    levels: Sequence[Fraction],
    functions: Sequence[np.ndarray] = (),
    masses: np.ndarray | None = None,
) -> tuple[Cut, ...]:
    r"""The quantilizer's threshold, its share of the tie there and its expectations, at every level.

    With equal masses all but the expectations is exact. Sums are in float64: within a block and a bin one after the
    other, over bins in extended precision where the machine has it. The result does not depend on the number of cores.

    Args:
        utility: finite proxy utilities, shape [actions].
        levels: each in (0, 1].
        functions: finite values, shape [actions] each; their expectations are wanted.
        masses: of the actions, summing to one, zero allowed; equal ones if left out.

    Returns:
        One cut a level, in the order of the levels.

    Raises:
        InvalidInput: a value that is not finite; names its index.

    Source: claim `tie-invariance` for ties in proportion; radix selection for the rest.

    >>> cut, = cuts(np.array([3.0, 2.0, 2.0, 1.0]), [Fraction(1, 2)], [np.array([0.0, 0.5, 1.0, 9.0])])
    >>> cut.threshold, str(cut.above), str(cut.tied), str(cut.share), cut.means
    (2.0, '1/4', '1/2', '1/2', (0.375,))
    """
    one = _equal_cut if masses is None else _weighted_cut
    pool = Pool(utility, masses, tuple(functions), ends(utility, "utility"))
    with np.errstate(invalid="ignore", over="ignore"):
        found = tuple(one(pool, q, at) for q, at in zip(levels, select(pool, levels), strict=True))
    if all(math.isfinite(mean) for cut in found for mean in cut.means):
        return found
    # Sums may pass the largest double where means do not: those are had at another scale.
    small = cuts(utility, levels, [f * _ROOM for f in functions], masses)
    return tuple(replace(cut, means=_rescaled(cut.means, other.means)) for cut, other in zip(found, small, strict=True))


def cuts_of(problem: Problem, levels: Sequence[Fraction], functions: Sequence[np.ndarray] = ()) -> tuple[Cut, ...]:
    """The cuts of the quantilizer on a problem with finitely many actions, in float64.

    >>> from qtheory.base.empirical import Empirical
    >>> [cut.threshold for cut in cuts_of(Problem(Empirical([0.5, 2.5, 1.5])), [Fraction(1, 3), Fraction(1)])]
    [2.5, 0.5]
    """
    base = problem.base
    assert isinstance(base, AbstractAtomicBase)
    masses = None if isinstance(base, Empirical) else as_float(base.weights)
    return cuts(as_float(problem.utility), levels, functions, masses)


def _rescaled(means: tuple[float, ...], small: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(x if math.isfinite(x) else y / _ROOM for x, y in zip(means, small, strict=True))


def _equal_cut(pool: Pool, q: Fraction, found: Found) -> Cut:
    above, tied = Fraction(int(found.above), pool.size), Fraction(int(found.tied), pool.size)
    share = (q - above) / tied
    means = _means(found, float(share), np.longdouble(float(q * pool.size)))
    return Cut(q, found.threshold, above, tied, share, means)


def _weighted_cut(pool: Pool, q: Fraction, found: Found) -> Cut:
    above, tied = found.above, found.tied
    # Masses that sum to one up to rounding may leave a last level overfull, or short, by that much.
    share = min(max((float(q) - above) / tied, 0.0), 1.0)
    means = _means(found, share, above + share * tied)
    return Cut(q, found.threshold, float(above), float(tied), float(share), means)


def _means(found: Found, share: float, kept: np.longdouble) -> tuple[float, ...]:
    # With nothing above, the mean over the tie alone, whose share may be too small for a double.
    total = (found.sums + share * found.tied_sums) / kept if found.above else found.tied_sums / found.tied
    return tuple(total.astype(np.float64).tolist())
