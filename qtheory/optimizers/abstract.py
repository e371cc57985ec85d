r"""What every optimizer is: a rule from problems to policies that says what the prover may assume of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from decimal import MAX_EMAX, Context
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from qtheory.aliases import Json
from qtheory.base.abstract import AbstractAtomicBase
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.binding import is_symbolic
from qtheory.exact.rationals import level
from qtheory.exact.values import in_double
from qtheory.policies.abstract import AbstractPolicy
from qtheory.problem import Problem

if TYPE_CHECKING:
    import sympy as sp


MOST_DRAWS = 10**15
# About ten seconds of arithmetic on long fractions.
MOST_DIGIT_PRODUCTS = 1 << 37


class AbstractOptimizer(ABC):
    r"""A soft optimizer. Its parameters may be symbols, to state claims for all their values at once."""

    @abstractmethod
    def __call__(self, problem: Problem) -> AbstractPolicy:
        """The policy for a problem."""

    @abstractmethod
    def axioms(self, ratio: sp.Symbol, utility: sp.Symbol, threshold: sp.Symbol) -> tuple[sp.Basic, ...]:
        """What holds of the density ratio: pointwise almost everywhere, of numbers, and under `E`."""

    @abstractmethod
    def parameters(self) -> dict[str, Any]:
        """Its parameters by name; values are numbers, or expressions in symbols."""

    @abstractmethod
    def bind(self, values: dict[sp.Symbol, Any]) -> AbstractOptimizer:
        """The same optimizer with symbols replaced by numbers."""

    def threshold(self, problem: Problem) -> Any:
        """The level of utility at which the policy's mass begins, where the axioms speak of one."""
        return None

    @property
    def free_symbols(self) -> set[sp.Symbol]:
        """The symbols in its parameters, also where a parameter is itself an optimizer."""
        return set().union(*(getattr(value, "free_symbols", ()) for value in self.parameters().values()))

    def expected_draws(self, problem: Problem) -> Any:
        r"""How many base draws one action costs on average: by rejection, the largest density ratio; rules know their own."""
        return self(problem).sup_ratio()

    def to_json(self) -> Json:
        return {"optimizer": type(self).__name__, **{name: str(value) for name, value in self.parameters().items()}}


def read_level(value: Any) -> Any:
    """A quantile level, or an expression that stands for one."""
    return value if is_symbolic(value) else level(value)


def read_count(value: Any, name: str) -> Any:
    """An integer of at least one, or an expression that stands for one."""
    if is_symbolic(value):
        return value
    whole = getattr(value, "denominator", None) == 1 or getattr(value, "is_Integer", False)
    if isinstance(value, bool) or not whole or int(value) < 1:
        raise InvalidInput(f"{name} is not a count", got=value, allowed="an integer >= 1")
    return int(value)


def require_few_digits(problem: Problem, n: int, terms: int = 1) -> None:
    """Refuse exact probabilities that would take minutes to write out, and counts that floats do not tell apart."""
    if n > MOST_DRAWS:
        raise NotAvailable("too many draws", got=_count_text(n), allowed=f"at most {MOST_DRAWS}")
    if not (isinstance(problem.base, AbstractAtomicBase) and problem.exact):
        return
    digits = n * max(g.denominator.bit_length() for g in problem.base.weights)  # type: ignore[union-attr]
    if terms * digits**2 > MOST_DIGIT_PRODUCTS:
        remedy = "give the weights and utilities as float arrays, or fewer draws"
        raise NotAvailable("exact probabilities would have too many digits", got=f"n = {n}", remedy=remedy)


def _count_text(n: int) -> str:
    """A count as text, as short as 1e+16."""
    context = Context(prec=20, Emax=MAX_EMAX)
    return f"n = {context.create_decimal(n).normalize(context):g}"


def require_numbers(optimizer: AbstractOptimizer, problem: Problem) -> None:
    """Refuse to optimize anything but a problem, or with a parameter that is a symbol."""
    if not isinstance(problem, Problem):
        raise InvalidInput("an optimizer takes a problem", got=problem, allowed="Problem(base=..., utility=...)")
    symbolic = {name: value for name, value in optimizer.parameters().items() if is_symbolic(value)}
    if symbolic:
        name, value = next(iter(symbolic.items()))
        remedy = f"give a number, such as {type(optimizer).__name__}({name}=...)"
        raise InvalidInput(f"{name} is a symbol; only a claim can use it so", got=value, remedy=remedy)
    if isinstance(problem.base, AbstractAtomicBase) and not problem.exact:
        for name, value in optimizer.parameters().items():
            if isinstance(value, Fraction):
                in_double(value, name)
