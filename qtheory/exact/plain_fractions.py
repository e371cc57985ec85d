r"""Small rational matrices in Python's own fractions, under python-flint's names, for where that is not installed."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


def fmpq(numerator: int, denominator: int) -> Fraction:
    return Fraction(numerator, denominator)


class fmpq_mat:
    """A matrix of fractions, row by row.

    >>> reduced, rank = fmpq_mat(2, 3, [Fraction(x) for x in (2, 0, 1, 1, 1, 1)]).rref()
    >>> rank, reduced[1, 2]
    (2, Fraction(1, 2))
    """

    def __init__(self, rows: int, columns: int, entries: Sequence[Fraction]):
        self.rows = [list(entries[i * columns : (i + 1) * columns]) for i in range(rows)]

    def __getitem__(self, place: tuple[int, int]) -> Fraction:
        return self.rows[place[0]][place[1]]

    def rref(self) -> tuple[fmpq_mat, int]:
        """The reduced echelon form and the rank, by Gauss and Jordan."""
        rows, rank = [list(row) for row in self.rows], 0
        for column in range(len(rows[0]) if rows else 0):
            found = next((i for i in range(rank, len(rows)) if rows[i][column]), None)
            if found is None:
                continue
            rows[rank], rows[found] = rows[found], rows[rank]
            pivot = rows[rank][column]
            rows[rank] = [x / pivot for x in rows[rank]]
            for i, row in enumerate(rows):
                if i != rank and row[column]:
                    factor = row[column]
                    rows[i] = [x - factor * y for x, y in zip(row, rows[rank], strict=True)]
            rank += 1
        return fmpq_mat(len(rows), len(self.rows[0]) if rows else 0, [x for row in rows for x in row]), rank
