r"""What every cost class is: what a hidden cost may do, known by its worst case for each policy."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from qtheory.aliases import Json, Number, NumberLike, Values
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.binding import is_symbolic
from qtheory.exact.rationals import rational
from qtheory.exact.values import as_float
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.atom import AtomPolicy
from qtheory.policies.rank import RankPolicy
from qtheory.policies.rank_density import TopOfDraws, TopSlice

if TYPE_CHECKING:
    import sympy as sp


@dataclass(frozen=True)
class WorstCase:
    r"""The value of a cost class's support function at a policy, $\sup_{c \in \mathcal C} E_\pi[c]$.

    Attributes:
        value: exact on exact problems, infinite where no bound holds.
        cost: a cost of the class that attains it, one number per action; on bases without atoms a step in the top
            rank; `None` if none attains it.
        attained: whether the supremum is a maximum.
    """

    value: Number
    cost: Values | RankStep | None
    attained: bool


@dataclass(frozen=True)
class RankStep:
    """A cost that is `height` on the top ranks up to `rank`, and `rest` on the others."""

    rank: float
    height: float
    rest: float = 0.0


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

    def depends_on_feature(self) -> bool:
        """Whether its costs depend on the action through the problem's feature alone."""
        return False

    def to_json(self) -> Json:
        return {"cost_class": type(self).__name__, **{name: str(value) for name, value in self.parameters().items()}}


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


def in_kind(policy: AbstractPolicy, value: Fraction) -> Number:
    """A parameter as the policy's problem computes: exact, or float."""
    if is_symbolic(value):
        raise InvalidInput("a bound of the cost class is a symbol; only a claim can use it so", got=value)
    exact = policy.problem.exact or isinstance(policy, RankPolicy)
    return value if exact else float(value)


def top_set(policy: AtomPolicy) -> list[int]:
    """The actions of positive mass whose density ratio is the largest."""
    top = max(w for w, g in zip(policy.ratio, policy.base.weights, strict=True) if g > 0)
    return [i for i, w in enumerate(policy.ratio) if w == top and policy.base.weights[i] > 0]


def spread(policy: AtomPolicy, actions: list[int], mean: Number, level: Number) -> Values:
    """`level` everywhere, plus a constant on the given actions that adds `mean` under the base."""
    mass = sum(policy.base.weights[i] for i in actions)
    chosen = set(actions)
    values = [level + (mean / mass if i in chosen else 0) for i in range(policy.base.size)]
    return tuple(map(Fraction, values)) if policy.problem.exact else as_float(tuple(values))  # type: ignore[arg-type]


def step_on_top(policy: AbstractPolicy, mean: Number, rest: Number) -> tuple[RankStep | None, bool]:
    """`rest` plus a cost of the given mean where a rank density is the largest, if it is so on a slice of ranks."""
    density = policy.density if isinstance(policy, RankPolicy) else None
    if isinstance(density, TopSlice):
        rank = float(density.q)
    elif isinstance(density, TopOfDraws) and density.k == density.n:
        rank = 1.0
    else:
        return None, mean == 0
    return RankStep(rank, float(rest) + float(mean) / rank, float(rest)), True


def unsupported(cost_class: AbstractCostClass, policy: AbstractPolicy) -> NotAvailable:
    name = type(cost_class).__name__
    return NotAvailable(f"{name} has no worst case for this kind of policy", got=policy, remedy="use a finite base")
