r"""The pieces a stretch of actions is cut into: panels of log odds, and a half line where it goes on for ever."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from qtheory.base.rank_quadrature import Rank
from qtheory.quadrature import panels
from qtheory.quadrature.double_exponential import half_line
from qtheory.quadrature.log_odds import FARTHEST, rank_at

_WIDTH = 2.0  # of a first panel; the rank measure changes by e^2 on it
_MOST_HALVINGS = 3
_NARROWEST = 2.0**-46  # of a panel, relative to where it lies: narrower ones are rounding
_END = 4.0
"""How often the last term of a half line is counted as error; see `_half_line_nodes`."""


@dataclass(frozen=True, eq=False)
class Stretch:
    r"""Actions of one law on which the utility falls from `start` on: each level takes those up to its own end.

    Args:
        quantile: the action at a rank of the law.
        share: the weight of the law in the base.
        ratio: the density ratio at (rank, action), or `None` for 1.
        start: log odds where the utility is largest, possibly infinite.
        ends: log odds up to which each level goes; `start` for a level that takes nothing.
        breaks: log odds where the integrand jumps or has a kink.
    """

    quantile: Callable[[Rank], np.ndarray]
    share: float
    ratio: Callable[[Rank, np.ndarray], np.ndarray] | None
    start: float
    ends: np.ndarray
    breaks: tuple[float, ...] = ()

    @property
    def direction(self) -> float:
        """The sign in which the log odds move away from the start."""
        return 1.0 if np.any(self.ends > self.start) else -1.0

    @property
    def farthest(self) -> float:
        """The end of the level that goes farthest."""
        return float(np.max(self.ends) if self.direction > 0 else np.min(self.ends))


class Nodes(NamedTuple):
    """Log odds, weights, and three rows whose absolute sums against the integrand bound the error of the piece."""

    log_odds: np.ndarray
    weight: np.ndarray
    witnesses: np.ndarray


@dataclass(frozen=True, eq=False)
class Piece:
    """A panel from `near` to `far` in the direction of its stretch; a half line if one of the two is infinite."""

    stretch: int
    near: float
    far: float
    halvings: int = 0

    @property
    def is_panel(self) -> bool:
        return math.isfinite(self.near) and math.isfinite(self.far)

    def nodes(self) -> Nodes:
        """Where the integrand is looked at."""
        return self._panel_nodes() if self.is_panel else self._half_line_nodes()

    def probes(self) -> np.ndarray:
        """Log odds between the nodes of a panel, where the interpolant is put to the test."""
        if not self.is_panel:
            return np.empty(0)
        return 0.5 * (self.near + self.far) + 0.5 * (self.far - self.near) * panels.probes()[0]

    def covered(self, ends: np.ndarray, direction: float) -> np.ndarray:
        """How far each level reaches into the piece, from -1 (not at all) to 1 (all of it)."""
        if not self.is_panel:
            return np.where(
                (ends - self.far) * direction >= 0.0 if math.isinf(self.near) else ends == self.far, 1.0, -1.0
            )
        return np.clip((2.0 * ends - self.near - self.far) / (self.far - self.near), -1.0, 1.0)

    def split(self) -> tuple[Piece, ...]:
        """The pieces that take its place when it has not settled; itself alone if it can be no finer."""
        if not self.is_panel:
            return self._split_half_line()
        middle = 0.5 * (self.near + self.far)
        if abs(self.far - self.near) <= _NARROWEST * max(1.0, abs(middle)):
            return (self,)
        return Piece(self.stretch, self.near, middle), Piece(self.stretch, middle, self.far)

    def _panel_nodes(self) -> Nodes:
        half = 0.5 * (self.far - self.near)
        nodes, weights, _ = panels.reference()
        log_odds = 0.5 * (self.near + self.far) + half * nodes
        return Nodes(log_odds, abs(half) * weights, abs(half) * panels.witnesses())

    def _half_line_nodes(self) -> Nodes:
        r"""The witnesses are the change at the last halving, and the last term.

        At the end $r=690$ the last term is about $86\,h$ or more, and what lies beyond is $h/\kappa$ if $h\sim
        e^{-\kappa r}$; four last terms are more, unless $\kappa<1/344$, and then they are too large to be accepted.
        """
        edge = self._edge
        rule = half_line(self.halvings, FARTHEST - abs(edge))
        sign = math.copysign(1.0, self.far if math.isinf(self.far) else self.near)
        witnesses = np.zeros((panels.WITNESSES, len(rule.weight)))
        witnesses[0], witnesses[1, -1] = rule.weight - rule.coarse, _END * rule.weight[-1]
        return Nodes(edge + sign * rule.distance, rule.weight, witnesses)

    @property
    def _edge(self) -> float:
        return self.near if math.isinf(self.far) else self.far

    def _split_half_line(self) -> tuple[Piece, ...]:
        if self.halvings < _MOST_HALVINGS:
            return (Piece(self.stretch, self.near, self.far, self.halvings + 1),)
        infinite = self.far if math.isinf(self.far) else self.near
        cut = self._edge + math.copysign(_WIDTH, infinite)
        if abs(cut) >= FARTHEST / 2:
            return (self,)
        return Piece(self.stretch, self.near, cut), Piece(self.stretch, cut, self.far)


def first_pieces(stretch: Stretch, place: int) -> list[Piece]:
    """The pieces from the start of a stretch to where the farthest level ends, in that order."""
    low, high = sorted((stretch.start, stretch.farthest))
    marks = [
        mark for mark in (0.0, *stretch.breaks, *stretch.ends, low, high) if math.isfinite(mark) and low <= mark <= high
    ]
    first, last = min(marks), max(marks)
    cuts = sorted({first, last, *(mark for mark in (0.0, *stretch.breaks) if first < mark < last)})
    ordered = sorted({low, *cuts, high})
    pieces = [Piece(place, a, b) for c, d in itertools.pairwise(ordered) for a, b in _cells(c, d)]
    if stretch.direction > 0:
        return pieces
    return [Piece(place, piece.far, piece.near) for piece in reversed(pieces)]


def _cells(low: float, high: float) -> list[tuple[float, float]]:
    if low == high:
        return []
    if math.isinf(low) or math.isinf(high):
        return [(low, high)]
    count = max(1, math.ceil((high - low) / _WIDTH))
    return list(itertools.pairwise(np.linspace(low, high, count + 1).tolist()))


def values_at(stretch: Stretch, log_odds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The actions at log odds, and the density of the policy there, in log odds."""
    rank = rank_at(log_odds)
    actions = stretch.quantile(rank)
    density = stretch.share * rank.top * rank.bottom
    return actions, density if stretch.ratio is None else density * stretch.ratio(rank, actions)
