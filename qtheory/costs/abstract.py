r"""What every cost class is: what a hidden cost may do, known by its worst case for each policy."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from qtheory.aliases import Json, Number, NumberLike
from qtheory.costs.kinds import times, total
from qtheory.costs.worst_case import WorstCase
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.binding import is_symbolic, substitute
from qtheory.exact.rationals import rational
from qtheory.exact.values import in_double
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.rank import RankPolicy
from qtheory.problem import Problem

if TYPE_CHECKING:
    import sympy as sp


class AbstractCostClass(ABC):
    r"""A set of hidden costs. Its parameters may be symbols, to state claims for all their values at once."""

    @abstractmethod
    def worst_case(self, policy: AbstractPolicy) -> WorstCase:
        r"""$\sup E_\pi[c]$ over the class, with a cost that attains it where one does."""

    @abstractmethod
    def axioms(self, cost: sp.Symbol) -> tuple[sp.Basic, ...]:
        """What holds of every cost in the class."""

    @abstractmethod
    def parameters(self) -> dict[str, Any]:
        """Its parameters by name; values are numbers, or symbols."""

    @abstractmethod
    def bind(self, values: dict[sp.Symbol, Any]) -> AbstractCostClass:
        """The same class with symbols replaced by numbers."""

    def axioms_say_all(self) -> bool:
        """Whether `axioms` hold of no other cost, so that a cost can be told to be of the class by them."""
        return True

    def admits(self, problem: Problem, cost: Sequence[Any]) -> bool:
        """Whether a cost for which `axioms` hold is certainly of the class, on a finite exact problem."""
        return True

    def depends_on_feature(self) -> bool:
        """Whether its costs depend on the action through the problem's feature alone."""
        return False

    def to_json(self) -> Json:
        texts = {name: _as_text(value) for name, value in self.parameters().items()}
        return {"cost_class": type(self).__name__, **texts}


def read_bound(value: NumberLike, name: str, *, at_least: int | None = 0, above: int | None = None) -> Any:
    """An exact bound, or a symbol that stands for one."""
    if getattr(value, "free_symbols", None):
        return value
    number = rational(value, name)
    if above is not None and not number > above:
        raise InvalidInput(f"{name} is out of range", got=str(number), allowed=f"> {above}")
    if above is None and at_least is not None and number < at_least:
        raise InvalidInput(f"{name} is out of range", got=str(number), allowed=f">= {at_least}")
    return number


def read_flag(value: Any, name: str) -> bool:
    """A truth value, not a number or a text that may be taken for one."""
    if not isinstance(value, bool):
        raise InvalidInput(f"{name} is not a truth value", got=value, allowed="True or False")
    return value


def in_kind(policy: AbstractPolicy, value: Fraction) -> Number:
    """A parameter as the policy's problem computes: exact, or float."""
    if is_symbolic(value):
        raise InvalidInput("a bound of the cost class is a symbol; only a claim can use it so", got=value)
    exact = policy.problem.exact or isinstance(policy, RankPolicy)
    return value if exact else in_double(value, "a bound of the cost class")


def bound_parameters(cost_class: AbstractCostClass, values: dict[sp.Symbol, Any]) -> dict[str, Any]:
    """The parameters by name with symbols replaced by numbers, for `bind`."""
    return {name: _substitute(value, values) for name, value in cost_class.parameters().items()}


def mean_under(weights: Any, cost: Any) -> Any:
    """The mean of a cost given action by action, in the kind of number of its entries."""
    return total(times(p, c) for p, c in zip(weights, cost, strict=True) if p != 0)


def unsupported(cost_class: AbstractCostClass, policy: AbstractPolicy) -> NotAvailable:
    name = type(cost_class).__name__
    return NotAvailable(f"{name} has no worst case for this kind of policy", got=policy, remedy="use a finite base")


def _as_text(value: Any) -> Any:
    return [_as_text(item) for item in value] if isinstance(value, tuple) else str(value)


def _substitute(value: Any, values: dict[sp.Symbol, Any]) -> Any:
    if isinstance(value, tuple):
        return tuple(_substitute(item, values) for item in value)
    return value if isinstance(value, bool) else substitute(value, values)
