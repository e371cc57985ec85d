"""Text in columns: the last one is wrapped, so that no line is longer than the terminal or, in a pipe, than 100."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Sequence

PIPE_WIDTH = 100
# Where less than this is left for the last column, it goes below the others.
_LEAST = 24
_GAP = 2
_BELOW = "    "


def text_width() -> int:
    """How many columns a line may have: those of the terminal, or 100 where nobody looks on."""
    return shutil.get_terminal_size((PIPE_WIDTH, 24)).columns if sys.stdout.isatty() else PIPE_WIDTH


def in_columns(rows: Sequence[tuple[str, ...]], width: int | None = None) -> str:
    """The rows below each other, with the last column wrapped and everything else aligned.

    Args:
        rows: of equal length.
        width: of a line; `text_width()` if None.

    >>> print(in_columns([("cost-bound", "A cost grows by at most 1/q, whatever it is"), ("x", "short")], 40))
    cost-bound  A cost grows by at most 1/q,
                whatever it is
    x           short
    """
    across = text_width() if width is None else width
    sizes = [max(map(len, column)) for column in zip(*rows, strict=True)][:-1]
    indent = " " * sum(size + _GAP for size in sizes)
    if across - len(indent) < _LEAST:
        below = [_wrapped(row[-1], max(across - len(_BELOW), _LEAST), _BELOW) for row in rows]
        return "\n".join(f"{_head(row, sizes).rstrip()}\n{_BELOW}{last}" for row, last in zip(rows, below, strict=True))
    beside = [_wrapped(row[-1], across - len(indent), indent) for row in rows]
    return "\n".join(f"{_head(row, sizes)}{last}".rstrip() for row, last in zip(rows, beside, strict=True))


def _head(row: tuple[str, ...], sizes: Sequence[int]) -> str:
    return "".join(cell.ljust(size + _GAP) for cell, size in zip(row, sizes, strict=False))


def _wrapped(text: str, room: int, indent: str) -> str:
    return f"\n{indent}".join(textwrap.wrap(text, room, break_on_hyphens=False))
