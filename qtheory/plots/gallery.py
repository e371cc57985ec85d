"""The figures of a verification run: the power-safety frontier, the rank densities, and targeted impact."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from qtheory.base.continuous import Continuous
from qtheory.errors import InvalidInput
from qtheory.frontiers.frontier import frontier
from qtheory.impact.normal import exponential_amplification, tail_amplification
from qtheory.plots.frontier_figure import plot_frontier
from qtheory.plots.rank_density_figure import plot_rank_densities
from qtheory.plots.side_effect_figure import plot_side_effects
from qtheory.plots.style import new_axes, save_figure
from qtheory.policies.rank_density import TopSlice, top_of_draws
from qtheory.problem import Problem

LEVELS = ("1", "1/2", "1/4", "1/10", "1/30", "1/100")
SAMPLES = 1_000_000
# Ten levels a decade, from 1 to 1/1000.
SIDE_LEVELS = tuple(Fraction(round(10 ** (6 - k / 10)), 10**6) for k in range(31))


def write_gallery(folder: Path, key: int = 0) -> tuple[Path, ...]:
    """Write `frontier.png`, `rank_densities.png` and `targeted_impact.png` into a folder, which is made if need be.

    The frontier is that of standard normal actions with U = x and a hidden cost that rises with x; the densities
    are those of optimizers that all multiply a cost by at most 5. Targeted impact is that of normal side quantities.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidInput("the folder for figures cannot be made", got=str(folder), remedy=str(error)) from error
    problem = Problem(Continuous("normal(0,1)"), cost="1/(1 + exp(4 - 2*x))")
    curve = frontier(problem, LEVELS, cost_max=1, samples=SAMPLES, key=key)
    densities = [TopSlice(Fraction(1, 5)), top_of_draws(5, 1), top_of_draws(20, 4), TopSlice(Fraction(1))]
    drawn = {
        "frontier.png": plot_frontier(curve, new_axes()),
        "rank_densities.png": plot_rank_densities(densities, new_axes()),
        "targeted_impact.png": plot_side_effects(side_effects(), new_axes()),
    }
    for name, axes in drawn.items():
        save_figure(axes, folder / name)
    return tuple(folder / name for name in drawn)


def side_effects() -> dict[str, list[tuple[float, float]]]:
    """How much the quantilizer raises costs of a side quantity Y, by its correlation with the utility."""
    costs = {rf"$e^Y$, $\rho={rho}$": _exponential(rho) for rho in ("1", "0.5", "0", "-0.5")}
    costs[r"$1\{Y>2\}$, $\rho=0.5$"] = [(float(q), tail_amplification(q, "0.5", 2)) for q in SIDE_LEVELS]
    return costs


def _exponential(rho: str) -> list[tuple[float, float]]:
    return [(float(q), exponential_amplification(q, rho)) for q in SIDE_LEVELS]
