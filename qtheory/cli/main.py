"""The command line: a group whose commands are loaded when they are called."""

from __future__ import annotations

import difflib
import importlib
import multiprocessing
import os
import sys
from contextlib import suppress
from typing import Any

import click

# Command to module and one-line help, so that `qtheory --help` imports none of them.
COMMANDS = {
    "verify": ("verify", "Prove, falsify and simulate claims: all of them, some, or those of a file of yours."),
    "prove": ("prove", "Carry out the derivations of claims and check every step."),
    "falsify": ("falsify", "Look for exact counterexamples to claims."),
    "worst-problem": ("worst", "Search the finite problem at which a claim is most false or tightest."),
    "simulate": ("simulate", "Quantilize a world given by formulas, by Monte Carlo with rigorous intervals."),
    "sample-policy": ("sample_policy", "Draw from policies themselves: tiny q, best of 1e9, no draw rejected."),
    "frontier": ("frontier", "Value against worst-case cost over q, and optimizers side by side."),
    "audit": ("audit", "Audit a file of real scores."),
    "check-writeup": ("check_writeup", "Compute anew every number that a write-up marks."),
    "replay": ("replay", "Check a witness again from its own fields."),
    "new-claim": ("new_claim", "Write a file with a claim of yours to start from."),
    "selfcheck": ("selfcheck", "Try the testing kit on qtheory, which must pass, and on mutants, which must not."),
    "list": ("list_claims", "List the built-in claims."),
    "show": ("show", "Show a claim: statement, hypotheses, derivation, source."),
    "doctor": ("doctor", "Say what is installed and what is missing."),
}

EXIT_VIOLATED, EXIT_BAD_INPUT, EXIT_CONTRADICTION, EXIT_INTERRUPTED = 1, 3, 4, 130


class LazyGroup(click.Group):
    """A group that imports a command's module only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            raise _no_such_command(name)
        return importlib.import_module(f"qtheory.cli.{COMMANDS[name][0]}").command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, says) for name, (_, says) in COMMANDS.items()])


def _no_such_command(name: str) -> Exception:
    from qtheory.errors import InvalidInput

    close = difflib.get_close_matches(name, COMMANDS, 1, 0.7)
    remedy = f"did you mean {close[0]}?" if close else "see `qtheory --help`"
    return InvalidInput("no such command", got=name, allowed=", ".join(COMMANDS), remedy=remedy)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="qtheory")
def group() -> None:
    """Check claims about quantilizers and soft optimisation: prove, falsify, simulate.

    Exit codes: 0 nothing violated, 1 violated, 3 bad input, 4 a proof meets a violation, 130 interrupted.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit."""
    from qtheory.cli.interruption import heard

    with heard():
        code = run(arguments)
    if code == EXIT_INTERRUPTED and not multiprocessing.active_children():
        # an orderly exit would wait for threads, each of which may be in the middle of a long computation
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError):
                stream.flush()
        os._exit(code)
    sys.exit(code)


def run(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code; what goes wrong is said on stderr."""
    from qtheory.cli.in_options import in_options
    from qtheory.cli.usage import usage_error
    from qtheory.errors import QTheoryError

    # The matrix products here are small; threads for them cost more than they bring.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    given = sys.argv[1:] if arguments is None else arguments
    try:
        result: Any = group.main(list(given), prog_name="qtheory", standalone_mode=False, obj=given)
        return result if isinstance(result, int) else 0
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 0
    except click.ClickException as error:
        if error.exit_code == EXIT_INTERRUPTED:
            error.show()
            return EXIT_INTERRUPTED
        click.echo(f"qtheory: {usage_error(error, given)}", err=True)
        return EXIT_BAD_INPUT
    except QTheoryError as error:
        click.echo(f"qtheory: {in_options(error, given)}", err=True)
        return EXIT_BAD_INPUT
    except (KeyboardInterrupt, click.Abort):
        click.echo("qtheory: interrupted", err=True)
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # The reader of a pipe has left; there is nobody to tell.
        sys.stdout = None  # type: ignore[assignment]
        return 0
    except OSError as error:
        click.echo(f"qtheory: the output could not be written: {error.strerror or error}", err=True)
        sys.stdout = None  # type: ignore[assignment]
        return EXIT_BAD_INPUT


if __name__ == "__main__":
    main()
