"""How figures look and how they are written: colour-blind safe, TeX-free, and the same bytes each time."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from qtheory.errors import InvalidInput, MissingExtra

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito (2008): told apart with every common colour vision, and in print.
BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"
COLOURS = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY)
DASHES = ("-", "--", "-.", ":")
COLUMN_WIDTH = 3.4
"""Inches: one column of a two-column page."""
_HEIGHT = 2.5
_DPI = 300
_STYLE = MappingProxyType(
    {
        "font.family": "STIXGeneral",
        "mathtext.fontset": "stix",
        "font.size": 9,
        "axes.titlesize": 9,
        "axes.labelsize": 9,
        "legend.fontsize": 7.5,
        "legend.frameon": False,
        "xtick.labelsize": 8,
        "ytick.labelsize": 8,
        "lines.linewidth": 1.3,
        "pdf.fonttype": 42,
        "text.usetex": False,
        "svg.hashsalt": "qtheory",
    }
)
# without these a file carries the date and the version, and two equal figures differ
_TIMELESS = MappingProxyType(
    {".png": {"Software": None}, ".pdf": {"CreationDate": None, "Producer": None}, ".svg": {"Date": None}}
)


def styled() -> Any:
    """A context in which matplotlib draws and writes in this style.

    Raises:
        MissingExtra: matplotlib is not installed.
    """
    return _matplotlib().rc_context(dict(_STYLE))


def new_axes(width: float = COLUMN_WIDTH, height: float = _HEIGHT) -> Axes:
    """Axes on a figure of their own, sized in inches.

    Raises:
        MissingExtra: matplotlib is not installed.
    """
    with styled():
        # not pyplot: a library must neither choose a backend nor keep figures open
        axes = _matplotlib().figure.Figure(figsize=(width, height), layout="constrained").subplots()
        axes.spines[["top", "right"]].set_visible(False)
        return axes


def check_figure_path(path: Path) -> None:
    """Refuses an ending that no figure has, before any work is done for it."""
    if path.suffix.lower() not in _TIMELESS:
        raise InvalidInput("a figure needs a known ending", got=path.name, allowed=", ".join(_TIMELESS))


def save_figure(drawn: Axes | Figure, path: Path | str) -> None:
    """Writes a figure; equal figures give equal bytes.

    Args:
        drawn: the figure, or axes on it.
        path: ends in `.png`, `.pdf` or `.svg`.

    Raises:
        InvalidInput: another ending, or a place that cannot be written to.
    """
    target = Path(path)
    check_figure_path(target)
    get = getattr(drawn, "savefig", None)
    figure: Any = drawn if get is not None else drawn.get_figure(root=True)  # type: ignore[union-attr]
    with styled():
        try:
            figure.savefig(target, metadata=dict(_TIMELESS[target.suffix.lower()]), dpi=_DPI)
        except OSError as error:
            raise InvalidInput(f"the figure cannot be written: {error.strerror or error}", got=str(target)) from error


def _matplotlib() -> Any:
    try:
        import matplotlib
        import matplotlib.figure
    except ImportError as error:
        remedy = 'pip install "qtheory[plot]"'
        raise MissingExtra("figures need matplotlib, which is in the extra `plot`", remedy=remedy) from error
    return matplotlib
