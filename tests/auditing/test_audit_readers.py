"""Every format gives the same numbers, and every bad file is refused with its row, line and column."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from qtheory.auditing import csv_scores, parquet_scores
from qtheory.auditing.files import file_line, read_scores
from qtheory.errors import DataError, MissingExtra

REWARD, HARM = [0.1, -2.5, 1e-3, 7.0], [0.0, 1.0, 0.5, 0.25]


def _write(path: Path) -> Path:
    rows = list(zip(REWARD, HARM, strict=True))
    if path.suffix == ".csv":
        path.write_text("text,reward,harm\n" + "".join(f"x,{a!r},{b!r}\n" for a, b in rows))
    elif path.suffix == ".npy":
        np.save(path, np.array(rows, dtype=[("reward", "f8"), ("harm", "f4")]))
    elif path.suffix == ".parquet":
        arrow = pytest.importorskip("pyarrow")
        import pyarrow.parquet

        pyarrow.parquet.write_table(arrow.table({"reward": REWARD, "harm": HARM}), path)
    else:
        path.write_text("".join(json.dumps({"reward": a, "harm": b, "text": "\u2028"}) + "\n" for a, b in rows))
    return path


@pytest.mark.parametrize("name", ["s.csv", "s.jsonl", "s.ndjson", "s.npy", "s.parquet", "S.CSV"])
def test_every_format_gives_the_same_columns(tmp_path: Path, name: str) -> None:
    path = _write(tmp_path / name.lower()).rename(tmp_path / name)
    values = read_scores(str(path), ["harm", "reward", "harm"])
    assert list(values) == ["harm", "reward"]
    assert values["reward"].tolist() == REWARD
    assert values["harm"].tolist() == HARM
    assert all(column.dtype == np.float64 for column in values.values())


def test_plain_npy_is_one_column_of_any_name(tmp_path: Path) -> None:
    np.save(tmp_path / "s.npy", np.arange(3, dtype=np.int32))
    assert read_scores(tmp_path / "s.npy", ["reward"])["reward"].tolist() == [0, 1, 2]


def test_csv_dialect_quotes_bom_crlf_and_blank_end(tmp_path: Path) -> None:
    text = '\ufeff"text","re, ""ward"""\r\n"a,\r\nb"," 1.5 "\r\n"c""d","-2e-1"\r\nlast,.5\r\n\r\n\r\n'
    (tmp_path / "s.csv").write_bytes(text.encode())
    assert read_scores(tmp_path / "s.csv", ['re, "ward"'])['re, "ward"'].tolist() == [1.5, -0.2, 0.5]
    assert file_line(tmp_path / "s.csv", 2) == 4


def test_csv_field_limit_is_lent_not_taken(tmp_path: Path) -> None:
    before = csv_scores.csv.field_size_limit()
    (tmp_path / "s.csv").write_text(f"text,reward\n{'x' * 200_000},1\n")
    assert read_scores(tmp_path / "s.csv", ["reward"])["reward"].tolist() == [1.0]
    assert csv_scores.csv.field_size_limit() == before


