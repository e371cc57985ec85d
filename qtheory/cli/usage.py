"""What click says of a wrong command line, in the form of every other error: what was got, what is allowed, the remedy."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

import click

from qtheory.cli.main import COMMANDS
from qtheory.errors import NOT_GIVEN, InvalidInput

# Closer than --frob is to --jobs.
_ALIKE = 0.7


def usage_error(error: click.ClickException, arguments: Sequence[str] = ()) -> InvalidInput:
    """The error as one of ours.

    Args:
        error: what click raised.
        arguments: the command line, for the command where click does not know it.

    >>> print(usage_error(click.NoSuchOption("--alfa", possibilities=["--alpha"])))
    no such option
      got:     '--alfa'
      remedy:  did you mean --alpha?
    """
    got = error.option_name if isinstance(error, click.NoSuchOption) else NOT_GIVEN
    return InvalidInput(_problem(error), got=got, allowed=_allowed(error), remedy=_remedy(error, arguments))


def _problem(error: click.ClickException) -> str:
    if isinstance(error, click.NoSuchOption):
        return "no such option"
    text = error.format_message().strip().removesuffix(".")
    return text[:1].lower() + text[1:]


def _allowed(error: click.ClickException) -> str:
    kind = error.param.type if isinstance(error, click.BadParameter) and error.param is not None else None
    if isinstance(kind, click.IntRange):
        return f"a whole number from {kind.min} to {kind.max}"
    if isinstance(kind, click.Choice):
        return ", ".join(map(str, kind.choices))
    return "a whole number" if kind is click.INT else ""


def _remedy(error: click.ClickException, arguments: Sequence[str]) -> str:
    if isinstance(error, click.NoSuchOption):
        for close in difflib.get_close_matches(error.option_name, error.possibilities or (), 1, _ALIKE):
            return f"did you mean {close}?"
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is not None:
        return f"see `{context.command_path} --help`"
    return f"see `qtheory {arguments[0]} --help`" if arguments and arguments[0] in COMMANDS else "see `qtheory --help`"
