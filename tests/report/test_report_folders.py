"""Folders of a run are tried before it and made after it, and there is never half of a file."""

from __future__ import annotations

import importlib
import os
from pathlib import Path

import pytest

from qtheory.cli.main import run
from qtheory.cli.places import check_folder
from qtheory.errors import InvalidInput
from qtheory.report.files import write_files

FALSE = """
import qtheory as qt
from qtheory.symbols import E, c, q, w

@qt.claim("Costs grow no more", policy=qt.Quantilizer(q), given=[c >= 0])
def refuted():
    return E(w * c) <= E(c)
"""


def everything(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


@pytest.mark.parametrize("option", ["--report", "--witness"])
def test_an_interrupted_run_leaves_no_folder(option, tmp_path, monkeypatch, capsys):
    verify = importlib.import_module("qtheory.checking.verify")

    def interrupted(*given, **settings):
        assert everything(tmp_path) == []
        raise KeyboardInterrupt

    monkeypatch.setattr(verify, "verify", interrupted)
    assert run(["verify", "cost-bound", option, str(tmp_path / "new" / "out")]) == 130
    assert everything(tmp_path) == []


def test_witnesses_make_their_folder_only_if_there_are_any(tmp_path, capsys):
    place = tmp_path / "witnesses"
    assert run(["verify", "cost-bound", "--reading", "falsify", "--examples", "20", "--witness", str(place)]) == 0
    assert not place.exists()
    (tmp_path / "false.py").write_text(FALSE)
    assert run(["verify", str(tmp_path / "false.py"), "--reading", "falsify", "--witness", str(place)]) == 1
    assert everything(place) == ["refuted.json"]


@pytest.mark.parametrize("option", ["--report", "--witness"])
def test_a_place_where_no_folder_can_be_is_refused_before_the_run(option, tmp_path, monkeypatch, capsys):
    verify = importlib.import_module("qtheory.checking.verify")
    monkeypatch.setattr(verify, "verify", lambda *given, **settings: pytest.fail("it ran"))
    (tmp_path / "file").write_text("")
    assert run(["verify", "cost-bound", option, str(tmp_path / "file" / "out")]) == 3
    said = capsys.readouterr().err
    assert f"the folder of {option} cannot be made in {tmp_path / 'file'}: Not a directory" in said
    assert f"remedy:  give {option} a folder of yours" in said
    assert everything(tmp_path) == ["file"]


def test_a_folder_is_tried_and_left_as_it_is(tmp_path, monkeypatch):
    check_folder(None, "--report")
    check_folder(tmp_path, "--report")
    check_folder(tmp_path / "a" / "b", "--report")
    monkeypatch.chdir(tmp_path)
    check_folder(Path("relative"), "--report")
    assert everything(tmp_path) == []
    with pytest.raises(InvalidInput, match="you may not write to the folder of --report"):
        check_folder(Path("/proc/self"), "--report")


def test_files_are_written_all_or_none(tmp_path, monkeypatch):
    place = tmp_path / "new" / "out"
    assert write_files(place, {"a": "1", "b": "2"}, "the report") == (place / "a", place / "b")
    assert everything(place) == ["a", "b"]
    write = Path.write_text

    def full(path, text, **settings):
        write(path, text[:1], **settings)
        if text == "second two":
            raise OSError(28, "No space left on device")
        return len(text)

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(InvalidInput, match="the report cannot be written: No space left on device") as error:
        write_files(place, {"a": "second one", "b": "second two"}, "the report")
    assert "make room" in error.value.remedy
    assert [(place / name).read_text() for name in everything(place)] == ["1", "2"]


def test_an_interruption_while_writing_leaves_what_was_there(tmp_path, monkeypatch):
    def interrupted(path, text, **settings):
        path.touch()
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_text", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_files(tmp_path / "out", {"a": "1"}, "the report")
    assert everything(tmp_path) == []


def test_new_files_have_the_rights_that_new_files_have(tmp_path):
    before = os.umask(0o027)
    try:
        [file] = write_files(tmp_path, {"a": "1"}, "the report")
    finally:
        os.umask(before)
    assert file.stat().st_mode & 0o777 == 0o640
