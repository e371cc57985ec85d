"""Scores from a CSV file with a header: read in blocks, and cell by cell only where a block is bad."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np

from qtheory.auditing.columns import bad_cell, joined, no_rows, positions_of, refuse_nonfinite, wrong_encoding
from qtheory.errors import DataError

# few enough rows that a text column of long answers beside the scores stays small in memory
_BLOCK = 8192
# the csv module stops at 2^17 characters by default, which a long model answer exceeds
_LONGEST_CELL = 1 << 24
_OTHER_SEPARATORS = (";", "\t", "|")
_NUMBER = re.compile(
    r"\s*[+-]?(\d+\.?\d*([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?|inf|infinity|nan)\s*", re.ASCII | re.IGNORECASE
)


def read_csv(path: Path, columns: Sequence[str]) -> dict[str, np.ndarray]:
    """The wanted columns of a CSV file (UTF-8, comma, header; quotes, BOM and CRLF are fine).

    Args:
        path: the file.
        columns: names out of its header.

    Returns:
        Each column as a float64 array of shape [rows].

    Raises:
        DataError: with the data row, the file line and the column where there is one.
    """
    try:
        with _rows(path) as rows:
            header = next(rows, None)
            if not header:
                raise no_rows(path, "the file is empty" if header is None else "the first line is blank")
            wanted = positions_of(path, header, columns, _other_separator(header, columns))
            values = _columns(path, rows, len(header), wanted)
    except UnicodeDecodeError as error:
        raise wrong_encoding(path) from error
    refuse_nonfinite(path, values, lambda row: line_of_row(path, row))
    return values


def _other_separator(header: Sequence[str], columns: Sequence[str]) -> str:
    """What to do about a header that has a wanted column once it is split at something other than a comma."""
    for mark in _OTHER_SEPARATORS:
        names = {name.strip().strip('"') for name in ",".join(header).split(mark)}
        if any(mark in cell for cell in header) and names & set(columns):
            return f"the separator looks like {mark!r} (allowed: comma); save the file with commas"
    return ""


@contextmanager
def _rows(path: Path) -> Iterator[Iterator[list[str]]]:
    before = csv.field_size_limit(_LONGEST_CELL)
    try:
        with path.open(encoding="utf-8-sig", newline="") as text:
            yield _typed(path, csv.reader(text, strict=True))
    finally:
        csv.field_size_limit(before)


def _typed(path: Path, rows: Any) -> Iterator[list[str]]:
    begun = 1  # the line on which the row begins, which is where a quote that is not closed opens
    try:
        for row in rows:
            yield row
            begun = rows.line_num + 1
    except csv.Error as error:
        where = f"{path.name}: file line {begun}"
        runs_on = f" opens a quote that runs on to file line {rows.line_num}, which"
        problem = f"{where}{runs_on if begun < rows.line_num else ''} is not CSV: {error}"
        raise DataError(problem, remedy="close every quote, and double the quotes inside a cell") from error


def _columns(path: Path, rows: Iterator[list[str]], width: int, wanted: dict[str, int]) -> dict[str, np.ndarray]:
    blocks: dict[str, list[np.ndarray]] = {column: [] for column in wanted}
    done = 0
    while block := list(islice(rows, _BLOCK)):
        full = _without_blank_end(block, rows)
        if set(map(len, full)) - {width}:
            raise _ragged(path, full, width, done)
        for column, position in wanted.items() if full else ():
            blocks[column].append(_numbers(path, column, list(map(itemgetter(position), full)), done))
        done += len(full)
    return joined(path, blocks, "there is a header but no row below it")


def _without_blank_end(block: list[list[str]], rows: Iterator[list[str]]) -> list[list[str]]:
    """The block without blank lines at the end of the file; blank lines with rows after them stay, to be refused."""
    if block[-1]:
        return block
    later = next((row for row in rows if row), None)
    if later is not None:
        return [*block, later]
    last = max((i for i, row in enumerate(block) if row), default=-1)
    return block[: last + 1]


def _numbers(path: Path, column: str, cells: list[str], done: int) -> np.ndarray:
    together = "".join(cells)
    # float() also reads 1_000 and non-Latin digits, which are no numbers in a CSV file
    if together.isascii() and "_" not in together:
        try:
            return np.array(list(map(float, cells)))
        except ValueError:
            pass
    offset = next(i for i, cell in enumerate(cells) if not _NUMBER.fullmatch(cell))
    row, cell = done + offset + 1, cells[offset]
    problem = "not a number" if cell.strip() else "the cell is empty"
    raise bad_cell(path, row, column, problem, cell, line_of_row(path, row))


def _ragged(path: Path, block: list[list[str]], width: int, done: int) -> DataError:
    offset = next(i for i, row in enumerate(block) if len(row) != width)
    row, cells = done + offset + 1, len(block[offset])
    what = f"has {cells} of {width} cells" if cells else "is blank"
    remedy = "the file may be cut off, or a cell with a comma needs quotes"
    place = f"{path.name}: row {row} (file line {line_of_row(path, row)})"
    return DataError(f"{place} {what}", got=block[offset], allowed=f"{width} cells, as in the header", remedy=remedy)


def line_of_row(path: Path, row: int) -> int:
    """The file line on which a data row ends, both from 1; a second pass, because only a bad file pays for it."""
    with path.open(encoding="utf-8-sig", newline="") as text:
        reader = csv.reader(text)
        next(islice(reader, row, row + 1), None)
        return reader.line_num
