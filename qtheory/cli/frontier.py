"""`qtheory frontier`: value against worst-case cost, and optimizers side by side."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from qtheory.cli.engine_options import drawing, engine_options
from qtheory.cli.options import json_option, key_option
from qtheory.cli.simulate import configuration, read_problem, simulate_world, world_options
from qtheory.cli.where import leads


@click.command(name="frontier")
@world_options
@engine_options
@click.option(
    "--epsilon", metavar="EPS", help="Bound on the mean hidden cost, in units of utility; E_base[c] if left out."
)
@click.option(
    "--match",
    type=click.Choice(["factor", "kl"]),
    default="factor",
    show_default=True,
    help="Compare optimizers at equal cost factor or equal KL.",
)
@key_option()
@json_option()
def command(as_json: bool, plot: Path | None, epsilon: str | None, match: str, **given: Any) -> None:
    """Value, worst-case cost and guarantee of quantilizers, and how best-of-n and others compare."""
    from qtheory.frontiers.compare import compare
    from qtheory.frontiers.frontier import frontier_of, sampled_levels
    from qtheory.frontiers.table import frontier_text
    from qtheory.montecarlo.document import run_record
    from qtheory.montecarlo.simulate import read_levels, read_samples

    if plot is not None:
        from qtheory.plots.saving import check_figure_path

        check_figure_path(plot)
    problem = read_problem(given)
    levels = read_levels(given["levels"].split(","))
    seen = sampled_levels(problem, levels, read_samples(given["samples"]))
    factors, cost_max = [1 / q for q in levels], given["cost_max"]
    with drawing(given) as engine:
        run = simulate_world(problem, given, engine, seen)
        # where this draws, it draws what was drawn before, and finds it in the ledger if there is one
        table = compare(problem, factors, match, cost_max=cost_max, samples=run.samples, key=run.key, engine=engine)  # type: ignore[arg-type]
    if not leads():
        return
    curve = frontier_of(problem, run, epsilon, levels)
    asked = {**configuration(given, run, levels), "epsilon": epsilon, "match": match}
    record = run_record("frontier", asked, run.key)
    if as_json:
        document = {"schema": 1, "frontier": curve.to_json(), "comparison": table.to_json(), "record": record.to_json()}
        click.echo(json.dumps(document, indent=2, allow_nan=False))
    else:
        click.echo(frontier_text(curve, table, colour=sys.stdout.isatty()), nl=False)
    # last, so that a figure that cannot be drawn or written costs nobody the result
    if plot is not None:
        _save_plot(curve, plot, record)


def _save_plot(curve: Any, path: Path, record: Any) -> None:
    from qtheory.plots.frontier_figure import plot_frontier
    from qtheory.plots.saving import save_figure

    save_figure(plot_frontier(curve), path, record=record)
