"""How figures are written: the same bytes each time, with what made them beside them."""

from __future__ import annotations

import json
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
    """Refuses an ending that no figure has, and a missing matplotlib, before any work is done for the figure."""
    matplotlib()
    if path.suffix.lower() not in _TIMELESS:
        raise InvalidInput("a figure needs a known ending", got=path.name, allowed=", ".join(_TIMELESS))


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
            raise InvalidInput(f"the figure cannot be written: {error.strerror or error}", got=str(target)) from error


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
