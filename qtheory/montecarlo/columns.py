r"""The whole-number columns of a run: how draws are added up on a device, and how the sums are read on the host.

The head of a bin is one 64-bit word: the number of draws in its low bits, the sum of their lower parts in its high bits.
A cost is rounded at random to a whole number of steps of its range, which keeps its mean: a rounded cost is itself a
cost in the declared range with the same conditional mean, so a test of the rounded costs is a test of the costs. Either
the draws on each step are counted (sharper tests), or the steps are summed, two costs to a word (half as fast again for
many costs).

No field can overflow in a *stint* of $2^{22}$ draws; sums over stints are kept in 64 bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from qtheory.montecarlo.bin_map import LOW_BITS, TIE_BITS
from qtheory.montecarlo.bin_plan import BINS

STINT_BITS = 22
STINT = 1 << STINT_BITS
"""Draws that are added up on the device before the host takes over."""
COUNTED_LEVELS = 17
"""Levels of a cost whose draws are counted, both ends included."""
_SUMMED_STEPS = 1023
_HEAD_BITS = STINT_BITS + 1
_DITHER_BITS = 32 - TIE_BITS
_WORD = 32
assert _HEAD_BITS + LOW_BITS + STINT_BITS <= 64 and STINT * _SUMMED_STEPS < 2**_WORD


@dataclass(frozen=True)
class Columns:
    """The columns of a run.

    Attributes:
        costs: how many costs there are.
        counted: whether draws per level are counted, or steps summed.
        room: how many bins there is room for.
    """

    costs: int
    counted: bool = True
    room: int = BINS

    @property
    def levels(self) -> int:
        """Levels of each cost in the decoded table."""
        return COUNTED_LEVELS if self.counted else 2

    def empty(self) -> tuple[Any, ...]:
        """Zeros on the device; needs 64-bit types."""
        import jax.numpy as jnp

        head = jnp.zeros(self.room, jnp.uint64)
        if self.counted:
            return head, *(jnp.zeros(self.room * COUNTED_LEVELS, jnp.int32) for _ in range(self.costs))
        return head, *(jnp.zeros(self.room, jnp.uint64) for _ in range(-(-self.costs // 2)))

    def add(self, state: tuple[Any, ...], bins: Any, low: Any, shares: tuple[Any, ...], noise: Any) -> tuple[Any, ...]:
        """Add a block of draws.

        Args:
            state: as made by `empty`.
            bins: int32 `[block]`; draws in bins beyond the last are left out.
            low: lower parts of the utilities, uint32 `[block]`.
            shares: each cost as a share of its cap, float32 `[block]`.
            noise: random words, uint32 `[block]`.
        """
        import jax.numpy as jnp

        head = state[0].at[bins].add(jnp.uint64(1) | (low.astype(jnp.uint64) << jnp.uint64(_HEAD_BITS)))
        steps = COUNTED_LEVELS - 1 if self.counted else _SUMMED_STEPS
        rounded = [_rounded(share, steps, noise) for share in shares]
        if self.counted:
            tables = zip(state[1:], rounded, strict=True)
            return head, *(table.at[bins * COUNTED_LEVELS + level].add(1) for table, level in tables)
        return head, *(table.at[bins].add(word) for table, word in zip(state[1:], _pairs(rounded), strict=True))

    def decode(self, state: tuple[np.ndarray, ...]) -> Tables:
        """The sums of one stint."""
        head = np.asarray(state[0])
        counts = (head & np.uint64((1 << _HEAD_BITS) - 1)).astype(np.int64)
        lower = (head >> np.uint64(_HEAD_BITS)).astype(np.int64)
        if self.counted:
            levels = tuple(np.asarray(table).reshape(self.room, COUNTED_LEVELS) for table in state[1:])
            return Tables(counts, lower, levels)
        words = [np.asarray(word) for word in state[1:]]
        halves = [half for word in words for half in (word & np.uint64(2**_WORD - 1), word >> np.uint64(_WORD))]
        return Tables(counts, lower, tuple(half.astype(np.int64)[:, None] for half in halves[: self.costs]))

    def zeros(self) -> Tables:
        """Sums of no draws."""
        width = COUNTED_LEVELS if self.counted else 1
        blank = lambda *shape: np.zeros(shape, np.int64)
        return Tables(blank(self.room), blank(self.room), tuple(blank(self.room, width) for _ in range(self.costs)))

    def masses(self, column: np.ndarray, counts: np.ndarray) -> np.ndarray:
        """How much of each bin lies on each of equally spaced levels of a cost, `[bins, levels]`.

        Summed steps say how much lies on the ends if nothing lies between them: the mean of any convex function is then
        bounded from above, and of a concave one, such as the logarithm of a bet, from below.
        """
        if self.counted:
            return column
        top = column[:, 0] / _SUMMED_STEPS
        return np.stack([counts - top, top], axis=1)


@dataclass(frozen=True, eq=False)
class Tables:
    """Whole-number sums per bin, from the least utility to the greatest.

    Attributes:
        counts: int64 `[bins]`.
        lower: sums of lower parts of the utilities, int64 `[bins]`.
        costs: for each cost, counts per level or one sum of steps, int64 `[bins, width]`.
    """

    counts: np.ndarray
    lower: np.ndarray
    costs: tuple[np.ndarray, ...]

    @property
    def arrays(self) -> tuple[np.ndarray, ...]:
        return self.counts, self.lower, *self.costs

    def take(self, places: np.ndarray | slice) -> Tables:
        """The sums of some bins."""
        return Tables(self.counts[places], self.lower[places], tuple(column[places] for column in self.costs))

    def subtract(self, place: int, others: Tables) -> None:
        """Take the sums of some bins out of one, in place."""
        for mine, gone in zip(self.arrays, others.arrays, strict=True):
            mine[place] -= gone.sum(axis=0)

    @staticmethod
    def joined(pieces: Sequence[Tables]) -> Tables:
        """The sums of several lists of bins, one after the other."""
        counts, lower, *costs = (np.concatenate(columns) for columns in zip(*(p.arrays for p in pieces), strict=True))
        return Tables(counts, lower, tuple(costs))

    def plus(self, other: Tables, into: Tables) -> Tables:
        """The sums of these and of other draws, written into some tables; into these, if they are named."""
        for mine, new, out in zip(self.arrays, other.arrays, into.arrays, strict=True):
            np.add(mine, new, out=out)
        return into

    def add(self, other: Tables) -> None:
        """Add the sums of other draws in place."""
        self.plus(other, into=self)

    def minus(self, other: Tables) -> Tables:
        """The sums without some of their draws, written into these tables."""
        for mine, gone in zip(self.arrays, other.arrays, strict=True):
            np.subtract(mine, gone, out=mine)
        return self


def _rounded(share: Any, steps: int, noise: Any) -> Any:
    """A step next to the share, the upper one with the probability that keeps the mean."""
    import jax.numpy as jnp

    at = jnp.clip(share * jnp.float32(steps), 0, steps)
    below = jnp.floor(at)
    # compared, never added: adding would round up
    dither = (noise & jnp.uint32((1 << _DITHER_BITS) - 1)).astype(jnp.float32) + jnp.float32(0.5)
    return below.astype(jnp.int32) + (dither * jnp.float32(2.0**-_DITHER_BITS) < at - below)


def _pairs(rounded: list[Any]) -> list[Any]:
    import jax.numpy as jnp

    words = [value.astype(jnp.uint64) for value in rounded]
    if len(words) % 2:
        words.append(jnp.zeros_like(words[0]))
    return [low | (high << jnp.uint64(_WORD)) for low, high in zip(words[::2], words[1::2], strict=True)]
