"""Scores from a NumPy file: one column, or a structured array with named fields; never pickled objects."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from qtheory.auditing.columns import bad_cell, missing_column, no_rows, refuse_nonfinite
from qtheory.errors import DataError

_ALLOWED = "a one-dimensional array of real numbers, or a one-dimensional structured array with the columns as fields"


def read_npy(path: Path, columns: Sequence[str]) -> dict[str, np.ndarray]:
    """The wanted columns of a `.npy` file; a plain array has one column, which takes the name asked for.

    Args:
        path: the file.
        columns: field names; exactly one for a plain array.

    Returns:
        Each column as a float64 array of shape [rows].

    Raises:
        DataError: with the row and the column where there is one.
    """
    array = _opened(path)
    if array.ndim != 1:
        raise DataError(f"{path.name}: the array has shape {array.shape}", got=array.shape, allowed=_ALLOWED)
    if array.size == 0:
        raise no_rows(path, "the array is empty")
    values = {column: _column(path, array, column, len(columns)) for column in columns}
    refuse_nonfinite(path, values)
    return values


def _opened(path: Path) -> np.ndarray:
    if path.stat().st_size == 0:
        raise no_rows(path, "the file is empty")
    try:
        # mapped, because a header that promises more than the file holds must not allocate what it promises
        return np.lib.format.open_memmap(path, mode="r")
    except (ValueError, EOFError, TypeError, SyntaxError, OverflowError) as error:
        problem = f"{path.name}: not a readable .npy array: {error}"
        remedy = "the file may be cut off; write it again with numpy.save(path, array, allow_pickle=False)"
        raise DataError(problem, allowed=_ALLOWED, remedy=remedy) from error


def _column(path: Path, array: np.ndarray, column: str, wanted: int) -> np.ndarray:
    fields = array.dtype.names
    if fields is None:
        if wanted > 1:
            problem = f"{path.name}: a plain array has one column, and {wanted} were asked for"
            raise DataError(problem, allowed=_ALLOWED, remedy="save a structured array with named fields")
        cells = array
    elif column not in fields:
        raise missing_column(path, column, fields)
    else:
        cells = array[column]
    if cells.dtype.kind not in "iuf" or cells.ndim != 1:
        raise bad_cell(path, 1, column, f"the type {cells.dtype} is not a real number", cells[0])
    return np.array(cells, dtype=np.float64)
