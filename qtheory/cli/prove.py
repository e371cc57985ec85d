"""`qtheory prove`: carry out derivations, and compile the Coq development."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from qtheory.cli.options import claims_argument, jobs_option, json_option, read_claims, reader_for

if TYPE_CHECKING:
    from qtheory.cli.progress import Progress
    from qtheory.prover.coq.compiler import Compilation


@click.command(name="prove")
@claims_argument()
@click.option("--steps", is_flag=True, help="Show every step.")
@click.option("--coq", "with_coq", is_flag=True, help="Also compile the machine-checked core with coqc.")
@jobs_option()
@json_option()
@click.pass_context
def command(
    ctx: click.Context, targets: tuple[str, ...], steps: bool, with_coq: bool, jobs: int | None, as_json: bool
) -> None:
    """Carry out the derivations of claims and check every step.

    With --coq, the theorems of proofs/coq are compiled in a temporary folder, and each part that has one is proved at
    trust COQ. Exits with 1 if a claim that has a derivation is not proved by it, if a claim is vacuous, or if Coq does
    not accept a file or a theorem assumes something; with 3 if coqc is asked for and not installed.
    """
    from qtheory.checking import coq_trust
    from qtheory.checking.verify import verify
    from qtheory.cli.main import EXIT_VIOLATED
    from qtheory.cli.progress import Progress
    from qtheory.errors import ProofError
    from qtheory.report.claim_text import steps_text
    from qtheory.report.coq_text import compilation_text
    from qtheory.report.document import report_document
    from qtheory.report.table import report_text

    claims = read_claims(targets)
    progress = Progress()
    try:
        compilation = _compile(progress) if with_coq else None
    except ProofError as error:
        progress.done()
        click.echo(f"qtheory: {error}", err=True)
        ctx.exit(EXIT_VIOLATED)
    reports = tuple(verify(claims, ("prove",), progress=progress, reader=reader_for(claims, jobs)))
    progress.done()
    if compilation is not None:
        reports = tuple(coq_trust.with_coq(report, compilation) for report in reports)
    if as_json:
        click.echo(report_document(reports, {"coq": True} if with_coq else {}, 0, compilation))
    else:
        click.echo(report_text(reports, None))
        if compilation is not None:
            click.echo(f"\n{compilation_text(compilation)}")
        if steps:
            click.echo("\n\n".join(steps_text(report.claim) for report in reports))
    if any(report.fails for report in reports):
        ctx.exit(EXIT_VIOLATED)


def _compile(progress: Progress) -> Compilation:
    """The whole development: its statements are generated from all built-in claims, whichever were asked for."""
    from qtheory.claims.registry import all_claims
    from qtheory.prover.coq.compiler import compile_development, find_coqc
    from qtheory.prover.coq.sources import coq_folder

    find_coqc()  # before anything that takes time
    return compile_development(coq_folder(), all_claims(), progress)
