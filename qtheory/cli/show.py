"""`qtheory show`: a claim with its statement, hypotheses, derivation and source."""

from __future__ import annotations

import click

from qtheory.cli.options import read_claims


@click.command(name="show")
@click.argument("target", metavar="SLUG | FILE.py")
@click.option("--latex", "form", flag_value="latex", help="As a LaTeX theorem with its proof.")
@click.option("--markdown", "form", flag_value="markdown", help="As Markdown with mathematics.")
def command(target: str, form: str | None) -> None:
    """Show a claim: statement, hypotheses, derivation, source."""
    from qtheory.report.claim_latex import claim_latex
    from qtheory.report.claim_markdown import claim_markdown
    from qtheory.report.claim_text import claim_text

    write = {"latex": claim_latex, "markdown": claim_markdown, None: claim_text}[form]
    click.echo("\n\n".join(write(claim) for claim in read_claims((target,))))
