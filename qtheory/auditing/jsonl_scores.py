"""Scores from JSON lines: one object a line, the columns are its keys."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from qtheory.auditing.columns import bad_cell, joined, missing_column, refuse_nonfinite, wrong_encoding
from qtheory.errors import DataError

_BLOCK = 8192


def read_jsonl(path: Path, columns: Sequence[str]) -> dict[str, np.ndarray]:
    """The wanted keys of a file with one JSON object a line (UTF-8).

    Args:
        path: the file.
        columns: keys that every object must have, each with a number.

    Returns:
        Each column as a float64 array of shape [rows].

    Raises:
        DataError: with the row (which is the file line) and the key.
    """
    blocks: dict[str, list[np.ndarray]] = {column: [] for column in columns}
    try:
        with path.open(encoding="utf-8-sig", newline="\n") as text:
            records = _records(path, text, columns)
            done = 0
            while block := list(islice(records, _BLOCK)):
                for position, column in enumerate(columns):
                    blocks[column].append(_numbers(path, column, [row[position] for row in block], done))
                done += len(block)
    except UnicodeDecodeError as error:
        raise wrong_encoding(path) from error
    values = joined(path, blocks, "the file is empty")
    refuse_nonfinite(path, values, lambda row: row)
    return values


def _records(path: Path, lines: Iterator[str], columns: Sequence[str]) -> Iterator[list[object]]:
    blank = None
    for row, line in enumerate(lines, start=1):
        if not line.strip():
            blank = blank or row
            continue
        if blank is not None:
            raise DataError(f"{path.name}: row {blank} (file line {blank}) is blank", allowed="one JSON object a line")
        record = _record(path, line, row)
        _refuse_repeated_key(path, line, row, columns)
        try:
            yield [record[column] for column in columns]
        except KeyError as error:
            column = str(error.args[0])
            raise _missing_key(path, row, column, record) from None


def _record(path: Path, line: str, row: int) -> dict[str, object]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        problem = f"{path.name}: row {row} (file line {row}) is not JSON: {error}"
        raise DataError(problem, got=line.strip(), remedy="the file may be cut off there") from error
    if not isinstance(record, dict):
        raise DataError(f"{path.name}: row {row} (file line {row}) is not a JSON object", got=line.strip())
    return record


def _refuse_repeated_key(path: Path, line: str, row: int, columns: Sequence[str]) -> None:
    """JSON keeps the last of two equal keys without a word; which score was meant is not ours to guess."""
    for column in columns:
        if line.count(f'"{column}"') > 1:
            keys: list[str] = json.loads(line, object_pairs_hook=lambda pairs: [key for key, _ in pairs])
            if keys.count(column) > 1:
                raise bad_cell(path, row, column, "the key occurs more than once", line.strip(), row)


def _missing_key(path: Path, row: int, column: str, record: dict[str, object]) -> DataError:
    if row == 1:
        return missing_column(path, column, record)
    return bad_cell(path, row, column, "the object has no such key", sorted(record), row)


def _numbers(path: Path, column: str, cells: list[object], done: int) -> np.ndarray:
    if set(map(type, cells)) <= {int, float}:
        try:
            return np.array(cells, dtype=np.float64)
        except OverflowError:
            pass
    offset = next(i for i, cell in enumerate(cells) if not _is_number(cell))
    row = done + offset + 1
    raise bad_cell(path, row, column, "not a number", cells[offset], row)


def _is_number(cell: object) -> bool:
    if type(cell) is int:
        try:
            float(cell)
        except OverflowError:
            return False
    return type(cell) in (int, float)
