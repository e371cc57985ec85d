r"""Several optimizers against one class of hidden costs: what each gains, the most it can cost, and how far it moves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from qtheory.aliases import Json, Number
from qtheory.costs.abstract import AbstractCostClass
from qtheory.errors import InvalidInput
from qtheory.exact.enclosure import Enclosure
from qtheory.frontiers.describe import describe
from qtheory.frontiers.result import value_json
from qtheory.optimizers.abstract import AbstractOptimizer
from qtheory.problem import Problem


@dataclass(frozen=True)
class TradeoffPoint:
    r"""One optimizer with one setting.

    Attributes:
        setting: its parameters, as text.
        value: $E_\pi[U]$.
        worst: $\sup_c E_\pi[c]$ over the class; infinite where nothing bounds it.
        kind: "exact", or "upper" where `worst` is only an upper bound.
        kl: $\mathrm{KL}(\pi\|\gamma)$, nats.
    """

    setting: str
    value: Number | Enclosure
    worst: Number | Enclosure
    kind: str
    kl: Number | Enclosure

    def to_json(self) -> Json:
        numbers = {name: _json(getattr(self, name)) for name in ("value", "worst", "kl")}
        return {"setting": self.setting, "kind": self.kind, **numbers}


@dataclass(frozen=True)
class OptimizerCurve:
    """One family of optimizers, in the order in which its settings were given."""

    name: str
    points: tuple[TradeoffPoint, ...]

    def to_json(self) -> Json:
        return {"name": self.name, "points": [point.to_json() for point in self.points]}


@dataclass(frozen=True)
class Tradeoff:
    """Curves of several optimizers on one problem, against one class of costs.

    Attributes:
        base: the base measure, in words.
        cost_class: the class.
        curves: one a family of optimizers.
    """

    base: str
    cost_class: AbstractCostClass
    curves: tuple[OptimizerCurve, ...]

    def to_json(self) -> Json:
        curves = [curve.to_json() for curve in self.curves]
        return {"base": self.base, "cost_class": cost_class_text(self.cost_class), "curves": curves}


def tradeoff(
    problem: Problem, families: Mapping[str, Iterable[AbstractOptimizer]], cost_class: AbstractCostClass
) -> Tradeoff:
    r"""$E_\pi[U]$, worst-case cost and KL divergence of every optimizer in every family.

    Args:
        problem: with a base on which these optimizers give policies with a worst case.
        families: for each name the optimizers of that family, by strength.
        cost_class: what the hidden cost may be.

    Raises:
        InvalidInput: no family, or an empty one.
        NotAvailable: the class has no worst case for one of the policies.

    >>> from qtheory.base.finite import Finite
    >>> from qtheory.costs.mean_bounded import MeanBounded
    >>> from qtheory.optimizers.quantilizer import Quantilizer
    >>> problem = Problem(Finite(["1/4", "1/4", "1/2"]), utility=[8, 4, 0])
    >>> table = tradeoff(problem, {"quantilizer": [Quantilizer(1), Quantilizer("1/4")]}, MeanBounded("1/2"))
    >>> [(p.setting, str(p.value), str(p.worst)) for p in table.curves[0].points]
    [('q=1', '3', '1/2'), ('q=1/4', '8', '2')]
    """
    listed = {name: tuple(optimizers) for name, optimizers in families.items()}
    empty = [name for name, optimizers in listed.items() if not optimizers]
    if not listed or empty:
        raise InvalidInput("there is nothing to compare", got=empty or {}, allowed="a name and at least one optimizer")
    curves = tuple(
        OptimizerCurve(name, tuple(_point(problem, optimizer, cost_class) for optimizer in optimizers))
        for name, optimizers in listed.items()
    )
    return Tradeoff(describe(problem), cost_class, curves)


def cost_class_text(cost_class: AbstractCostClass) -> str:
    """The class with its parameters, as one would write it.

    >>> from qtheory.costs.mean_bounded import MeanBounded
    >>> cost_class_text(MeanBounded("1/10"))
    'MeanBounded(epsilon=1/10)'
    """
    return f"{type(cost_class).__name__}({_pairs(cost_class.parameters())})"


def _point(problem: Problem, optimizer: AbstractOptimizer, cost_class: AbstractCostClass) -> TradeoffPoint:
    policy = optimizer(problem)
    worst = cost_class.worst_case(policy)
    return TradeoffPoint(_pairs(optimizer.parameters()), policy.value(), worst.value, worst.kind, policy.kl())


def _pairs(parameters: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={_text(value)}" for name, value in parameters.items() if value is not None)


def _text(value: Any) -> str:
    return f"({', '.join(map(str, value))})" if isinstance(value, tuple) else str(value)


def _json(value: Any) -> Json | str | float | None:
    return value_json(float(value) if isinstance(value, Enclosure) else value)
