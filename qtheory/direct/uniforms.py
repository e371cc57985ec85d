r"""Uniform numbers from 64 random bits, known from both ends."""

from __future__ import annotations

import numpy as np

from qtheory.base.rank_quadrature import Rank
from qtheory.montecarlo.seed import checked_seed

_HALF_STEP = 0.5
_STEP = 2.0**-64
RESOLUTION = _STEP * _HALF_STEP
"""The smallest uniform number: what a function does on a smaller share of its stratum is never seen."""


def generator(key: int, stream: int) -> np.random.Generator:
    """A counter-based generator of its own for each stream of a seed.

    >>> float(generator(0, 1).random()) == float(generator(0, 1).random()) != float(generator(0, 2).random())
    True
    """
    return np.random.Generator(np.random.Philox(key=np.array([checked_seed(key), stream], dtype=np.uint64)))


def words(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Independent words of 64 random bits."""
    return rng.integers(0, 2**64 - 1, size=shape, dtype=np.uint64, endpoint=True)


def from_words(bits: np.ndarray) -> Rank:
    r"""$u = (W + \frac12)/2^{64}$ and $1 - u$, each with full relative precision.

    >>> unit = from_words(np.array([0, 2**64 - 1], dtype=np.uint64))
    >>> bool(unit.top[0] == unit.bottom[1] == 2.0**-65), unit.top[1]
    (True, np.float64(1.0))
    """
    return Rank((bits.astype(np.float64) + _HALF_STEP) * _STEP, ((~bits).astype(np.float64) + _HALF_STEP) * _STEP)


def uniforms(rng: np.random.Generator, shape: tuple[int, ...]) -> Rank:
    """Independent uniform numbers.

    >>> unit = uniforms(generator(0, 0), (1000,))
    >>> bool(np.allclose(unit.top + unit.bottom, 1)), 0.4 < unit.top.mean() < 0.6
    (True, np.True_)
    """
    return from_words(words(rng, shape))
