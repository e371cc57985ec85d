"""The figure of rank densities: where in the base's ranking policies put their mass."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from qtheory.errors import InvalidInput
from qtheory.plots.labels import several
from qtheory.plots.looks import look, new_axes, styled, thin
from qtheory.policies.rank import RankPolicy
from qtheory.policies.rank_density import AbstractRankDensity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_POINTS = 1200
_BEYOND = 50.0  # the axis begins where even the narrowest density is flat


def plot_rank_densities(policies: Iterable[AbstractRankDensity | RankPolicy], ax: Axes | None = None) -> Axes:
    r"""Draws the density $g(s)$ of each policy on the top rank $s$, rank 0 being best.

    Args:
        policies: rank densities, or policies that have one.
        ax: where to draw; a new figure of column width if None.

    Returns:
        The axes, logarithmic in rank, since what matters happens near the top.

    Raises:
        InvalidInput: a policy that is not given by its ranks, or none at all.
        MissingExtra: matplotlib is not installed.
    """
    densities = [_density(policy) for policy in several(policies, object, "an optimizer")]
    tallest = float(max(density.supremum for density in densities))
    with styled():
        axes = new_axes() if ax is None else ax
        ranks = np.geomspace(1 / (_BEYOND * tallest), 1.0, _POINTS)
        for i, density in enumerate(densities):
            axes.plot(
                ranks, density.density(ranks), label=str(density.estimand), **look(i)._asdict(), markevery=_marks(i)
            )
        axes.axhline(1.0, color="0.6", lw=thin(), ls=":", zorder=0)
        axes.set_xscale("log")
        axes.set_xlim(ranks[0], 1.0)
        axes.set_ylim(bottom=0.0)
        axes.set_xlabel("top rank $s$ (0 is best)")
        axes.set_ylabel(r"density ratio $w=d\pi/d\gamma$")
        axes.legend(loc="best")
    return axes


def _marks(place: int) -> tuple[int, int]:
    """A few marks a curve, not above those of its neighbour."""
    return 40 + 37 * place, _POINTS // 5


def _density(policy: Any) -> AbstractRankDensity:
    if isinstance(policy, AbstractRankDensity):
        return policy
    if isinstance(policy, RankPolicy):
        return policy.density
    raise InvalidInput("not a policy given by its ranks", got=policy, allowed="a rank density or a RankPolicy")
