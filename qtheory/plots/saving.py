"""How figures are written: the same bytes each time, with what made them beside them."""

from __future__ import annotations

import json
import os
import shlex
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from qtheory.aliases import Json
from qtheory.errors import InvalidInput
from qtheory.plots.looks import matplotlib, style_of
from qtheory.statements.record import Record, make_record

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# without these a file carries the date and the version, and two equal figures differ
_TIMELESS = MappingProxyType(
    {
        ".png": {"Software": None},
        ".pdf": {"CreationDate": None, "Producer": None, "Creator": None},
        ".svg": {"Date": None, "Creator": None},
    }
)
_SCHEMA = 1


def check_figure_path(path: Path) -> None:
    """Refuses an ending that no figure has, a missing matplotlib, and a place that cannot be written to.

    To be called before any work is done for the figure.
    """
    matplotlib()
    if path.suffix.lower() not in _TIMELESS:
        raise InvalidInput("a figure needs a known ending", got=path.name, allowed=", ".join(_TIMELESS))
    if path.is_dir():
        remedy = f"name a file in it, such as {path / ('figure' + path.suffix)}"
        raise InvalidInput("the figure cannot be written: this is a folder", got=str(path), remedy=remedy)
    _check_folder(path.parent, path)
    for file in (path, sidecar_path(path)):
        if file.exists() and not os.access(file, os.W_OK):
            remedy = "give the figure another name"
            raise InvalidInput(
                "the figure cannot be written: the file is write-protected", got=str(file), remedy=remedy
            )


def _check_folder(folder: Path, path: Path) -> None:
    said = "the figure cannot be written: "
    if not folder.exists():
        remedy = f"make it with `mkdir -p {shlex.quote(str(folder))}`, or name a file in another folder"
        raise InvalidInput(f"{said}the folder {folder} does not exist", got=str(path), remedy=remedy)
    if not folder.is_dir():
        raise InvalidInput(f"{said}{folder} is not a folder", got=str(path), remedy="name a file in a folder")
    if not os.access(folder, os.W_OK | os.X_OK):
        remedy = "name a file in a folder of yours"
        raise InvalidInput(f"{said}you may not write to the folder {folder}", got=str(path), remedy=remedy)


def save_figure(drawn: Axes | Figure, path: Path | str, *, record: Record | None = None) -> None:
    """Writes a figure; equal figures give equal bytes.

    Args:
        drawn: the figure, or axes on it.
        path: ends in `.png`, `.pdf` or `.svg`.
        record: of what made its numbers, as `figure_record` or a run gives it. It is written beside the figure, under the
            same name with `.json` after it.

    Raises:
        InvalidInput: another ending, or a place that cannot be written to.
        MissingExtra: matplotlib is not installed.
    """
    target = Path(path)
    check_figure_path(target)
    figure = _figure(drawn)
    fixed = {"svg.hashsalt": "qtheory", "pdf.fonttype": 42, "text.usetex": False}
    with style_of(figure), matplotlib().rc_context(fixed):
        try:
            figure.savefig(target, metadata=dict(_TIMELESS[target.suffix.lower()]))
            write_sidecar(target, record)
        except OSError as error:
            remedy = "make room, or name a file elsewhere"
            problem = f"the figure cannot be written: {error.strerror or error}"
            raise InvalidInput(problem, got=str(target), remedy=remedy) from error


def figure_record(what: str, configuration: Json, key: int = 0) -> Record:
    """The record of a figure: what it shows, every parameter its numbers depend on, the seed, and the versions.

    Args:
        what: the claim, or the name of the figure.
        configuration: JSON-ready.
        key: the seed of the random streams; 0 where there are none.

    >>> record = figure_record("cost-bound", {"base": "normal(0, 1)", "q": ["1/10"]}, key=3)
    >>> record.command, record.key, len(record.configuration_hash)
    ('figure cost-bound', 3, 64)
    """
    try:
        return make_record(f"figure {what}", configuration, key)
    except TypeError as error:
        raise InvalidInput("the configuration is not JSON", got=configuration, remedy="str(q) for levels") from error


def sidecar_path(path: Path | str) -> Path:
    """Where the record of a figure lies.

    >>> sidecar_path("frontier.svg").name
    'frontier.svg.json'
    """
    return Path(f"{path}.json")


def write_sidecar(path: Path, record: Record | None, **drawn_with: str) -> None:
    """Writes the record beside a figure, with the versions of what drew it; nothing without a record."""
    if record is None:
        return
    tools = drawn_with or {"matplotlib": str(matplotlib().__version__)}
    document = {"schema": _SCHEMA, "figure": path.name, "drawn_with": tools, "record": record.to_json()}
    sidecar_path(path).write_text(
        json.dumps(document, indent=2, sort_keys=True, allow_nan=False) + "\n", encoding="utf-8"
    )


def _figure(drawn: Any) -> Any:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    if isinstance(drawn, Axes):
        return drawn.get_figure(root=True)
    if isinstance(drawn, Figure):
        return drawn
    raise InvalidInput("not something drawn", got=drawn, allowed="the axes that a plot function returns, or a figure")
