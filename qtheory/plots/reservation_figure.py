"""The construction of the reservation value: the steepest chord is a tangent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtheory.frontiers.reservation_picture import ReservationPicture
from qtheory.plots.labels import caption, finite, require, short
from qtheory.plots.looks import BLUE, VERMILION, em, new_axes, star, styled, thin

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_reservation(picture: ReservationPicture, ax: Axes | None = None) -> Axes:
    r"""Draws $T(q) = q\,E_Q[U]$, chords from $(0, \varepsilon)$ of which the slopes are guarantees, and the tangent.

    Args:
        picture: as `reservation_picture` gives it.
        ax: where to draw; a new figure if None.

    Raises:
        InvalidInput: something in it is not finite.
        MissingExtra: matplotlib is not installed.
    """
    require(picture, ReservationPicture, "reservation_picture")
    shares = finite([point.q for point in picture.points], "a level")
    carried = finite([point.carried for point in picture.points], "a value")
    across, up = finite(picture.touch, "the tangent")
    start = float(picture.epsilon)
    with styled():
        axes = new_axes() if ax is None else ax
        axes.plot([0.0, *shares], [0.0, *carried], color=BLUE, label=r"$T(q)=q\,E_Q[U]$")
        _draw_chords(picture, axes)
        label = rf"tangent, slope $\tau$ = {short(picture.value)}"
        axes.axline((0.0, start), (across, up), color=VERMILION, ls=(0, (5, 1.6)), label=label)
        axes.plot(across, up, "s", color=VERMILION)
        axes.plot(0.0, start, "o", color="black", clip_on=False, zorder=5)
        axes.annotate(r"$\varepsilon$", (0.0, start), (em(0.5), -em(1.1)), textcoords="offset points")
        name, beside = f"$q^*$ = {short(picture.touch[0])}", (em(0.7), -em(1))
        axes.annotate(name, (across, up), beside, textcoords="offset points", fontsize="small")
        axes.set_xlim(0.0, 1.0)
        axes.set_xlabel("level $q$")
        axes.set_ylabel("utility carried by the best share")
        caption(axes, rf"base {picture.base}, $\varepsilon$ = {short(picture.epsilon)}")
        axes.legend(loc="best", handlelength=3.2)
    return axes


def _draw_chords(picture: ReservationPicture, axes: Axes) -> None:
    """Two of the chords that are less steep, one on either side of the tangent."""
    touch = float(picture.touch[0])
    for wish, dash in ((touch / 3, ":"), ((2 + touch) / 3, "-.")):
        point = min(picture.points, key=lambda point: abs(float(point.q) - wish))
        label = f"chord to $q$ = {short(point.q)}, slope {short(point.guarantee)}"
        ends = [0.0, float(point.q)], [float(picture.epsilon), float(point.carried)]
        axes.plot(*ends, color="0.45", lw=thin(), ls=dash, zorder=1, label=label)
        axes.plot(ends[0][1], ends[1][1], "|", color="0.3", ms=star())