_MANY = "".join(f"{i}\n" for i in range(20_000))
_BAD = [
    ("s.csv", b"", r"s\.csv: the file is empty"),
    ("s.csv", b"reward\n", r"no row below"),
    ("s.csv", b"reward\n\n\n", r"no row below"),
    ("s.csv", b"\nreward\n1\n", r"first line is blank"),
    ("s.csv", b"text,score\nx,1\n", r"no column 'reward'(.|\n)*'text', 'score'"),
    ("s.csv", b"reward,a,reward\n1,2,3\n", r"'reward' 2 times"),
    ("s.csv", b"reward\n1\nabc\n", r"row 2 \(file line 3\), column 'reward': not a number(.|\n)*'abc'"),
    ("s.csv", b'text,reward\n"a\nb",1\n"c\nd",x\n', r"row 2 \(file line 5\), column 'reward'"),
    ("s.csv", f"reward\n{_MANY}1_000\n".encode(), r"row 20001 \(file line 20002\), column 'reward': not a number"),
    ("s.csv", "reward\n\u0661\n".encode(), r"row 1 \(file line 2\), column 'reward': not a number"),
    ("s.csv", b"reward,b\n,2\n", r"row 1 \(file line 2\), column 'reward': the cell is empty"),
    ("s.csv", b"reward\n1\nnan\n", r"row 2 \(file line 3\), column 'reward': not a finite number"),
    ("s.csv", b"reward\n1\n-inf\n", r"row 2 \(file line 3\), column 'reward': not a finite number"),
    ("s.csv", b"reward\n1e999\n", r"row 1 \(file line 2\), column 'reward': not a finite number"),
    ("s.csv", b"a,reward\n1,2\n3\n", r"row 2 \(file line 3\) has 1 of 2 cells"),
    ("s.csv", b"a,reward\n1,2\n3,4,5\n", r"row 2 \(file line 3\) has 3 of 2 cells"),
    ("s.csv", b"reward\n1\n\n2\n", r"row 2 \(file line 3\) is blank"),
    ("s.csv", f"reward\n{_MANY}\n\n5\n".encode(), r"row 20001 \(file line 20002\) is blank"),
    ("s.csv", b'text,reward\nx,1\n"open,2\n', r"file line 3 is not CSV"),
    ("s.csv", b'text,reward\n"a"b,1\n', r"file line 2 is not CSV"),
    ("s.csv", b"text,reward\nx,1\n\xe9,2\n", r"file line 3 is not UTF-8 \(byte 1"),
    ("s.csv", "reward\n1\n".encode("utf-16"), r"file line 1 is not UTF-8"),
    ("s.jsonl", b"", r"s\.jsonl: the file is empty"),
    ("s.jsonl", b'{"reward": 1}\n{"reward": 2', r"row 2 \(file line 2\) is not JSON"),
    ("s.jsonl", b'{"score": 1}\n', r"no column 'reward'(.|\n)*'score'"),
    (
        "s.jsonl",
        b'{"reward": 1}\n{"score": 1}\n',
        r"row 2 \(file line 2\), column 'reward': the object has no such key",
    ),
    ("s.jsonl", b'{"reward": 1}\n\n{"reward": 1}\n', r"row 2 \(file line 2\) is blank"),
    ("s.jsonl", b'{"reward": "0.5"}\n', r"row 1 \(file line 1\), column 'reward': not a number"),
    ("s.jsonl", b'{"reward": true}\n', r"row 1 \(file line 1\), column 'reward': not a number"),
    ("s.jsonl", b'{"reward": null}\n', r"row 1 \(file line 1\), column 'reward': not a number"),
    ("s.jsonl", b'{"reward": 1' + b"0" * 400 + b"}\n", r"row 1 \(file line 1\), column 'reward': not a number"),
    ("s.jsonl", b'{"reward": 1}\n{"reward": NaN}\n', r"row 2 \(file line 2\), column 'reward': not a finite number"),
    ("s.jsonl", b'{"reward": 1, "reward": 2}\n', r"row 1 \(file line 1\), column 'reward': the key occurs more"),
    ("s.jsonl", b"[1, 2]\n", r"row 1 \(file line 1\) is not a JSON object"),
    ("s.jsonl", b"[" * 100_000 + b"\n", r"row 1 \(file line 1\) is not JSON"),
    ("s.jsonl", b'{"reward": 1, "t": "\xff"}\n', r"file line 1 is not UTF-8"),
    ("s.npy", b"", r"s\.npy: the file is empty"),
    ("s.npy", b"\x93NUMPY\x01\x00", r"not a readable \.npy array"),
    ("s.npy", b"PK\x03\x04 something else", r"not a readable \.npy array"),
    ("s.parquet", b"PAR1 cut off", r"not a readable Parquet file"),
    ("s.parquet", b"", r"not a readable Parquet file"),
    ("s.txt", b"1\n", r"unknown ending(.|\n)*\.csv"),
    ("s", b"1\n", r"unknown ending"),
]


