r"""Random problems on the device: from words of random bits to the numbers that a gradient may move.

Each problem gets patterns of its own: few or many actions, even masses or one that outweighs all, many ties or none,
costs on the best actions or scattered, levels at which an action is exactly full.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import jax
import jax.numpy as jnp

from qtheory.checking.worst_problem.exact_population import FEATURE_VALUES, needs_feature
from qtheory.instances.complete import free_functions, free_scalars
from qtheory.statements.claim import Part
from qtheory.symbols import OfAction, Scalar

MOST_DRAWS = 40
# Even masses, spread ones, and (spread 6: up to e^12 between them) one that outweighs the rest.
SPREADS = (0.0, 1.0, 2.0, 6.0)
TIES = (0.0, 0.3, 0.8, 0.3)
# Words per problem beside those per action: size, spread, ties, offset.
HEADER = 4


class Latents(NamedTuple):
    """The free numbers of a batch of problems; `active`, `feature` and counts are not moved by gradients."""

    logits: jax.Array
    steps: jax.Array
    top: jax.Array
    functions: dict[str, jax.Array]
    scalars: dict[str, jax.Array]
    active: jax.Array
    feature: jax.Array


@dataclass(frozen=True)
class Shape:
    """What a batch of problems for a part is made of."""

    functions: tuple[OfAction, ...]
    scalars: tuple[Scalar, ...]
    atoms: int
    has_feature: bool
    full_size: bool = False

    @property
    def words(self) -> int:
        """32-bit words of randomness per problem."""
        rows = 2 + len(self.functions) + self.has_feature
        return self.atoms * rows + HEADER + len(self.functions) + 2 * len(self.scalars)


def shape_of(part: Part, atoms: int, full_size: bool = False) -> Shape:
    """What a part leaves free, on problems of up to, or of exactly, so many actions."""
    return Shape(tuple(free_functions(part)), tuple(free_scalars(part)), atoms, needs_feature(part), full_size)


def decode(shape: Shape, words: jax.Array) -> Latents:
    """Problems from random words, `[shape.words, problem]` to one problem a column."""
    unit = (words >> 8).astype(jnp.float32) * jnp.float32(2.0**-24)
    rows, rest = jnp.split(unit, [unit.shape[0] - (shape.words - _row_words(shape))])
    rows = rows.reshape(-1, shape.atoms, unit.shape[1])
    size, spread, ties, offset = rest[:HEADER]
    active = jnp.arange(shape.atoms)[:, None] < _sizes(shape, size)
    logits = _pick(SPREADS, spread) * (2 * rows[0] - 1)
    steps = jnp.where(rows[1] < _pick(TIES, ties), 0.0, -2 * jnp.log1p(-rows[1]))
    kinds = rest[HEADER : HEADER + len(shape.functions)]
    functions = {
        f.name: _function(f, row, kind) for f, row, kind in zip(shape.functions, rows[2:], kinds, strict=False)
    }
    feature = (rows[-1] * FEATURE_VALUES).astype(jnp.int32) if shape.has_feature else jnp.zeros(active.shape, jnp.int32)
    mass = masses(logits, active)
    numbers = rest[HEADER + len(shape.functions) :]
    scalars = {x.name: _scalar(x, numbers[2 * i : 2 * i + 2], mass) for i, x in enumerate(shape.scalars)}
    return Latents(logits, steps, 4 * offset - 1, functions, scalars, active, feature)


def masses(logits: jax.Array, active: jax.Array) -> jax.Array:
    """The base distributions that logits stand for."""
    return jax.nn.softmax(jnp.where(active, logits, -jnp.inf), axis=0)


def _row_words(shape: Shape) -> int:
    return shape.atoms * (2 + len(shape.functions) + shape.has_feature)


def _sizes(shape: Shape, unit: jax.Array) -> jax.Array:
    """Sizes from two actions up, small ones as likely as large ones on a logarithmic scale."""
    if shape.full_size or shape.atoms <= 2:
        return jnp.full(unit.shape, shape.atoms)
    return jnp.floor(2 * ((shape.atoms + 1) / 2) ** unit).astype(jnp.int32)


def _pick(table: tuple[float, ...], unit: jax.Array) -> jax.Array:
    return jnp.asarray(table, jnp.float32)[(unit * len(table)).astype(jnp.int32)]


def _function(symbol: OfAction, row: jax.Array, kind: jax.Array) -> jax.Array:
    """On the best actions, scattered, nonnegative or of either sign."""
    place = jnp.arange(row.shape[0])[:, None]
    fine, scattered, spread = (kind * 64) % 1, jnp.where(row < 0.4, 1.0, 0.0), 3 * row
    best = jnp.where(place <= jnp.floor(8 * fine**2), 1.0 + row * (fine > 0.5), 0.0)
    signed = spread if symbol.role == "rival" else 4 * row - 2
    return jnp.where(kind < 0.3, best, jnp.where(kind < 0.5, scattered, jnp.where(kind < 0.75, spread, signed)))


def _scalar(symbol: Scalar, pair: jax.Array, mass: jax.Array) -> jax.Array:
    kind, unit = pair
    if symbol.domain == "level":
        return _level(kind, unit, mass)
    if symbol.domain == "count":
        return jnp.floor(MOST_DRAWS**unit)
    if symbol.domain == "unit":
        return jnp.where(kind < 0.8, unit, jnp.round(unit))
    positive = -2 * jnp.log1p(-unit) + 0.01
    if symbol.domain in ("positive", "nonnegative"):
        return jnp.where(kind < 0.8, positive, 8 * positive)
    return jnp.where(kind < 0.5, positive, jnp.where(kind < 0.8, -positive, 4 * positive))


def _level(kind: jax.Array, unit: jax.Array, mass: jax.Array) -> jax.Array:
    """Half of the levels fill a number of actions exactly, where bounds are attained."""
    place = jnp.floor(kind * 4 % 1 * 16 * unit)
    edge = jnp.sum(jnp.where(jnp.arange(mass.shape[0])[:, None] <= place, mass, 0.0), axis=0)
    return jnp.clip(jnp.where(kind < 0.5, edge, 64.0**-unit), 1e-4, 1.0)
