r"""Linear algebra over the rationals: echelon forms, solutions and independent columns, by python-flint, or plainly."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from typing import Any

from qtheory.errors import MissingExtra
from qtheory.exact import plain_fractions

Matrix = Sequence[Sequence[Any]]

# More unknowns than this take minutes in Python's own fractions, and an instant with python-flint.
LARGEST_WITHOUT_FLINT = 40


@cache
def flint() -> Any:
    """The library for exact linear algebra: python-flint, or the few parts of it that small systems need."""
    try:
        import flint as library
    except ImportError:
        return plain_fractions
    return library


def require_flint_for(size: int) -> None:
    """Refuse a system that is too large for Python's own fractions where python-flint is not installed.

    Raises:
        MissingExtra: says which extra to install.
    """
    if flint() is plain_fractions and size > LARGEST_WITHOUT_FLINT:
        raise MissingExtra(
            "an exact linear programme of this size needs python-flint, which is in the extra `exact`",
            got=f"{size} unknowns and rows",
            allowed=f"at most {LARGEST_WITHOUT_FLINT} without it",
            remedy="pip install 'qtheory[exact]'",
        )


def to_flint(x: Any) -> Any:
    """A rational as flint has it."""
    return flint().fmpq(x.numerator, x.denominator)


def to_fraction(x: Any) -> Fraction:
    """A rational of flint's as a `Fraction`."""
    return x if isinstance(x, Fraction) else Fraction(int(x.p), int(x.q))


def transposed(matrix: Matrix) -> list[list]:
    """Rows for columns."""
    return [list(row) for row in zip(*matrix, strict=True)]


def solve(matrix: Matrix, right: Sequence[Any]) -> list:
    """The solution of a square system with independent rows, in flint's rationals.

    >>> [to_fraction(x) for x in solve([[2, 0], [1, 1]], [1, 1])]
    [Fraction(1, 2), Fraction(1, 2)]
    """
    if not matrix:
        return []
    reduced, rank = _reduced([[*row, x] for row, x in zip(matrix, right, strict=True)])
    assert rank == len(matrix) == len(matrix[0])
    return [reduced[i, rank] for i in range(rank)]


def any_solution(matrix: Matrix, right: Sequence[Any]) -> list | None:
    """One solution of a system, or `None` if it has none.

    >>> any_solution([[1, 1], [2, 2]], [1, 3]) is None
    True
    """
    width = len(matrix[0])
    reduced, rank = _reduced([[*row, x] for row, x in zip(matrix, right, strict=True)])
    places = _places(reduced, rank, width + 1)
    if places and places[-1] == width:
        return None
    found = [to_flint(0)] * width
    for i, place in enumerate(places):
        found[place] = reduced[i, width]
    return found


def pivots(matrix: Matrix) -> list[int]:
    """The columns that are independent of those before them.

    >>> pivots([[1, 2, 0], [1, 2, 1]])
    [0, 2]
    """
    if not matrix:
        return []
    reduced, rank = _reduced(matrix)
    return _places(reduced, rank, len(matrix[0]))


def _places(reduced: Any, rank: int, width: int) -> list[int]:
    """Where each row of an echelon form begins."""
    places: list[int] = []
    for i in range(rank):
        start = places[-1] + 1 if places else 0
        places.append(next(j for j in range(start, width) if reduced[i, j] != 0))
    return places


def _reduced(matrix: Matrix) -> tuple[Any, int]:
    library = flint()
    entries = [to_flint(x) if isinstance(x, (int, Fraction)) else x for row in matrix for x in row]
    return library.fmpq_mat(len(matrix), len(matrix[0]), entries).rref()
