"""Making a rule: pieces are split until what is left of the error is rounding, for all the functions at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qtheory.errors import NotAvailable
from qtheory.quadrature import panels
from qtheory.quadrature.host_functions import HostFunction
from qtheory.quadrature.pieces import Nodes, Piece, Stretch, first_pieces, values_at
from qtheory.quadrature.rule import ROUNDING, Edges, RankRule, reach_of, roundings

_SETTLED = 16.0 * ROUNDING
_SEEN = 2.0**13 * ROUNDING
_MOST_PIECES = 600
_MOST_ROUNDS = 80
_MASS_TOLERANCE = 1e-10


@dataclass(frozen=True, eq=False)
class _Seen:
    """A piece with the actions at its nodes, and for each function its size there and the error that splitting can mend.

    Splitting a half line does not mend that it ends, which is counted as error by the rule.
    """

    piece: Piece
    nodes: Nodes
    actions: np.ndarray
    density: np.ndarray
    error: np.ndarray
    size: np.ndarray


def build_rule(
    stretches: Sequence[Stretch], mass: np.ndarray, functions: Sequence[HostFunction], doubt: np.ndarray | None = None
) -> RankRule:
    """A rule whose pieces have settled for the functions, or are as fine as they can be.

    Args:
        stretches: where the actions of each level are; all with as many ends as there are levels.
        mass: the mass of each level, by which its integrals are divided.
        functions: vectorised functions of the action.
        doubt: `[stretches, levels]` mass that may belong to a level or not.
    """
    functions = [*functions, np.ones_like]  # its integrals are the masses
    lined = [place for place, stretch in enumerate(stretches) if stretch.farthest != stretch.start]
    done = [_look(stretches, first_pieces(stretches[place], place), functions) for place in lined]
    for _ in range(_MOST_ROUNDS):
        split = [_refined(stretches, seen, functions) for seen in done]
        if all(new == old for new, old in zip(split, done, strict=True)):
            break
        done = split
        if sum(map(len, done)) > _MOST_PIECES:
            break
    return _assembled(stretches, [seen for group in done for seen in group], mass, doubt)


def _refined(stretches: Sequence[Stretch], seen: list[_Seen], functions: Sequence[HostFunction]) -> list[_Seen]:
    """The pieces of one stretch with those split that are not small against all before them and themselves."""
    errors, sizes = np.array([s.error for s in seen]), np.cumsum([s.size for s in seen], axis=0)
    with np.errstate(invalid="ignore"):
        unsettled = np.any(~(errors <= _SETTLED * sizes), axis=1)
    parts = [s.piece.split() if bad else (s.piece,) for s, bad in zip(seen, unsettled, strict=True)]
    fresh = [part for s, pieces in zip(seen, parts, strict=True) for part in pieces if part is not s.piece]
    found = {id(s.piece): s for s in (*seen, *_look(stretches, fresh, functions))}
    return [found[id(part)] for pieces in parts for part in pieces]


def _look(stretches: Sequence[Stretch], pieces: Sequence[Piece], functions: Sequence[HostFunction]) -> list[_Seen]:
    """Evaluates the functions on new pieces, all at once: NumPy's overhead is per call."""
    if not pieces:
        return []
    nodes = [piece.nodes() for piece in pieces]
    places = [np.concatenate([n.log_odds, piece.probes()]) for piece, n in zip(pieces, nodes, strict=True)]
    at = [values_at(stretches[piece.stretch], place) for piece, place in zip(pieces, places, strict=True)]
    actions = np.concatenate([x for x, _ in at])
    values = np.array([np.broadcast_to(function(actions), actions.shape) for function in functions], dtype=np.float64)
    cuts = np.cumsum([len(x) for x, _ in at])[:-1]
    return [_seen(*parts) for parts in zip(pieces, nodes, at, np.split(values, cuts, axis=1), strict=True)]


def _seen(piece: Piece, nodes: Nodes, at: tuple[np.ndarray, np.ndarray], values: np.ndarray) -> _Seen:
    actions, density = at
    count = len(nodes.log_odds)
    with np.errstate(all="ignore"):
        integrand = values * density
        probed, integrand = integrand[:, count:], integrand[:, :count]
        mendable = nodes.witnesses if piece.is_panel else nodes.witnesses[:1]
        error, size = np.abs(integrand @ mendable.T).sum(axis=1), np.abs(integrand) @ nodes.weight
        if piece.is_panel:
            error += _missed(integrand, probed, abs(piece.far - piece.near), size)
    return _Seen(piece, nodes, actions[:count], density[:count], error, size)


