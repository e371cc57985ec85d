r"""Density ratios of policies on many problems at once.

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
from qtheory.optimizers.best_of_poisson import BestOfPoisson
from qtheory.optimizers.imitation import Imitation
from qtheory.optimizers.kl_regularized import KLRegularized
from qtheory.optimizers.maximizer import Maximizer
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.optimizers.satisficer import Satisficer
from qtheory.optimizers.top_k_of_n import TopKOfN
from qtheory.optimizers.windowed_quantilizer import WindowedQuantilizer
from qtheory.statements.claim import PolicyOf

# A ratio below this is a rounding of float32, not a share of the policy.
PLAYED = 1e-5
# Sums over the number of draws kept end here, and logarithms of ranks this close to an end are not taken.
MOST_KEPT, NEAR_END = 40, 1e-6
# Given a batch, whether ties are ordered, and the values of the optimizer's parameters.
Ratio: TypeAlias = Callable[..., jax.Array]


def is_vectorised(optimizer: AbstractOptimizer) -> bool:
    """Whether an optimizer's policies can be had on many problems at once."""
    known = type(optimizer) in RANK_MASS or type(optimizer) in SCORE_RATIO
    return known and "draws" not in optimizer.parameters()


def apply_policy(policy: PolicyOf) -> Callable[[Batch], Batch]:
    """Give each problem of a batch the policy's density ratio and threshold."""
    optimizer = policy.optimizer
    numbers = {k: values_of(as_sympy(v)) for k, v in optimizer.parameters().items() if k != "ties"}
    ordered = optimizer.parameters().get("ties") == "ordered"

    def apply(batch: Batch) -> Batch:
        parameters = {name: value(batch) for name, value in numbers.items()}
        if type(optimizer) in RANK_MASS:
            ratio = _of_ranks(batch, RANK_MASS[type(optimizer)], ordered, parameters)
        else:
            ratio = SCORE_RATIO[type(optimizer)](batch, **parameters)
        batch = batch.with_function(policy.ratio, ratio)
        return batch.with_scalar(policy.threshold, _last_utility_played(batch, ratio))

    return apply


def _of_ranks(batch: Batch, mass: Ratio, ordered: bool, parameters: dict[str, jax.Array]) -> jax.Array:
    above, level = (running_sum(batch.mass), batch.mass) if ordered else by_level(batch, batch.mass)
    share = mass(above + level, **parameters) - mass(above, **parameters)
    return jnp.where(level > 0, share / jnp.where(level > 0, level, 1.0), 0.0)


def by_level(batch: Batch, rows: jax.Array) -> tuple[jax.Array, jax.Array]:
    """For every action the sum over the actions of higher utility, and over those of the same."""
    zero = jnp.zeros(rows.shape[1:], rows.dtype)

    def down(state: tuple, action: tuple) -> tuple:
        (total, start), (row, new) = state, action
        start, total = jnp.where(new, total, start), total + row
        return (total, start), (start, total)

    def up(end: jax.Array, action: tuple) -> tuple:
        total, last = action
        end = jnp.where(last, total, end)
        return end, end

    above: jax.Array
    end: jax.Array
    upto: jax.Array
    _, (above, upto) = jax.lax.scan(down, (zero, zero), (rows, batch.new_level))
    last = jnp.concatenate([batch.new_level[1:], jnp.ones_like(batch.new_level[:1])])
    _, end = jax.lax.scan(up, zero, (upto, last), reverse=True)
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


def _boltzmann(batch: Batch, beta: jax.Array) -> jax.Array:
    utility = batch.functions[s.u]
    weight = jnp.exp((utility - jnp.max(jnp.where(batch.mass > 0, utility, -jnp.inf), axis=0)) / beta)
    return weight / batch.mean(weight)


def _good_enough(batch: Batch, level: jax.Array) -> jax.Array:
    reached = jnp.where(batch.functions[s.u] >= level, 1.0, 0.0)
    return reached / batch.mean(reached)


# The integral of the rank density up to a rank.
RANK_MASS: Mapping[type[AbstractOptimizer], Ratio] = {
    Quantilizer: lambda rank, q: jnp.minimum(rank / q, 1.0),
    WindowedQuantilizer: lambda rank, low, high: jnp.clip((rank - low) / (high - low), 0.0, 1.0),
    Imitation: lambda rank: rank,
    Maximizer: lambda rank: jnp.where(rank > 0, 1.0, 0.0),
    BestOfN: _best_of_n,
    TopKOfN: _top_k_of_n,
    BestOfPoisson: lambda rank, mu: 1 - (1 - rank) * jnp.exp(-mu * rank),
}
# Density ratios that depend on the utility itself.
SCORE_RATIO: Mapping[type[AbstractOptimizer], Ratio] = {KLRegularized: _boltzmann, Satisficer: _good_enough}
