r"""Witnesses: instances that break or attain a claim, and that can be replayed from their own fields."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp
from sympy.core.relational import Relational

from qtheory import symbols as s
from qtheory.aliases import Json
from qtheory.errors import DocumentError, FormulaError
from qtheory.exact.documents import SCHEMA, expect_document, field, list_field, number_from_json, object_field
from qtheory.exact.enclosure import Enclosure
from qtheory.formula.parse import parse
from qtheory.formula.unparse import unparse
from qtheory.statements.instance import Instance
from qtheory.statements.witness_text import witness_text

Side = Fraction | Enclosure

# The kinds of symbols whose value replaying a witness works out afresh, and which may therefore be irrational.
RECOMPUTED = ("ratio", "feature_ratio", "threshold", "sup_ratio", "worst_cost", "amplification")


@dataclass(frozen=True)
class Witness:
    r"""An instance together with the statement it speaks about; nothing else is needed to check it again.

    Attributes:
        claim: slug of the claim; part: name of its part.
        conclusion: the relation; given: the hypotheses, axioms of policies and costs included.
        policies: for each policy, its optimizer with symbols, its ratio's and its threshold's symbol.
        cost: the cost class, or `None`.
        instance: the exact values.
        left, right: the two sides, where the conclusion is one relation.
    """

    claim: str
    part: str
    conclusion: sp.Basic
    given: tuple[sp.Basic, ...]
    policies: tuple[Json, ...]
    cost: Json | None
    instance: Instance
    left: Side | None = None
    right: Side | None = None

    def __str__(self) -> str:
        """The actions in a small table, the numbers, and both sides of the conclusion."""
        return witness_text(self)

    def to_json(self) -> Json:
        instance = self.instance
        return {
            "schema": SCHEMA,
            "type": "witness",
            "claim": self.claim,
            "part": self.part,
            "conclusion": unparse(self.conclusion),
            "given": [unparse(hypothesis) for hypothesis in self.given],
            "symbols": {x.name: _symbol_to_json(x) for x in self._own_symbols()},
            "policies": list(self.policies),
            "cost": self.cost,
            "weights": [str(g) for g in instance.weights],
            "functions": {x.name: [_side_to_json(v) for v in row] for x, row in instance.functions.items()},
            "scalars": {x.name: _side_to_json(v) for x, v in instance.scalars.items()},
            "feature": None if instance.feature is None else list(instance.feature),
            "left": _side_to_json(self.left),
            "right": _side_to_json(self.right),
        }

    @staticmethod
    def from_json(document: Any) -> Witness:
        data = expect_document(document, "witness")
        own = {name: _symbol_from_json(name, x) for name, x in object_field(data, "symbols").items()}
        table = {**s.table(), **own}
        read = lambda text: _statement(text, table)
        return Witness(
            claim=field(data, "claim"),
            part=field(data, "part"),
            conclusion=read(field(data, "conclusion")),
            given=tuple(read(text) for text in list_field(data, "given")),
            policies=tuple(list_field(data, "policies")),
            cost=field(data, "cost"),
            instance=_instance_from_json(data, table),
            left=_side_from_json(field(data, "left")),
            right=_side_from_json(field(data, "right")),
        )

    def _own_symbols(self) -> list[sp.Symbol]:
        used = {*self.instance.functions, *self.instance.scalars}
        used |= frozenset().union(*(x.free_symbols for x in (self.conclusion, *self.given)))
        return sorted(used - set(s.MEANINGS), key=lambda x: x.name)


def _statement(text: Any, table: dict[str, sp.Symbol]) -> sp.Basic:
    try:
        return parse(text, table, relations=True)
    except FormulaError as error:
        raise error.at("a conclusion or hypothesis of the witness") from error.__cause__


def sides(conclusion: sp.Basic, instance: Instance) -> tuple[Side | None, Side | None]:
    """Both sides of a conclusion that is a single relation between numbers."""
    from qtheory.statements.well_posed import is_pointwise

    if not isinstance(conclusion, Relational) or is_pointwise(conclusion):
        return None, None
    return instance.value(conclusion.lhs), instance.value(conclusion.rhs)


def _symbol_to_json(symbol: sp.Symbol) -> Json:
    if isinstance(symbol, s.Scalar):
        return {"scalar": symbol.domain}
    return {"function": symbol.role}  # type: ignore[attr-defined]


def _symbol_from_json(name: str, data: Any) -> sp.Symbol:
    try:
        return s.Scalar(name, data["scalar"]) if "scalar" in data else s.OfAction(name, data["function"])
    except (KeyError, TypeError, ValueError) as error:
        raise DocumentError(
            "not a symbol", got={name: data}, allowed='{"scalar": domain}, {"function": role}'
        ) from error


def _instance_from_json(data: Json, table: dict[str, sp.Symbol]) -> Instance:
    weights = _row(field(data, "weights"), "weights")
    functions = {x: _values(row, x) for x, row in _looked_up(data, "functions", table, s.OfAction)}
    scalars = {x: _value(v, x.name, x.domain) for x, v in _looked_up(data, "scalars", table, s.Scalar)}
    feature = None if field(data, "feature") is None else tuple(list_field(data, "feature"))
    for symbol, row in functions.items():
        if len(row) != len(weights):
            raise DocumentError(f"{symbol} has the wrong length", got=len(row), allowed=f"{len(weights)}")
    if not weights or min(weights) < 0 or sum(weights, Fraction(0)) != 1:
        raise DocumentError(
            "the weights are not a distribution",
            got=[str(g) for g in weights],
            allowed="weights >= 0 whose sum is 1",
            remedy=f"these sum to {sum(weights, Fraction(0))}; replay the witness as it was written",
        )
    if feature is not None and len(feature) != len(weights):
        raise DocumentError("feature has the wrong length", got=len(feature), allowed=f"{len(weights)}")
    return Instance(weights, functions, scalars, feature)


def _looked_up(data: Json, name: str, table: dict[str, sp.Symbol], kind: type) -> list[tuple[Any, Any]]:
    return [(_lookup(table, key, kind), value) for key, value in object_field(data, name).items()]


def _lookup(table: dict[str, sp.Symbol], name: str, kind: type) -> Any:
    if not isinstance(table.get(name), kind):
        raise DocumentError("the witness gives a value to an unknown symbol", got=name, allowed=", ".join(table))
    return table[name]


def _row(values: Any, name: str) -> tuple[Fraction, ...]:
    if not isinstance(values, list):
        raise DocumentError(f"{name} is not a list", got=values)
    return tuple(_exact(v, f"{name}[{i}]") for i, v in enumerate(values))


def _values(values: Any, symbol: s.OfAction) -> tuple[Any, ...]:
    if not isinstance(values, list):
        raise DocumentError(f"{symbol.name} is not a list", got=values)
    return tuple(_value(v, f"{symbol.name}[{i}]", symbol.role) for i, v in enumerate(values))


def _value(value: Any, name: str, kind: str) -> Any:
    """A rational; where a policy or a cost class computes the value, and replaying does so again, also what is not."""
    if kind in RECOMPUTED and isinstance(value, dict):
        return Enclosure.from_json(value)
    return math.inf if kind in RECOMPUTED and value == "inf" else _exact(value, name)


def _exact(value: Any, name: str) -> Fraction:
    number = number_from_json(value, name)
    if not isinstance(number, Fraction):
        raise DocumentError(f"{name} is not an exact rational", got=value, allowed="text such as '3/8'")
    return number


def _side_to_json(side: Side | None) -> Any:
    return side.to_json() if isinstance(side, Enclosure) else None if side is None else str(side)


def _side_from_json(data: Any) -> Side | None:
    if data is None:
        return None
    return _exact(data, "side") if isinstance(data, str) else Enclosure.from_json(data)