def _missed(integrand: np.ndarray, probed: np.ndarray, width: float, size: np.ndarray) -> np.ndarray:
    """What points between the nodes say that the interpolant does not see; nothing if it may be rounding."""
    missed = width * np.max(np.abs(probed - integrand @ panels.probes()[1].T), axis=1)
    return np.where(missed <= _SEEN * size, 0.0, missed)


def _assembled(stretches: Sequence[Stretch], seen: list[_Seen], mass: np.ndarray, doubt: np.ndarray | None) -> RankRule:
    seen = sorted(seen, key=lambda s: not s.piece.is_panel)
    actions, density, log_odds = (
        np.concatenate([getattr(s, name) if name != "log_odds" else s.nodes.log_odds for s in seen])
        for name in ("actions", "density", "log_odds")
    )
    starts = np.cumsum([0, *(len(s.actions) for s in seen)])[:-1]
    reached = np.array(
        [s.piece.covered(stretches[s.piece.stretch].ends, stretches[s.piece.stretch].direction) for s in seen]
    )
    weights = np.concatenate([_level_weights(s, t) for s, t in zip(seen, reached, strict=True)]) * density[:, None]
    mass = _consistent(weights.sum(axis=0), mass)
    whole = np.concatenate([s.nodes.weight for s in seen]) * density
    return RankRule(
        actions=actions,
        weights=weights / mass,
        whole=whole,
        density=density,
        half_widths=np.array([abs(s.piece.far - s.piece.near) / 2.0 for s in seen if s.piece.is_panel]),
        half_lines=_half_lines([s for s in seen if not s.piece.is_panel]),
        starts=starts,
        covers=(reached > -1.0) / mass,
        condition=roundings(log_odds),
        reach=reach_of(actions, whole, starts),
        edges=None if doubt is None else _edges(stretches, seen, starts, reached, doubt / mass),
    )


def _consistent(found: np.ndarray, mass: np.ndarray) -> np.ndarray:
    """The mass as the rule itself sees it, which cancels the rounding of where levels end; both must agree."""
    off = ~(np.abs(found / mass - 1.0) <= _MASS_TOLERANCE)
    if off.any():
        raise NotAvailable(
            "the actions found do not have the mass of their level",
            got=f"{found[off][0]} instead of {mass[off][0]}",
            allowed=f"a relative difference of at most {_MASS_TOLERANCE:g}",
            remedy="the density may be too steep for float64; simulate it",
        )
    return found


def _level_weights(seen: _Seen, reached: np.ndarray) -> np.ndarray:
    """Weights of one piece for each level, without the density."""
    if not seen.piece.is_panel:
        return np.outer(seen.nodes.weight, reached > 0.0)
    weights = np.outer(seen.nodes.weight, reached >= 1.0)
    inside = np.abs(reached) < 1.0
    if inside.any():
        weights[:, inside] = abs(seen.piece.far - seen.piece.near) / 2.0 * panels.partial_weights(reached[inside]).T
    return weights


def _half_lines(seen: list[_Seen]) -> np.ndarray:
    blocks = np.zeros((sum(len(s.actions) for s in seen), 2 * len(seen)))
    row = 0
    for column, s in enumerate(seen):
        blocks[row : row + len(s.actions), 2 * column : 2 * column + 2] = s.nodes.witnesses[:2].T
        row += len(s.actions)
    return blocks


def _edges(
    stretches: Sequence[Stretch], seen: list[_Seen], starts: np.ndarray, reached: np.ndarray, doubt: np.ndarray
) -> Edges:
    """For each stretch and level, a node of the piece in which the level ends."""
    nodes = np.zeros(doubt.shape, dtype=int)
    for place, s in enumerate(seen):
        middle = starts[place] + len(s.actions) // 2
        nodes[s.piece.stretch, reached[place] > -1.0] = middle
    return Edges(nodes, doubt)
