"""Scores from a Parquet file, under the extra `data`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from qtheory.auditing.columns import bad_cell, joined, positions_of, refuse_nonfinite
from qtheory.errors import DataError, MissingExtra


def read_parquet(path: Path, columns: Sequence[str]) -> dict[str, np.ndarray]:
    """The wanted columns of a Parquet file, batch by batch.

    Args:
        path: the file.
        columns: names of numeric columns.

    Returns:
        Each column as a float64 array of shape [rows].

    Raises:
        DataError: with the row and the column where there is one.
        MissingExtra: pyarrow is not installed.
    """
    arrow, parquet = _libraries()
    try:
        with parquet.ParquetFile(path) as file:
            positions_of(path, file.schema_arrow.names, columns)
            _refuse_types(path, arrow, file.schema_arrow, columns)
            values = _columns(path, arrow, file, columns)
    except (arrow.ArrowException, OSError) as error:
        remedy = "the file may be cut off; write it again"
        raise DataError(f"{path.name}: not a readable Parquet file: {error}", remedy=remedy) from error
    refuse_nonfinite(path, values)
    return values


def _libraries() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        remedy = 'pip install "qtheory[data]"'
        raise MissingExtra("reading Parquet needs pyarrow, which is in the extra `data`", remedy=remedy) from error
    return pyarrow, pyarrow.parquet


def _refuse_types(path: Path, arrow: Any, schema: Any, columns: Sequence[str]) -> None:
    kinds = arrow.types
    for column in columns:
        found = schema.field(column).type
        if not (kinds.is_integer(found) or kinds.is_floating(found) or kinds.is_decimal(found)):
            problem = f"{path.name}: column {column!r} does not hold numbers"
            raise DataError(problem, got=str(found), allowed="an integer, floating-point or decimal column")


def _columns(path: Path, arrow: Any, file: Any, columns: Sequence[str]) -> dict[str, np.ndarray]:
    blocks: dict[str, list[np.ndarray]] = {column: [] for column in columns}
    done = 0
    for batch in file.iter_batches(columns=list(columns)):
        for column in columns if batch.num_rows else ():
            cells = batch.column(batch.schema.get_field_index(column))
            if cells.null_count:
                row = done + int(np.argmax(cells.is_null().to_numpy(zero_copy_only=False))) + 1
                raise bad_cell(path, row, column, "the cell is empty", None, remedy="remove the row")
            exact = cells.cast(arrow.float64(), safe=False).to_numpy(zero_copy_only=False)
            blocks[column].append(np.array(exact, dtype=np.float64))
        done += batch.num_rows
    return joined(path, blocks, "the file has no rows")
