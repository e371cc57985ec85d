"""How figures look: one style for a post, one for a paper, one for slides; told apart in colour and in grey."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

from qtheory.errors import InvalidInput, MissingExtra

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito (2008): told apart with every common colour vision.
BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"
STYLES = ("post", "paper", "slides")
COLUMN_WIDTH = 3.4
"""Inches: one column of a two-column page."""
_FOLDER = Path(__file__).parent / "styles"
_INSIDE: ContextVar[str | None] = ContextVar("qtheory_style", default=None)
# A figure is written in the style it was drawn in, wherever that happens.
_DRAWN_IN: WeakKeyDictionary[Figure, str] = WeakKeyDictionary()


class Look(NamedTuple):
    """How one series is drawn. Without colour, dash and marker still tell it from the others."""

    color: str
    ls: Any
    marker: str


LOOKS = (
    Look(BLUE, "-", "o"),
    Look(VERMILION, (0, (5, 1.6)), "s"),
    Look(GREEN, (0, (6, 1.6, 1.2, 1.6)), "^"),
    Look(PURPLE, (0, (1.2, 1.4)), "D"),
    Look(ORANGE, (0, (3, 1.3, 1, 1.3, 1, 1.3)), "v"),
    Look(SKY, (0, (9, 2.5)), "P"),
)


def look(place: int) -> Look:
    """The look of the series at a place, counted from zero.

    Raises:
        InvalidInput: more series than can be told apart.
    """
    if place >= len(LOOKS):
        remedy = "draw fewer on one axis"
        raise InvalidInput("too many series to tell apart", got=place + 1, allowed=str(len(LOOKS)), remedy=remedy)
    return LOOKS[place]


@contextmanager
def style(name: str) -> Iterator[None]:
    """Everything drawn inside is in the style for a "post", a two-column "paper" or "slides".

    What you set in `matplotlib.rcParams` inside is respected. Outside of any style figures are drawn as for a paper.

    Raises:
        InvalidInput: another name.
        MissingExtra: matplotlib is not installed.

    >>> import pytest; _ = pytest.importorskip("matplotlib")
    >>> with style("slides"):
    ...     new_axes().get_figure().get_size_inches().tolist()
    [10.6, 5.9]
    """
    path = style_file(name)
    # matplotlib's own defaults first: nobody's configuration file changes a figure
    with matplotlib().style.context(path, after_reset=True):
        token = _INSIDE.set(name)
        try:
            yield
        finally:
            _INSIDE.reset(token)


def style_file(name: str) -> Path:
    """The `.mplstyle` file of a style, for `matplotlib.style.use`.

    >>> style_file("paper").name
    'paper.mplstyle'
    """
    if name not in STYLES:
        raise InvalidInput("not a style", got=name, allowed=", ".join(STYLES))
    return _FOLDER / f"{name}.mplstyle"


def styled() -> Any:
    """The style one is in, or that of a paper.

    Raises:
        MissingExtra: matplotlib is not installed.
    """
    matplotlib()
    return style("paper") if _INSIDE.get() is None else nullcontext()


def style_of(figure: Figure) -> Any:
    """The style that a figure was drawn in, to write it in."""
    name = _DRAWN_IN.get(figure)
    return styled() if name is None or name == _INSIDE.get() else style(name)


def new_axes(width: float | None = None, height: float | None = None) -> Axes:
    """Axes on a figure of their own, in inches; the style's own size if left out.

    Raises:
        MissingExtra: matplotlib is not installed.
    """
    with styled():
        across, up = matplotlib().rcParams["figure.figsize"]
        size = (across if width is None else width, up if height is None else height)
        # not pyplot: a library must neither choose a backend nor keep figures open
        figure = matplotlib().figure.Figure(figsize=size, layout="constrained")
        _DRAWN_IN[figure] = _INSIDE.get() or "paper"
        return figure.subplots()


def star() -> float:
    """The size of a mark that stands out in this style."""
    return 2.6 * float(matplotlib().rcParams["lines.markersize"])


def thin() -> float:
    """The width of a line that only guides the eye."""
    return 1.2 * float(matplotlib().rcParams["axes.linewidth"])


def em(times: float) -> float:
    """A distance on the page in points, by the size of the letters."""
    return times * float(matplotlib().rcParams["font.size"])


def matplotlib() -> Any:
    """The library itself.

    Raises:
        MissingExtra: it is not installed.
    """
    try:
        import matplotlib
        import matplotlib.figure
        import matplotlib.style
    except ImportError as error:
        remedy = 'pip install "qtheory[plot]"'
        raise MissingExtra("figures need matplotlib, which is in the extra `plot`", remedy=remedy) from error
    return matplotlib
