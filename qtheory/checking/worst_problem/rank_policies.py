r"""Density ratios of rank policies on many problems at once.

A policy with density $g$ on top rank gives a level of utility with ranks $(G, G + T]$ the ratio
$w = (\Gamma(G + T) - \Gamma(G)) / T$ with $\Gamma(s) = \int_0^s g$. Proportional ties share a level; ordered ones make
every action a level of its own. Almost everywhere that is differentiable in the masses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import jax
import jax.numpy as jnp
from jax.scipy.special import gammaln

from qtheory import symbols as s
from qtheory.checking.worst_problem.batch import Batch, running_sum, values_of
from qtheory.exact.binding import as_sympy
from qtheory.optimizers.abstract import AbstractOptimizer
from qtheory.optimizers.best_of_n import BestOfN
from qtheory.optimizers.imitation import Imitation
from qtheory.optimizers.maximizer import Maximizer
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.optimizers.top_k_of_n import TopKOfN
from qtheory.statements.claim import PolicyOf

# A ratio below this is a rounding of float32, not a share of the policy.
PLAYED = 1e-5
# Sums over the number of draws kept end here, and logarithms of ranks this close to an end are not taken.
MOST_KEPT, NEAR_END = 40, 1e-6
# The integral of a rank density up to a rank, given the values of the optimizer's parameters.
RankMass: TypeAlias = Callable[..., jax.Array]


def is_vectorised(optimizer: AbstractOptimizer) -> bool:
    """Whether an optimizer's policies can be had on many problems at once."""
    return type(optimizer) in RANK_MASS and "draws" not in optimizer.parameters()


def apply_policy(policy: PolicyOf) -> Callable[[Batch], Batch]:
    """Give each problem of a batch the policy's density ratio and threshold."""
    optimizer = policy.optimizer
    mass = RANK_MASS[type(optimizer)]
    numbers = {k: values_of(as_sympy(v)) for k, v in optimizer.parameters().items() if k != "ties"}
    ordered = getattr(optimizer, "ties", "") == "ordered"

    def apply(batch: Batch) -> Batch:
        above, level = levels(batch, ordered)
        parameters = {name: value(batch) for name, value in numbers.items()}
        share = mass(above + level, **parameters) - mass(above, **parameters)
        ratio = jnp.where(level > 0, share / jnp.where(level > 0, level, 1.0), 0.0)
        batch = batch.with_function(policy.ratio, ratio)
        return batch.with_scalar(policy.threshold, _last_utility_played(batch, ratio))

    return apply


def levels(batch: Batch, ordered: bool = False) -> tuple[jax.Array, jax.Array]:
    """For every action the mass strictly above its level of utility, and the mass of that level."""
    if ordered:
        return running_sum(batch.mass), batch.mass
    zero = jnp.zeros(batch.mass.shape[1:], batch.mass.dtype)

    def down(state: tuple, action: tuple) -> tuple:
        total, start = state
        mass, new = action
        start = jnp.where(new, total, start)
        return (total + mass, start), start

    def up(end: jax.Array, action: tuple) -> tuple:
        start, mass, last = action
        end = jnp.where(last, start + mass, end)
        return end, end

    (_, _), above = jax.lax.scan(down, (zero, zero), (batch.mass, batch.new_level))
    before = running_sum(batch.mass)
    last = jnp.concatenate([batch.new_level[1:], jnp.ones_like(batch.new_level[:1])])
    _, end = jax.lax.scan(up, zero, (before, batch.mass, last), reverse=True)
    return above, end - above


def _last_utility_played(batch: Batch, ratio: jax.Array) -> jax.Array:
    """The lowest utility that a policy plays, which is where a top slice ends."""
    played = (ratio > PLAYED) & (batch.mass > 0)
    return jnp.min(jnp.where(played, batch.functions[s.u], jnp.inf), axis=0)


def _best_of_n(rank: jax.Array, n: jax.Array) -> jax.Array:
    return 1 - jnp.maximum(1 - rank, 0.0) ** jax.lax.stop_gradient(n)


def _top_k_of_n(rank: jax.Array, n: jax.Array, k: jax.Array) -> jax.Array:
    r"""$E[\min(B, k)]/k = 1 - \sum_{i<k} (k - i) P(B = i)/k$ with $B$ binomial, for $k$ up to `MOST_KEPT`."""
    n, k = jax.lax.stop_gradient((n, k))
    inside = jnp.clip(rank, NEAR_END, 1 - NEAR_END)
    hit, miss = jnp.log(inside), jnp.log1p(-inside)

    def add(missing: jax.Array, i: jax.Array) -> tuple[jax.Array, None]:
        left = jnp.maximum(n - i, 0.0)
        log = gammaln(n + 1) - gammaln(i + 1) - gammaln(left + 1) + i * hit + left * miss
        return missing + jnp.where(i < k, (k - i) / k * jnp.exp(log), 0.0), None

    missing, _ = jax.lax.scan(add, jnp.zeros_like(rank), jnp.arange(MOST_KEPT, dtype=rank.dtype))
    return jnp.where(rank <= NEAR_END, 0.0, jnp.where(rank >= 1 - NEAR_END, 1.0, 1 - missing))


RANK_MASS: Mapping[type[AbstractOptimizer], RankMass] = {
    Quantilizer: lambda rank, q: jnp.minimum(rank / q, 1.0),
    Imitation: lambda rank: rank,
    Maximizer: lambda rank: jnp.where(rank > 0, 1.0, 0.0),
    BestOfN: _best_of_n,
    TopKOfN: _top_k_of_n,
}
