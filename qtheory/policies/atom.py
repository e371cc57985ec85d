r"""Policies on finitely many actions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from operator import mul
from typing import Any

import numpy as np

from qtheory.aliases import Json, Values
from qtheory.base.abstract import AbstractAtomicBase
from qtheory.errors import InvalidInput
from qtheory.exact import nonnegative
from qtheory.exact.documents import (
    SCHEMA,
    expect_document,
    field,
    number_from_json,
    values_from_json,
    values_to_json,
)
from qtheory.exact.elementary import log
from qtheory.exact.enclosure import Enclosure, Indeterminate, Value, simplest
from qtheory.exact.rationals import rational
from qtheory.exact.values import as_float, dot, like, read_values, same_values
from qtheory.policies import exact_divergences as exact
from qtheory.policies import float_divergences as floats
from qtheory.policies.abstract import AbstractPolicy, Divergence, check_count
from qtheory.policies.estimand import Estimand
from qtheory.policies.exact_divergences import total
from qtheory.policies.orders import read_order
from qtheory.problem import Problem


@dataclass(frozen=True, eq=False, repr=False)
class AtomPolicy(AbstractPolicy):
    r"""A policy given by the probability of each action.

    Args:
        problem: a problem on a `Finite` or `Empirical` base.
        probabilities: one number per action, summing to one; on exact problems an `Enclosure` stands for an
            irrational one, and the sum must contain one. Mass on actions the base never takes is allowed, and makes
            the largest density ratio infinite.
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
        read = _read_probabilities(probabilities, problem.exact)
        _check_probabilities(read, problem.base.weights)
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
    def encloses(self) -> bool:
        """Whether some probability is irrational, and known by an enclosure."""
        return isinstance(self.probabilities, tuple) and any(isinstance(p, Enclosure) for p in self.probabilities)

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

    def expect(self, function: Any) -> Divergence:
        values = self.problem.values(function)
        if not self.encloses:
            return dot(self.probabilities, values)  # type: ignore[arg-type]
        played = {v for p, v in zip(self.probabilities, values, strict=True) if p != 0}  # type: ignore[arg-type]
        # What is the same wherever the policy goes does not depend on where exactly it goes.
        return played.pop() if len(played) == 1 else total(map(mul, self.probabilities, values))  # type: ignore[arg-type]

    def sup_ratio(self) -> Divergence:
        if self._escapes:
            return math.inf
        return nonnegative.largest(self.ratio) if isinstance(self.ratio, tuple) else float(np.max(self.ratio))

    def power_norm(self, order: Any) -> Divergence:
        order = read_order(order, positive=True)
        if order == math.inf:
            return self.sup_ratio()
        if order == 1:
            return Fraction(1) if self.problem.exact else 1.0
        if self._escapes and order > 1:
            return math.inf
        if self.problem.exact:
            return exact.power_norm(self._pairs, order)  # type: ignore[arg-type]
        return floats.power_norm(*self._arrays, float(order))

    def renyi(self, order: Any) -> Divergence:
        order = read_order(order)
        if order == 1:
            return self.kl()
        if self._escapes and order > 1:
            return math.inf
        if order == math.inf:
            top = self.sup_ratio()
            return math.log(top) if isinstance(top, float) else log(top)
        if order == 0:
            return self._of_order_zero()
        if all(p == 0 for p, g in zip(self.probabilities, self.base.weights, strict=True) if g > 0):
            return math.inf
        if self.problem.exact:
            return simplest(exact.log_power_mean(self._pairs, order) / (order - 1))  # type: ignore[arg-type]
        return floats.log_power_mean(*self._arrays, float(order)) / float(order - 1)

    def kl(self) -> Divergence:
        if self._escapes:
            return math.inf
        return Enclosure.of(exact.entropy(self._pairs)) if self.problem.exact else floats.entropy(*self._arrays)

    def reverse_kl(self) -> Divergence:
        if any(p == 0 and g > 0 for p, g in zip(self.probabilities, self.base.weights, strict=True)):
            return math.inf
        return exact.negative_log_mean(self._pairs) if self.problem.exact else floats.negative_log_mean(*self._arrays)

    def chi2(self) -> Divergence:
        if self._escapes:
            return math.inf
        if self.problem.exact:
            return simplest(exact.power_mean(self._pairs, Fraction(2)) - 1)
        weights, ratio = self._arrays
        return float(np.dot(weights, ratio**2)) - 1

    def total_variation(self) -> Divergence:
        gaps = (abs(p - g) for p, g in zip(self.probabilities, self.base.weights, strict=True))
        return simplest(total(gaps) / 2) if self.problem.exact else float(math.fsum(gaps) / 2)

    def bhattacharyya(self) -> Divergence:
        half = Fraction(1, 2)
        if self.problem.exact:
            return exact.power_mean(self._pairs, half)
        weights, ratio = self._arrays
        return min(1.0, float(np.dot(weights, np.sqrt(ratio))))

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
            "probabilities": _to_json(self.probabilities),
        }

    @staticmethod
    def from_json(document: Json) -> AtomPolicy:
        expect_document(document, "policy")
        problem = Problem.from_json(field(document, "problem"))
        probabilities = _from_json(field(document, "probabilities"))
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

    @cached_property
    def _escapes(self) -> bool:
        """Whether the policy takes an action that the base never takes."""
        if isinstance(self.probabilities, np.ndarray):
            return bool(np.any((self.probabilities != 0) & (as_float(self.base.weights) == 0)))
        return any(p != 0 and g == 0 for p, g in zip(self.probabilities, self.base.weights, strict=True))

    @property
    def _pairs(self) -> list[tuple[Fraction, Value]]:
        """Mass and ratio of the actions that the base takes, exact."""
        return [(g, w) for g, w in zip(self.base.weights, self.ratio, strict=True) if g > 0]

    @property
    def _arrays(self) -> tuple[np.ndarray, np.ndarray]:
        """Masses and ratios of the actions that the base takes, float64."""
        weights, ratio = as_float(self.base.weights), np.asarray(self.ratio)
        return weights[weights > 0], ratio[weights > 0]

    def _of_order_zero(self) -> Divergence:
        """Minus the logarithm of the mass that the policy leaves anything of."""
        seen = [(p, g) for p, g in zip(self.probabilities, self.base.weights, strict=True) if g > 0 and p != 0]
        if not seen:
            return math.inf
        if not self.problem.exact:
            return -math.log(min(1.0, math.fsum(g for _, g in seen)))
        if any(isinstance(p, Enclosure) and p.low == 0 for p, _ in seen):
            raise Indeterminate("it cannot be told whether an action is played at all", got=self)
        return simplest(-log(sum((g for _, g in seen), Fraction(0))))


