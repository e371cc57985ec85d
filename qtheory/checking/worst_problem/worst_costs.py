r"""Worst cases of cost classes on many problems at once, where there is a formula in arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import jax
import jax.numpy as jnp

from qtheory import symbols as s
from qtheory.checking.worst_problem.batch import Batch, running_sum, values_of
from qtheory.costs.abstract import AbstractCostClass
from qtheory.costs.mean_bounded import MeanBounded
from qtheory.costs.range_and_mean import RangeAndMean
from qtheory.costs.signed import Signed
from qtheory.exact.binding import as_sympy
from qtheory.statements.claim import Part

Formula: TypeAlias = Callable[..., jax.Array]


def has_formula(part: Part) -> bool:
    """Whether the worst case that a part mentions, if any, can be had on many problems at once."""
    return part.cost is None or s.worst not in part.symbols or type(part.cost) in WORST


def worst_cost(part: Part) -> list[Callable[[Batch], Batch]]:
    """The move that gives each problem the worst case of the part's cost class, if the part speaks of it."""
    if part.cost is None or s.worst not in part.symbols:
        return []
    formula, ratio = WORST[type(part.cost)], part.policies[0].ratio
    numbers = {name: values_of(as_sympy(value)) for name, value in part.cost.parameters().items()}

    def move(batch: Batch) -> Batch:
        parameters = {name: value(batch) for name, value in numbers.items()}
        return batch.with_scalar(s.worst, formula(batch, batch.functions[ratio], **parameters))

    return [move]


def _sup(batch: Batch, ratio: jax.Array) -> jax.Array:
    return jnp.max(jnp.where(batch.mass > 0, ratio, -jnp.inf), axis=0)


def _mean_bounded(batch: Batch, ratio: jax.Array, epsilon: jax.Array) -> jax.Array:
    return epsilon * _sup(batch, ratio)


def _signed(batch: Batch, ratio: jax.Array, epsilon: jax.Array, b: jax.Array) -> jax.Array:
    return (epsilon + b) * _sup(batch, ratio) - b


def _range_and_mean(batch: Batch, ratio: jax.Array, epsilon: jax.Array, cap: jax.Array) -> jax.Array:
    # The ratio of a rank policy falls with rank, so the cap is filled in the order of the actions.
    before = running_sum(batch.mass)
    filled = jnp.clip(epsilon / cap - before, 0.0, batch.mass)
    return cap * jnp.sum(filled * ratio, axis=0)


WORST: Mapping[type[AbstractCostClass], Formula] = {
    MeanBounded: _mean_bounded,
    Signed: _signed,
    RangeAndMean: _range_and_mean,
}
