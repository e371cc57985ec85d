r"""What is wrong with a user's file of claims that Python could not run: the line, and what may have been meant."""

from __future__ import annotations

import builtins
import difflib
import importlib
import inspect
import re
import sys
import traceback
from pathlib import Path
from typing import Any

from qtheory import symbols
from qtheory.errors import InvalidInput
from qtheory.statements.source_place import source_place

_UNKNOWN_NAME = re.compile(r"cannot import name '(\w+)' from '([\w.]+)'")
_UNKNOWN_KEYWORD = re.compile(r"(\w+)(?:\.__init__)?\(\) got an unexpected keyword argument '(\w+)'")
_MEND = "mend the line; the file is run as Python"


def own_place(file: Path, error: BaseException) -> str:
    """The innermost line of the file that an error passed through, or that is no Python; "" if there is none."""
    path = str(file.absolute())
    if isinstance(error, SyntaxError) and error.filename == path and error.lineno:
        return source_place(path, error.lineno)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == path]
    if not frames:
        return ""
    last = frames[-1]
    return source_place(path, last.lineno or 1, "" if last.name == "<module>" else last.name)


def could_not_run(file: Path, error: BaseException, names: dict[str, Any]) -> InvalidInput:
    """The error of the file as one of ours.

    Args:
        file: the file.
        error: what running it raised.
        names: what the file had defined by then.
    """
    said = str(error) if not isinstance(error, SyntaxError) else error.msg
    problem = f"the file {file.name} could not be run"
    got = f"{type(error).__name__}: {said}" if said else type(error).__name__
    remedy = _meant(error, names) or _MEND
    return InvalidInput(problem, got=got, remedy=remedy, where=own_place(file, error))


def _meant(error: BaseException, names: dict[str, Any]) -> str:
    if isinstance(error, NameError) and error.name:
        return _meant_name(error.name, names)
    if isinstance(error, AttributeError) and error.name:
        return _did_you_mean(error.name, dir(error.obj))
    if isinstance(error, ImportError):
        return _meant_import(str(error))
    if isinstance(error, TypeError) and "'str'" in str(error):
        return "write a number without quotes, and an exact fraction as sympy.Rational(1, 3)"
    if isinstance(error, TypeError):
        return _meant_keyword(str(error))
    return ""


def _meant_name(name: str, names: dict[str, Any]) -> str:
    if name == "qt":
        return "write `import qtheory as qt` above"
    known = vars(symbols)
    if name in known:
        return f"write `from qtheory.symbols import {name}` above"
    return _did_you_mean(name, [*names, *symbols.table(), *vars(builtins)])


def _meant_import(text: str) -> str:
    match = _UNKNOWN_NAME.search(text)
    module = sys.modules.get(match[2]) if match else None
    return _did_you_mean(match[1], dir(module)) if match and module else ""


def _meant_keyword(text: str) -> str:
    match = _UNKNOWN_KEYWORD.search(text)
    public = importlib.import_module("qtheory")
    if match is None or match[1] not in dir(public):
        return ""
    called = getattr(public, match[1])
    known = [name for name in inspect.signature(called).parameters if name != "self"] if callable(called) else []
    return _did_you_mean(match[2], known) or f"{match[1]} takes {', '.join(known)}"


def _did_you_mean(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, 1)
    return f"did you mean {close[0]}?" if close else ""
