r"""A rule for many levels: one set of actions, and for each level its weights and what bounds its error.

Everything is linear in the values of the function, so many functions at many levels are one product of matrices.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from qtheory.quadrature import panels
from qtheory.quadrature.host_functions import HostFunction

ROUNDING = float(np.finfo(np.float64).eps)
OPERATIONS = 8.0
"""Roundings, in units of the last place, of a value and of the weight it meets."""
_QUANTILE = 4.0  # roundings of an action; one more comes with each unit of log odds
_WITNESSES = 2  # of a half line


class Means(NamedTuple):
    """Expectations, bounds on their errors, and the mean sizes of the functions; each `[functions, levels]`."""

    values: np.ndarray
    errors: np.ndarray
    sizes: np.ndarray


class Edges(NamedTuple):
    """For each stretch and level the node next to where the level ends, and the mass in doubt there."""

    nodes: np.ndarray
    mass: np.ndarray


@dataclass(frozen=True, eq=False)
class RankRule:
    r"""Actions, and per level the weights of $E[f]=\sum_kW_{kj}f(x_k)$. Panels come first, then the half lines.

    Args:
        actions: `[nodes]`, monotone on each piece.
        weights: `[nodes, levels]`.
        whole: `[nodes]`, the weights of whole pieces.
        density: `[nodes]`, of the base in log odds, times the density ratio.
        half_widths: `[panels]`.
        half_lines: `[nodes of half lines, 2 * half lines]`, what to sum to see their errors.
        starts: the first node of each piece.
        covers: `[pieces, levels]`, one over the mass of the level where it reaches into the piece, else 0.
        condition: `[nodes]`, how many roundings a value carries by its place.
        reach: `[nodes - 1]`, the same for the difference of neighbouring values.
        edges: where the levels end, if that is in doubt.
    """

    actions: np.ndarray
    weights: np.ndarray
    whole: np.ndarray
    density: np.ndarray
    half_widths: np.ndarray
    half_lines: np.ndarray
    starts: np.ndarray
    covers: np.ndarray
    condition: np.ndarray
    reach: np.ndarray
    edges: Edges | None = None

    def values(self, functions: Sequence[HostFunction]) -> np.ndarray:
        """The expectations alone, `[functions, levels]`; for functions whose errors are known from `means`."""
        return self._seen(functions) @ self.weights

    def means(self, functions: Sequence[HostFunction]) -> Means:
        """Expectations of NumPy functions of the action under every level."""
        return self.means_of(self._seen(functions))

    def means_of(self, values: np.ndarray) -> Means:
        """The same from the values of the functions at `actions`, `[functions, nodes]`."""
        count, size = len(values), np.abs(values)
        rounding = size * self.condition
        rounding[:, :-1] += np.abs(values[:, 1:] - values[:, :-1]) * self.reach
        both = np.concatenate([rounding, size])
        both *= self.whole
        by_piece = np.add.reduceat(both, self.starts, axis=1)
        by_piece[:count] += self._witnessed(values * self.density)
        covered = by_piece @ self.covers
        errors, sizes = covered[:count], covered[count:]
        if self.edges is not None:
            errors = errors + (size[:, self.edges.nodes] * self.edges.mass).sum(axis=1)
        return Means(values @ self.weights, errors, sizes)

    def _seen(self, functions: Sequence[HostFunction]) -> np.ndarray:
        values = np.empty((len(functions), len(self.actions)))
        for row, function in zip(values, functions, strict=True):
            row[:] = function(self.actions)
        return values

    def _witnessed(self, integrand: np.ndarray) -> np.ndarray:
        """What the last coefficients of each panel, and the last halving of each half line, say."""
        count, panel_nodes = len(integrand), len(self.half_widths) * panels.NODES
        on_panels = integrand[:, :panel_nodes].reshape(count, -1, panels.NODES) @ panels.witnesses().T
        beyond = (integrand[:, panel_nodes:] @ self.half_lines).reshape(count, -1, _WITNESSES)
        return np.concatenate([np.abs(on_panels).sum(-1) * self.half_widths, np.abs(beyond).sum(-1)], axis=1)


def roundings(log_odds: np.ndarray) -> np.ndarray:
    """The relative error of a weighted value by its place: a unit more with each unit of log odds."""
    return ROUNDING * (OPERATIONS + np.abs(log_odds))


def reach_of(actions: np.ndarray, whole: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """The rounding of an action over the distance to the next one: what a difference of values is multiplied by.

    The lighter of the two neighbours counts, since towards the end of a half line a function may grow by e^80 in a step.
    """
    with np.errstate(all="ignore"):
        ratio = np.abs(actions[:-1]) / np.abs(np.diff(actions)) * np.minimum(1.0, whole[1:] / whole[:-1])
    inside = np.ones(len(actions) - 1, dtype=bool)
    inside[starts[1:] - 1] = False
    return np.where(inside & np.isfinite(ratio), 2.0 * _QUANTILE * ROUNDING * ratio, 0.0)
