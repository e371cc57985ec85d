r"""Policies given by a density ratio that is a function of the action."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from qtheory.action_function import ActionFunction, action_function
from qtheory.aliases import Json
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.documents import SCHEMA, expect_document, field, number_from_json, number_to_json
from qtheory.policies.abstract import AbstractPolicy, check_count
from qtheory.policies.estimand import Estimand
from qtheory.problem import Problem

# Quadrature of a density ratio must give total mass one to this relative error before anything else is believed.
MASS_TOLERANCE = 1e-9


@dataclass(frozen=True)
class WeightPolicy(AbstractPolicy):
    r"""A policy with density ratio $w(a)$ on a `Continuous` base; all its functionals are float64 quadratures.

    Args:
        problem: a problem on a `Continuous` base.
        ratio: $w$ as a formula in `x` or a JAX function of one action, with $E_\gamma w = 1$ and $w \ge 0$.
        supremum: a bound on $w$, infinite if there is none; finite bounds allow sampling by rejection.

    >>> from qtheory.base.continuous import Continuous
    >>> tilt = WeightPolicy(Problem(Continuous("normal(0,1)")), "exp(x - 1/2)")
    >>> round(tilt.value(), 9), round(tilt.kl(), 9)
    (1.0, 0.5)
    """

    problem: Problem
    ratio: Any
    supremum: float = math.inf

    def __post_init__(self) -> None:
        if not hasattr(self.problem.base, "expect"):
            raise NotAvailable("a weight policy needs a Continuous base", got=self.problem.base)
        object.__setattr__(self, "ratio", action_function(self.ratio, "ratio"))
        mass = self._integrate(lambda x, w: w)
        if not abs(mass - 1) <= MASS_TOLERANCE:
            raise InvalidInput("the density ratio does not have mean one", got=mass, allowed="E[w] = 1")
        if not abs(self._integrate(lambda x, w: np.abs(w)) - 1) <= MASS_TOLERANCE:
            raise InvalidInput("the density ratio is negative somewhere", got=self.ratio, allowed="w >= 0")

    @property
    def estimand(self) -> Estimand:
        return Estimand.weights()

    def expect(self, function: Any) -> float:
        values: ActionFunction = action_function(function, "function")
        return self._integrate(lambda x, w: w * values.on_host(x))

    def sup_ratio(self) -> float:
        return self.supremum

    def kl(self) -> float:
        from scipy.special import xlogy

        return self._integrate(lambda x, w: xlogy(w, w))

    def chi2(self) -> float:
        return self._integrate(lambda x, w: (w - 1) ** 2)

    def total_variation(self) -> float:
        return self._integrate(lambda x, w: np.abs(w - 1)) / 2

    def sample(self, key: Any, n: int) -> Any:
        check_count(n)
        if math.isinf(self.supremum):
            remedy = "give WeightPolicy(..., supremum=...)"
            raise NotAvailable("rejection needs a bound on the density ratio", got=self.supremum, remedy=remedy)
        return _reject(self, key, n)

    def to_json(self) -> Json:
        return {
            "schema": SCHEMA,
            "type": "policy",
            "kind": "weight",
            "problem": self.problem.to_json(),
            "ratio": self.ratio.to_json(),
            "supremum": number_to_json(self.supremum),
        }

    @staticmethod
    def from_json(document: Json) -> WeightPolicy:
        expect_document(document, "policy")
        problem = Problem.from_json(field(document, "problem"))
        return WeightPolicy(problem, field(document, "ratio"), float(number_from_json(field(document, "supremum"))))

    def _integrate(self, integrand: Any) -> float:
        return self.problem.base.expect(lambda x: integrand(x, self.ratio.on_host(x)))  # type: ignore[attr-defined]


def _reject(policy: WeightPolicy, key: Any, n: int) -> Any:
    """Draw from the base and keep an action with chance w / supremum, until `n` are kept."""
    import jax
    import jax.numpy as jnp

    kept: list[Any] = []
    block = max(256, int(n * policy.supremum * 1.1))
    while sum(map(len, kept)) < n:
        key, draw, coin = jax.random.split(key, 3)
        actions = policy.problem.base.sample(draw, block)
        ratio = policy.ratio.on_device(actions)
        if bool((ratio > policy.supremum * (1 + 1e-6)).any()) or not bool((ratio >= 0).all()):
            raise InvalidInput(
                "the density ratio leaves [0, supremum]", got=float(ratio.max()), allowed=f"0 to {policy.supremum}"
            )
        kept.append(actions[jax.random.uniform(coin, (block,)) * policy.supremum < ratio])
    return jnp.concatenate(kept)[:n]
