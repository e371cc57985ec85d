r"""Scrambled Sobol points in one dimension, where they are van der Corput's sequence.

The first $2^m$ points hold one point of each interval $[i, i+1)/2^m$. Matoušek's linear scrambling multiplies the
digits by a random lower triangular matrix and a digital shift adds random ones; every point is then uniform, the
points of one scrambling still fill all intervals, and the variance of a smooth function's mean is of order $N^{-3}$.

Source: Matousek (1998), On the L2-discrepancy for anchored boxes.
"""

from __future__ import annotations

import numpy as np

from qtheory.base.rank_quadrature import Rank
from qtheory.direct.uniforms import from_words, words

_BITS = 64


def scrambled(rng: np.random.Generator, bits: int) -> Rank:
    """One randomisation of the first `2**bits` points: the relative place of the point in each interval, in order.

    >>> from qtheory.direct.uniforms import generator
    >>> scrambled(generator(0, 0), 3).top.shape
    (8,)
    """
    points = _points(rng, bits)
    interval = points >> np.uint64(_BITS - bits) if bits else np.zeros(1, dtype=np.uint64)
    place = np.empty_like(points)
    # the digits below the interval move up, and fresh ones fill in from the right
    fresh = words(rng, points.shape) >> np.uint64(_BITS - bits) if bits else np.zeros(1, dtype=np.uint64)
    place[interval] = (points << np.uint64(bits)) | fresh
    return from_words(place)


def _points(rng: np.random.Generator, bits: int) -> np.ndarray:
    """Matrix times digits plus shift, by doubling: the next digit of the index adds its column."""
    lead = np.uint64(1) << np.arange(_BITS - 1, -1, -1, dtype=np.uint64)
    columns = lead | (words(rng, (_BITS,)) & (lead - np.uint64(1)))
    points = words(rng, (1,))
    for column in columns[:bits]:
        points = np.concatenate([points, points ^ column])
    return points
