"""The figures of a verification run: the power-safety frontier, the rank densities, and targeted impact."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from qtheory.aliases import Json
from qtheory.base.continuous import Continuous
from qtheory.errors import InvalidInput
from qtheory.frontiers.frontier import frontier
from qtheory.impact.curves import amplification_curves
from qtheory.plots.frontier_figure import plot_frontier
from qtheory.plots.looks import new_axes
from qtheory.plots.rank_density_figure import plot_rank_densities
from qtheory.plots.saving import figure_record, save_figure
from qtheory.plots.side_effect_figure import plot_side_effects
from qtheory.policies.rank_density import TopSlice, top_of_draws
from qtheory.problem import Problem

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEVELS = ("1", "1/2", "1/4", "1/10", "1/30", "1/100")
SAMPLES = 1_000_000
_BASE, _COST = "normal(0,1)", "1/(1 + exp(4 - 2*x))"


def write_gallery(folder: Path, key: int = 0) -> tuple[Path, ...]:
    """Write `frontier.png`, `rank_densities.png` and `targeted_impact.png` into a folder, which is made if need be.

    The frontier is that of standard normal actions with U = x and a hidden cost that rises with x; the densities
    are those of optimizers that all multiply a cost by at most 5. Targeted impact is that of normal side quantities.
    Beside each lies its record.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidInput("the folder for figures cannot be made", got=str(folder), remedy=str(error)) from error
    curve = frontier(Problem(Continuous(_BASE), cost=_COST), LEVELS, cost_max=1, samples=SAMPLES, key=key)
    densities = [TopSlice(Fraction(1, 5)), top_of_draws(5, 1), top_of_draws(20, 4), TopSlice(Fraction(1))]
    run = {"base": _BASE, "cost": _COST, "q": list(LEVELS), "samples": SAMPLES}
    drawn: dict[str, tuple[Axes, Json]] = {
        "frontier.png": (plot_frontier(curve), run),
        "rank_densities.png": (plot_rank_densities(densities), {"densities": [str(d.estimand) for d in densities]}),
        "targeted_impact.png": (plot_side_effects(amplification_curves(), new_axes(4.4, 2.8)), {"model": "normal"}),
    }
    for name, (axes, configuration) in drawn.items():
        save_figure(axes, folder / name, record=figure_record(name.removesuffix(".png"), configuration, key))
    return tuple(folder / name for name in drawn)
