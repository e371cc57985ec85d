r"""Policies given by their density on the top rank, on bases without a list of actions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from qtheory.action_function import ActionFunction
from qtheory.aliases import Json
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact import nonnegative
from qtheory.exact.documents import SCHEMA, expect_document, field
from qtheory.policies.abstract import AbstractPolicy, Divergence, check_count
from qtheory.policies.estimand import Estimand
from qtheory.policies.orders import read_order
from qtheory.policies.rank_density import AbstractRankDensity, TopOfDraws, TopSlice, rank_density_from_json
from qtheory.policies.score_density import ScoreDensity
from qtheory.problem import Problem

# A rule that keeps 16 draws lies within 0.1 of the ideal quantilizer in total variation.
KEPT_BY_DEFAULT = 16
# Blocks of draws are worked on together up to this many draws, which fit into a cache.
DRAWS_AT_A_TIME = 1 << 16
SMALL_BLOCK = 32


@dataclass(frozen=True)
class RankPolicy(AbstractPolicy):
    r"""A policy whose density ratio is a function of the top rank $s$ of the action.

    On a `Continuous` base whose utility ranks as the action does, functionals are quadratures in rank and actions
    are drawn by inverting the survival function. On other bases only the rule "draw n, pick one of the top k" can
    be drawn, and functionals must be simulated.

    >>> from qtheory.base.continuous import Continuous
    >>> policy = RankPolicy(Problem(Continuous("exponential(1)")), TopOfDraws(2, 1))
    >>> round(policy.value(), 12)
    1.5
    """

    problem: Problem
    density: AbstractRankDensity

    def __post_init__(self) -> None:
        if isinstance(self.density, ScoreDensity):
            own = isinstance(self.problem.utility, ActionFunction) and self.problem.utility.is_identity
            if self.problem.base != self.density.base or not own:
                raise InvalidInput("the density is of the scores of another problem", got=self.problem)

    @property
    def estimand(self) -> Estimand:
        return self.density.estimand

    def expect(self, function: Any) -> float:
        self._require_rank("an expectation")
        host = self.problem.values(function).on_host  # type: ignore[union-attr]
        if isinstance(self.density, ScoreDensity):
            return self.density.expect(host)
        if isinstance(self.density, TopSlice):
            q = float(self.density.q)
            return self.problem.base.expect(host, high_rank=q) / q  # type: ignore[attr-defined]
        density = self.density
        return self.problem.base.expect_rank(host, density.at, *density.span, breaks=density.breaks)  # type: ignore[attr-defined]

    def sup_ratio(self) -> Any:
        self._require_rank("the largest density ratio")
        return self.density.supremum

    def kl(self) -> Divergence:
        self._require_rank("a divergence")
        return self.density.kl()

    def reverse_kl(self) -> Divergence:
        self._require_rank("a divergence")
        return self.density.reverse_kl()

    def chi2(self) -> Divergence:
        self._require_rank("a divergence")
        return self.density.chi2()

    def total_variation(self) -> Divergence:
        self._require_rank("a divergence")
        return self.density.total_variation()

    def bhattacharyya(self) -> Divergence:
        self._require_rank("a divergence")
        return self.density.bhattacharyya()

    def power_norm(self, order: Any) -> Divergence:
        self._require_rank("a norm")
        p = read_order(order, positive=True)
        if p == math.inf:
            return self.sup_ratio()
        integral = self.density.power_integral(p)
        if isinstance(integral, float):
            return integral ** (1 / float(p))
        return nonnegative.power(integral, 1 / Fraction(p))

    def renyi(self, order: Any) -> Divergence:
        r"""$D_\alpha$ for $\alpha\in[0,\infty]$."""
        self._require_rank("a divergence")
        return self.density.renyi(read_order(order))

    def sample(self, key: Any, n: int) -> Any:
        check_count(n)
        if isinstance(self.density, ScoreDensity):
            return self.density.sample(key, n)
        if self.problem.ranks_as_action:
            return _action_at(self.problem, self.density.sample_rank(key, n))
        return _sample_by_draws(self, key, n)

    def to_json(self) -> Json:
        density, problem = self.density.to_json(), self.problem.to_json()
        return {"schema": SCHEMA, "type": "policy", "kind": "rank", "problem": problem, "rank": density}

    @staticmethod
    def from_json(document: Json) -> RankPolicy:
        expect_document(document, "policy")
        problem = Problem.from_json(field(document, "problem"))
        return RankPolicy(problem, _density_from_json(field(document, "rank")))

    def _require_rank(self, what: str) -> None:
        if not self.problem.ranks_as_action:
            raise NotAvailable(
                f"{what} needs the law of the utility, and this problem only offers draws",
                got=self.problem.base,
                remedy="simulate it, or give a utility that increases with the action on a Continuous base",
            )


def _density_from_json(document: Any) -> AbstractRankDensity:
    kind = document.get("density") if isinstance(document, dict) else None
    return ScoreDensity.from_json(document) if kind == "score" else rank_density_from_json(document)


def _action_at(problem: Problem, rank: Any) -> Any:
    import jax.numpy as jnp

    is_upper = rank <= 0.5
    return problem.base.device_quantile()(jnp.where(is_upper, rank, 1 - rank), is_upper)  # type: ignore[attr-defined]


def _sample_by_draws(policy: RankPolicy, key: Any, n: int) -> Any:
    """Independent blocks of draws, one pick from the top of each."""
    import jax

    density = policy.density
    if not isinstance(density, TopOfDraws):
        raise NotAvailable(
            "the ideal quantilizer cannot be drawn from a base that only offers draws",
            got=density.estimand,
            remedy="use the rule: Quantilizer(q, draws=n)",
        )
    one = partial(_pick_from_block, policy.problem, density.n, density.k)
    blocks = max(1, min(n, DRAWS_AT_A_TIME // density.n))
    actions, finite = jax.jit(lambda keys: jax.lax.map(one, keys, batch_size=blocks))(jax.random.split(key, n))
    if not bool(finite.all()):
        first = int((~finite).argmax())
        raise InvalidInput("a utility is not finite", got=f"in the block of action {first}", allowed="finite utilities")
    return actions


def _pick_from_block(problem: Problem, n: int, k: int, key: Any) -> tuple[Any, Any]:
    import jax
    import jax.numpy as jnp

    draw, tie, pick = jax.random.split(key, 3)
    actions = problem.base.sample(draw, n)
    utility = problem.utility.on_device(actions)
    chosen = _ranked(utility, jax.random.bits(tie, (n,)), jax.random.randint(pick, (), 0, k))
    return jax.tree.map(lambda leaf: leaf[chosen], actions), jnp.isfinite(utility).all()


def _ranked(utility: Any, tie: Any, place: Any) -> Any:
    """The index of the draw at a place in the order of utility, best first, ties broken by `tie`."""
    import jax.numpy as jnp

    if utility.size > SMALL_BLOCK:
        return jnp.lexsort((tie, -utility))[place]
    # Counting who is ahead compiles and runs faster than a sort of a few draws.
    ahead = (utility[:, None] > utility) | ((utility[:, None] == utility) & (tie[:, None] < tie))
    return jnp.argmax(ahead.sum(axis=0) == place)
