"""What a simulation found, beside what was proved: the growth of a cost against its bound."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtheory.errors import InvalidInput
from qtheory.montecarlo.result import CostAtLevel, WorldSimulation
from qtheory.plots.labels import caption, nothing_to_draw, rate, require
from qtheory.plots.looks import Look, look, new_axes, styled, thin

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_bound_and_simulation(run: WorldSimulation, ax: Axes | None = None) -> Axes:
    r"""Draws $E_Q[c]/E_\gamma[c]$ with its interval at each level, under the bound $1/q$.

    Args:
        run: a simulation of a problem with costs, at most six.
        ax: where to draw; a new figure if None.

    Raises:
        InvalidInput: the problem had no cost, or none was ever seen.
        MissingExtra: matplotlib is not installed.
    """
    require(run, WorldSimulation, "simulate_problem")
    names = [cost.name for cost in run.base_costs]
    seen = [cost for level in run.levels for cost in level.costs if cost.amplification.value is not None]
    if not names or not seen:
        raise nothing_to_draw("a simulation of a problem with a cost that occurs")
    factors = sorted(float(level.factor) for level in run.levels)
    with styled():
        axes = new_axes() if ax is None else ax
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.plot(factors, factors, color="black", lw=thin(), label="bound $1/q$ (proved)", zorder=1)
        for place, name in enumerate(names):
            _draw(run, place, name, look(place + 1), axes)
        axes.set_xlabel("cost factor $1/q$")
        axes.set_ylabel(r"$E_Q[c]\,/\,E_\gamma[c]$")
        base = f"base {run.base}, " * bool(run.base)
        caption(axes, rf"{base}{_count(run.samples)} draws, intervals at $\alpha$ = {rate(run.alpha)} together")
        axes.legend(loc="best")
    return axes


def _draw(run: WorldSimulation, place: int, name: str, style: Look, axes: Axes) -> None:
    rows = [(float(level.factor), _named(level.costs, name)) for level in run.levels]
    shown = [(x, cost) for x, cost in rows if cost.amplification.value is not None]
    for x, cost in shown:
        interval = cost.amplification.interval
        if interval is not None:
            axes.plot([x, x], [interval.low, interval.high], "_-", color=style.color, zorder=2)
    label = "simulated" if len(run.base_costs) == 1 else f"simulated, {name}"
    places = [x for x, _ in shown], [float(cost.amplification.value or 0.0) for _, cost in shown]
    axes.plot(*places, ls="none", marker=style.marker, color=style.color, label=label, zorder=4)
    truths = [(x, cost.amplification.truth) for x, cost in shown if cost.amplification.truth is not None]
    if truths:
        known = "quadrature" if len(run.base_costs) == 1 else f"quadrature, {name}"
        axes.plot(*zip(*sorted(truths), strict=True), ls=style.ls, color="0.45", label=known, zorder=3)


def _named(costs: tuple[CostAtLevel, ...], name: str) -> CostAtLevel:
    found = next((cost for cost in costs if cost.name == name), None)
    if found is None:
        raise InvalidInput("a level has no such cost", got=name, allowed=[cost.name for cost in costs].__repr__())
    return found


def _count(samples: int) -> str:
    # not a plain space: a caption must not be broken inside a number
    return f"{samples:,}".replace(",", "\N{NO-BREAK SPACE}")
