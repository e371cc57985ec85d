r"""Checking a witness again from its own fields alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qtheory import symbols as s
from qtheory.base.finite import Finite
from qtheory.costs.registry import cost_class_from_json
from qtheory.errors import QTheoryError, WitnessMismatch
from qtheory.exact.enclosure import Enclosure
from qtheory.optimizers.registry import optimizer_from_json
from qtheory.problem import Problem
from qtheory.statements.witness import Witness, sides


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
    instance = witness.instance
    _check_policies(witness)
    for hypothesis in witness.given:
        if instance.truth(hypothesis) is False:
            raise WitnessMismatch("a hypothesis fails at the instance", got=str(hypothesis))
    left, right = sides(witness.conclusion, instance)
    for name, recorded, found in (("left", witness.left, left), ("right", witness.right, right)):
        if recorded is not None and not _agree(recorded, found):
            raise WitnessMismatch(f"the {name} side is not what the witness says", got=str(recorded), allowed=str(found))
    return Replay(witness, instance.truth(witness.conclusion), left, right)


def _check_policies(witness: Witness) -> None:
    instance = witness.instance
    if s.u not in instance.functions:
        return
    problem = Problem(Finite(instance.weights), instance.functions[s.u], feature=instance.feature)
    table = {x.name: x for x in (*instance.functions, *instance.scalars)}
    for document in witness.policies:
        try:
            optimizer = optimizer_from_json(document, {**s.table(), **table}).bind(dict(instance.scalars))
            ratio = optimizer(problem).ratio  # type: ignore[attr-defined]
        except QTheoryError as error:
            raise WitnessMismatch("the policy of the witness cannot be applied", got=document) from error
        recorded = instance.functions.get(table.get(document.get("ratio")))
        if recorded != ratio:
            raise WitnessMismatch("the policy is not what the witness says", got=recorded, allowed=str(ratio))
    if witness.cost is not None:
        cost_class_from_json(witness.cost, {**s.table(), **table})


def _agree(recorded: Any, found: Any) -> bool:
    recorded, found = Enclosure.of(recorded), Enclosure.of(found)
    return recorded.low <= found.high and found.low <= recorded.high
