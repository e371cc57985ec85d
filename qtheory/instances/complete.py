r"""From free choices to an instance: policies are applied, bound symbols computed, hypotheses repaired and checked."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import sympy as sp

from qtheory import symbols as s
from qtheory.base.finite import Finite
from qtheory.costs.abstract import AbstractCostClass
from qtheory.costs.feature_measurable import amplification
from qtheory.errors import AxiomViolated, InvalidInput, NotAvailable
from qtheory.exact import nonnegative
from qtheory.exact.enclosure import Enclosure, Undefined
from qtheory.optimizers.abstract import AbstractOptimizer
from qtheory.policies.atom import AtomPolicy
from qtheory.policies.win_rate import win_chances
from qtheory.problem import Problem
from qtheory.statements.claim import Part, PolicyOf
from qtheory.statements.instance import Instance, Row
from qtheory.statements.well_posed import is_pointwise
from qtheory.symbols import E, OfAction, Scalar

# Bound by the policy or the cost class, never chosen.
COMPUTED_DOMAINS = ("threshold", "sup_ratio", "worst_cost", "amplification")
COMPUTED_ROLES = ("utility", "ratio", "feature_ratio", "cost_mean", "win_chance")
# Moved to make a hypothesis hold; a level or a count would leave its domain, or its policy behind.
MOVABLE_DOMAINS = ("real", "nonnegative", "positive")


@dataclass(frozen=True)
class Choices:
    """What is free in an instance: the base, the utility, the feature, and values to repair the rest from."""

    weights: Row
    utility: Row
    feature: tuple[int, ...]
    scalars: Mapping[Scalar, Fraction] = field(default_factory=dict)
    functions: Mapping[OfAction, Row] = field(default_factory=dict)


def free_scalars(part: Part) -> list[Scalar]:
    """The numbers of a part that an instance may choose, in a fixed order."""
    parameters = _parameter_symbols(part)
    used = {x for x in part.symbols | parameters if isinstance(x, Scalar) and x.domain not in COMPUTED_DOMAINS}
    return sorted(used, key=lambda x: x.name)


def free_functions(part: Part) -> list[OfAction]:
    """The functions of the action that an instance may choose, in a fixed order."""
    used = {x for x in part.symbols if isinstance(x, OfAction) and x.role not in COMPUTED_ROLES}
    return sorted(used, key=lambda x: x.name)


def functions_of_feature(part: Part) -> list[OfAction]:
    """The free functions that depend on the action through the feature alone."""
    measurable = part.cost is not None and part.cost.depends_on_feature()
    return [f for f in free_functions(part) if f.role == "feature_cost" or (measurable and f == s.c)]


def complete(part: Part, choices: Choices) -> Instance | None:
    """The instance these choices lead to, or `None` if no repair makes the hypotheses hold.

    Raises:
        AxiomViolated: a policy broke an axiom of its own optimizer.
    """
    scalars = dict(choices.scalars)
    functions: dict[OfAction, Row] = {s.u: choices.utility, **choices.functions}
    try:
        policies = _apply_policies(part, choices, scalars, functions)
        _bind_win_chance(part, choices, functions)
        _bind_feature(part, choices, policies, scalars, functions)
        instance = Instance(choices.weights, functions, scalars, choices.feature)
        fixed = frozenset().union(*(_symbols_in(p.optimizer) for p in part.policies))
        _bind_cost_mean(part, instance)
        for hypothesis in _repairable(part) * 2:
            _repair(hypothesis, instance, fixed)
            _bind_cost_mean(part, instance)
        _bind_worst_case(part, policies, scalars)
        return _checked(part, instance)
    except (InvalidInput, NotAvailable, Undefined):
        return None


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
    if policies:
        factors = amplification(next(iter(policies.values())))
        if s.alpha in part.symbols:
            scalars[s.alpha] = _largest(factors.values())
        for symbol in part.symbols:
            if isinstance(symbol, OfAction) and symbol.role == "feature_ratio":
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


def _bind_worst_case(part: Part, policies: dict, scalars: dict) -> None:
    if part.cost is None or s.worst not in part.symbols:
        return
    value = part.cost.bind(scalars).worst_case(next(iter(policies.values()))).value
    if math.isinf(value):
        raise NotAvailable("the worst case is infinite")
    scalars[s.worst] = value


def _repairable(part: Part) -> list[sp.Basic]:
    costs = part.cost.axioms(s.c) if part.cost is not None else ()
    return [*costs, *part.given]


def _repair(hypothesis: sp.Basic, instance: Instance, fixed: frozenset[sp.Symbol]) -> None:
    """Move one free value so that a simple hypothesis holds; anything else is left to the final check."""
    if isinstance(hypothesis, sp.Implies) and is_pointwise(hypothesis):
        _set_where(hypothesis.args[0], hypothesis.args[1], instance)
        _set_number_where(hypothesis.args[0], hypothesis.args[1], fixed, instance)
    if not isinstance(hypothesis, (sp.Le, sp.Ge, sp.Eq)):
        return
    lesser, greater = (hypothesis.rhs, hypothesis.lhs) if isinstance(hypothesis, sp.Ge) else hypothesis.args
    equal = isinstance(hypothesis, sp.Eq)
    if is_pointwise(hypothesis):
        _clip(lesser, greater, equal, instance)
    elif isinstance(greater, Scalar) and greater.domain in MOVABLE_DOMAINS and greater not in fixed and lesser.has(E):
        _raise_to(greater, instance.value(lesser), equal, instance)
    elif isinstance(lesser, E) and isinstance(lesser.args[0], OfAction) and not greater.has(lesser.args[0]):
        _scale(lesser.args[0], instance.value(lesser), instance.value(greater), equal, instance)


def _set_where(condition: sp.Basic, consequence: sp.Basic, instance: Instance) -> None:
    """Where a condition holds, give a free function the value that the consequence demands."""
    if not isinstance(consequence, sp.Eq) or not isinstance(consequence.lhs, OfAction):
        return
    symbol, wanted = consequence.args
    if symbol.role in COMPUTED_ROLES or symbol in condition.free_symbols | wanted.free_symbols:
        return
    row = list(instance.functions[symbol])
    for i in range(len(row)):
        if instance.truth_at(condition, i):
            row[i] = _at(wanted, instance, i)
    instance.functions[symbol] = tuple(row)  # type: ignore[index]


def _set_number_where(condition: sp.Basic, consequence: sp.Basic, fixed: frozenset, instance: Instance) -> None:
    """Give a free number the value that the first action demands at which a condition holds."""
    if not isinstance(consequence, sp.Eq) or not isinstance(consequence.lhs, Scalar):
        return
    symbol, wanted = consequence.args
    if symbol.domain not in MOVABLE_DOMAINS or symbol in fixed:
        return
    for i, mass in enumerate(instance.weights):
        if mass > 0 and instance.truth_at(condition, i):
            instance.scalars[symbol] = _at(wanted, instance, i)  # type: ignore[index]
            return


def _clip(lesser: sp.Expr, greater: sp.Expr, equal: bool, instance: Instance) -> None:
    for symbol, other, choose in ((lesser, greater, min), (greater, lesser, max)):
        if isinstance(symbol, OfAction) and symbol.role not in COMPUTED_ROLES and symbol not in other.free_symbols:
            bound = [_at(other, instance, i) for i in range(len(instance.weights))]
            row = instance.functions[symbol]
            moved = [b if equal else choose(v, b) for v, b in zip(row, bound, strict=True)]
            instance.functions[symbol] = tuple(moved)  # type: ignore[index]
            return


def _at(expression: sp.Expr, instance: Instance, action: int) -> Fraction:
    value = instance.value_at(expression, action)
    if not isinstance(value, Fraction):
        raise NotAvailable("a bound that is not rational")
    return value


def _raise_to(symbol: Scalar, value: object, equal: bool, instance: Instance) -> None:
    if isinstance(value, Enclosure) and not equal:
        value = value.high  # an irrational number is exceeded for certain by the end of its enclosure
    if isinstance(value, Fraction) and (equal or instance.scalars[symbol] < value):
        instance.scalars[symbol] = value  # type: ignore[index]


def _scale(symbol: OfAction, mean: object, target: object, equal: bool, instance: Instance) -> None:
    if symbol.role in COMPUTED_ROLES or not isinstance(mean, Fraction) or not isinstance(target, Fraction):
        return
    if mean > 0 and (equal or mean > target):
        row = instance.functions[symbol]
        instance.functions[symbol] = tuple(v * target / mean for v in row)  # type: ignore[index]


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
    if all(instance.truth(hypothesis) for hypothesis in _repairable(part)):
        return instance
    return None


def _is_of_feature(instance: Instance, symbol: OfAction) -> bool:
    assert instance.feature is not None
    seen = zip(instance.weights, instance.feature, instance.functions[symbol], strict=True)
    values = {(z, value) for mass, z, value in seen if mass > 0}
    return len(values) == len({z for z, _ in values})


def _parameter_symbols(part: Part) -> frozenset[sp.Symbol]:
    owners = [p.optimizer for p in part.policies] + ([part.cost] if part.cost is not None else [])
    return frozenset().union(*map(_symbols_in, owners))


def _symbols_in(owner: AbstractOptimizer | AbstractCostClass) -> frozenset[sp.Symbol]:
    values = owner.parameters().values()
    return frozenset().union(*(getattr(v, "free_symbols", frozenset()) for v in values))
