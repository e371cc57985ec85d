"""An unclosed quote is reported where it opens, however far the reader ran on."""

from __future__ import annotations

import pytest

from qtheory.auditing.files import read_scores
from qtheory.errors import DataError

ROWS = [f'"answer {i}",{i}' for i in range(1, 401)]


def written(tmp_path, rows):
    path = tmp_path / "s.csv"
    path.write_text("\n".join(["text,reward", *rows]) + "\n")
    return path


@pytest.mark.parametrize(("ends", "runs_on_to"), [(400, 202), (200, 201)])
def test_the_line_on_which_the_quote_opens_is_named(tmp_path, ends, runs_on_to):
    rows = ROWS[:ends]
    rows[199] = '"answer 200,200'
    with pytest.raises(DataError) as error:
        read_scores(written(tmp_path, rows), ["reward"])
    ran_on = f" opens a quote that runs on to file line {runs_on_to}, which" if runs_on_to > 201 else ""
    assert f"file line 201{ran_on} is not CSV" in error.value.problem
    assert "close every quote" in error.value.remedy


def test_to_the_end_of_the_file_where_no_quote_follows(tmp_path):
    rows = [f"{i},{i}" for i in range(1, 401)]
    rows[199] = '"200,200'
    with pytest.raises(DataError, match="file line 201 opens a quote that runs on to file line 401, which is not CSV"):
        read_scores(written(tmp_path, rows), ["reward"])


def test_a_cell_of_several_lines_shifts_no_line(tmp_path):
    rows = ['"two\nlines",1', *ROWS]
    assert len(read_scores(written(tmp_path, rows), ["reward"])["reward"]) == 401
    rows[2] = '"answer,2'
    with pytest.raises(DataError, match="file line 5 opens a quote"):
        read_scores(written(tmp_path, rows), ["reward"])


def test_a_missing_file_is_looked_for_in_a_folder_that_is_named(tmp_path):
    with pytest.raises(DataError, match="there is no such file") as error:
        read_scores(tmp_path / "s.csv", ["reward"])
    assert str(tmp_path) in error.value.remedy
