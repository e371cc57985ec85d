r"""Points sent out from far away, to find parts of a rare event that a climb from the middle passes by.

A climb keeps what is best at each level, and a region that is poor until far out is lost on the way. Draws from
normal laws two to four times as wide reach it from outside: those inside the event are moved by steps that keep
the law given the event, which pull them to its likely points. How many arrive in each region says nothing about its
probability; it only makes sure that the proposal has a part there.
"""

from __future__ import annotations

import numpy as np

from qtheory.direct.latent_functions import BATCH, LatentFunctions
from qtheory.direct.splitting import moved

WIDTHS = (1.5, 2.0, 3.0, 4.0)
EXPLORERS = 1 << 10
FEWEST = 64
_MOVES = 40
_STEP = 0.5


def explored(functions: LatentFunctions, level: float, rng: np.random.Generator) -> np.ndarray | None:
    """Points at or above a level, `[N, d]`, drawn to its likely parts; None where too few of the far draws are."""
    found = []
    for width in WIDTHS:
        z = width * rng.standard_normal((BATCH, functions.dimension))
        inside = z[functions.utilities(z) >= level]
        found.append(inside[: EXPLORERS // len(WIDTHS)])
    points = np.concatenate(found)
    if len(points) < FEWEST:
        return None
    points, _, _ = moved(functions, points, functions.utilities(points), level, rng, _STEP, _MOVES)
    return points
