"""`qtheory simulate`: quantilizers of a world given by formulas, by Monte Carlo."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qtheory.cli.engine_options import drawing, engine_options
from qtheory.cli.options import json_option, key_option, levels_option, read_rate
from qtheory.cli.until import simulate_until, until_option
from qtheory.cli.where import leads
from qtheory.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from qtheory.montecarlo.engine import Engine
    from qtheory.montecarlo.result import WorldSimulation
    from qtheory.problem import Problem
    from qtheory.statements.record import Record


def world_options(command: Any) -> Any:
    """The options that give a world, shared with `qtheory frontier`."""
    for option in (
        click.option("--base", required=True, metavar="LAW", help="The base distribution, such as 'normal(0,1)'."),
        click.option("--utility", default="x", show_default=True, metavar="F", help="Proxy utility, a formula in x."),
        click.option("--cost", metavar="F", help="Hidden cost, a formula in x with values in [0, --cost-max]."),
        click.option("--cost-max", metavar="C", help="The cap that holds for every possible cost."),
        levels_option(default="1/100,1/10"),
        click.option("--samples", default="1e6", show_default=True, metavar="N", help="Draws, such as 1e7."),
        click.option("--alpha", default="1e-6", show_default=True, help="Error rate of all intervals of the run."),
        click.option("--utility-range", metavar="LO,HI", help="A range that holds for every possible utility."),
        click.option("--plot", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
                     help="Write a .png, .pdf or .svg figure."),
    )[::-1]:  # fmt: skip
        command = option(command)
    return command


@click.command(name="simulate")
@world_options
@engine_options
@until_option
@key_option()
@json_option()
@click.pass_context
def command(ctx: click.Context, as_json: bool, plot: Path | None, until: str | None, **given: Any) -> None:
    """Quantilize a world given by formulas: E_Q[U], E_Q[c] and the cost bound, with intervals.

    All levels are read off one stream of draws. Exits with 1 if the cost bound is contradicted. With --ledger FILE the
    same command goes on where it was interrupted, and ends in the same bytes.
    """
    from qtheory.cli.main import EXIT_VIOLATED

    if plot is not None:
        from qtheory.plots.saving import check_figure_path

        check_figure_path(plot)
    problem = read_problem(given)
    if until is not None:
        if simulate_until(ctx, problem, {**given, "plot": plot}, as_json):
            ctx.exit(EXIT_VIOLATED)
        return
    with drawing(given) as engine:
        run = simulate_world(problem, given, engine)
    if leads():
        _show(problem, run, given, as_json, plot)
    if run.violated:
        ctx.exit(EXIT_VIOLATED)


def _show(problem: Problem, run: WorldSimulation, given: dict[str, Any], as_json: bool, plot: Path | None) -> None:
    from qtheory.montecarlo.document import run_record, simulation_document
    from qtheory.montecarlo.table import simulation_text

    record = run_record("simulate", configuration(given, run), run.key)
    if as_json:
        document = simulation_document(run, record)
        click.echo(json.dumps(document, indent=2, allow_nan=False))
    else:
        click.echo(simulation_text(run, colour=sys.stdout.isatty()), nl=False)
    # last, so that a figure that cannot be drawn or written costs nobody the result
    if plot is not None:
        _save_plot(problem, run, plot, record)


def read_problem(given: dict[str, Any]) -> Problem:
    """The problem that the options describe."""
    from qtheory.base.continuous import Continuous
    from qtheory.problem import Problem

    if given["cost"] is None and given["cost_max"] is not None:
        raise InvalidInput("--cost-max needs a --cost", got=given["cost_max"])
    if given["cost"] is None and given.get("sum_costs"):
        raise InvalidInput("--sum-costs needs a --cost", got="--sum-costs")
    return Problem(Continuous(given["base"]), utility=given["utility"], cost=given["cost"])


def simulate_world(
    problem: Problem, given: dict[str, Any], engine: Engine, levels: Sequence[Fraction] | None = None
) -> WorldSimulation:
    """Run the simulation that the options describe, at other levels if given."""
    from qtheory.montecarlo.simulate import simulate_problem

    return simulate_problem(
        problem,
        levels or given["levels"].split(","),
        given["cost_max"],
        given["samples"],
        given["key"],
        read_rate(given["alpha"]),
        utility_range=read_range(given["utility_range"]),
        engine=engine,
    )


def read_range(text: str | None) -> tuple[str, str] | None:
    """The two ends of "LO,HI", as text that is read exactly later.

    >>> read_range("-1,1")
    ('-1', '1')
    """
    if text is None:
        return None
    ends = text.split(",")
    if len(ends) != 2:
        raise InvalidInput("a range has two ends", got=text, allowed="LO,HI such as -10,10")
    return ends[0], ends[1]


def configuration(
    given: dict[str, Any], run: WorldSimulation, levels: Sequence[Fraction] | None = None
) -> dict[str, Any]:
    """Every argument that the numbers depend on, in canonical form; with the levels asked for, if not the run's."""
    shown = [level.q for level in run.levels] if levels is None else levels
    world = {name: given[name] for name in ("base", "utility", "cost", "cost_max", "utility_range")}
    how = {"exact": given["exact"], "sum_costs": given["sum_costs"]}
    return {**world, "q": [str(q) for q in shown], "samples": run.samples, "alpha": run.alpha, **how}


def _save_plot(problem: Problem, run: WorldSimulation, path: Path, record: Record) -> None:
    from qtheory.frontiers.frontier import frontier_of
    from qtheory.plots.frontier_figure import plot_frontier
    from qtheory.plots.saving import save_figure

    save_figure(plot_frontier(frontier_of(problem, run)), path, record=record)
