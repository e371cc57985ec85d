"""`qtheory falsify`: look for exact counterexamples."""

from __future__ import annotations

import click

from qtheory.cli.options import (
    claims_argument,
    jobs_option,
    json_option,
    key_option,
    read_claims,
    read_count,
    reader_for,
)


@click.command(name="falsify")
@claims_argument()
@click.option("--examples", default="500", show_default=True, help="Exact instances tried per part.")
@jobs_option()
@key_option()
@json_option()
@click.pass_context
def command(
    ctx: click.Context, targets: tuple[str, ...], examples: str, jobs: int | None, key: int, as_json: bool
) -> None:
    """Look for exact counterexamples to claims, and to the wrong twins of the built-in ones.

    Exits with 1 if a claim is violated, or vacuous: it says nothing.
    """
    from qtheory.checking.verify import verify
    from qtheory.cli.main import EXIT_VIOLATED
    from qtheory.cli.progress import Progress
    from qtheory.report.document import report_document
    from qtheory.report.table import report_text

    claims, count = read_claims(targets), read_count(examples, "--examples")
    progress = Progress()
    reader = reader_for(claims, jobs)
    reports = tuple(verify(claims, ("falsify",), examples=count, key=key, progress=progress, reader=reader))
    progress.done()
    click.echo(report_document(reports, {"examples": count}, key) if as_json else report_text(reports, None))
    if any(report.fails for report in reports):
        ctx.exit(EXIT_VIOLATED)
