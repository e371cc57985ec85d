r"""Synthetic worlds for the simulated reading: a problem, draws of which the rank is known, and hidden costs."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from qtheory.base.abstract import AbstractAtomicBase
from qtheory.base.continuous import Continuous
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.rank import RankPolicy
from qtheory.policies.rank_density import TopOfDraws
from qtheory.problem import Problem
from qtheory.worlds.shapes import AbstractShape


@dataclass(frozen=True, eq=False)
class Draws:
    """Actions of one stream: their utility, their top rank, and an independent uniform that costs may use.

    On a finite base actions are numbers, and the rank of an action is the mass at or above its level.
    """

    utility: np.ndarray
    rank: np.ndarray
    noise: np.ndarray
    action: np.ndarray | None = None

    def first(self, n: int) -> Draws:
        """The first few of them."""
        action = None if self.action is None else self.action[:n]
        return Draws(self.utility[:n], self.rank[:n], self.noise[:n], action)


@dataclass(frozen=True)
class World:
    r"""A problem whose answers are known, to draw from.

    Attributes:
        slug: its name in tables.
        says: what it is, in words.
        problem: base and utility.
        rank: the top rank of actions; `None` on a finite base, where it is read off the atoms.
        utility_bounds: bounds on the utility, `None` where it has none.
        utility_shape: the utility as a function of the rank, where that is a shape.
        atoms: whether the utility ties actions of different rank.
        draw_only: whether policies must be judged from base draws alone, because they have no exact sampler here.
    """

    slug: str
    says: str
    problem: Problem
    rank: Callable[[Any], Any] | None = None
    utility_bounds: tuple[Fraction, Fraction] | None = None
    draw_only: bool = False
    atoms: bool = False
    utility_shape: AbstractShape | None = None

    @property
    def atomic(self) -> bool:
        return isinstance(self.problem.base, AbstractAtomicBase)

    @property
    def level_spans(self) -> tuple[tuple[Fraction, Fraction], ...]:
        """For each action of a finite base, the stretch of ranks of its level of utility."""
        weights, utility = self.problem.base.weights, self.problem.utility  # type: ignore[attr-defined]
        pairs = list(zip(weights, utility, strict=True))
        above = [sum((g for g, v in pairs if v > level), Fraction(0)) for level in utility]
        level_mass = [sum((g for g, v in pairs if v == level), Fraction(0)) for level in utility]
        return tuple((a, a + mass) for a, mass in zip(above, level_mass, strict=True))

    def base_draws(self, key: int, n: int, impl: str = "threefry2x32") -> Draws:
        """`n` actions of the base, from a stream of their own."""
        return self._describe(self.problem.base.sample, stream_key(key, f"{self.slug}/base", impl), n)

    def policy_draws(self, policy: AbstractPolicy, key: int, n: int, impl: str = "threefry2x32") -> Draws:
        """`n` actions of a policy, by its own sampler and from a stream of their own.

        Where there are only draws, a rule on blocks of draws is run itself.
        """
        stream = stream_key(key, f"{self.slug}/{policy.estimand}", impl)
        if self.draws_per_action(policy) > 1:
            return self._run_rule(policy.density, stream, n)  # type: ignore[attr-defined]
        return self._describe(policy.sample, stream, n)

    def draws_per_action(self, policy: AbstractPolicy) -> int:
        """How many draws of the base an action of a policy takes."""
        rule = self.draw_only and isinstance(policy, RankPolicy) and isinstance(policy.density, TopOfDraws)
        return policy.density.n if rule else 1  # type: ignore[attr-defined]

    def _run_rule(self, rule: TopOfDraws, stream: Any, n: int) -> Draws:
        """One of the k best of each of `n` blocks of draws, ties and the pick at random."""
        import jax

        base_key, tie_key, pick_key = jax.random.split(stream, 3)
        blocks = self._describe(self.problem.base.sample, base_key, n * rule.n)
        ties = np.asarray(jax.random.bits(tie_key, (n, rule.n), dtype=np.uint32))
        place = np.asarray(jax.random.randint(pick_key, (n,), 0, rule.k))
        best_first = np.lexsort((ties, -blocks.utility.reshape(n, rule.n)), axis=1)
        chosen = np.arange(n) * rule.n + best_first[np.arange(n), place]
        action = None if blocks.action is None else blocks.action[chosen]
        return Draws(blocks.utility[chosen], blocks.rank[chosen], blocks.noise[chosen], action)

    def _describe(self, sampler: Callable[[Any, int], Any], key: Any, n: int) -> Draws:
        import jax

        actions_key, noise_key = jax.random.split(key)
        actions = sampler(actions_key, n)
        noise = np.asarray(jax.random.uniform(noise_key, (n,), dtype=np.float32), dtype=float)
        if self.atomic:
            index = np.asarray(actions)
            utility = np.array([float(u) for u in self.problem.utility])[index]
            return Draws(utility, level_ranks(self.problem)[index], noise, index)
        assert self.rank is not None
        utility = np.asarray(self.problem.utility.on_device(actions), dtype=float)
        action = np.asarray(actions) if isinstance(self.problem.base, Continuous) else None
        return Draws(utility, np.asarray(self.rank(actions), dtype=float), noise, action)


def level_ranks(problem: Problem) -> np.ndarray:
    """For each action of a finite problem, the mass at or above its level of utility."""
    weights, utility = problem.base.weights, problem.utility  # type: ignore[attr-defined]
    return np.array([float(sum(g for g, v in zip(weights, utility, strict=True) if v >= level)) for level in utility])


def stream_key(key: int, name: str, impl: str = "threefry2x32") -> Any:
    """The JAX key of a named stream: streams of different names are independent."""
    import jax

    return jax.random.fold_in(jax.random.key(key, impl=impl), np.uint32(zlib.crc32(name.encode())))
