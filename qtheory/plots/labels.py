"""Names written at the ends of curves, so that no legend has to be matched by colour, and numbers fit for captions."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from textwrap import fill
from typing import TYPE_CHECKING, Any

from qtheory.errors import InvalidInput

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LEADING = 1.3
_POINTS_PER_INCH = 72
_LONGEST = 7
# Of the figure's width, and of the size of the letters.
_FILLED, _WIDTH_OF_LETTER = 0.85, 0.47
_BELOW = 0.4
CAPTION = "caption"
"""The mark of a caption among the texts of its axes, and of its group in an SVG file."""


def label_ends(axes: Axes, ends: Sequence[tuple[str, float, float]], gap: float = 0.6) -> None:
    """Writes a name to the right of the end of each curve; names that would overlap are moved apart.

    Args:
        axes: with its limits and scales as they will be.
        ends: name, and the end's place in data units.
        gap: between the end and its name, in letter sizes.
    """
    if not ends:
        return
    size = _size_of("small")
    figure: Any = axes.get_figure(root=True)
    figure.draw_without_rendering()
    scale = _POINTS_PER_INCH / figure.dpi
    heights = [float(axes.transData.transform((x, y))[1]) * scale for _, x, y in ends]
    for (name, x, y), own, moved in zip(ends, heights, spread(heights, _LEADING * size), strict=True):
        axes.annotate(
            name, (x, y), (gap * size, moved - own), textcoords="offset points", va="center", ha="left", fontsize=size,
            color="0.1", annotation_clip=False,
        )  # fmt: skip


def caption(axes: Axes, text: str) -> None:
    """A line under the axes that says what the figure is about; the title is left to the user."""
    figure: Any = axes.get_figure(root=True)
    size = _size_of("small")
    letters = int(figure.get_figwidth() * _POINTS_PER_INCH * _FILLED / (_WIDTH_OF_LETTER * size))
    # hung from the label of the axis, which moves with the tick labels
    place: Any = ("axes fraction", axes.xaxis.label)
    axes.annotate(
        fill(text, max(letters, 20)), (0.0, 0.0), (0.0, -_BELOW * size), xycoords=place, textcoords="offset points",
        va="top", fontsize=size, color="0.25", annotation_clip=False, gid=CAPTION,
    )  # fmt: skip


def spread(places: Sequence[float], least: float) -> list[float]:
    """The places moved as groups, each about its own mean, until neighbours are `least` apart; the order stays.

    >>> spread([0.0, 1.0, 10.0], 4.0)
    [-1.5, 2.5, 10.0]
    """
    order = sorted(range(len(places)), key=lambda i: places[i])
    groups: list[list[int]] = []
    for i in order:
        groups.append([i])
        while len(groups) > 1 and _low(groups[-1], places, least) - _high(groups[-2], places, least) < least:
            last = groups.pop()
            groups[-1] += last
    moved = [0.0] * len(places)
    for group in groups:
        for step, i in enumerate(group):
            moved[i] = _low(group, places, least) + step * least
    return moved


def short(value: Any) -> str:
    """A number for a caption: a rational as it is if it is short, else four digits.

    >>> short(Fraction(1, 3)), short(0.123456), short(Fraction(12345, 67891))
    ('1/3', '0.1235', '0.1818')
    """
    text = str(value) if isinstance(value, Fraction) else ""
    return (text if text and len(text) <= _LONGEST else f"{float(value):.4g}").replace("-", "\N{MINUS SIGN}")


def rate(alpha: float) -> str:
    """An error rate, as mathematics.

    >>> rate(1e-6), rate(0.05), rate(2.5e-7)
    ('$10^{-6}$', '0.05', '$2.5\\\\times10^{-7}$')
    """
    if alpha >= 1e-3:
        return f"{alpha:g}"
    digits, _, power = f"{alpha:.2e}".partition("e")
    front = "" if float(digits) == 1 else rf"{float(digits):g}\times"
    return f"${front}10^{{{int(power)}}}$"


def finite(numbers: Sequence[Any], what: str) -> list[float]:
    """The numbers as floats.

    Raises:
        InvalidInput: one of them is not finite.
    """
    read = [float(number) for number in numbers]
    if not all(map(math.isfinite, read)):
        raise InvalidInput(f"{what} cannot be drawn", got=read, allowed="finite numbers")
    return read


def require(data: Any, kind: type, made_by: str) -> None:
    """Refuses what is not the value that a figure draws.

    >>> require(Fraction(1, 2), Fraction, "division")
    """
    if not isinstance(data, kind):
        raise InvalidInput("not what this figure draws", got=data, allowed=f"{kind.__name__}, as {made_by} gives it")


def several(data: Any, kind: type, made_by: str) -> list[Any]:
    """The values that a figure draws side by side, at least one.

    >>> several([Fraction(1, 2)], Fraction, "division")
    [Fraction(1, 2)]
    """
    if not isinstance(data, Iterable):
        raise InvalidInput("not several of what this figure draws", got=data, allowed=f"a list of {kind.__name__}")
    listed = list(data)
    if not listed:
        raise nothing_to_draw(f"at least one {kind.__name__}, as {made_by} gives it")
    for one in listed:
        require(one, kind, made_by)
    return listed


def nothing_to_draw(allowed: str) -> InvalidInput:
    """What a plot function says of empty data."""
    return InvalidInput("there is nothing to draw", got=[], allowed=allowed)


def _low(group: list[int], places: Sequence[float], least: float) -> float:
    return sum(places[i] for i in group) / len(group) - least * (len(group) - 1) / 2


def _high(group: list[int], places: Sequence[float], least: float) -> float:
    return _low(group, places, least) + least * (len(group) - 1)


def _size_of(name: str) -> float:
    from matplotlib.font_manager import FontProperties

    return float(FontProperties(size=name).get_size_in_points())