@pytest.mark.parametrize(("name", "content", "message"), _BAD)
def test_a_bad_file_is_refused_where_it_is_bad(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    if name.endswith(".parquet"):
        pytest.importorskip("pyarrow")
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=message):
        read_scores(tmp_path / name, ["reward"])


_ARRAYS = [
    (np.zeros((3, 2)), r"shape \(3, 2\)"),
    (np.float64(1.0), r"shape \(\)"),
    (np.zeros(0), r"the array is empty"),
    (np.array(["a"]), r"column 'reward': the type <U1"),
    (np.array([True]), r"column 'reward': the type bool"),
    (np.array([1j]), r"column 'reward': the type complex128"),
    (np.array([0.0, 1.0, np.inf]), r"row 3, column 'reward': not a finite number"),
    (np.array([(1.0,)], dtype=[("score", "f8")]), r"no column 'reward'(.|\n)*'score'"),
    (np.array([object()]), r"not a readable \.npy array"),
]


@pytest.mark.parametrize(("array", "message"), _ARRAYS)
def test_an_array_that_is_no_column_is_refused(tmp_path: Path, array: np.ndarray, message: str) -> None:
    np.save(tmp_path / "s.npy", array, allow_pickle=True)
    with pytest.raises(DataError, match=message):
        read_scores(tmp_path / "s.npy", ["reward"])


def test_a_plain_array_has_no_second_column_and_a_cut_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "s.npy"
    np.save(path, np.arange(100.0))
    with pytest.raises(DataError, match="2 were asked for"):
        read_scores(path, ["reward", "harm"])
    path.write_bytes(path.read_bytes()[:-8])
    with pytest.raises(DataError, match=r"not a readable \.npy array"):
        read_scores(path, ["reward"])


def test_parquet_refusals_name_row_and_column(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    import pyarrow.parquet

    path = tmp_path / "s.parquet"
    cases = [([1.0, None], r"row 2, column 'reward': the cell is empty"), (["a"], r"'reward' does not hold numbers")]
    cases += [([1.0, float("nan")], r"row 2, column 'reward': not a finite"), ([True], r"does not hold numbers")]
    for cells, message in cases:
        pyarrow.parquet.write_table(arrow.table({"reward": cells}), path)
        with pytest.raises(DataError, match=message):
            read_scores(path, ["reward"])
    with pytest.raises(DataError, match=r"no column 'harm'(.|\n)*'reward'"):
        read_scores(path, ["harm"])
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DataError, match="not a readable Parquet file"):
        read_scores(path, ["reward"])


def test_parquet_without_pyarrow_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    (tmp_path / "s.parquet").write_bytes(b"")
    with pytest.raises(MissingExtra, match=r'pip install "qtheory\[data\]"'):
        parquet_scores.read_parquet(tmp_path / "s.parquet", ["reward"])


def test_a_directory_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(DataError, match="this is a directory"):
        read_scores(tmp_path / "folder.csv", ["reward"])
    for ending in (".csv", ".jsonl", ".npy", ".parquet"):
        with pytest.raises(DataError, match="no such file"):
            read_scores(tmp_path / f"missing{ending}", ["reward"])


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs the peak memory that Linux reports")
def test_a_million_rows_stay_small(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    values = np.random.default_rng(0).standard_normal(1_000_000)
    path.write_text("text,reward\n" + "".join(f"a,{x!r}\n" for x in values.tolist()))
    # the peak of getrusage is inherited from the parent process, the one in /proc is not
    program = (
        "import sys; from qtheory.auditing.files import read_scores\n"
        "x = read_scores(sys.argv[1], ['reward'])['reward']\n"
        "peak = next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM'))\n"
        "print(repr(float(x.sum())), peak)"
    )
    root = str(Path(csv_scores.__file__).parents[2])
    command = [sys.executable, "-c", program, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": root})
    total, kilobytes = done.stdout.split()
    assert float(total) == float(values.sum())
    assert int(kilobytes) < 120_000  # interpreter and numpy about 40 MB, the column twice 16 MB, one block of rows
