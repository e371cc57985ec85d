r"""Synthetic worlds for the simulated reading: a problem, draws of which the rank is known, and hidden costs."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from qtheory.base.abstract import AbstractAtomicBase
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.atom import AtomPolicy
from qtheory.policies.rank import RankPolicy
from qtheory.problem import Problem


@dataclass(frozen=True)
class Draws:
    """Actions of one stream: their utility, their top rank, and an independent uniform that costs may use.

    On a finite base the rank of an action is the mass at or above its level.
    """

    utility: np.ndarray
    rank: np.ndarray
    noise: np.ndarray
    action: np.ndarray | None = None


@dataclass(frozen=True)
class World:
    r"""A problem whose answers are known, to draw from.

    Attributes:
        slug: its name in tables.
        says: what it is, in words.
        problem: base and utility.
        rank: the top rank of actions; `None` on a finite base, where it is read off the atoms.
        utility_bounds: bounds on the utility, `None` where it has none.
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

    @property
    def atomic(self) -> bool:
        return isinstance(self.problem.base, AbstractAtomicBase)

    def base_draws(self, key: int, n: int, impl: str = "threefry2x32") -> Draws:
        """`n` actions of the base, from a stream of their own."""
        return self._describe(self.problem.base.sample, stream_key(key, f"{self.slug}/base", impl), n)

    def policy_draws(self, policy: AbstractPolicy, key: int, n: int, impl: str = "threefry2x32") -> Draws:
        """`n` actions of a policy, by its own sampler and from a stream of their own."""
        return self._describe(policy.sample, stream_key(key, f"{self.slug}/{policy.estimand}", impl), n)

    def ratio_at(self, policy: AbstractPolicy, draws: Draws) -> np.ndarray:
        """The density ratio of a policy at these draws."""
        if isinstance(policy, AtomPolicy):
            assert draws.action is not None
            return np.array([float(w) for w in policy.ratio])[draws.action]
        assert isinstance(policy, RankPolicy)
        return policy.density.density(draws.rank)

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
        return Draws(utility, np.asarray(self.rank(actions), dtype=float), noise)


def level_ranks(problem: Problem) -> np.ndarray:
    """For each action of a finite problem, the mass at or above its level of utility."""
    weights, utility = problem.base.weights, problem.utility  # type: ignore[attr-defined]
    return np.array([float(sum(g for g, v in zip(weights, utility, strict=True) if v >= level)) for level in utility])


def stream_key(key: int, name: str, impl: str = "threefry2x32") -> Any:
    """The JAX key of a named stream: streams of different names are independent."""
    import jax

    return jax.random.fold_in(jax.random.key(key, impl=impl), np.uint32(zlib.crc32(name.encode())))
