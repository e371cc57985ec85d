"""`qtheory simulate --until decided`: draw no more than the verdicts need."""

from __future__ import annotations

import json
import sys
from typing import Any

import click
from click.core import ParameterSource

from qtheory.cli.engine_options import drawing
from qtheory.cli.options import read_rate
from qtheory.cli.where import leads
from qtheory.errors import InvalidInput


def until_option(command: Any) -> Any:
    """The option `--until`."""
    text = "Stop as soon as every bound is decided, at --samples at the latest (then 1e9 unless given)."
    return click.option("--until", type=click.Choice(["decided"]), help=text)(command)


def simulate_until(ctx: click.Context, problem: Any, given: dict[str, Any], as_json: bool) -> bool:
    """Run it and print what it says; True if a bound is violated."""
    from qtheory.montecarlo.document import run_record
    from qtheory.montecarlo.until import MOST_SAMPLES, decided_text, simulate_until_decided

    for option in ("exact", "plot", "utility_range"):
        if given[option]:
            name = "--" + option.replace("_", "-")
            raise InvalidInput(
                "--until decided says nothing but verdicts", got=name, remedy=f"leave out {name} or --until"
            )
    chosen = ctx.get_parameter_source("samples") is not ParameterSource.DEFAULT
    most, rate = given["samples"] if chosen else MOST_SAMPLES, read_rate(given["alpha"])
    with drawing(given) as engine:
        run = simulate_until_decided(
            problem, given["levels"].split(","), given["cost_max"], most, given["key"], rate, engine=engine
        )
    if not leads():
        return run.violated
    if as_json:
        world = {name: given[name] for name in ("base", "utility", "cost", "cost_max")}
        q = list(dict.fromkeys(str(one.q) for one in run.bounds))
        configuration = {**world, "q": q, "samples": run.most, "alpha": run.alpha, "until": "decided"}
        record = run_record("simulate", configuration, run.key).to_json()
        click.echo(json.dumps({"schema": 1, "decided": run.to_json(), "record": record}, indent=2, allow_nan=False))
    else:
        click.echo(decided_text(run, colour=sys.stdout.isatty()), nl=False)
    return run.violated
