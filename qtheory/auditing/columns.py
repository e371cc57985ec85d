"""What every reader of score files shares: finding columns, refusing bad cells, keeping blocks of numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

from qtheory.errors import DataError

FINITE_NUMBER = "a finite decimal number such as 0.25 or -1e-3"


def bad_cell(
    path: Path, row: int, column: str, problem: str, got: object, line: int | None = None, remedy: str = ""
) -> DataError:
    """The error for one cell: `row` counts data rows from 1, `line` counts lines of the file from 1."""
    place = f"row {row}" if line is None else f"row {row} (file line {line})"
    return DataError(
        f"{path.name}: {place}, column {column!r}: {problem}", got=got, allowed=FINITE_NUMBER, remedy=remedy
    )


def positions_of(path: Path, header: Sequence[str], columns: Sequence[str], remedy: str = "") -> dict[str, int]:
    """Where each wanted column stands in the header; refuses a missing or an ambiguous one."""
    for column in columns:
        if column not in header:
            raise missing_column(path, column, header, remedy)
        if list(header).count(column) > 1:
            problem = f"{path.name}: header names column {column!r} {list(header).count(column)} times"
            raise DataError(problem, got=list(header), remedy="rename the columns so that each name occurs once")
    return {column: list(header).index(column) for column in columns}


def missing_column(path: Path, column: str, present: Iterable[str], remedy: str = "") -> DataError:
    """The error for a column that is not there; lists those that are."""
    there = ", ".join(repr(name) for name in present) or "no named columns"
    return DataError(
        f"{path.name}: there is no column {column!r}", got=column, allowed=f"one of {there}", remedy=remedy
    )


def no_rows(path: Path, what: str) -> DataError:
    """The error for a file without scores."""
    return DataError(f"{path.name}: {what}, so there are no scores", allowed="at least one row of scores")


def joined(path: Path, blocks: dict[str, list[np.ndarray]], what: str) -> dict[str, np.ndarray]:
    """One float64 array per column out of its blocks; refuses a file that gave none."""
    if any(not parts for parts in blocks.values()):
        raise no_rows(path, what)
    return {column: np.concatenate(blocks.pop(column)) for column in list(blocks)}


def refuse_nonfinite(path: Path, values: dict[str, np.ndarray], line_of: Callable[[int], int] | None = None) -> None:
    """Raises on the first NaN or infinity of each column.

    Args:
        path: the file, for the error.
        values: the columns as read.
        line_of: the file line of a data row (both from 1); None where a file has no lines.

    Raises:
        DataError: with the row, its file line and the column.
    """
    for column, numbers in values.items():
        finite = np.isfinite(numbers)
        if not finite.all():
            row = int(np.argmin(finite)) + 1
            line = None if line_of is None else line_of(row)
            remedy = "remove the row, or say what the missing score stands for"
            raise bad_cell(path, row, column, "not a finite number", float(numbers[row - 1]), line, remedy)


def wrong_encoding(path: Path) -> DataError:
    """The error for a file that is not UTF-8; finds the first line that does not decode."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                problem = f"{path.name}: file line {number} is not UTF-8 (byte {error.start + 1} of the line)"
                return DataError(problem, got=line[error.start : error.start + 8], remedy="save the file as UTF-8")
    return DataError(f"{path.name}: not UTF-8 text", remedy="save the file as UTF-8")
