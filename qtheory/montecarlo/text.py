"""Plain-text tables of at most 100 columns, and numbers in them."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from qtheory.errors import MissingExtra
from qtheory.inference.interval import Interval

WIDTH = 100
_STYLES = {"holds": "green", "inconclusive": "yellow", "violated": "bold red", "WARNING": "bold red"}


@dataclass(frozen=True)
class Section:
    """A table with a title."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]


def render(parts: Iterable[str | Section], colour: bool = False) -> str:
    """Sections as tables and strings as wrapped lines; plain ASCII unless `colour`.

    Raises:
        MissingExtra: rich is not installed.

    >>> text = render([Section("Levels", ["q"], [["1/2"]]), "holds: all"])
    >>> "1/2" in text, text.splitlines()[-1]
    (True, 'holds: all')
    """
    try:
        from rich import box
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text
    except ImportError as error:
        raise MissingExtra("the text report needs rich", remedy="pip install rich, or use --json") from error
    system = "standard" if colour else None
    console = Console(file=io.StringIO(), width=WIDTH, force_terminal=colour, color_system=system)  # type: ignore[arg-type]
    frame = box.SIMPLE_HEAD if colour else box.ASCII
    for part in parts:
        if isinstance(part, str):
            console.print(Text(part, style=_STYLES.get(part.split(":", 1)[0], "")))
            continue
        table = Table(title=Text(part.title), title_justify="left", box=frame, pad_edge=False)
        for name in part.header:
            table.add_column(Text(name))
        for row in part.rows:
            table.add_row(*map(Text, row))
        console.print(table)
    lines = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def number(value: float | Fraction | None, digits: int = 6) -> str:
    """A number with this many significant digits; a dash where there is none, or where it is undefined.

    >>> number(2 / 3), number(None), number(float("inf"))
    ('0.666667', '-', 'inf')
    """
    return "-" if value is None or math.isnan(value) else f"{float(value):.{digits}g}"


def interval(ends: Interval | None, digits: int = 5) -> str:
    """An interval, its ends with this many significant digits."""
    return "-" if ends is None else f"[{ends.low:.{digits}g}, {ends.high:.{digits}g}]"
