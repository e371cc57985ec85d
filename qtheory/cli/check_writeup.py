"""`qtheory check-writeup`: the numbers in a post are the numbers of the run."""

from __future__ import annotations

from pathlib import Path

import click

from qtheory.errors import DataError


@click.command(name="check-writeup")
@click.argument("paths", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--write", is_flag=True, help="Put the computed numbers in the place of those that drifted.")
@click.pass_context
def command(ctx: click.Context, paths: tuple[Path, ...], write: bool) -> None:
    """Compute anew every number that a `{{qt: ...}}` marker stands before, in Markdown or LaTeX.

    Exits with 1 if a number drifted, with 3 if a marker is bad. Nothing in a file is executed. With --write, drifted
    numbers are replaced, in files without a bad marker.
    """
    from qtheory.cli.main import EXIT_BAD_INPUT, EXIT_VIOLATED

    # a list, because each file is to be checked whatever became of those before it
    codes = [_code(path, write) for path in paths]
    if EXIT_BAD_INPUT in codes:
        ctx.exit(EXIT_BAD_INPUT)
    if EXIT_VIOLATED in codes:
        ctx.exit(EXIT_VIOLATED)


def _code(path: Path, write: bool) -> int:
    from qtheory.cli.main import EXIT_BAD_INPUT

    try:
        return _check(path, write)
    except DataError as error:
        click.echo(f"qtheory: {error}", err=True)
        return EXIT_BAD_INPUT


def _check(path: Path, write: bool) -> int:
    from qtheory.cli.main import EXIT_BAD_INPUT, EXIT_VIOLATED
    from qtheory.report.writeup.check import check_file, corrected, replace_file

    text, findings = check_file(path)
    if not findings:
        remedy = "mark numbers as in {{qt: kl q=1/10}}2.303"
        raise DataError("there is no marker in this file", got=str(path), remedy=remedy)
    counts = {
        outcome: sum(f.outcome == outcome for f in findings) for outcome in dict.fromkeys(f.outcome for f in findings)
    }
    for finding in findings:
        _say(path, finding)
    click.echo(f"{path}: {len(findings)} markers: " + ", ".join(f"{count} {name}" for name, count in counts.items()))
    if "bad marker" in counts:
        return EXIT_BAD_INPUT
    if write and "drifted" in counts:
        replace_file(path, corrected(text, findings))
        click.echo(f"{path}: {counts['drifted']} replaced")
        counts.pop("drifted")
    return EXIT_VIOLATED if set(counts) - {"agrees"} else 0


def _say(path: Path, finding) -> None:
    where = f"{path}:{finding.line}: "
    if finding.outcome == "bad marker":
        click.echo(f"{where}bad marker: {finding.says}", err=True)
    elif finding.outcome != "agrees":
        click.echo(
            f"{where}{finding.outcome}: printed {finding.printed}, computed {finding.computed} ({finding.says})\n"
            f"  {finding.query}"
        )
