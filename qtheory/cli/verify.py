"""`qtheory verify`: every claim, three readings, one table, an exit code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qtheory.cli.options import (
    claims_argument,
    jobs_option,
    json_option,
    key_option,
    read_claims,
    read_count,
    read_rate,
    reader_for,
)

if TYPE_CHECKING:
    from qtheory.checking.prove import Teller

# What a first look needs: every proof, and enough instances to refute the plainly false.
QUICK = {"samples": 10_000, "examples": 40}
_CHOICES = click.Choice(["prove", "falsify", "simulate"])


@click.command(name="verify")
@claims_argument()
@click.option("--reading", "readings", multiple=True, type=_CHOICES, help="Only this reading; may be repeated.")
@click.option("--samples", default="1e5", show_default=True, help="Draws per cell of the simulated reading.")
@click.option("--alpha", default="1e-6", show_default=True, help="Chance of any wrong sampled verdict in the run.")
@click.option("--examples", default="200", show_default=True, help="Exact instances tried per part.")
@click.option("--quick", is_flag=True, help=f"At most {QUICK['samples']} draws and {QUICK['examples']} instances.")
@jobs_option()
@key_option()
@json_option()
@click.option(
    "--witness",
    "witness_folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write each counterexample to DIR/<claim>.json, for `qtheory replay`.",
)
@click.option(
    "--plot",
    "plot_folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write the power-safety frontier and the rank densities to DIR.",
)
@click.option(
    "--report",
    "report_folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write the run to DIR as a page (index.html), Markdown, LaTeX and JSON.",
)
@click.pass_context
def command(
    ctx: click.Context,
    targets: tuple[str, ...],
    readings: tuple[str, ...],
    samples: str,
    alpha: str,
    examples: str,
    quick: bool,
    jobs: int | None,
    key: int,
    as_json: bool,
    witness_folder: Path | None,
    plot_folder: Path | None,
    report_folder: Path | None,
) -> None:
    """Prove, falsify and simulate claims: all built-in ones, those named, or those that a file of yours states.

    A file of claims is run as your own Python code. Exits with 1 if a claim is violated or vacuous or its
    derivation is refused, with 4 if a proof meets a violation.
    """
    from qtheory.checking.verify import verify
    from qtheory.cli.compilation_cache import use_compilation_cache
    from qtheory.cli.main import EXIT_CONTRADICTION, EXIT_VIOLATED
    from qtheory.cli.places import check_folder
    from qtheory.cli.progress import Progress
    from qtheory.report.document import report_document
    from qtheory.report.table import report_text

    claims = read_claims(targets)
    check_folder(witness_folder, "--witness")
    check_folder(report_folder, "--report")
    if plot_folder is not None:
        from qtheory.plots.looks import matplotlib

        matplotlib()
    check_folder(plot_folder, "--plot")
    asked = tuple(readings) or ("prove", "falsify", "simulate")
    options = {
        "samples": read_count(samples, "--samples"),
        "alpha": read_rate(alpha),
        "examples": read_count(examples, "--examples"),
    }
    if quick:
        options |= {name: min(options[name], most) for name, most in QUICK.items()}
    if "simulate" in asked:
        use_compilation_cache()
    teller: Teller | None = None
    if report_folder is not None:
        from qtheory.report.told import tell
        from qtheory.report.write import write_reports

        teller = tell
    progress, reader = Progress(), reader_for(claims, jobs)
    found = verify(claims, asked, **options, key=key, progress=progress, reader=reader, teller=teller)  # type: ignore[arg-type]
    reports = tuple(found)
    if report_folder is not None:
        write_reports(report_folder, reports, options, key, progress)
    progress.done()
    if as_json:
        click.echo(report_document(reports, options, key))
    else:
        click.echo(report_text(reports, options["alpha"]))
    # last, so that a file that cannot be written costs nobody the result
    if witness_folder is not None:
        _write_witnesses(reports, witness_folder)
    if plot_folder is not None:
        from qtheory.plots.gallery import write_gallery

        write_gallery(plot_folder, key)
    statuses = {report.status for report in reports}
    if "contradiction" in statuses:
        ctx.exit(EXIT_CONTRADICTION)
    if any(report.fails for report in reports):
        ctx.exit(EXIT_VIOLATED)


def _write_witnesses(reports: tuple, folder: Path) -> None:
    import json

    from qtheory.report.files import write_files

    found = {report.claim.slug: v.witness for report in reports for v in report.verdicts if v.witness is not None}
    texts = {f"{slug}.json": json.dumps(witness.to_json(), indent=2) + "\n" for slug, witness in found.items()}
    if texts:
        write_files(folder, texts, "the witnesses")
