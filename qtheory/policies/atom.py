r"""Policies on finitely many actions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from qtheory.aliases import Json, Number, Values
from qtheory.base.abstract import AbstractAtomicBase
from qtheory.errors import InvalidInput
from qtheory.exact.documents import SCHEMA, expect_document, field, values_from_json, values_to_json
from qtheory.exact.elementary import log
from qtheory.exact.enclosure import Enclosure
from qtheory.exact.values import as_float, dot, like, read_values, same_values
from qtheory.policies.abstract import AbstractPolicy, Divergence, check_count
from qtheory.policies.estimand import Estimand
from qtheory.problem import Problem


@dataclass(frozen=True, eq=False, repr=False)
class AtomPolicy(AbstractPolicy):
    r"""A policy given by the probability of each action.

    Args:
        problem: a problem on a `Finite` or `Empirical` base.
        probabilities: one number per action, summing to one; mass on actions the base never takes is allowed,
            and makes the largest density ratio infinite.
        estimand: which distribution this is.

    >>> from qtheory.base.finite import Finite
    >>> problem = Problem(Finite(["1/2", "1/3", "1/6"]), utility=[0, 0, 1])
    >>> AtomPolicy(problem, ["1/4", "1/4", "1/2"]).sup_ratio()
    Fraction(3, 1)
    """

    problem: Problem
    probabilities: Values
    named: Estimand

    def __init__(self, problem: Problem, probabilities: Any, estimand: Estimand | None = None):
        if not isinstance(problem.base, AbstractAtomicBase):
            raise InvalidInput("an atom policy needs a base on finitely many actions", got=problem.base)
        read = like(read_values(probabilities, "probabilities"), problem.exact)
        _check_probabilities(read, problem.base.size)
        object.__setattr__(self, "problem", problem)
        object.__setattr__(self, "probabilities", read)
        object.__setattr__(self, "named", estimand or Estimand.weights())

    @property
    def base(self) -> AbstractAtomicBase:
        assert isinstance(self.problem.base, AbstractAtomicBase)
        return self.problem.base

    @property
    def estimand(self) -> Estimand:
        return self.named

    @cached_property
    def ratio(self) -> Values:
        """The density ratio of each action; 0 where both masses vanish, infinite where the base alone does."""
        if isinstance(self.probabilities, tuple):
            return tuple(_quotient(p, g) for p, g in zip(self.probabilities, self.base.weights, strict=True))
        weights = as_float(self.base.weights)
        empty = np.where(self.probabilities > 0, np.inf, 0.0)
        ratio = np.divide(self.probabilities, weights, out=empty, where=weights > 0)
        ratio.setflags(write=False)
        return ratio

    def expect(self, function: Any) -> Number:
        values = self.problem.values(function)
        return dot(self.probabilities, values)  # type: ignore[arg-type]

    def sup_ratio(self) -> Number:
        return max(self.ratio)

    def kl(self) -> Divergence:
        return self.renyi(1)

    def chi2(self) -> Number:
        return self._power_mean(2) - 1

    def total_variation(self) -> Number:
        gaps = (abs(p - g) for p, g in zip(self.probabilities, self.base.weights, strict=True))
        return sum(gaps, Fraction(0)) / 2 if self.problem.exact else float(math.fsum(gaps) / 2)

    def renyi(self, order: Any) -> Divergence:
        r"""$D_\alpha(\pi\|\gamma)$ for $\alpha \in [0, \infty]$ (integers, 0, 1 and infinity on exact problems)."""
        if not order >= 0:
            raise InvalidInput("not a Renyi order", got=order, allowed="orders from 0 to infinity")
        if math.isinf(self.sup_ratio()) and order >= 1:
            return math.inf
        if order == 1:
            return self._kl()
        if order == math.inf:
            return self._log(self.sup_ratio())
        if order == 0:
            kept = [g for p, g in zip(self.probabilities, self.base.weights, strict=True) if p > 0]
            total = sum(kept, Fraction(0)) if self.problem.exact else min(1.0, math.fsum(kept))
            return math.inf if total == 0 else -self._log(total)
        if self.problem.exact and not isinstance(order, int):
            raise InvalidInput("exact problems take Renyi orders 0, 1, 2, ... and infinity", got=order)
        mean = self._power_mean(order)
        if mean == 0:
            return math.inf
        return self._log(mean) * (Fraction(1, order - 1) if self.problem.exact else 1 / (order - 1))

    def sample(self, key: Any, n: int) -> Any:
        check_count(n)
        import jax

        return jax.random.choice(key, self.base.size, (n,), p=as_float(self.probabilities))

    def to_json(self) -> Json:
        return {
            "schema": SCHEMA,
            "type": "policy",
            "kind": "atom",
            "estimand": str(self.named),
            "problem": self.problem.to_json(),
            "probabilities": values_to_json(self.probabilities),
        }

    @staticmethod
    def from_json(document: Json) -> AtomPolicy:
        expect_document(document, "policy")
        problem = Problem.from_json(field(document, "problem"))
        probabilities = values_from_json(field(document, "probabilities"), "probabilities")
        return AtomPolicy(problem, probabilities, Estimand.parse(field(document, "estimand")))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, AtomPolicy):
            return False
        same = same_values(self.probabilities, other.probabilities)
        return same and self.problem == other.problem and self.named == other.named

    def __hash__(self) -> int:
        return hash((self.problem, self.named))

    def __repr__(self) -> str:
        return f"AtomPolicy({self.named}, {self.base.size} actions)"

    def _power_mean(self, order: Any) -> Number:
        if math.isinf(self.sup_ratio()) and order >= 1:
            return math.inf
        if self.problem.exact:
            terms = (g * w**order for g, w in zip(self.base.weights, self.ratio, strict=True))
            return sum(terms, Fraction(0))
        weights, ratio = as_float(self.base.weights), np.asarray(self.ratio)
        return float(np.dot(weights[weights > 0], ratio[weights > 0] ** order))

    def _kl(self) -> Divergence:
        if not self.problem.exact:
            from scipy.special import xlogy

            return max(0.0, float(np.dot(as_float(self.base.weights), xlogy(self.ratio, self.ratio))))
        pairs = zip(self.probabilities, self.ratio, strict=True)
        return sum((log(ratio) * p for p, ratio in pairs if p > 0 and ratio != 1), Enclosure.of(0))

    def _log(self, x: Number) -> Divergence:
        return log(x) if isinstance(x, Fraction) else float(np.log(x))


def _quotient(p: Fraction, g: Fraction) -> Any:
    if g == 0:
        return Fraction(0) if p == 0 else math.inf
    return p / g


def _check_probabilities(probabilities: Values, size: int) -> None:
    if len(probabilities) != size:
        raise InvalidInput("probabilities has the wrong length", got=len(probabilities), allowed=f"{size}")
    if any(p < 0 for p in probabilities):
        raise InvalidInput("a probability is negative", got=str(min(probabilities)), allowed=">= 0")
    if isinstance(probabilities, tuple):
        if sum(probabilities, Fraction(0)) != 1:
            raise InvalidInput("the probabilities do not sum to one", got=str(sum(probabilities, Fraction(0))))
    elif abs(float(probabilities.sum()) - 1) > size * 4 * np.finfo(float).eps:
        raise InvalidInput("the probabilities do not sum to one", got=float(probabilities.sum()))
