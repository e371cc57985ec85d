r"""Work on very many numbers in stretches, on all cores, so that the result does not depend on how many there are."""

from __future__ import annotations

import itertools
import math
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np

from qtheory.errors import InvalidInput

# Numbers added up together, numbers whose temporary arrays stay in a core's cache, and stretches: a fixed number of
# them, each with sums of its own.
BLOCK, SMALL_BLOCK, STRETCHES = 1 << 18, 1 << 14, 8
Result = TypeVar("Result")


def over_stretches(size: int, work: Callable[[slice], Result]) -> list[Result]:
    """The results for consecutive stretches of so many numbers, worked on by all cores; a single one for few of them.

    >>> over_stretches(3, lambda part: part.stop)
    [3]
    """
    if size <= BLOCK:
        return [work(slice(0, size))]
    edges = [size * i // STRETCHES for i in range(STRETCHES + 1)]
    parts = [slice(low, high) for low, high in itertools.pairwise(edges)]
    with ThreadPoolExecutor(min(STRETCHES, os.cpu_count() or 1)) as workers:
        return list(workers.map(work, parts))


def blocks_of(part: slice, length: int) -> list[slice]:
    """A stretch in pieces.

    >>> blocks_of(slice(0, 3), 2)
    [slice(0, 2, None), slice(2, 3, None)]
    """
    return [slice(i, min(i + length, part.stop)) for i in range(part.start, part.stop, length)]


def ends(values: np.ndarray, name: str) -> tuple[float, float]:
    """The least and the greatest value.

    Raises:
        InvalidInput: a value that is not finite; names its index.

    >>> ends(np.array([2.0, 1.0, 3.0]), "utility")
    (1.0, 3.0)
    """
    # Both are NaN where any value is.
    look = lambda part: [(values[b].min(), values[b].max()) for b in blocks_of(part, SMALL_BLOCK)]
    pairs = np.array([pair for part in over_stretches(len(values), look) for pair in part])
    low, high = float(pairs[:, 0].min()), float(pairs[:, 1].max())
    if not (math.isfinite(low) and math.isfinite(high)):
        first = int(np.argmin(np.isfinite(values)))
        raise InvalidInput(f"{name}[{first}] is not finite", got=float(values[first]), allowed="finite numbers")
    return low, high
