"""`qtheory prove`: carry out derivations."""

from __future__ import annotations

import click

from qtheory.cli.options import claims_argument, json_option, read_claims


@click.command(name="prove")
@claims_argument()
@click.option("--steps", is_flag=True, help="Show every step.")
@json_option()
@click.pass_context
def command(ctx: click.Context, targets: tuple[str, ...], steps: bool, as_json: bool) -> None:
    """Carry out the derivations of claims and check every step.

    Exits with 1 if a claim that has a derivation is not proved by it.
    """
    from qtheory.checking.verify import verify
    from qtheory.cli.main import EXIT_VIOLATED
    from qtheory.cli.progress import Progress
    from qtheory.report.claim_text import steps_text
    from qtheory.report.document import report_document
    from qtheory.report.table import report_text

    claims = read_claims(targets)
    progress = Progress()
    reports = tuple(verify(claims, ("prove",), progress=progress))
    progress.done()
    if as_json:
        click.echo(report_document(reports, {}, 0))
    else:
        click.echo(report_text(reports, None))
        if steps:
            click.echo("\n\n".join(steps_text(report.claim) for report in reports))
    if any(report.derivation_refused for report in reports):
        ctx.exit(EXIT_VIOLATED)
