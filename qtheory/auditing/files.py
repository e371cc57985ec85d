"""Reading a file of scores, whatever its format."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from qtheory.auditing.csv_scores import line_of_row, read_csv
from qtheory.auditing.jsonl_scores import read_jsonl
from qtheory.auditing.npy_scores import read_npy
from qtheory.auditing.parquet_scores import read_parquet
from qtheory.errors import DataError

_READERS: dict[str, Callable[[Path, Sequence[str]], dict[str, np.ndarray]]] = {
    ".csv": read_csv,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".npy": read_npy,
    ".parquet": read_parquet,
}


def read_scores(path: str | os.PathLike[str], columns: Sequence[str]) -> dict[str, np.ndarray]:
    """The named columns of a score file, as float64 arrays in the order of the file.

    Args:
        path: a file that ends in `.csv`, `.jsonl`, `.ndjson`, `.npy` or `.parquet` (the last needs the extra `data`).
        columns: the columns to read; a plain `.npy` array has one, which takes the name asked for.

    Returns:
        Each column name with its values, shape [rows]; every value is finite.

    Raises:
        DataError: the file cannot be read as scores; names the row, the file line and the column where it can.
        MissingExtra: the format needs a library that is not installed.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "scores.csv"
    ...     _ = file.write_text("answer,reward\\nyes,0.5\\nno,-1\\n")
    ...     read_scores(file, ["reward"])["reward"].tolist()
    [0.5, -1.0]
    """
    file = Path(path)
    reader = _READERS.get(file.suffix.lower())
    if file.is_dir():
        raise DataError(f"{file.name or file}: this is a directory", got=str(path), allowed="a file of scores")
    if reader is None:
        raise DataError(f"{file.name}: unknown ending", got=file.suffix, allowed=", ".join(_READERS))
    try:
        # opened once first, because the libraries behind the readers word a missing file in their own ways
        file.open("rb").close()
        return reader(file, list(dict.fromkeys(columns)))
    except FileNotFoundError as error:
        remedy = f"check the spelling; it was looked for in {file.absolute().parent}"
        raise DataError(f"{file.name}: there is no such file", got=str(path), remedy=remedy) from error
    except OSError as error:
        raise DataError(f"{file.name}: cannot be read: {error.strerror or error}", got=str(path)) from error


def file_line(path: str | os.PathLike[str], row: int) -> int | None:
    """The file line on which a data row ends, both from 1; None for a format without lines."""
    file = Path(path)
    ending = file.suffix.lower()
    if ending == ".csv":
        return line_of_row(file, row)
    return row if ending in (".jsonl", ".ndjson") else None
