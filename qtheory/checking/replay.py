r"""Checking a witness again from its own fields alone."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import sympy as sp

from qtheory import symbols as s
from qtheory.base.finite import Finite
from qtheory.costs.feature_measurable import amplification
from qtheory.costs.registry import cost_class_from_json
from qtheory.errors import InvalidInput, QTheoryError, WitnessMismatch
from qtheory.exact.enclosure import Enclosure
from qtheory.exact.nonnegative import largest
from qtheory.optimizers.registry import optimizer_from_json
from qtheory.policies.atom import AtomPolicy
from qtheory.problem import Problem
from qtheory.statements.claim import Part, PolicyOf
from qtheory.statements.instance import Instance
from qtheory.statements.witness import Witness, sides

_DOMAINS: dict[str, Callable[[Fraction], bool]] = {
    "nonnegative": lambda x: x >= 0,
    "positive": lambda x: x > 0,
    "unit": lambda x: 0 <= x <= 1,
    "level": lambda x: 0 < x <= 1,
    "count": lambda x: x.denominator == 1 and x >= 1,
}


@dataclass(frozen=True)
class Replay:
    """What a witness shows when it is worked out afresh.

    Attributes:
        holds: whether the conclusion holds at the instance; `None` if its sides could not be separated.
        left, right: both sides, where the conclusion is one relation.
    """

    witness: Witness
    holds: bool | None
    left: Any
    right: Any


def replay(witness: Witness) -> Replay:
    """Apply the policies again, check every hypothesis, and evaluate the conclusion.

    Raises:
        WitnessMismatch: a policy, a hypothesis or a side is not what the witness says.
    """
    if not isinstance(witness, Witness):
        raise InvalidInput("not a witness", got=witness, allowed="a Witness; read one with Witness.from_json(document)")
    axioms = _check_statement(witness)
    _check_domains(witness)
    _check_measurable(witness)
    _check_class(witness)
    instance = _with(witness.instance, _check_policies(witness))
    for hypothesis in witness.given:
        held = instance.truth(hypothesis)
        # An axiom of a policy holds by construction, though enclosures of irrational ratios may not settle it.
        if held is False or (held is None and hypothesis not in axioms):
            raise WitnessMismatch("a hypothesis fails at the instance", got=str(hypothesis))
    left, right = sides(witness.conclusion, instance)
    for name, recorded, found in (("left", witness.left, left), ("right", witness.right, right)):
        if recorded is not None and not _agree(recorded, found):
            raise WitnessMismatch(
                f"the {name} side is not what the witness says", got=str(recorded), allowed=str(found)
            )
    return Replay(witness, instance.truth(witness.conclusion), left, right)


def _check_statement(witness: Witness) -> set[sp.Basic]:
    """The axioms of its policies, all of which a witness must give, with those of its cost class, and no unsaid policy."""
    table: dict[str, Any] = dict(s.table())
    table |= {x.name: x for x in witness.instance.functions} | {x.name: x for x in witness.instance.scalars}
    policies = []
    for document in witness.policies:
        ratio, threshold = (table.get(str(document.get(name))) for name in ("ratio", "threshold"))
        if not isinstance(ratio, s.OfAction) or not isinstance(threshold, s.Scalar):
            raise WitnessMismatch("a policy of the witness names no ratio or threshold", got=document)
        policies.append(PolicyOf(optimizer_from_json(document, table), ratio, threshold))
    cost = None if witness.cost is None else cost_class_from_json(witness.cost, table)
    part = Part(witness.part, witness.conclusion, witness.given, tuple(policies), cost)
    missing = [axiom for axiom in part.hypotheses if axiom not in witness.given]
    if missing:
        raise WitnessMismatch(
            "the witness leaves out a hypothesis that its policy or cost class demands", got=str(missing[0])
        )
    return {axiom for policy in policies for axiom in policy.axioms}


def _check_policies(witness: Witness) -> dict[Any, Any]:
    """Apply every policy again, compare what it and the cost class compute, and return that."""
    instance = witness.instance
    if s.u not in instance.functions:
        raise WitnessMismatch("the witness gives no utility", got=sorted(map(str, instance.functions)))
    problem = Problem(Finite(instance.weights), instance.functions[s.u], feature=instance.feature)
    table: dict[str, Any] = dict(s.table())
    table |= {x.name: x for x in instance.functions} | {x.name: x for x in instance.scalars}
    computed: dict[Any, Any] = {}
    first: AtomPolicy | None = None
    for document in witness.policies:
        policy, threshold = _apply(document, problem, witness, table)
        first = first or policy
        computed[table.get(str(document.get("ratio")))] = policy.ratio
        computed[table.get(str(document.get("threshold")))] = threshold
    if first is not None:
        computed[s.rho] = first.sup_ratio()
        if instance.feature is not None:
            factors: dict[Any, Any] = amplification(first)
            computed[s.alpha] = math.inf if math.inf in factors.values() else largest(factors.values())
            computed |= {
                h: tuple(factors.get(z, Fraction(0)) for z in instance.feature) for h in _feature_ratios(instance)
            }
        if witness.cost is not None and s.worst in instance.scalars:
            cost_class = cost_class_from_json(witness.cost, table).bind(dict(instance.scalars))
            computed[s.worst] = cost_class.worst_case(first).value
    recorded: dict[Any, Any] = {**instance.functions, **instance.scalars}
    found = {symbol: value for symbol, value in computed.items() if symbol in recorded and value is not None}
    for symbol, value in found.items():
        if not _same(recorded[symbol], value):
            raise WitnessMismatch(f"{symbol} is not what the witness says", got=recorded[symbol], allowed=str(value))
    return found


def _feature_ratios(instance: Instance) -> list[s.OfAction]:
    return [f for f in instance.functions if f.role == "feature_ratio"]


def _same(recorded: Any, found: Any) -> bool:
    """Whether two values, or two rows of them, are equal, or irrational and possibly so."""
    if isinstance(found, tuple):
        return len(recorded) == len(found) and all(map(_same, recorded, found))
    if isinstance(recorded, Enclosure) and isinstance(found, Enclosure):
        return _agree(recorded, found)
    return recorded == found


def _with(instance: Instance, computed: dict[Any, Any]) -> Instance:
    """The instance with every computed value as it was found here: a recorded enclosure is not taken on trust."""
    functions = {f: computed.get(f, row) for f, row in instance.functions.items()}
    scalars = {x: computed.get(x, value) for x, value in instance.scalars.items()}
    return replace(instance, functions=functions, scalars=scalars)


def _check_domains(witness: Witness) -> None:
    """Every number lies in the domain that its symbol declares."""
    for symbol, value in witness.instance.scalars.items():
        test = _DOMAINS.get(symbol.domain)
        if test is not None and not test(value):
            allowed = s.SCALAR_DOMAINS[symbol.domain]
            raise WitnessMismatch(f"{symbol} is not in its domain", got=str(value), allowed=allowed)


def _check_class(witness: Witness) -> None:
    """The cost is of its class also where the axioms of the class do not say all."""
    instance = witness.instance
    if witness.cost is None or s.c not in instance.functions:
        return
    cost_class = cost_class_from_json(witness.cost, _symbols_of(witness))
    if cost_class.axioms_say_all():
        return
    problem = Problem(Finite(instance.weights), instance.functions[s.u], feature=instance.feature)
    if not cost_class.bind(dict(instance.scalars)).admits(problem, instance.functions[s.c]):
        got = [str(x) for x in instance.functions[s.c]]
        raise WitnessMismatch("the cost is not of the class that the witness names", got=got)


def _check_measurable(witness: Witness) -> None:
    """What depends on the action through the feature alone has one value for each label that is taken."""
    instance = witness.instance
    by_class = (
        witness.cost is not None and cost_class_from_json(witness.cost, _symbols_of(witness)).depends_on_feature()
    )
    for symbol, row in instance.functions.items():
        if symbol.role != "feature_cost" and not (by_class and symbol == s.c):
            continue
        if instance.feature is None:
            raise WitnessMismatch(f"{symbol} depends on a feature, and the witness gives none", got=witness.claim)
        taken = {(z, x) for g, z, x in zip(instance.weights, instance.feature, row, strict=True) if g > 0}
        if len(taken) > len({z for z, _ in taken}):
            raise WitnessMismatch(f"{symbol} is not constant where the feature is", got=[str(x) for x in row])


def _symbols_of(witness: Witness) -> dict[str, Any]:
    own: list[Any] = [*witness.instance.functions, *witness.instance.scalars]
    return {**s.table(), **{x.name: x for x in own}}


def _apply(document: Any, problem: Problem, witness: Witness, table: dict[str, Any]) -> tuple[AtomPolicy, Any]:
    try:
        optimizer = optimizer_from_json(document, table).bind(dict(witness.instance.scalars))
        policy = optimizer(problem)
        assert isinstance(policy, AtomPolicy)
        return policy, optimizer.threshold(problem)
    except QTheoryError as error:
        raise WitnessMismatch("the policy of the witness cannot be applied", got=document) from error


def _agree(recorded: Any, found: Any) -> bool:
    recorded, found = Enclosure.of(recorded), Enclosure.of(found)
    return recorded.low <= found.high and found.low <= recorded.high
