r"""Drawing from any density ratio on a one-dimensional base by inverting its cumulative mass, with a known error.

The mass is tabulated in the logit of the rank, where both ends of the base are far away and every density ratio
decays: Gauss-Legendre on fine panels, a cubic through masses and densities at their edges, and a dense linear table of
that cubic for the inverse.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from qtheory.base.rank_quadrature import Rank
from qtheory.errors import NotAvailable

REACH = 690.0  # ranks down to 1e-300 from both ends
COARSE_POINTS = 6901
PANELS = 2048
NODES = 8
PER_PANEL = 64
HALVINGS = 24
NEGLIGIBLE = 1e-13
LARGEST_ERROR = 1e-6
"""The largest Kolmogorov distance between the law that is drawn from and the policy."""


@dataclass(frozen=True)
class InversionTable:
    """Logits of rank against the mass of better ranks; `error` bounds the Kolmogorov distance of the draws' law."""

    logits: np.ndarray
    masses: np.ndarray
    error: float

    def ranks(self, uniform: np.ndarray) -> Rank:
        """The ranks at which the mass reaches the given values."""
        logit = np.interp(uniform, self.masses, self.logits)
        return Rank(1 / (1 + np.exp(-logit)), 1 / (1 + np.exp(logit)))


def inversion_table(ratio: Callable[[Rank], np.ndarray], breaks: tuple[float, ...] = ()) -> InversionTable:
    r"""Tabulates $\int_0^s w$ for a density ratio $w$ given as a function of the rank.

    Raises:
        NotAvailable: the ratio is too rough for the table to be within `LARGEST_ERROR`.

    >>> table = inversion_table(lambda rank: 2 * rank.bottom)
    >>> abs(float(table.ranks(np.array([0.75])).top[0]) - 0.5) < 1e-6, table.error < 1e-7
    (True, True)
    """

    def density(logit: np.ndarray) -> np.ndarray:
        top, bottom = 1 / (1 + np.exp(-logit)), 1 / (1 + np.exp(logit))
        with np.errstate(all="ignore"):
            value = np.asarray(ratio(Rank(top, bottom)), dtype=float) * top * bottom
        return np.where(np.isfinite(value), value, 0.0)

    edges = _edges(density, breaks)
    middles = (edges[1:] + edges[:-1]) / 2
    first, second = _panel_masses(density, edges[:-1], middles), _panel_masses(density, middles, edges[1:])
    masses = np.concatenate([[0.0], np.cumsum(first + second)])
    logits, table, straight = _dense(density, edges, masses)
    curved = float(np.abs(np.interp(middles, logits, table) - (masses[:-1] + first)).max())
    error = curved + straight + abs(float(masses[-1]) - 1) + 2 * NEGLIGIBLE
    if not error <= LARGEST_ERROR:
        allowed = f"at most {LARGEST_ERROR:g}"
        raise NotAvailable("the cumulative mass cannot be tabulated well enough to draw", got=error, allowed=allowed)
    return InversionTable(logits, table / table[-1], error)


def uniform_doubles(key: Any, n: int) -> np.ndarray:
    """Uniform float64 in (0, 1) from 64 random bits of a JAX key."""
    import jax

    words = np.asarray(jax.random.bits(key, (2, n), dtype=np.uint32), dtype=np.float64)
    return np.minimum(words[0] * 2.0**-32 + (words[1] + 0.5) * 2.0**-64, 1 - 2.0**-53)


def _edges(density: Callable, breaks: tuple[float, ...]) -> np.ndarray:
    """Panel edges over the logits that carry the mass, with every break on an edge."""
    coarse = np.linspace(-REACH, REACH, COARSE_POINTS)
    running = np.cumsum(density(coarse)) * (coarse[1] - coarse[0])
    inside = np.flatnonzero((running > NEGLIGIBLE * running[-1]) & (running < (1 - NEGLIGIBLE) * running[-1]))
    if not inside.size:
        inside = np.array([int(running.searchsorted(running[-1] / 2))])
    low, high = coarse[max(inside[0] - 2, 0)], coarse[min(inside[-1] + 3, COARSE_POINTS - 1)]
    cuts = [np.log(s) - np.log1p(-s) for s in breaks if 0 < s < 1]
    # Panels halve towards a break, where a density may start with a root or another steep power.
    shrinking = (high - low) / PANELS * 0.5 ** np.arange(HALVINGS)
    near = np.array([[cut, *(cut - shrinking), *(cut + shrinking)] for cut in cuts]).ravel()
    return np.unique([*np.linspace(low, high, PANELS + 1), *near[(near > low) & (near < high)]])


def _panel_masses(density: Callable, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    half = (right - left)[:, None] / 2
    return (half * weights * density(left[:, None] + half * (nodes + 1))).sum(axis=1)


def _dense(density: Callable, edges: np.ndarray, masses: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """The cubic on a dense grid, and how far it is from straight lines between the grid's points."""
    from scipy.interpolate import CubicHermiteSpline

    steps = np.arange(PER_PANEL) / PER_PANEL
    logits = np.append((edges[:-1, None] + np.diff(edges)[:, None] * steps).ravel(), edges[-1])
    cubic = CubicHermiteSpline(edges, masses, density(edges))
    values = np.maximum.accumulate(np.maximum(cubic(logits), 0.0))
    between = cubic((logits[1:] + logits[:-1]) / 2) - (values[1:] + values[:-1]) / 2
    return logits, values, float(np.abs(between).max())
