r"""Policies given by a density ratio that is a function of the action."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from qtheory.action_function import ActionFunction, action_function
from qtheory.aliases import Json
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.documents import SCHEMA, expect_document, field, number_from_json, number_to_json
from qtheory.policies.abstract import AbstractPolicy, check_count
from qtheory.policies.estimand import Estimand
from qtheory.policies.orders import read_order
from qtheory.policies.rank_inversion import InversionTable, inversion_table, uniform_doubles
from qtheory.problem import Problem

# Quadrature of a density ratio must give total mass one to this relative error before anything else is believed.
MASS_TOLERANCE = 1e-9
# With fewer base draws per action rejection is exact and cheap; beyond, the tabulated mass is inverted.
MOST_DRAWS_PER_ACTION = 64.0
UNKNOWN = "unknown"
WEIGHTS = Estimand.weights()


@dataclass(frozen=True)
class WeightPolicy(AbstractPolicy):
    r"""A policy with density ratio $w(a)$ on a `Continuous` base; all its functionals are float64 quadratures.

    Args:
        problem: a problem on a `Continuous` base.
        ratio: $w$ as a formula in `x` or a JAX function of one action, with $E_\gamma w = 1$ and $w \ge 0$.
        supremum: $\operatorname{ess\,sup} w$, infinite if there is none, `None` if it is not known. A small one lets
            actions be drawn by rejection; else the tabulated mass is inverted, with an error that `inversion` tells.
        named: which distribution this is.

    >>> from qtheory.base.continuous import Continuous
    >>> tilt = WeightPolicy(Problem(Continuous("normal(0,1)")), "exp(x - 1/2)")
    >>> round(tilt.value(), 9), round(tilt.kl(), 9)
    (1.0, 0.5)
    """

    problem: Problem
    ratio: Any
    supremum: float | None = math.inf
    named: Estimand = WEIGHTS

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
        return self.named

    def expect(self, function: Any) -> float:
        values: ActionFunction = action_function(function, "function")
        return self._integrate(lambda x, w: w * values.on_host(x))

    def sup_ratio(self) -> float:
        if self.supremum is None:
            remedy = "give WeightPolicy(..., supremum=...), infinite if there is none"
            raise NotAvailable("the largest density ratio is not known", got=self.ratio, remedy=remedy)
        return self.supremum

    def kl(self) -> float:
        from scipy.special import xlogy

        return self._integrate(lambda x, w: xlogy(w, w))

    def reverse_kl(self) -> float:
        return self._integrate(lambda x, w: w - 1 - self._log_ratio(x, w))

    def chi2(self) -> float:
        return self._integrate(lambda x, w: (w - 1) ** 2)

    def total_variation(self) -> float:
        return self._integrate(lambda x, w: np.abs(w - 1)) / 2

    def bhattacharyya(self) -> float:
        return min(1.0, self._integrate(lambda x, w: np.sqrt(w)))

    def power_norm(self, order: Any) -> float:
        p = read_order(order, positive=True)
        if p == math.inf:
            return self.sup_ratio()
        return 1.0 if p == 1 else math.exp(self._log_power_mean(float(p)) / float(p))

    def renyi(self, order: Any) -> float:
        alpha = read_order(order)
        if alpha == math.inf:
            return math.log(self.sup_ratio())
        if alpha == 0:
            self._integrate(lambda x, w: w - 1 - self._log_ratio(x, w))  # refuses what may vanish on some mass
            return 0.0
        return self.kl() if alpha == 1 else self._log_power_mean(float(alpha)) / float(alpha - 1)

    def sample(self, key: Any, n: int) -> Any:
        check_count(n)
        if self.supremum is not None and self.supremum <= MOST_DRAWS_PER_ACTION:
            return _reject(self, key, n)
        import jax.numpy as jnp

        rank = self.inversion.ranks(uniform_doubles(key, n))
        return jnp.asarray(self._family.quantile_at(rank.top, rank.bottom), dtype=jnp.float32)

    @cached_property
    def inversion(self) -> InversionTable:
        """The tabulated mass; its `error` is how far in Kolmogorov distance draws by inversion are from the policy."""
        return inversion_table(lambda rank: self.ratio.on_host(self._family.quantile_at(rank.top, rank.bottom)))

    def to_json(self) -> Json:
        return {
            "schema": SCHEMA,
            "type": "policy",
            "kind": "weight",
            "problem": self.problem.to_json(),
            "ratio": self.ratio.to_json(),
            "supremum": UNKNOWN if self.supremum is None else number_to_json(self.supremum),
            "estimand": str(self.named),
        }

    @staticmethod
    def from_json(document: Json) -> WeightPolicy:
        expect_document(document, "policy")
        problem = Problem.from_json(field(document, "problem"))
        top = field(document, "supremum")
        supremum = None if top == UNKNOWN else float(number_from_json(top))
        return WeightPolicy(problem, field(document, "ratio"), supremum, Estimand.parse(field(document, "estimand")))

    def _log_ratio(self, x: np.ndarray, w: np.ndarray) -> np.ndarray:
        """log w; of an exponential its exponent, which is there also where the exponential is below float64."""
        exponent = _exponent(self.ratio)
        if exponent is not None:
            return exponent.on_host(x)
        if not (w > 0).all():
            raise NotAvailable(
                "a density ratio that is zero somewhere, or below float64, has no logarithm here", got=self.ratio
            )
        return np.log(w)

    @property
    def _family(self) -> Any:
        return self.problem.base.family  # type: ignore[attr-defined]

    def _log_power_mean(self, order: float) -> float:
        r"""$\log E_\gamma w^p$ as $\log(1 + E_\gamma[w^p - w])$, which keeps its digits as $p \to 1$."""
        return math.log1p(self._integrate(lambda x, w: _change(w, order - 1)))

    def _integrate(self, integrand: Any) -> float:
        return self.problem.base.expect(lambda x: integrand(x, self.ratio.on_host(x)))  # type: ignore[attr-defined]


def _change(w: np.ndarray, gap: float) -> np.ndarray:
    """w^(1 + gap) - w, zero where w is."""
    played = np.where(w > 0, w, 1.0)
    return np.where(w > 0, played * np.expm1(gap * np.log(played)), 0.0)


def _exponent(ratio: ActionFunction) -> ActionFunction | None:
    import sympy as sp

    return action_function(ratio.expression.args[0], "exponent") if isinstance(ratio.expression, sp.exp) else None


def _reject(policy: WeightPolicy, key: Any, n: int) -> Any:
    """Draw from the base and keep an action with chance w / supremum, until `n` are kept."""
    import jax
    import jax.numpy as jnp

    kept: list[Any] = []
    supremum = policy.sup_ratio()
    block = max(256, int(n * supremum * 1.1))
    while sum(map(len, kept)) < n:
        key, draw, coin = jax.random.split(key, 3)
        actions = policy.problem.base.sample(draw, block)
        ratio = policy.ratio.on_device(actions)
        if bool((ratio > supremum * (1 + 1e-6)).any()) or not bool((ratio >= 0).all()):
            raise InvalidInput(
                "the density ratio leaves [0, supremum]", got=float(ratio.max()), allowed=f"0 to {supremum}"
            )
        kept.append(actions[jax.random.uniform(coin, (block,)) * supremum < ratio])
    return jnp.concatenate(kept)[:n]
