r"""Linear programmes with rational data: $\max c \cdot x$ subject to $Ax \le b$, $A_=x = b_=$, $x \ge 0$."""

from __future__ import annotations

import numbers
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from qtheory.aliases import ExactLike, Json
from qtheory.errors import DocumentError, InvalidInput
from qtheory.exact.documents import SCHEMA, expect_document, field, list_field
from qtheory.exact.rationals import rational

_ALLOWED = "exact numbers: integers, Fractions, Decimals, or text such as '1/3'"


@dataclass(frozen=True)
class Constraint:
    r"""A row of a programme, kept sparse: pairs (variable, coefficient that is not zero), and the bound on the sum.

    >>> Constraint(((0, Fraction(1)), (2, Fraction(-1, 2))), Fraction(3)).total((Fraction(1), Fraction(5), Fraction(4)))
    Fraction(-1, 1)
    """

    row: tuple[tuple[int, Fraction], ...]
    bound: Fraction

    def total(self, x: tuple[Fraction, ...]) -> Fraction:
        """The row times a vector."""
        return sum((coefficient * x[j] for j, coefficient in self.row), Fraction(0))


@dataclass(frozen=True)
class LinearProgram:
    r"""$\max c \cdot x$ subject to rows $a \cdot x \le b$, rows $a \cdot x = b$, and $x \ge 0$.

    Args:
        objective: $c$, one number per variable.
        at_most: pairs (row, bound); a row is one number per variable, or a mapping from variables to coefficients.
        equal: pairs (row, bound) of the same form.

    Raises:
        InvalidInput: a float or a value that is not a number, or a row of the wrong length.

    >>> programme = LinearProgram([1, "1/2"], at_most=[([1, 1], 1), ({0: 1}, "1/3")])
    >>> programme.at_most[1]
    Constraint(row=((0, Fraction(1, 1)),), bound=Fraction(1, 3))
    """

    objective: tuple[Fraction, ...]
    at_most: tuple[Constraint, ...] = ()
    equal: tuple[Constraint, ...] = ()

    def __init__(self, objective: Iterable[ExactLike], at_most: Iterable[Any] = (), equal: Iterable[Any] = ()):
        numbers = tuple(exact_number(x, f"objective[{j}]") for j, x in enumerate(objective))
        if not numbers:
            raise InvalidInput("a linear programme needs a variable", got=numbers, allowed="at least one")
        object.__setattr__(self, "objective", numbers)
        object.__setattr__(self, "at_most", _constraints(at_most, len(numbers), "at_most"))
        object.__setattr__(self, "equal", _constraints(equal, len(numbers), "equal"))

    def to_json(self) -> Json:
        return {
            "schema": SCHEMA,
            "type": "linear programme",
            "objective": [str(x) for x in self.objective],
            "at_most": [_to_json(constraint) for constraint in self.at_most],
            "equal": [_to_json(constraint) for constraint in self.equal],
        }

    @staticmethod
    def from_json(document: Json) -> LinearProgram:
        """The programme that `to_json` wrote.

        >>> programme = LinearProgram([1], at_most=[([2], "1/3")])
        >>> LinearProgram.from_json(programme.to_json()) == programme
        True
        """
        expect_document(document, "linear programme")
        kinds = (list_field(document, "at_most"), list_field(document, "equal"))
        try:
            return LinearProgram(list_field(document, "objective"), *([_from_json(c) for c in kind] for kind in kinds))
        except InvalidInput as error:
            raise DocumentError(error.problem, got=error.got, allowed=error.allowed) from error


def exact_number(value: Any, name: str) -> Fraction:
    """A rational; unlike elsewhere a float is refused, because a certificate is about exactly these numbers."""
    if type(value) is Fraction:
        return value
    if isinstance(value, numbers.Real) and not isinstance(value, numbers.Rational):
        raise InvalidInput(f"{name} is a float", got=value, allowed=_ALLOWED, remedy="write it as text or a Fraction")
    return rational(value, name)


def _constraints(pairs: Iterable[Any], size: int, name: str) -> tuple[Constraint, ...]:
    return tuple(_constraint(pair, size, f"{name}[{i}]") for i, pair in enumerate(pairs))


def _constraint(pair: Any, size: int, name: str) -> Constraint:
    if isinstance(pair, Constraint):
        row, bound = dict(pair.row), pair.bound
    elif isinstance(pair, (tuple, list)) and len(pair) == 2:
        row, bound = pair
    else:
        raise InvalidInput(f"{name} is not a constraint", got=pair, allowed="a pair (row, bound)")
    entries = row.items() if isinstance(row, Mapping) else _dense(row, size, name)
    kept = [(_variable(j, size, name), exact_number(x, f"{name}, variable {j}")) for j, x in entries]
    return Constraint(tuple(sorted((j, x) for j, x in kept if x != 0)), exact_number(bound, f"the bound of {name}"))


def _dense(row: Any, size: int, name: str) -> Iterable[tuple[int, Any]]:
    if isinstance(row, str) or not hasattr(row, "__len__") or len(row) != size:
        raise InvalidInput(f"{name} has the wrong length", got=row, allowed=f"{size} numbers, one per variable")
    return enumerate(row)


def _variable(j: Any, size: int, name: str) -> int:
    if isinstance(j, bool) or not isinstance(j, int) or not 0 <= j < size:
        raise InvalidInput(f"{name} names a variable that is not there", got=j, allowed=f"0 to {size - 1}")
    return j


def _to_json(constraint: Constraint) -> Json:
    return {"row": [[j, str(x)] for j, x in constraint.row], "bound": str(constraint.bound)}


def _from_json(document: Any) -> tuple[dict[int, Any], Any]:
    pairs = list_field(document, "row")
    if not all(isinstance(pair, list) and len(pair) == 2 and type(pair[0]) is int for pair in pairs):
        raise DocumentError("not a row of a linear programme", got=pairs, allowed="pairs [variable, coefficient]")
    row = dict(map(tuple, pairs))
    if len(row) != len(pairs):
        raise DocumentError("a row names a variable twice", got=pairs)
    return row, field(document, "bound")
