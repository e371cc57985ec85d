"""`qtheory audit`: what a quantilizer gains on a file of scores, and what it may cost."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qtheory.cli.options import levels_option
from qtheory.errors import InvalidInput

if TYPE_CHECKING:
    from qtheory.auditing.result import Audit
    from qtheory.statements.record import Record


@click.command(name="audit")
@click.argument("scores", type=click.Path(path_type=Path))
@click.option("--utility", required=True, metavar="COLUMN", help="The column of proxy utilities.")
@click.option(
    "--utility-range", metavar="LO,HI", help="A range that holds for every possible utility: rigorous intervals."
)
@click.option("--cost", metavar="COLUMN", help="The column of hidden costs, each in [0, --cost-max].")
@click.option("--cost-max", metavar="C", help="The cap that holds for every possible cost.")
@click.option(
    "--cost-mean", metavar="EPS", help="Stated bound on the base's expected cost: gives the floor and a verdict."
)
@click.option(
    "--cost-limit", metavar="L", help="Stated limit on the quantilizer's expected cost: a verdict for each q."
)
@levels_option(default="1/10,1/100")
@click.option(
    "--alpha", default="1e-6", show_default=True, help="Error rate of the whole run, split over all statements."
)
@click.option("--key", default=0, show_default=True, help="Seed of the tie-break among equal utilities.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option(
    "--plot", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write a .png, .pdf or .svg figure."
)
@click.pass_context
def command(
    ctx: click.Context,
    scores: Path,
    utility: str,
    utility_range: str | None,
    cost: str | None,
    cost_max: str | None,
    cost_mean: str | None,
    cost_limit: str | None,
    levels: str,
    alpha: str,
    key: int,
    as_json: bool,
    plot: Path | None,
) -> None:
    """Audit SCORES (.csv, .jsonl, .ndjson, .npy or .parquet): draw n, keep the top k = ceil(q n), pick one.

    Each row of SCORES is one independent draw from the base distribution. Exits with 1 if a verdict is "violated".
    """
    from qtheory.auditing.document import run_record
    from qtheory.auditing.files import file_line, read_scores
    from qtheory.auditing.inputs import Source
    from qtheory.auditing.run import audit
    from qtheory.plots.audit_figure import check_figure_path, save_audit_figure

    if plot is not None:
        check_figure_path(plot)
    names = {"utility": utility} if cost is None else {"utility": utility, "cost": cost}
    declared = None if utility_range is None else parse_range(utility_range)
    columns = read_scores(scores, list(names.values()))
    report = audit(
        columns[utility],
        None if cost is None else columns[cost],
        q=levels.split(","),
        utility_range=declared,
        cost_max=cost_max,
        cost_mean=cost_mean,
        cost_limit=cost_limit,
        alpha=alpha,
        key=key,
        source=Source(utility, cost or "cost", lambda row: file_line(scores, row)),
    )
    record = run_record(scores, names, report)
    _print(report, record, as_json)
    # last, so that a figure that cannot be drawn or written costs nobody the result
    if plot is not None:
        save_audit_figure(report, plot, record)
    if report.violated:
        ctx.exit(1)


def parse_range(text: str) -> tuple[str, str]:
    """The two ends of "LO,HI", as text that is read exactly later.

    >>> parse_range("-10,10")
    ('-10', '10')
    """
    ends = text.split(",")
    if len(ends) != 2:
        raise InvalidInput("a range has two ends", got=text, allowed="LO,HI such as -10,10")
    return ends[0], ends[1]


def _print(report: Audit, record: Record, as_json: bool) -> None:
    from qtheory.auditing.document import audit_document
    from qtheory.auditing.table import audit_text

    if as_json:
        document = audit_document(report, record.to_json())
        click.echo(json.dumps(document, indent=2, allow_nan=False))
    else:
        click.echo(audit_text(report, colour=sys.stdout.isatty()), nl=False)
