"""Where in the user's own code something stands, as an error tells it."""

from __future__ import annotations

import dis
import linecache
import os
from types import CodeType


def source_place(file: str, line: int, function: str = "") -> str:
    """The file, the line and what stands on it.

    Args:
        file: as a code object or a traceback names it.
        line: from 1.
        function: the name of the function that the line is of, if it is of one.

    >>> source_place("<stdin>", 3, "doubling")
    '<stdin>:3, in doubling'
    """
    relative = os.path.relpath(file) if os.path.isabs(file) else file
    shown = file if relative.startswith(os.pardir) else relative
    text = linecache.getline(file, line).strip()
    return f"{shown}:{line}" + (f", in {function}" if function else "") + (f": `{text}`" if text else "")


def place_of_return(code: CodeType) -> str:
    """Where a function returns what it returns; the last such place if there are several."""
    returns = [step.positions for step in dis.get_instructions(code) if step.opname.startswith("RETURN_")]
    lines = [at.lineno for at in returns if at is not None and at.lineno is not None]
    return source_place(code.co_filename, lines[-1] if lines else code.co_firstlineno, code.co_name)


def place_of_decorator(code: CodeType) -> str:
    """Where a function begins, with its decorators."""
    return source_place(code.co_filename, code.co_firstlineno, code.co_name)