def _quotient(p: Value, g: Fraction) -> Any:
    if g == 0:
        return Fraction(0) if p == 0 else math.inf
    return p / g


def _read_probabilities(values: Any, exactly: bool) -> Values:
    """Like any values of a problem; on exact problems a probability may be an enclosure of an irrational one."""
    if not isinstance(values, (list, tuple)) or not any(isinstance(v, Enclosure) for v in values):
        return like(read_values(values, "probabilities"), exactly)
    read = tuple(
        simplest(v) if isinstance(v, Enclosure) else rational(v, f"probabilities[{i}]") for i, v in enumerate(values)
    )
    return read if exactly else as_float(read)  # type: ignore[arg-type, return-value]


def _check_probabilities(probabilities: Values, weights: Values) -> None:
    if len(probabilities) != len(weights):
        raise InvalidInput("probabilities has the wrong length", got=len(probabilities), allowed=f"{len(weights)}")
    if isinstance(probabilities, np.ndarray):
        _check_floats(probabilities)
        return
    for i, p in enumerate(probabilities):
        if (p.low if isinstance(p, Enclosure) else p) < 0:
            raise InvalidInput(f"probabilities[{i}] is negative, or may be", got=str(p), allowed=">= 0")
        if isinstance(p, Enclosure) and p.low == 0 and weights[i] == 0:
            raise InvalidInput(
                "it cannot be told whether the policy takes an action that the base never takes",
                got=f"probabilities[{i}] = {p}",
                allowed="0, or an enclosure of a positive number",
            )
    mass = total(probabilities)
    if not Enclosure.of(mass).contains(1):
        raise InvalidInput("the probabilities do not sum to one", got=str(mass))


def _check_floats(probabilities: np.ndarray) -> None:
    if probabilities.min(initial=0.0) < 0:
        first = int(np.argmax(probabilities < 0))
        raise InvalidInput(
            f"probabilities[{first}] is negative, or may be", got=str(probabilities[first]), allowed=">= 0"
        )
    if not abs(float(probabilities.sum()) - 1) <= len(probabilities) * 4 * np.finfo(float).eps:
        raise InvalidInput("the probabilities do not sum to one", got=float(probabilities.sum()))


def _to_json(probabilities: Values) -> list[Any]:
    return [p.to_json() if isinstance(p, Enclosure) else values_to_json([p])[0] for p in probabilities]


def _from_json(values: Any) -> Any:
    if not isinstance(values, list) or not any(isinstance(v, dict) for v in values):
        return values_from_json(values, "probabilities")
    return [
        Enclosure.from_json(v) if isinstance(v, dict) else number_from_json(v, f"probabilities[{i}]")
        for i, v in enumerate(values)
    ]
