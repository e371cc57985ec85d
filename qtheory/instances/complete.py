r"""From free choices to an instance: policies are applied, bound symbols computed, hypotheses repaired and checked."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy as sp

from qtheory import symbols as s
from qtheory.base.finite import Finite
from qtheory.costs.feature_measurable import amplification
from qtheory.errors import AxiomViolated, InvalidInput, NotAvailable
from qtheory.exact import nonnegative
from qtheory.exact.enclosure import Undefined
from qtheory.instances.repairs import COMPUTED_ROLES, repairs_of, required, symbols_in
from qtheory.policies.atom import AtomPolicy
from qtheory.policies.win_rate import win_chances
from qtheory.problem import Problem
from qtheory.statements.claim import Part, PolicyOf
from qtheory.statements.instance import Instance, Row
from qtheory.symbols import OfAction, Scalar

# Bound by the policy or the cost class, never chosen.
COMPUTED_DOMAINS = ("threshold", "sup_ratio", "worst_cost", "amplification")


@dataclass(frozen=True)
class Choices:
    """What is free in an instance: the base, the utility, the feature, and values to repair the rest from."""

    weights: Row
    utility: Row
    feature: tuple[int, ...]
    scalars: Mapping[Scalar, Fraction] = field(default_factory=dict)
    functions: Mapping[OfAction, Row] = field(default_factory=dict)


@lru_cache(maxsize=2048)
def free_scalars(part: Part) -> tuple[Scalar, ...]:
    """The numbers of a part that an instance may choose, in a fixed order."""
    parameters = _parameter_symbols(part)
    used = {x for x in part.symbols | parameters if isinstance(x, Scalar) and x.domain not in COMPUTED_DOMAINS}
    return tuple(sorted(used, key=lambda x: x.name))


@lru_cache(maxsize=2048)
def free_functions(part: Part) -> tuple[OfAction, ...]:
    """The functions of the action that an instance may choose, in a fixed order."""
    used = {x for x in part.symbols if isinstance(x, OfAction) and x.role not in COMPUTED_ROLES}
    return tuple(sorted(used, key=lambda x: x.name))


@lru_cache(maxsize=2048)
def functions_of_feature(part: Part) -> tuple[OfAction, ...]:
    """The free functions that depend on the action through the feature alone."""
    measurable = part.cost is not None and part.cost.depends_on_feature()
    return tuple(f for f in free_functions(part) if f.role == "feature_cost" or (measurable and f == s.c))


def complete(part: Part, choices: Choices) -> Instance | None:
    """The instance these choices lead to, or `None` if no repair makes the hypotheses hold.

    Raises:
        AxiomViolated: a policy broke an axiom of its own optimizer.
    """
    try:
        instance, policies = _bound(part, choices)
        for repair in repairs_of(part) * 2:
            repair(instance)
            _bind_cost_mean(part, instance)
        _bind_worst_case(part, policies, instance.scalars)
        return _checked(part, instance) if _in_class(part, choices, instance) else None
    except (InvalidInput, NotAvailable, Undefined):
        return None


def bound(part: Part, choices: Choices) -> Instance | None:
    """The choices with what the policies and the feature make of them, whether or not hypotheses hold there."""
    try:
        return _bound(part, choices)[0]
    except (InvalidInput, NotAvailable, Undefined):
        return None


def _bound(part: Part, choices: Choices) -> tuple[Instance, dict[PolicyOf, AtomPolicy]]:
    scalars = dict(choices.scalars)
    functions: dict[OfAction, Row] = {s.u: choices.utility, **choices.functions}
    policies = _apply_policies(part, choices, scalars, functions)
    _bind_win_chance(part, choices, functions)
    _bind_feature(part, choices, policies, scalars, functions)
    instance = Instance(choices.weights, functions, scalars, choices.feature)
    _bind_cost_mean(part, instance)
    return instance, policies


def _in_class(part: Part, choices: Choices, instance: Instance) -> bool:
    """Whether the cost is of its class also where axioms cannot say all of that."""
    if part.cost is None or s.c not in instance.functions or part.cost.axioms_say_all():
        return True
    problem = Problem(Finite(choices.weights), choices.utility, feature=choices.feature)
    return part.cost.bind(dict(instance.scalars)).admits(problem, instance.functions[s.c])


def choices_of(part: Part, instance: Instance) -> Choices:
    """The free choices that lead to an instance."""
    scalars = {x: instance.scalars[x] for x in free_scalars(part)}
    functions = {f: instance.functions[f] for f in free_functions(part)}
    feature = instance.feature or (0,) * len(instance.weights)
    return Choices(instance.weights, instance.functions[s.u], feature, scalars, functions)


def _apply_policies(part: Part, choices: Choices, scalars: dict, functions: dict) -> dict[PolicyOf, AtomPolicy]:
    problem = Problem(Finite(choices.weights), choices.utility, feature=choices.feature)
    applied: dict[PolicyOf, AtomPolicy] = {}
    for policy_of in part.policies:
        optimizer = policy_of.optimizer.bind(scalars)
        policy = optimizer(problem)
        assert isinstance(policy, AtomPolicy)
        functions[policy_of.ratio] = policy.ratio
        threshold = optimizer.threshold(problem)
        if threshold is not None and policy_of.threshold in part.symbols:
            scalars[policy_of.threshold] = threshold
        applied[policy_of] = policy
    if applied and s.rho in part.symbols:
        scalars[s.rho] = next(iter(applied.values())).sup_ratio()
    return applied


def _bind_feature(part: Part, choices: Choices, policies: dict, scalars: dict, functions: dict) -> None:
    first = {z: i for i, z in reversed(list(enumerate(choices.feature)))}
    for symbol in functions_of_feature(part):
        functions[symbol] = tuple(functions[symbol][first[z]] for z in choices.feature)
    ratios = [x for x in part.symbols if isinstance(x, OfAction) and x.role == "feature_ratio"]
    if policies and (ratios or s.alpha in part.symbols):
        factors = amplification(next(iter(policies.values())))
        if s.alpha in part.symbols:
            scalars[s.alpha] = _largest(factors.values())
        for symbol in ratios:
            functions[symbol] = tuple(_finite(factors.get(z, Fraction(0))) for z in choices.feature)


def _bind_win_chance(part: Part, choices: Choices, functions: dict) -> None:
    for symbol in part.symbols:
        if isinstance(symbol, OfAction) and symbol.role == "win_chance":
            functions[symbol] = win_chances(choices.weights, choices.utility)


def _bind_cost_mean(part: Part, instance: Instance) -> None:
    """E[c | U]: the mean of the cost over each level of utility, in proportion to mass."""
    for symbol in part.symbols:
        if isinstance(symbol, OfAction) and symbol.role == "cost_mean":
            row = level_means(instance.weights, instance.functions[s.u], instance.functions[s.c])
            instance.functions[symbol] = row  # type: ignore[index]


def level_means(weights: Row, utility: Row, values: Row) -> Row:
    """For each action the mean of the values over the actions of the same utility; 0 where those have no mass."""
    mass: dict[Fraction, Fraction] = {}
    total: dict[Fraction, Fraction] = {}
    for g, level, value in zip(weights, utility, values, strict=True):
        mass[level] = mass.get(level, Fraction(0)) + g
        total[level] = total.get(level, Fraction(0)) + g * value
    return tuple(total[level] / mass[level] if mass[level] else Fraction(0) for level in utility)


def _largest(factors: Iterable[Any]) -> Any:
    """The largest of several factors, infinite if one is."""
    listed = list(factors)
    return math.inf if math.inf in listed else nonnegative.largest(listed)


def _finite(factor: Any) -> Any:
    if factor == math.inf:
        raise NotAvailable("the policy reaches a value of the feature that the base never takes")
    return factor


def _bind_worst_case(part: Part, policies: dict, scalars: Any) -> None:
    if part.cost is None or s.worst not in part.symbols:
        return
    value = part.cost.bind(scalars).worst_case(next(iter(policies.values()))).value
    if math.isinf(value):
        raise NotAvailable("the worst case is infinite")
    scalars[s.worst] = value


_DOMAINS: dict[str, Callable[[Any], bool]] = {
    "positive": lambda x: x > 0,
    "nonnegative": lambda x: x >= 0,
    "unit": lambda x: 0 <= x <= 1,
    "level": lambda x: 0 < x <= 1,
    "count": lambda x: x >= 1 and x.denominator == 1,
}


def _in_domain(symbol: Scalar, value: Any) -> bool:
    """Whether a chosen number is what its symbol declares; repairs and simplifications may have moved it out."""
    return symbol.domain not in _DOMAINS or _DOMAINS[symbol.domain](value)


def _checked(part: Part, instance: Instance) -> Instance | None:
    if not all(_in_domain(x, instance.scalars[x]) for x in free_scalars(part)):
        return None
    for policy in part.policies:
        for axiom in policy.axioms:
            if instance.truth(axiom) is False:
                raise AxiomViolated(f"{policy.optimizer} breaks its own axiom {axiom}", got=instance)
    if not all(_is_of_feature(instance, symbol) for symbol in functions_of_feature(part)):
        return None
    if all(instance.truth(hypothesis) for hypothesis in required(part)):
        return instance
    return None


def _is_of_feature(instance: Instance, symbol: OfAction) -> bool:
    assert instance.feature is not None
    seen = zip(instance.weights, instance.feature, instance.functions[symbol], strict=True)
    values = {(z, value) for mass, z, value in seen if mass > 0}
    return len(values) == len({z for z, _ in values})


def _parameter_symbols(part: Part) -> frozenset[sp.Symbol]:
    owners = [p.optimizer for p in part.policies] + ([part.cost] if part.cost is not None else [])
    return frozenset().union(*map(symbols_in, owners))
