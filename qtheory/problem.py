r"""A problem: a base distribution, a proxy utility, hidden costs, and a feature of the action."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeAlias

from qtheory.action_function import ActionFunction, action_function
from qtheory.aliases import Json, Values
from qtheory.base.abstract import AbstractAtomicBase, AbstractBase
from qtheory.base.documents import base_from_json
from qtheory.base.empirical import Empirical
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.documents import SCHEMA, expect_document, list_field, object_field, values_from_json, values_to_json
from qtheory.exact.documents import field as required
from qtheory.exact.values import like, read_values, same_values

Function: TypeAlias = "Values | ActionFunction"


@dataclass(frozen=True, eq=False)
class Problem:
    r"""What an optimizer is given: a base $\gamma$, a proxy utility $U$, hidden costs $c$, a feature $Z$.

    On atomic bases (`Finite`, `Empirical`) functions of the action are lists with one number per action; all are
    exact if the base is. On other bases they are formulas in `x`, or JAX functions of one action.

    Args:
        base: the base distribution.
        utility: the proxy utility; the scores of an `Empirical` base, or the action itself, if left out.
        cost: the hidden cost, or a mapping from names to costs.
        feature: a label per action (atomic bases): what side effects may depend on.

    Raises:
        InvalidInput: a length that does not match, or a value that is not finite.

    >>> from qtheory.base.finite import Finite
    >>> Problem(Finite(["1/4", "1/2", "1/4"]), utility=[3, 2, 1], cost=[1, 0, 0]).mean_cost()
    Fraction(1, 4)
    """

    base: AbstractBase
    utility: Any = None
    cost: Any = None
    feature: Any = None
    costs: Mapping[str, Any] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if not isinstance(self.base, AbstractBase):
            allowed = "Finite, Empirical, Continuous or Generative"
            raise InvalidInput("a problem needs a base distribution", got=self.base, allowed=allowed)
        read = self._read_atomic if isinstance(self.base, AbstractAtomicBase) else action_function
        named = self.cost if isinstance(self.cost, Mapping) else {} if self.cost is None else {"cost": self.cost}
        costs = {name: read(values, name) for name, values in named.items()}
        object.__setattr__(self, "utility", read(self._default_utility(), "utility"))
        object.__setattr__(self, "costs", MappingProxyType(costs))
        object.__setattr__(self, "cost", next(iter(costs.values())) if len(costs) == 1 else None)
        if self.feature is not None:
            object.__setattr__(self, "feature", self._read_feature())

    @property
    def exact(self) -> bool:
        """Whether every number of the problem is a rational."""
        return isinstance(self.base, AbstractAtomicBase) and self.base.exact

    @property
    def ranks_as_action(self) -> bool:
        """Whether the utility is known to rank actions as their own value does (one-dimensional bases)."""
        support = getattr(self.base, "support", None)
        return support is not None and self.utility.increases(support())

    def values(self, function: Any, name: str = "function") -> Function:
        """Read a function of the action as this problem would."""
        return (
            self._read_atomic(function, name)
            if isinstance(self.base, AbstractAtomicBase)
            else action_function(function, name)
        )

    def mean(self, function: Any) -> Any:
        r"""$E_\gamma[f]$: exact on exact bases, float64 on others."""
        from qtheory.exact.values import dot

        if isinstance(self.base, AbstractAtomicBase):
            return dot(self.base.weights, self._read_atomic(function, "function"))
        expect = getattr(self.base, "expect", None)
        if expect is None:
            raise NotAvailable("this base can only be drawn from", got=self.base, remedy="estimate it with simulate")
        return expect(action_function(function, "function").on_host)

    def mean_cost(self) -> Any:
        r"""$E_\gamma[c]$ of the problem's one cost."""
        if self.cost is None:
            raise InvalidInput("the problem does not have exactly one cost", got=sorted(self.costs))
        return self.mean(self.cost)

    def to_json(self) -> Json:
        document: Json = {"schema": SCHEMA, "type": "problem", "base": self.base.to_json()}
        document["utility"] = _function_to_json(self.utility)
        document["costs"] = {name: _function_to_json(cost) for name, cost in self.costs.items()}
        if self.feature is not None:
            document["feature"] = list(self.feature)
        return document

    @staticmethod
    def from_json(document: Json) -> Problem:
        expect_document(document, "problem")
        base = base_from_json(required(document, "base"))
        costs = {name: _function_from_json(c) for name, c in object_field(document, "costs").items()}
        feature = list_field(document, "feature") if "feature" in document else None
        return Problem(base, _function_from_json(required(document, "utility")), costs or None, feature)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Problem) or self.base != other.base or self.feature != other.feature:
            return False
        mine, theirs = {"": self.utility, **self.costs}, {"": other.utility, **other.costs}
        return mine.keys() == theirs.keys() and all(_same(mine[k], theirs[k]) for k in mine)

    def __hash__(self) -> int:
        return hash((self.base, frozenset(self.costs)))

    def _default_utility(self) -> Any:
        if self.utility is not None:
            return self.utility
        if isinstance(self.base, Empirical):
            return self.base.scores
        if isinstance(self.base, AbstractAtomicBase):
            raise InvalidInput("a finite problem needs a utility", allowed="one number per action")
        return "x"

    def _read_atomic(self, values: Any, name: str) -> Values:
        assert isinstance(self.base, AbstractAtomicBase)
        if isinstance(self.base, Empirical) and values is self.base.scores:
            return values  # read already, and nobody can change it: millions of scores are not copied
        read = like(read_values(values, name), self.base.exact)
        if len(read) != self.base.size:
            raise InvalidInput(
                f"{name} has the wrong length", got=len(read), allowed=f"{self.base.size}, one per action"
            )
        return read

    def _read_feature(self) -> tuple:
        if not hasattr(self.feature, "__iter__"):
            raise InvalidInput("feature is not a list of labels", got=self.feature, allowed="one label per action")
        labels = tuple(self.feature.tolist() if hasattr(self.feature, "tolist") else self.feature)
        if not isinstance(self.base, AbstractAtomicBase):
            raise NotAvailable("features are for bases with finitely many actions", got=self.base)
        if len(labels) != self.base.size:
            raise InvalidInput(
                "feature has the wrong length", got=len(labels), allowed=f"{self.base.size}, one per action"
            )
        if not all(isinstance(label, Hashable) for label in labels):
            raise InvalidInput("a feature label is a list", got=labels, allowed="numbers or text")
        return labels


def _function_to_json(function: Function) -> Any:
    return function.to_json() if isinstance(function, ActionFunction) else values_to_json(function)


def _function_from_json(data: Any) -> Any:
    return data if isinstance(data, str) else values_from_json(data)


def _same(left: Function, right: Function) -> bool:
    if isinstance(left, ActionFunction) or isinstance(right, ActionFunction):
        return left == right
    return same_values(left, right)
