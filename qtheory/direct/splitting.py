r"""Multilevel splitting: a crowd of points climbs to the top q of a utility of normal numbers.

Points start as $N(0, I)$. At each level the best fifth is kept, copied and moved by steps $z' = \sqrt{1-b^2}\,z + b\,\xi$
that leave the normal law as it is, refused when they fall below the level. The share kept at each level multiplies to
the probability of the last. It finds its way without gradients and around curves; what it cannot see is a region
that is poor until far above the levels where the others part from it.

Source: Au and Beck (2001); Cerou, Del Moral, Furon and Guyader (2012).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from qtheory.direct.latent_functions import LatentFunctions
from qtheory.errors import NotAvailable

KEPT = 0.2
MOVES = 10
_TARGET_ACCEPTANCE = 0.3
_ADAPTATION = 0.5
_SMALLEST_STEP = 1e-3
_MOST_LEVELS = 400
_TIED = 1.5  # a level that keeps half as many points again as asked for is an atom


@dataclass(frozen=True, eq=False)
class Climb:
    """Where the points arrived.

    Attributes:
        threshold: the utility above which the probability is q, as far as the points tell.
        points: distributed as the base given that the utility is at least the threshold, `[N, d]`.
        utilities: theirs.
        levels: the utilities passed, from minus infinity on, increasing.
        log_probabilities: of reaching each.
    """

    threshold: float
    points: np.ndarray
    utilities: np.ndarray
    levels: np.ndarray
    log_probabilities: np.ndarray

    def log_probability(self, level: float) -> float:
        """The logarithm of the probability of reaching a level, between those passed."""
        finite = np.isfinite(self.levels)
        return float(np.interp(level, self.levels[finite], self.log_probabilities[finite]))


def climb(functions: LatentFunctions, q: float, rng: np.random.Generator, particles: int) -> Climb:
    """Let a crowd climb to the top q.

    Raises:
        NotAvailable: the utility has an atom, so that levels do not separate the points.
    """
    z = rng.standard_normal((particles, functions.dimension))
    u, step = functions.utilities(z), 0.5
    levels, logs = [-math.inf], [0.0]
    for _ in range(_MOST_LEVELS):
        share = q / math.exp(logs[-1])
        last = share >= KEPT
        count = max(1, round((share if last else KEPT) * particles))
        level = float(np.partition(u, -count)[-count])
        above = u >= level
        if above.sum() > _TIED * count:
            got = f"{above.mean():.2g} of the points share the utility {level:.9g}"
            remedy = "use simulate_problem, which shares a tied level out"
            raise NotAvailable("the utility has an atom", got=got, remedy=remedy)
        levels.append(level)
        logs.append(logs[-1] + math.log(above.mean()))
        # every kept point is copied as often as any other, up to one
        chosen = rng.permutation(np.resize(rng.permutation(np.flatnonzero(above)), particles))
        z, u, step = moved(functions, z[chosen], u[chosen], level, rng, step)
        if last:
            return Climb(level, z, u, *_beyond(levels, logs, u))
    raise NotAvailable("the levels stopped rising", got=f"utility {levels[-1]:.9g}", allowed="a utility without atoms")


def moved(
    functions: LatentFunctions,
    z: np.ndarray,
    u: np.ndarray,
    level: float,
    rng: np.random.Generator,
    step: float,
    moves: int = MOVES,
) -> tuple[np.ndarray, np.ndarray, float]:
    """Steps that keep the law given that the utility is at least a level; the step size follows the acceptance."""
    for _ in range(moves):
        proposed = math.sqrt(1 - step**2) * z + step * rng.standard_normal(z.shape)
        value = functions.utilities(proposed)
        taken = value >= level
        z, u = np.where(taken[:, None], proposed, z), np.where(taken, value, u)
        step = float(np.clip(step * math.exp(_ADAPTATION * (taken.mean() - _TARGET_ACCEPTANCE)), _SMALLEST_STEP, 1.0))
    return z, u, step


def _beyond(levels: list[float], logs: list[float], u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The levels with some quantiles beyond the last, where probabilities are still known."""
    shares = np.array([0.5, 0.2, 0.1])
    further = np.quantile(u, 1 - shares)
    rising = np.concatenate([levels, further])
    return np.maximum.accumulate(rising), np.concatenate([logs, logs[-1] + np.log(shares)])
